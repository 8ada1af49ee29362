"""The pitch pane fits the melody."""

from __future__ import annotations

import numpy as np
import pytest

from persian_mir.modal.pitch import PitchTrack
from persian_mir_gui.plots.pitch_strokes import contour

HOP_S = 0.016
FRAMES = round(120 / HOP_S)


def melody() -> tuple[np.ndarray, np.ndarray]:
    """Two minutes of notes of half a second within 900 cents, as cents above A4 and confidence."""
    steps = np.random.default_rng(3).integers(0, 7, FRAMES // 31 + 1) * 150.0 - 700.0
    return np.repeat(steps, 31)[:FRAMES], np.full(FRAMES, 0.95)


def span(cents: np.ndarray, confidence: np.ndarray) -> tuple[float, float]:
    hz = 440.0 * 2 ** (cents / 1200)
    return contour(PitchTrack(hz.astype(np.float32), confidence.astype(np.float32), HOP_S)).span()


def test_a_melody_is_seen_from_its_lowest_to_its_highest_note() -> None:
    low, high = span(*melody())
    assert low < -700 < 200 < high
    assert high - low < 1300


@pytest.mark.parametrize("away", [-2400.0, -1200.0, 1200.0, 2400.0])
def test_octave_errors_stretch_nothing(away: float) -> None:
    cents, confidence = melody()
    for start in range(200, FRAMES - 40, 310):  # a tenth of the time, for 0.5 s each
        cents[start : start + 31] += away
    low, high = span(cents, confidence)
    assert low < -700 < 200 < high
    assert high - low < 1800  # the highest notes, an octave lower, lie near the melody's own lowest


def test_a_drone_far_below_stretches_nothing() -> None:
    cents, confidence = melody()
    for start in range(100, FRAMES - 40, 150):  # a fifth of the time
        cents[start : start + 30] = -2300.0
    low, high = span(cents, confidence)
    assert low < -700 < 200 < high
    assert high - low < 1500


def test_a_melody_that_goes_on_an_octave_higher_is_seen_whole() -> None:
    cents, confidence = melody()
    cents[FRAMES // 2 :] += 1200
    low, high = span(cents, confidence)
    assert low < -700 < 1400 < high


def test_a_few_frames_and_silence_have_a_range_too() -> None:
    assert span(np.zeros(3), np.ones(3)) == pytest.approx((-600.0, 600.0))
    assert span(np.zeros(100), np.zeros(100)) == (-1200.0, 0.0)
