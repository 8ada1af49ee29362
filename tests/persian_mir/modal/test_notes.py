import itertools

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from persian_mir.examples.synthesise import INSTRUMENTS, synthesise
from persian_mir.modal.notes import find_notes, kinds, mend_octaves
from persian_mir.modal.pitch import HOP_S, RATE, PitchTrack, detect_pitch


def track_of(cents: np.ndarray, confidence: np.ndarray | None = None) -> PitchTrack:
    hz = (300.0 * 2 ** (cents / 1200)).astype(np.float32)
    return PitchTrack(hz, np.ones(len(hz), np.float32) if confidence is None else confidence.astype(np.float32))


def test_two_notes_and_the_glide_between_them() -> None:
    track = track_of(np.concatenate([np.zeros(30), np.linspace(40, 460, 5), np.full(30, 500.0)]))
    low, high = find_notes(track)
    assert low.hz == pytest.approx(300.0)
    assert high.hz == pytest.approx(300.0 * 2 ** (500 / 1200))
    assert kinds(track)[32] == "glide"
    assert low.stop_s <= high.start_s


def test_vibrato_is_one_note_and_a_breath_ends_none() -> None:
    cents = 40 * np.sin(2 * np.pi * 5.5 * np.arange(100) * HOP_S)
    sounds = np.ones(100)
    sounds[50:53] = 0.1  # 48 ms
    (note,) = find_notes(track_of(cents, sounds))
    assert note.stop_s == pytest.approx(100 * HOP_S)
    assert 15 < note.spread_cents < 40
    assert (kinds(track_of(cents, sounds))[50:53] == "rest").all()


def test_a_short_turn_is_an_ornament() -> None:
    cents = np.concatenate([np.zeros(30), [150, 150, 150, 150], np.zeros(30)])
    found = kinds(track_of(cents))
    assert (found[30:34] == "ornament").all()
    assert (np.delete(found, range(30, 34)) == "note").all()


def test_short_octave_errors_are_taken_back_and_played_octaves_are_not() -> None:
    cents = np.zeros(120)
    cents[20:24], cents[60:90] = 1200, 1200
    mended = 1200 * np.log2(mend_octaves(track_of(cents)).hz / 300)
    assert np.abs(mended[20:24]).max() < 1
    assert mended[60:90].min() > 1199
    cents[20:24] = -1200
    assert np.abs(1200 * np.log2(mend_octaves(track_of(cents)).hz[20:24] / 300)).max() < 1


@given(st.lists(st.tuples(st.floats(-2400, 2400), st.integers(1, 40), st.booleans()), max_size=12))
def test_notes_lie_in_order_inside_the_track_and_hold_what_sounds(parts: list[tuple[float, int, bool]]) -> None:
    cents = np.concatenate([np.full(n, c) for c, n, _ in parts]) if parts else np.zeros(0)
    sounds = np.concatenate([np.full(n, 0.9 if on else 0.2) for _, n, on in parts]) if parts else np.zeros(0)
    track = track_of(cents, sounds)
    notes, found = find_notes(track), kinds(track)
    assert all(a.stop_s <= b.start_s for a, b in itertools.pairwise(notes))
    assert all(0 <= n.start_s < n.stop_s <= len(cents) * HOP_S + 1e-9 for n in notes)
    assert ((found == "rest") == (sounds < 0.5)).all()
    assert len(mend_octaves(track).hz) == len(cents)


@pytest.mark.parametrize("instrument", INSTRUMENTS)
def test_played_notes_are_found_on_every_instrument(instrument: str) -> None:
    performance = synthesise("shour", instrument, 2, 20.0, 260.0, RATE)
    held = find_notes(detect_pitch(performance.samples))
    long = [note for note in performance.truth.notes if note.stop_s - note.start_s >= 0.2]
    heard = [
        any(min(h.stop_s, n.stop_s) > max(h.start_s, n.start_s) and abs(1200 * np.log2(h.hz / n.hz)) < 50 for h in held)
        for n in long
    ]
    assert np.mean(heard) >= 0.95
