import pytest
from hypothesis import given
from hypothesis import strategies as st

from persian_mir.labels import label_ids
from persian_mir.modal.degrees import scale_degrees
from persian_mir.modal.names import GLYPHS, LETTERS, NATURALS, SIGNS, note_name, spell


@pytest.mark.parametrize(
    ("hz", "text", "octave"),
    [
        (440.0, "La", 4),
        (261.63, "Do", 4),
        (320.24, "Mi koron", 4),
        (359.46, "Fa sori", 4),
        (233.08, "Si♭", 3),
        (246.94, "Si", 3),
    ],
)
def test_nearest_note(hz: float, text: str, octave: int) -> None:
    name = note_name(hz)
    assert (name.text, name.octave) == (text, octave)


def test_tuning_is_taken_off() -> None:
    assert note_name(440.0 * 2 ** (40 / 1200), 40.0).text == "La"
    assert note_name(440.0 * 2 ** (40 / 1200)).text == "La sori"


def test_signs_have_their_characters() -> None:
    assert note_name(320.24).glyph == "\U0001d1ea"
    assert set(GLYPHS) == set(SIGNS.values())


@given(st.floats(30, 4000))
def test_a_name_is_the_pitch_within_a_quarter_tone(hz: float) -> None:
    import math

    name = note_name(hz)
    sign = next(k for k, known in SIGNS.items() if known == name.sign)
    step = NATURALS[LETTERS.index(name.letter)] + sign + 24 * (name.octave - 4)
    assert abs(50 * step - 1200 * math.log2(hz / 261.6256)) <= 25.1


@pytest.mark.parametrize(
    ("mode", "tonic_hz", "notes"),
    [
        ("segah", 320.2, "Do Re Mi koron Fa Sol La koron"),
        ("shour", 392.0, "Fa Sol La koron Si♭ Do"),
        ("chahargah", 261.6, "Sol La koron Si Do Re koron Mi"),
        ("mahour", 261.6, "Sol La Si Do Re Mi Fa Sol"),
        ("bayat-e-esfahan", 261.6, "Sol La koron Si Do Re Mi♭"),
    ],
)
def test_scales_are_written_as_musicians_do(mode: str, tonic_hz: float, notes: str) -> None:
    scale = scale_degrees(mode)
    spelling = spell(tonic_hz, [(degree.step, degree.letters) for degree in scale])
    assert " ".join(spelling.note(degree.step, degree.letters).text for degree in scale) == notes
    assert abs(spelling.offset_cents) < 1


@pytest.mark.parametrize("tonic_hz", [219.75, 219.9, 220.0, 220.1, 220.25])
def test_half_way_between_koron_and_sori_no_error_of_measurement_makes_it_sori(tonic_hz: float) -> None:
    scale = scale_degrees("segah")
    spelling = spell(tonic_hz, [(degree.step, degree.letters) for degree in scale])
    assert " ".join(spelling.note(d.step, d.letters).text for d in scale) == "Fa Sol La koron Si♭ Do Re koron"


@given(mode=st.sampled_from(label_ids("mode")), tonic_hz=st.floats(60, 1500))
def test_every_degree_of_every_mode_has_a_name_on_every_tonic(mode: str, tonic_hz: float) -> None:
    scale = scale_degrees(mode)
    spelling = spell(tonic_hz, [(degree.step, degree.letters) for degree in scale])
    assert abs(spelling.offset_cents) < 50 + 2.6  # half a tone, and what is as near
    for degree in scale:
        name = spelling.note(degree.step, degree.letters)
        sign = next(k for k, known in SIGNS.items() if known == name.sign)
        place = NATURALS[LETTERS.index(name.letter)] + sign + 24 * (name.octave - 4)
        assert place == spelling.tonic_step + degree.step
