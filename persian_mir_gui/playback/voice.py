"""Notes that sound beside a recording, or in its place, in its own time: no second clock."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from persian_mir_gui.playback.tones import ATTACK_S, RELEASE_S, string

Floats = NDArray[np.float32]
LOUDEST = 0.5  # of one note: one that ends and the next that begins do not clip
LEAST_DECAY_S = 0.6


@dataclass(frozen=True, slots=True, eq=False)
class Voice:
    """Notes at `hz`, float64 [n], from `starts` up to `stops`, int64 [n] samples of a recording at `rate`.

    `share`: of the notes in what is heard, 0 to 1; what is left is the recording's. Their sum cannot clip.
    """

    starts: NDArray[np.int64]
    stops: NDArray[np.int64]
    hz: NDArray[np.float64]
    rate: int
    share: float

    def beside(self, block: Floats, at: int) -> Floats:
        """The recording's samples from `at` on, [channels, n], with the notes that sound then."""
        notes = self.sound(at, block.shape[1])
        return np.asarray((1 - self.share) * block + self.share * notes, np.float32)

    def sound(self, at: int, count: int) -> Floats:
        """The notes alone, float32 [count] from sample `at` on, whatever was asked for before."""
        heard = np.zeros(count, np.float32)
        release = round(RELEASE_S * self.rate)
        for k in np.flatnonzero((self.starts < at + count) & (self.stops + release > at)).tolist():
            start, stop = int(self.starts[k]), int(self.stops[k])
            first, last = max(start, at), min(stop + release, at + count)
            times = np.arange(first - start, last - start) / self.rate
            lasts_s = (stop - start) / self.rate
            wave = string(float(self.hz[k]), times, max(LEAST_DECAY_S, lasts_s), self.rate)
            wave *= np.minimum(1.0, times / ATTACK_S) * np.minimum(1.0, (lasts_s + RELEASE_S - times) / RELEASE_S)
            heard[first - at : last - at] += (LOUDEST * wave).astype(np.float32)
        return heard
