"""A tape that drifts is read as if it did not; a melody that does not is left as it is."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest

from persian_mir.examples.melody import compose
from persian_mir.examples.scale import scale_of
from persian_mir.modal.drift import find_drift, without_drift
from persian_mir.modal.explanation import explain
from persian_mir.modal.pitch import HOP_S, PitchTrack, join_tracks
from persian_mir.modal.sections import read_recording
from persian_mir.modal.trusted_evidence import sounding

Play = Callable[..., PitchTrack]


def performed(mode: str, shahed_hz: float, seconds: float, seed: int) -> PitchTrack:
    """An improvisation with a player's scatter of 10 cents a note."""
    rng = np.random.default_rng(seed)
    hz = np.zeros(round(seconds / HOP_S))
    for note in compose(scale_of(mode), shahed_hz, seconds, 0.3, "riz", rng):
        hz[round(note.start_s / HOP_S) : round(note.stop_s / HOP_S)] = note.hz * 2 ** (rng.normal(0, 10) / 1200)
    return PitchTrack(hz.astype(np.float32), (hz > 0).astype(np.float32))


def drifting(track: PitchTrack, cents: float) -> PitchTrack:
    bend = 2 ** (cents * np.linspace(0, 1, len(track.hz)) / 1200)
    return replace(track, hz=(track.hz * bend).astype(np.float32))


@pytest.mark.parametrize("cents", [-100.0, -60.0, -25.0, 40.0])
@pytest.mark.parametrize("mode", ["shour", "mahour", "chahargah"])
def test_a_drift_is_measured_and_taken_out(mode: str, cents: float) -> None:
    clean = performed(mode, 220.0, 75.0, 4)
    track = drifting(clean, cents)
    assert find_drift(track, sounding(track)) == pytest.approx(cents, abs=10)
    steady = without_drift(track, cents)
    sounds = clean.hz > 0
    off = 1200 * np.log2(steady.hz[sounds] / clean.hz[sounds])
    assert np.abs(off - cents / 2).max() < 0.1  # as it sounds in the middle


@pytest.mark.parametrize("mode", ["shour", "mahour", "segah", "homayoun", "chahargah", "nava", "rast-panjgah"])
def test_a_melody_that_does_not_drift_is_left_as_it_is(mode: str) -> None:
    track = performed(mode, 196.0, 60.0, 7)
    assert find_drift(track, sounding(track)) == 0.0


def test_another_tuning_from_the_middle_on_is_no_drift() -> None:
    track = join_tracks([performed("shour", 220.0, 60.0, 1), performed("shour", 220.0 * 2 ** (45 / 1200), 60.0, 2)])
    assert find_drift(track, sounding(track)) == 0.0


def test_nothing_drifts_where_nothing_sounds() -> None:
    silence = PitchTrack(np.zeros(100, np.float32), np.zeros(100, np.float32))
    assert find_drift(silence, sounding(silence)) == 0.0
    assert len(without_drift(silence, 30.0).hz) == 100


def test_a_drifting_recording_is_read_as_without_its_drift(daramad: Play) -> None:
    clean = daramad("segah", 233.0, 90.0)
    track = drifting(clean, -100.0)
    reading = read_recording(track)
    steady = read_recording(without_drift(track, -100.0))
    assert reading.drift_cents == pytest.approx(-100, abs=5)
    assert reading.track is track
    assert reading.modes[0][0] == "segah"
    assert reading.modes[0][1] == pytest.approx(steady.modes[0][1], abs=0.05)
    assert reading.tonic_hz == pytest.approx(233.0 * 2 ** (-50 / 1200), rel=0.005)
    assert "falls by 100 cents" in explain(reading).sentence
    assert "cents" not in explain(steady).sentence
