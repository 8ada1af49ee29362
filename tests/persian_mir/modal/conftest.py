"""Melodies as pitch tracks and as sound."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from persian_mir.modal.pitch import HOP_S, PitchTrack

# Cents above the shahed and seconds, a daramad's course: dwells on the shahed, opens upwards, comes back.
COURSES = {
    "chahargah": [
        (0, 2),
        (135, 1),
        (0, 1),
        (-100, 0.5),
        (-365, 1),
        (-500, 0.5),
        (0, 1.5),
        (135, 0.6),
        (390, 0.8),
        (0, 2),
    ],
    "mahour": [(0, 2), (200, 0.5), (400, 0.6), (200, 0.5), (0, 1.5), (-100, 0.5), (-300, 0.6), (-500, 0.8), (0, 2)],
    "segah": [(0, 2), (160, 0.6), (0, 1), (-135, 0.6), (-340, 1), (-135, 0.4), (0, 2), (160, 0.5), (360, 0.6), (0, 1)],
}


@pytest.fixture(scope="session")
def daramad() -> Callable[..., PitchTrack]:
    """The course of a mode as a pitch track, without vibrato or breath, cut at `seconds`."""

    def play(mode: str, shahed_hz: float, seconds: float = 30.0) -> PitchTrack:
        once = np.concatenate([np.full(round(length / HOP_S), step) for step, length in COURSES[mode]])
        hz = shahed_hz * 2 ** (np.resize(once, round(seconds / HOP_S)) / 1200)
        return PitchTrack(hz.astype(np.float32), np.ones(len(hz), np.float32))

    return play


@pytest.fixture
def sung(tmp_path: Path) -> Callable[[PitchTrack, int], Path]:
    """Writes a pitch track as a tone with four partials and gives the file's path."""

    def write(track: PitchTrack, rate: int = 22050) -> Path:
        import soundfile

        times = np.arange(int(len(track.hz) * HOP_S * rate)) / rate
        hz = track.hz[np.minimum((times / HOP_S).astype(int), len(track.hz) - 1)]
        phase = 2 * np.pi * np.cumsum(hz, dtype=np.float64) / rate
        tone = sum(np.sin(k * phase) / k for k in range(1, 5)) * 0.2
        path = tmp_path / "melody.wav"
        soundfile.write(path, tone.astype(np.float32), rate)
        return path

    return write
