"""Pitches as people type them."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from persian_mir.modal.names import LETTERS, note_name
from persian_mir.modal.note_entry import LETTER_NAMES, PitchEntryError, parse_pitch


@pytest.mark.parametrize(
    ("text", "hz"),
    [
        ("220", 220.0),
        ("220.5 Hz", 220.5),
        ("220,5hz", 220.5),
        ("۲۲۰٫۵ هرتز", 220.5),
        ("A3", 220.0),
        ("a 3", 220.0),
        ("La 3", 220.0),
        ("لا ۳", 220.0),
        ("A3 +1200", 440.0),
        ("Bb4", 440 * 2 ** (100 / 1200)),
        ("B♭4", 440 * 2 ** (100 / 1200)),
        ("F#4", 440 * 2 ** (-300 / 1200)),
        ("E koron 4", 440 * 2 ** (-550 / 1200)),
        ("Ep4", 440 * 2 ** (-550 / 1200)),
        ("Mi\U0001d1ea 4", 440 * 2 ** (-550 / 1200)),
        ("می کرن ۴", 440 * 2 ** (-550 / 1200)),
        ("می‌کرن ۴", 440 * 2 ** (-550 / 1200)),
        ("Fa sori 4 −7 ¢", 440 * 2 ** (-357 / 1200)),
        ("سی بمل", 440 * 2 ** (100 / 1200)),
        ("سل", 440 * 2 ** (-200 / 1200)),
        ("ر", 440 * 2 ** (-700 / 1200)),
        ("b", 440 * 2 ** (200 / 1200)),
        ("\u2068Mi koron\u2069 4", 440 * 2 ** (-550 / 1200)),
    ],
)
def test_what_is_understood(text: str, hz: float) -> None:
    assert parse_pitch(text) == pytest.approx(hz, rel=1e-9)


@pytest.mark.parametrize("text", ["", "  ", "auto", "Auto", "خودکار"])
def test_auto_gives_it_back_to_the_reading(text: str) -> None:
    assert parse_pitch(text) is None


@pytest.mark.parametrize("text", ["H4", "nine", "-220", "1e9", "12", "A9 +1200", "E korun", "220 m", "A44"])
def test_what_is_not_understood_says_what_is(text: str) -> None:
    with pytest.raises(PitchEntryError) as refused:
        parse_pitch(text)
    assert "E koron 4" in refused.value.cure
    assert text in refused.value.what


def test_without_an_octave_the_nearest_is_meant() -> None:
    assert parse_pitch("A", near_hz=200.0) == pytest.approx(220.0)
    assert parse_pitch("A", near_hz=800.0) == pytest.approx(880.0)


@given(st.floats(60.0, 2000.0))
def test_every_name_reads_back_as_the_note_it_names(hz: float) -> None:
    name = note_name(hz)
    for letter in LETTER_NAMES[LETTERS.index(name.letter)]:
        again = parse_pitch(f"{letter} {name.sign} {name.octave}")
        assert again is not None
        assert abs(1200 * math.log2(again / hz)) <= 25.01
        assert note_name(again) == name


@given(st.text(max_size=12))
def test_nothing_else_happens(text: str) -> None:
    try:
        hz = parse_pitch(text)
    except PitchEntryError:
        return
    assert hz is None or 20 <= hz <= 5000
