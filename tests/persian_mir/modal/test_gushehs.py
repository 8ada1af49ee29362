"""The gusheh timeline: tiles what was read, names three with their probability, and those of the notation rightly."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

from persian_mir.modal.gushehs import gusheh_probabilities, gusheh_timeline
from persian_mir.modal.pitch import HOP_S, PitchTrack
from persian_mir.modal.radif import load_radif
from persian_mir.modal.reading import ModalReading, read_mode
from persian_mir.modal.sections import read_recording
from persian_mir.modal.trusted_evidence import sounding
from trainer.theory import radif


def tile(reading: ModalReading) -> None:
    timeline = gusheh_timeline(reading)
    assert timeline[0].start_s == reading.track.start_s
    assert timeline[-1].stop_s == pytest.approx(reading.track.stop_s)
    for one, other in pairwise(timeline):
        assert one.stop_s == other.start_s
        assert one.start_s < one.stop_s
    for one in timeline:
        probabilities = [probability for _gusheh, probability in one.nearest]
        assert len(probabilities) in (0, 3)
        assert probabilities == sorted(probabilities, reverse=True)
        assert sum(probabilities) <= 1 + 1e-9


@pytest.mark.parametrize("mode", ["segah", "chahargah", "mahour"])
def test_stretches_tile_the_recording_and_name_three(daramad: Callable[..., PitchTrack], mode: str) -> None:
    reading = read_recording(daramad(mode, 220.0, 90.0))
    tile(reading)
    assert gusheh_timeline(reading)[0].nearest[0][0].mode == reading.modes[0][0] == mode


def test_probabilities_are_of_all_gushehs(daramad: Callable[..., PitchTrack]) -> None:
    track = daramad("segah", 220.0)
    found = gusheh_probabilities(track, sounding(track), read_mode(track))
    assert found.shape == (len(load_radif().gushehs),)
    assert found.sum() == pytest.approx(1.0)
    assert (found >= 0).all()


def test_a_transposed_performance_has_the_same_gushehs(daramad: Callable[..., PitchTrack]) -> None:
    # 300 cents are a whole number of all bins.
    low, high = (gusheh_timeline(read_recording(daramad("segah", hz, 90.0))) for hz in (220.0, 220.0 * 2**0.25))
    assert [one.nearest[0][0] for one in low] == [one.nearest[0][0] for one in high]


def test_silence_has_no_gusheh() -> None:
    silent = PitchTrack(np.zeros(2000, np.float32), np.zeros(2000, np.float32))
    (only,) = gusheh_timeline(read_recording(silent))
    assert only.nearest == ()
    assert only.stop_s == pytest.approx(2000 * HOP_S)


def test_silence_within_a_recording_has_none(daramad: Callable[..., PitchTrack]) -> None:
    track = daramad("segah", 220.0, 60.0)
    speech = np.random.default_rng(0).uniform(90, 180, 4000).astype(np.float32)  # pitch without a held note
    hz = np.concatenate([track.hz, speech, track.hz])
    reading = read_mode(PitchTrack(hz, np.ones(len(hz), np.float32)))
    timeline = gusheh_timeline(reading)
    tile(reading)
    assert any(not one.nearest for one in timeline)


def test_a_gusheh_played_as_notated_is_mostly_among_the_three(shared: Path) -> None:
    """One gusheh in five of Shour and Mahour, whole, from the MIDI."""
    hits, count = 0, 0
    for mode, _scale, _home, gushehs in radif.modes(shared / "data" / "radif"):
        if mode not in ("shour", "mahour"):
            continue
        whole = load_radif().gushehs
        for gusheh in gushehs[::5]:
            notes = gusheh.notes
            hz = np.zeros(int(notes[-1, 1] / HOP_S) + 1, np.float32)
            for start, stop, pitch in notes:
                hz[int(start / HOP_S) : int(stop / HOP_S)] = 440 * 2 ** ((pitch - 69) / 12)
            track = PitchTrack(hz, (hz > 0).astype(np.float32))
            found = gusheh_probabilities(track, sounding(track), read_mode(track))
            if not found.any():
                continue
            named = [(whole[k].mode, whole[k].name) for k in np.argsort(-found)[:3]]
            hits += (mode, gusheh.name) in named
            count += 1
    assert count >= 12
    assert hits / count > 0.7
