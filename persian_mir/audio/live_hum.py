"""Mains hum in sound as it comes in: found by the last seconds, and taken out at once, from the past alone.

Each line is followed by a slow adaptive canceller (B. Widrow and others, "Adaptive Noise Cancelling", 1975): what is
left at its frequency moves the sine that is subtracted. A note on a line is hardly touched, since no sine outgrows the
hum. Where no more is left than that leaves of hum, nothing is.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from persian_mir.audio.decoder import Samples
from persian_mir.audio.hum import MOST, Hum, PauseGate, find_hum

LOOK_S = 12.0  # of the sound, in which hum is looked for, in excerpts of 2 s
EXCERPTS = 6
SPOILT_S = 1.5 * LOOK_S  # before it is found, since every half of that it is looked for
CHUNK = 256  # samples, after which the sines are moved
SETTLING_S = 1.0


class LiveHum:
    """Feed it consecutive samples of one channel at `rate` Hz; as many come out, without mains hum once it is found."""

    def __init__(self, rate: int) -> None:
        self._rate, self._look = rate, round(LOOK_S * rate)
        self._last = np.zeros(0, np.float32)
        self._wait = self._look  # samples until hum is looked for
        self._canceller: _Canceller | None = None

    @property
    def found(self) -> bool:
        """Whether there is hum, which is taken out from now on; the last `SPOILT_S` before it was found have it."""
        return self._canceller is not None

    def push(self, samples: Samples) -> Samples:
        """float32 [n] in and out."""
        ready = []
        while self._canceller is None and len(samples) >= self._wait:
            ready.append(samples[: self._wait])
            self._remember(ready[-1])
            samples, self._wait = samples[self._wait :], self._look // 2
            self._find()
        if self._canceller is not None:
            return np.concatenate([*ready, self._canceller.push(samples)])
        self._wait -= len(samples)
        self._remember(samples)
        return np.concatenate([*ready, samples])

    def _remember(self, samples: Samples) -> None:
        self._last = np.concatenate([self._last, samples])[-self._look :]

    def _find(self) -> None:
        excerpts = self._last[: self._look // EXCERPTS * EXCERPTS].reshape(EXCERPTS, -1)
        hum = find_hum(excerpts, self._rate)
        if hum is not None:
            self._canceller = _Canceller(hum, self._rate)
            self._canceller.push(self._last)  # to find its phases
            self._last = self._last[:0]


class _Canceller:
    """The same once the hum is known."""

    def __init__(self, hum: Hum, rate: int) -> None:
        turns = 2 * np.pi / rate * hum.lines * hum.hz  # radians a sample
        self._waves = np.exp(1j * np.outer(turns, np.arange(CHUNK + 1)))
        self._most, self._share = MOST * hum.amplitudes, 2 / (SETTLING_S * rate)
        self._sines: NDArray[np.complex128] = np.zeros(len(hum.lines), np.complex128)
        self._gate = PauseGate(hum, rate)

    def push(self, samples: Samples) -> Samples:
        chunks = [self._clean(samples[at : at + CHUNK]) for at in range(0, len(samples), CHUNK)]
        return self._gate.push(np.concatenate(chunks)) if chunks else samples

    def _clean(self, chunk: Samples) -> Samples:
        waves = self._waves[:, : len(chunk)]  # einsum, since threads of a BLAS cost more than such small products
        left = chunk - np.einsum("k,kn->n", self._sines, waves).real
        sines = self._sines + self._share * np.einsum("kn,n->k", waves.conj(), left)
        sines *= np.minimum(1.0, self._most / np.maximum(np.abs(sines), 1e-12))
        self._sines = sines * self._waves[:, len(chunk)]  # as they stand where the next one begins
        return np.asarray(left, np.float32)
