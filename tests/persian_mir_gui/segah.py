"""A melody in Segah as a pitch track, whose shahed and course are known."""

from __future__ import annotations

import numpy as np

from persian_mir.modal.pitch import HOP_S, PitchTrack

SHAHED_HZ = 320.0


COURSE = [(0, 2), (150, 0.6), (0, 1), (-150, 0.6), (-350, 1), (-150, 0.4), (0, 2), (150, 0.5), (350, 0.6), (0, 1)]


def segah(seconds: float = 40.0) -> PitchTrack:
    once = np.concatenate([np.full(round(length / HOP_S), step) for step, length in COURSE])
    hz = SHAHED_HZ * 2 ** (np.resize(once, round(seconds / HOP_S)) / 1200)
    return PitchTrack(hz.astype(np.float32), np.ones(len(hz), np.float32))
