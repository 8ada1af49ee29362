"""Mains hum: lines at 50 or 60 Hz and their multiples that stay the same from beginning to end; found and taken out.

A drone, a drum or a held note is none of these: only what has its fundamental at the mains and neither pauses nor
swells is hum. Each line is fitted by least squares, second by second; below a note it
goes on as it was.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from persian_mir.audio.decoder import Samples

Floats = NDArray[np.float64]

VERSION = 4  # of what is left of a sound; what was heard of it by another one is not used again
MAINS_HZ = 50.0, 60.0
REACH_HZ = 0.3  # by which mains, and clocks of converters, may be off
STEP_HZ = 0.01
HARMONICS = 30
ASIDE_HZ = np.array([-8.0, -5.0, -2.5, -1.5, 1.5, 2.5, 5.0, 8.0])  # where a line of 50 Hz has nothing
SHORT_S = 0.25  # so long no drum sounds alike
STANDS_OUT = 4.0  # 12 dB over what is beside it, as a rule, and half of that nearly always
STEADY = 2.0  # upper quartile over lower fifth
LOW = 0.2  # quantile of the excerpts in which little music is added to a line
LEAST_EXCERPTS = 4
FRAME_S = 2.0
RATE = 4000  # Hz, at which lines are looked for
MOST = 1.5  # times its own amplitude is taken out at most: the rest is music
RESIDUE = 0.25  # of the level of hum: what may be left of it, as weak lines; in a pause even that would be heard
PAUSE_S = 0.1  # over which the level is measured: whole periods of both mains


@dataclass(frozen=True, slots=True, eq=False)
class Hum:
    """Mains of `hz`: its multiples in `lines` (int64) and the amplitude of each without music, float64."""

    hz: float
    lines: NDArray[np.int64]
    amplitudes: Floats


def find_hum(excerpts: Samples, rate: int) -> Hum | None:
    """The mains hum in all of `excerpts`, float32 [excerpts, n] of one channel; None where there is none."""
    if len(excerpts) < LEAST_EXCERPTS or excerpts.shape[1] < rate:
        return None
    import soxr

    excerpts = np.ascontiguousarray(soxr.resample(excerpts.T, rate, RATE).T)
    rate = RATE
    for mains in MAINS_HZ:
        near = np.asarray(mains + np.arange(-REACH_HZ, REACH_HZ + STEP_HZ / 2, STEP_HZ), np.float64)
        sizes = np.median(amplitudes(excerpts, near, rate), axis=0)
        hz = float(near[np.argmax(sizes)])
        if not (_steady(excerpts, hz, rate) and _alone_and_even(excerpts, hz, rate)):
            continue
        known = [k for k in range(1, HARMONICS + 1) if k * hz < 0.45 * rate and _steady(excerpts, k * hz, rate)]
        lines = np.arange(1, known[-1] + 1)  # those between are there too, under the music
        return Hum(hz, lines, np.quantile(amplitudes(excerpts, hz * lines.astype(np.float64), rate), LOW, axis=0))
    return None


def amplitudes(excerpts: Samples, hz: Floats, rate: int) -> Floats:
    """Of a sine at each of `hz` in each excerpt, float64 [excerpts, frequencies]."""
    window = np.hanning(excerpts.shape[1])
    turns = np.outer(hz, np.arange(len(window)) / rate)
    angles = (2 * np.pi * (turns - np.round(turns))).astype(np.float32)  # small ones are exact enough in float32
    heard = excerpts * (2 * window / window.sum()).astype(np.float32)
    # einsum, since the threads of a product by BLAS keep a core busy for a while behind it
    cosines, sines = (np.einsum("en,fn->ef", heard, part(angles)) for part in (np.cos, np.sin))
    return np.asarray(np.hypot(cosines, sines), np.float64)


def _steady(excerpts: Samples, hz: float, rate: int) -> bool:
    """Whether there is a line at `hz` that stands out and stays the same."""
    sizes = amplitudes(excerpts, np.append(hz, hz + ASIDE_HZ), rate)
    line, beside = sizes[:, 0], np.median(sizes[:, 1:], axis=1)
    out = line / np.maximum(beside, 1e-9)
    low, high = np.quantile(line, [LOW, 0.75])
    return bool(np.median(out) >= STANDS_OUT and np.quantile(out, 0.2) >= STANDS_OUT / 2 and high <= STEADY * low)


def _alone_and_even(excerpts: Samples, hz: float, rate: int) -> bool:
    """Whether a line that is steady is no side of another one, and neither struck nor played: even from 1/4 s to 1/4 s.

    For the fundamental, which lies below most music.
    """
    sizes = np.median(amplitudes(excerpts, np.append(hz, hz + ASIDE_HZ), rate), axis=0)
    short = excerpts[:, : excerpts.shape[1] // round(SHORT_S * rate) * round(SHORT_S * rate)]
    low, high = np.quantile(amplitudes(short.reshape(-1, round(SHORT_S * rate)), np.array([hz]), rate), [LOW, 0.75])
    return bool(sizes[0] >= STANDS_OUT * sizes[1:].max() and high <= STEADY * low)


class PauseGate:
    """Feed it consecutive samples without hum, of one channel at `rate` Hz: nothing is left where only its rest was."""

    def __init__(self, hum: Hum, rate: int) -> None:
        self._least = RESIDUE**2 * float(np.sum(hum.amplitudes**2)) / 2
        self._recent: Floats = np.zeros(round(PAUSE_S * rate))  # squares

    def push(self, samples: Samples) -> Samples:
        """float32 [n] in and out, by the past alone."""
        width = len(self._recent)
        squares = np.concatenate([self._recent, samples.astype(np.float64) ** 2])
        sums = np.cumsum(squares)
        self._recent = squares[-width:]
        audible = sums[width:] - sums[:-width] > width * self._least
        return np.asarray(np.where(audible, samples, 0.0), np.float32)


class HumRemover:
    """Feed it consecutive samples of one channel at `rate` Hz; they come out, up to 2 s later, without the hum."""

    def __init__(self, hum: Hum, rate: int) -> None:
        self._hum, self._hop, self._gate = hum, round(FRAME_S * rate / 2), PauseGate(hum, rate)
        times = np.arange(2 * self._hop)
        self._window = (0.5 - 0.5 * np.cos(np.pi * times / self._hop)).astype(np.float32)
        angles = 2 * np.pi / rate * np.outer(hum.lines * hum.hz, times)
        self._waves = np.concatenate([np.cos(angles), np.sin(angles)]).astype(np.float32)
        self._turn = np.exp(2j * np.pi / rate * hum.lines * hum.hz * self._hop)
        self._last: NDArray[np.complex128] | None = None  # cosine - i sine of each line in the last frame
        self._sound = np.zeros(self._hop, np.float32)  # half a frame before the beginning
        self._from = self._hop  # where real sound begins in the frame
        self._before = np.zeros(self._hop, np.float32)  # what the last frame says of this one's first half
        self._skip = self._hop

    def push(self, samples: Samples) -> Samples:
        """float32 [n] in; out as much as is ready, float32."""
        self._sound = np.concatenate([self._sound, samples])
        ready = []
        while len(self._sound) >= 2 * self._hop:
            ready.append(self._next(2 * self._hop))
        return self._cut(ready)

    def flush(self) -> Samples:
        """What is left."""
        left = len(self._sound)
        self._sound = np.append(self._sound, np.zeros(3 * self._hop, np.float32))
        ready = []
        while left > 0:
            ready.append(self._next(min(left, 2 * self._hop))[: min(left, self._hop)])
            left -= self._hop
        return self._cut(ready)

    def _cut(self, ready: list[Samples]) -> Samples:
        out = np.concatenate(ready) if ready else np.zeros(0, np.float32)
        skipped = min(self._skip, len(out))
        self._skip -= skipped
        return self._gate.push(out[skipped:])

    def _next(self, until: int) -> Samples:
        """Half a frame without hum; the frame's sound ends at `until`."""
        frame = self._sound[: 2 * self._hop]
        made = self._window * self._fit(frame, until)
        out = frame[: self._hop] - self._before - made[: self._hop]
        self._before, self._from = made[self._hop :], 0
        self._sound = self._sound[self._hop :]
        return np.asarray(out, np.float32)

    def _fit(self, frame: Samples, until: int) -> Samples:
        """The hum in a frame, float32 [2 hops], by the lines' least squares."""
        weights = self._window.copy()
        weights[: self._from] = weights[until:] = 0
        cosines, sines = (2 * (self._waves @ (frame * weights)) / max(float(weights.sum()), 1e-9)).reshape(2, -1)
        found, most = cosines - 1j * sines, MOST * self._hum.amplitudes
        sizes = np.maximum(np.abs(found), 1e-12)
        # Where a note sounds on a line, the hum goes on below it as it was.
        before = self._last * self._turn if self._last is not None else found / sizes * np.minimum(sizes, most)
        self._last = np.where(sizes <= most, found, before)
        return np.asarray(np.concatenate([self._last.real, -self._last.imag]) @ self._waves, np.float32)
