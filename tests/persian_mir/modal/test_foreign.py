"""Music whose notes no gusheh has is doubted, not named with confidence."""

from __future__ import annotations

import numpy as np
import pytest

from persian_mir.examples.performance import Note
from persian_mir.examples.synthesise import perform, synthesise
from persian_mir.modal.pitch import HOP_S, RATE, PitchTrack, detect_pitch
from persian_mir.modal.reading import read_mode
from persian_mir.modal.western import equal_steps_error
from persian_mir.prediction import MODAL_SURE_MARGIN

PELOG = (0.0, 137.0, 446.0, 575.0, 687.0)  # cents, after J. Kunst, "Music in Java" (1949)


def melody(scale: tuple[float, ...], seconds: float, seed: int) -> PitchTrack:
    """A walk over three octaves of a scale, notes of a quarter of a second to a second."""
    rng = np.random.default_rng(seed)
    heights = [note + 1200 * octave for octave in (-1, 0, 1) for note in scale]
    place, cents = len(scale), []
    while len(cents) * HOP_S < seconds:
        frames = round(float(rng.choice([0.25, 0.5, 0.5, 1.0])) / HOP_S)
        cents += (heights[place] + rng.normal(0, 5, frames)).tolist()
        place = int(np.clip(place + rng.choice([-2, -1, -1, 0, 1, 1, 2]), 0, len(heights) - 1))
    hz = (262 * 2 ** (np.array(cents) / 1200)).astype(np.float32)
    return PitchTrack(hz, np.ones(len(hz), np.float32))


SABA = (0.0, 180.0, 294.0, 408.0, 702.0, 792.0, 996.0)  # makam Saba by H. S. Arel's intervals
HICAZ = (0.0, 114.0, 385.0, 498.0, 702.0, 792.0, 996.0)  # as are the next two
NIKRIZ = (0.0, 204.0, 317.0, 588.0, 702.0, 906.0, 996.0)
HICAZKAR = (0.0, 114.0, 385.0, 498.0, 702.0, 816.0, 1087.0)
BHAIRAV = (0.0, 112.0, 386.0, 498.0, 702.0, 814.0, 1088.0)  # a thaat of India in pure intervals
THAI = tuple(1200.0 * k / 7 for k in range(7))  # after D. Morton, "The Traditional Music of Thailand" (1976)


@pytest.mark.parametrize("scale", [SABA, THAI])
@pytest.mark.parametrize("seed", [0, 1, 2, 3])
def test_neither_makam_saba_nor_seven_equal_steps_are_surely_a_dastgah(scale: tuple[float, ...], seed: int) -> None:
    reading = read_mode(melody(scale, 60.0, seed))
    (_first, p), (_second, q) = reading.dastgahs[:2]
    assert p - q < MODAL_SURE_MARGIN / 2
    assert reading.reason


@pytest.mark.parametrize("scale", [HICAZ, NIKRIZ, HICAZKAR, BHAIRAV])
@pytest.mark.parametrize("seed", [0, 1, 2])
def test_semitones_in_the_place_of_koron_notes_are_never_sure(scale: tuple[float, ...], seed: int) -> None:
    reading = read_mode(melody(scale, 60.0, seed))
    assert reading.dastgahs[0][1] - reading.dastgahs[1][1] < MODAL_SURE_MARGIN


def test_semitones_in_the_place_of_koron_notes_are_the_reason_that_is_given() -> None:
    reading = read_mode(melody(HICAZKAR, 60.0, 0))
    assert reading.dastgahs[0][0] == "chahargah"
    assert "koron" in reading.reason


def test_koron_notes_tuned_a_little_off_are_koron_notes() -> None:
    """Tied frets stand where the player likes them: ten cents here and there."""
    frets = np.array([0.0, 135.0, 410.0, 500.0, 700.0, 835.0, 1110.0]) + np.random.default_rng(4).uniform(-10, 10, 7)
    reading = read_mode(melody(tuple(frets), 60.0, 5))
    assert reading.modes[0][0] == "chahargah"
    assert reading.reason == ""


@pytest.mark.parametrize("instrument", ["setar", "tar", "santoor", "ney"])
def test_a_well_tuned_segah_is_not_taken_for_seven_equal_steps(instrument: str) -> None:
    reading = read_mode(detect_pitch(synthesise("segah", instrument, 128, 60.0, 220.0, RATE).samples))
    assert reading.modes[0][0] == "segah"
    assert reading.reason == ""


@pytest.mark.parametrize("instrument", ["kamancheh", "ney"])
def test_seven_equal_steps_with_vibrato_are_not_surely_a_dastgah(instrument: str) -> None:
    """Their profile is broad, but the degrees lie where they should."""
    rng, at, place, notes = np.random.default_rng(1), 0.2, 7, []
    while at < 58.0:
        length = float(rng.choice([0.25, 0.5, 0.5, 1.0]))
        notes.append(Note(at, at + 0.95 * length, 131 * 2 ** (place / 7), 0.0, 1))
        place = int(np.clip(place + rng.choice([-2, -1, -1, 0, 1, 1, 2]), 0, 20))
        at += length
    reading = read_mode(detect_pitch(perform(notes, instrument, 60 * RATE, RATE, rng)))
    assert reading.reason
    assert reading.dastgahs[0][1] - reading.dastgahs[1][1] < MODAL_SURE_MARGIN / 2


def test_degrees_off_equal_steps_by_so_many_cents() -> None:
    cents = np.arange(7) * 1200 / 7 + 33.0
    assert equal_steps_error(cents, np.ones(7), 7) == pytest.approx(0.0, abs=1e-6)
    off = cents + 5 * np.array([1, -1, 1, -1, 1, -1, 0])
    assert equal_steps_error(off, np.ones(7), 7) == pytest.approx(5 * np.sqrt(6 / 7), abs=1e-6)


def test_reciting_on_one_note_tells_no_mode_surely() -> None:
    steps = np.resize(np.repeat([0, 2, *[3] * 12, 5, *[3] * 10, 2, 3, 0, 0], 20), round(60 / HOP_S))
    track = PitchTrack((196 * 2 ** (steps / 12)).astype(np.float32), np.ones(len(steps), np.float32))
    reading = read_mode(track)
    (_first, p), (_second, q) = reading.dastgahs[:2]
    assert p - q < MODAL_SURE_MARGIN / 2
    assert "two notes" in reading.reason


@pytest.mark.parametrize("seed", [0, 1, 2, 3])
def test_another_tuning_is_doubted_and_it_is_said(seed: int) -> None:
    reading = read_mode(melody(PELOG, 60.0, seed))
    (_first, p), (_second, q) = reading.dastgahs[:2]
    assert p - q < MODAL_SURE_MARGIN / 2
    assert reading.reason
