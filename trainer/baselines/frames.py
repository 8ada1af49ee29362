"""Frames of a window, and what several studies measure on them; the cepstrum is that of `backbones.spectral`."""

from __future__ import annotations

from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from persian_mir.backbones.spectral import RATE, frames_of, mel_power, mfcc, power_of
from trainer.baselines.baseline import Floats

MEL_FRAME, MEL_HOP = 2048, 512
RANGE_DB = 80.0

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


def mel_decibels(sound: Floats, mels: int) -> Reals:
    """Power of mono at 22,050 Hz in Slaney's mel bands (2048/512, centred) in dB, at most 80 under the loudest:
    float64 [1 + samples // 512, mels].
    """
    power = np.abs(np.fft.rfft(hann_frames(np.pad(sound, MEL_FRAME // 2), MEL_FRAME, MEL_HOP))) ** 2
    decibels = 10 * np.log10(np.maximum(power @ _mel_filters(mels), 1e-10))
    return np.asarray(np.maximum(decibels, decibels.max() - RANGE_DB))


def mel_frames(seconds: float) -> int:
    """How many frames `mel_decibels` makes of so long a sound."""
    return round(seconds * RATE) // MEL_HOP + 1


def centroid(magnitudes: Reals, hz: NDArray[np.floating[Any]]) -> Reals:
    """Spectral centroid in Hz of each frame [frames, bins]: [frames]; 0 for silence."""
    return np.asarray(magnitudes @ hz / np.maximum(magnitudes.sum(axis=1), 1e-12))


@cache
def _mel_filters(mels: int) -> Reals:
    """Slaney's triangles of equal area, float64 [1025, mels]."""
    from transformers.audio_utils import mel_filter_bank

    filters = mel_filter_bank(MEL_FRAME // 2 + 1, mels, 0.0, RATE / 2, RATE, norm="slaney", mel_scale="slaney")
    return np.asarray(filters, np.float64)
