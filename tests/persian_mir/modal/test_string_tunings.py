"""Tunings of instruments: what their sources say, and what they sound at."""

from __future__ import annotations

import pytest

from persian_mir.labels import label_ids
from persian_mir.modal.string_tunings import (
    INSTRUMENTS,
    TUNINGS,
    StringTuning,
    nearest_string,
    note,
    reference_for,
    sounding_hz,
    tunings_of,
)


def tuning_for(instrument: str, mode: str) -> StringTuning:
    return next(one for one in tunings_of(instrument) if mode in one.modes)


def written(instrument: str, mode: str) -> list[str]:
    tuning = tuning_for(instrument, mode)
    return [f"{one.note.letter}{one.note.sign and '-' + one.note.sign}{one.note.octave}" for one in tuning.strings]


@pytest.mark.parametrize(
    ("mode", "strings"),
    [
        ("mahour", ["Do4", "Sol3", "Do4", "Do3"]),
        ("shour", ["Do4", "Sol3", "Do4", "Fa3"]),
        ("segah", ["Do4", "Sol3", "La-koron3", "Fa3"]),
        ("homayoun", ["Do4", "Sol3", "Re4", "Re3"]),
        ("rast-panjgah", ["Do4", "Fa3", "Do4", "Do3"]),
        ("bayat-e-tork", ["Do4", "Sol3", "Si-flat3", "Fa3"]),
    ],
)
def test_setar_and_tar_as_the_radif_is_taught(mode: str, strings: list[str]) -> None:
    assert written("setar", mode) == written("tar", mode) == strings


def test_every_mode_has_a_tuning_of_the_setar_and_modes_are_of_the_vocabulary() -> None:
    for mode in label_ids("mode"):
        assert mode in tuning_for("setar", mode).modes
    for tuning in TUNINGS:
        assert set(tuning.modes) <= set(label_ids("mode"))
        assert tuning.source
    assert len({tuning.id for tuning in TUNINGS}) == len(TUNINGS)
    assert set(INSTRUMENTS) == {"setar", "tar", "santoor", "kamancheh", "oud"}


def test_a_santoor_has_nine_bridges_and_what_no_source_tells_is_left_out() -> None:
    shour = tuning_for("santoor", "shour")
    assert [one.number for one in shour.strings] == [*range(1, 10)] * 3
    assert tuning_for("santoor", "dashti") == shour
    assert "segah" not in {mode for one in tunings_of("santoor") for mode in one.modes}
    assert [(one.modes, len(one.strings)) for one in tunings_of("oud")] == [((), 5), ((), 6)]


@pytest.mark.parametrize(
    ("name", "hz"), [("La 4", 440.0), ("Do 4", 261.63), ("La-koron 3", 213.74), ("Mi-koron 4", 320.24), ("Sol 2", 98.0)]
)
def test_pitches(name: str, hz: float) -> None:
    assert sounding_hz(note(name)) == pytest.approx(hz, abs=0.01)


def test_another_reference_and_another_pitch() -> None:
    assert sounding_hz(note("La 4"), 432.0) == 432.0
    assert sounding_hz(note("Do 4"), 440.0, -2) == pytest.approx(sounding_hz(note("Si-flat 3")))


@pytest.mark.parametrize("tonic_hz", [220.0, 246.9, 261.6, 311.1, 400.0])
@pytest.mark.parametrize("name", ["Sol 3", "Mi-koron 4", "Do 5"])
def test_the_recordings_tonic_sounds_as_it_is_called(tonic_hz: float, name: str) -> None:
    a4_hz, semitones = reference_for(tonic_hz, note(name))
    ratio = sounding_hz(note(name), a4_hz, semitones) / tonic_hz
    assert 427.4 <= a4_hz <= 452.9
    assert -6 <= semitones <= 6
    assert min(abs(ratio * 2.0**k - 1) for k in range(-3, 4)) < 1e-9  # octaves aside


def test_a_pitch_belongs_to_the_nearest_string() -> None:
    tuning = tuning_for("setar", "segah")
    place, cents = nearest_string(tuning, sounding_hz(note("La-koron 3")) * 2 ** (20 / 1200), 440.0, 0)
    assert (place, round(cents)) == (2, 20)
    place, cents = nearest_string(tuning, 170.0, 440.0, 0)
    assert place == 3
    assert -50 < cents < 0


def test_what_is_no_note_is_refused() -> None:
    for text in ("H 3", "La-moron 3"):
        with pytest.raises(ValueError, match="no note"):
            note(text)
