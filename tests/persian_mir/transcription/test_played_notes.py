"""Notes of pitch tracks that are drawn by hand: what is struck when, and what the detector makes of it."""

import numpy as np
import pytest

from persian_mir.modal.pitch import HOP_S, PitchTrack
from persian_mir.transcription.octaves import mend_unstruck_octaves
from persian_mir.transcription.played_notes import played_notes


def track_of(*parts: tuple[float, float]) -> PitchTrack:
    """Cents above 300 Hz for so many seconds each; NaN for silence."""
    cents = np.concatenate([np.full(round(seconds / HOP_S), value) for value, seconds in parts])
    hz = np.where(np.isnan(cents), 0.0, 300.0 * 2 ** (cents / 1200)).astype(np.float32)
    return PitchTrack(hz, (hz > 0).astype(np.float32))


def test_a_note_begins_with_its_stroke_though_the_one_before_it_rings_on() -> None:
    notes = played_notes(track_of((0, 0.48), (200, 0.48)), np.array([0.0, 0.39]))
    assert [note.start_s for note in notes] == pytest.approx([0.0, 0.39])
    assert [1200 * np.log2(note.hz / 300) for note in notes] == pytest.approx([0, 200], abs=1)
    assert notes[0].stop_s <= 0.39


def test_a_stroke_too_long_before_a_change_of_pitch_is_a_note_of_its_own() -> None:
    notes = played_notes(track_of((0, 0.8), (200, 0.48)), np.array([0.0, 0.6]))
    assert [note.start_s for note in notes] == pytest.approx([0.0, 0.6, 0.8], abs=0.02)


def test_the_upper_note_of_a_tahrir_is_as_high_as_it_reaches() -> None:
    upper = [(value, HOP_S) for value in (100.0, 150, 195, 200, 150)]
    notes = played_notes(track_of((0, 0.32), *upper, (0, 0.32)), np.zeros(1))
    assert [1200 * np.log2(note.hz / 300) for note in notes] == pytest.approx([0, 200, 0], abs=1)


@pytest.mark.parametrize("way", [1200, -1200])
def test_octaves_that_nobody_struck_are_errors(way: float) -> None:
    track = track_of((0, 0.3), (way, 0.4), (0, 0.2), (way, 0.3), (way + 200, 0.2), (200, 0.8))
    (first, second) = played_notes(track, np.zeros(1))
    assert [1200 * np.log2(note.hz / 300) for note in (first, second)] == pytest.approx([0, 200], abs=1)


def test_octaves_that_were_struck_or_stay_are_played() -> None:
    struck = track_of((0, 0.5), (1200, 0.3), (0, 0.5))
    assert np.array_equal(mend_unstruck_octaves(struck, np.array([0.5, 0.8])).hz, struck.hz)
    stays = track_of((0, 1.5), (1200, 1.2), (0, 0.5))
    assert np.array_equal(mend_unstruck_octaves(stays, np.zeros(0)).hz, stays.hz)
    apart = track_of((0, 0.5), (np.nan, 0.1), (1200, 0.5))
    assert np.array_equal(mend_unstruck_octaves(apart, np.zeros(0)).hz, apart.hz)


def test_nothing_sounds_in_silence() -> None:
    silence = track_of((np.nan, 0.5))
    assert np.array_equal(mend_unstruck_octaves(silence, np.zeros(0)).hz, silence.hz)
    assert played_notes(silence, np.array([0.2])) == ()
    empty = PitchTrack(np.zeros(0, np.float32), np.zeros(0, np.float32))
    assert len(mend_unstruck_octaves(empty, np.zeros(0)).hz) == 0


def test_a_stroke_where_a_glide_begins_is_that_of_the_note_it_leads_to() -> None:
    glide = track_of((0, 0.48), (100, 4 * HOP_S), (200, 0.48))
    notes = played_notes(glide, np.array([0.0, 0.48]))
    assert [note.start_s for note in notes] == pytest.approx([0.0, 0.48])
    assert [1200 * np.log2(note.hz / 300) for note in notes] == pytest.approx([0, 200], abs=1)
    struck = played_notes(glide, np.array([0.0, 0.48, 0.48 + 4 * HOP_S]))  # a run, every note of it struck
    assert [1200 * np.log2(note.hz / 300) for note in struck] == pytest.approx([0, 100, 200], abs=1)
