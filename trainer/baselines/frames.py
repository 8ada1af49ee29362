"""Frames of a window, and what several studies measure on them; the cepstrum is that of `backbones.spectral`."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from persian_mir.backbones.spectral import frames_of, mel_power, mfcc, power_of
from trainer.baselines.baseline import Floats

Reals = NDArray[np.float64]


def cut(sound: Floats, frame: int, hop: int) -> Reals:
    """Frames [frames, frame] of `sound` [n]; what is shorter than one is padded to one."""
    padded = np.pad(sound.astype(np.float64), (0, max(0, frame - len(sound))))
    return np.asarray(np.lib.stride_tricks.sliding_window_view(padded, frame)[::hop])


def hann_frames(sound: Floats, frame: int, hop: int) -> Reals:
    """The same, windowed."""
    return cut(sound, frame, hop) * np.hanning(frame)


def cepstrum(sound: Floats, coefficients: int) -> Reals:
    """MFCC [frames, coefficients] of mono at 22,050 Hz brought to RMS 1, so that the level tells nothing."""
    levelled = sound.astype(np.float64) / max(float(np.sqrt(np.mean(np.square(sound)))), 1e-9)
    return mfcc(mel_power(power_of(frames_of(levelled))))[:, :coefficients]


def centroid(magnitudes: Reals, hz: NDArray[np.floating[Any]]) -> Reals:
    """Spectral centroid in Hz of each frame [frames, bins]: [frames]; 0 for silence."""
    return np.asarray(magnitudes @ hz / np.maximum(magnitudes.sum(axis=1), 1e-12))
