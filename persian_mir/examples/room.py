"""What stands around the strings: the body, the strings that sound along, and the room."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

Signal = NDArray[np.float64]


def body(sound: Signal, resonances: Sequence[tuple[float, float, float]], rate: int) -> Signal:
    """`sound` [n] with resonances (Hz, Q, gain) of the instrument's body added."""
    from scipy.signal import iirpeak, lfilter

    out = sound.copy()
    for hz, quality, gain in resonances:
        if hz < 0.45 * rate:
            out += gain * lfilter(*iirpeak(hz, quality, fs=rate), sound)
    return out


def sympathetic(sound: Signal, hertz: Sequence[float], level: float, rate: int, rng: np.random.Generator) -> Signal:
    """`sound` [n] with open strings at `hertz` that answer it, `level` loud in all."""
    time = np.arange(round(1.5 * rate)) / rate
    answer = sum(np.sin(2 * np.pi * hz * time + rng.uniform(0, 2 * np.pi)) for hz in hertz) * np.exp(-3 * time)
    return sound + level * _convolved(sound, answer)


def room(sound: Signal, level: float, rate: int, rng: np.random.Generator, fall: float = 9.0) -> Signal:
    """`sound` [n] in a room: noise that falls by `fall` nepers a second, `level` loud. 9: 60 dB in 0.8 s."""
    time = np.arange(round(4.5 / fall * rate)) / rate
    echo = rng.normal(0, 1, len(time)) * np.exp(-fall * time)
    echo[: round(0.008 * rate)] = 0
    return sound + level * _convolved(sound, echo)


def _convolved(sound: Signal, answer: Signal) -> Signal:
    from scipy.signal import oaconvolve

    wet: Signal = oaconvolve(sound, answer)[: len(sound)]
    loudness = np.sqrt(np.mean(sound**2)) / (np.sqrt(np.mean(wet**2)) + 1e-12)
    return np.asarray(wet * loudness)
