"""One reference level for all that the pitch model hears, whose confidence falls with the level of the sound.

A slow automatic gain, from the past alone, so that sound as it comes in and a finished recording give the same numbers.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Samples = NDArray[np.float32]

CHUNK = 256  # samples, one frame of the pitch model
REFERENCE = 0.1  # root mean square of the loudest chunks; what is louder, as most recordings are, stays as it is
FLOOR = 1e-4  # -80 dBFS: what is quieter is noise, and is not made louder than that would be
HALF_LIVES_S = 1.0, 60.0  # in which the gain doubles after something loud: at the beginning, and after some minutes
SETTLING = 4.0  # the half-life is the time heard so far over this, within these bounds
LEVELLED = "level1"  # changes with the numbers above


class Leveller:
    """Feed it consecutive samples of one channel at `rate` Hz; what is quiet comes out at the reference level."""

    def __init__(self, rate: int) -> None:
        self._chunk_s = CHUNK / rate
        self._loud, self._gain, self._heard_s = REFERENCE, 1.0, 0.0
        self._rest = np.zeros(0, np.float32)

    def push(self, samples: Samples) -> Samples:
        """float32 [n] in; out whole chunks of 256 of all that came in so far."""
        sound = np.concatenate([self._rest, samples])
        whole = len(sound) // CHUNK * CHUNK
        self._rest = sound[whole:]
        return self._levelled(sound[:whole].reshape(-1, CHUNK))

    def flush(self) -> Samples:
        """What is left, under a chunk."""
        rest, self._rest = self._rest, np.zeros(0, np.float32)
        return np.asarray(rest * np.float32(self._gain), np.float32)

    def _levelled(self, chunks: Samples) -> Samples:
        if not len(chunks):
            return np.zeros(0, np.float32)
        levels = np.sqrt(np.mean(chunks.astype(np.float64) ** 2, axis=1))
        gains = np.empty(len(chunks) + 1)
        gains[0] = self._gain
        for k, level in enumerate(levels.tolist()):
            self._heard_s += self._chunk_s
            half_life_s = min(max(self._heard_s / SETTLING, HALF_LIVES_S[0]), HALF_LIVES_S[1])
            self._loud = max(level, self._loud * 0.5 ** (self._chunk_s / half_life_s), FLOOR)
            gains[k + 1] = max(1.0, REFERENCE / self._loud)
        self._gain = float(gains[-1])
        steps = np.arange(1, CHUNK + 1) / CHUNK  # from one gain to the next without a click
        ramps = gains[:-1, None] + np.diff(gains)[:, None] * steps
        return np.asarray(chunks * ramps, np.float32).ravel()
