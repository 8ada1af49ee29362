"""Samples on their way to the sound card: one thread writes, one reads, nobody waits."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]


class Ring:
    """A bounded queue of frames `[n, channels]`. Safe for one writer and one reader without a lock:

    each of the two counters is changed by one thread only, after the samples it speaks of are in place.
    """

    def __init__(self, frames: int, channels: int) -> None:
        self._frames = np.zeros((frames, channels), np.float32)
        self.written = 0  # frames so far
        self._taken = 0
        self.ended = False  # the writer's word that nothing follows

    @property
    def room(self) -> int:
        """Frames that can be written now."""
        return len(self._frames) - (self.written - self._taken)

    @property
    def empty(self) -> bool:
        """Whether all that was written has been taken."""
        return self.written == self._taken

    def write(self, block: Floats) -> None:
        """Append `block`; ValueError if there is no room for it."""
        count = len(block)
        if count > self.room:
            raise ValueError(f"no room for {count} frames")
        at = self.written % len(self._frames)
        first = min(count, len(self._frames) - at)
        self._frames[at : at + first] = block[:first]
        self._frames[: count - first] = block[first:]
        self.written += count

    def take_back(self, keep: int) -> Floats:
        """Take back all but the next `keep` frames; they are returned, [n, channels]. For the writer.

        The reader must not take more than `keep` frames at once.
        """
        end = min(self.written, self._taken + keep)
        places = np.arange(end, self.written) % len(self._frames)
        self.written = end
        return self._frames[places]

    def take(self, out: Floats) -> int:
        """Fill `out` from its start with what there is. Returns the number of frames."""
        count = max(0, min(len(out), self.written - self._taken))
        at = self._taken % len(self._frames)
        first = min(count, len(self._frames) - at)
        out[:first] = self._frames[at : at + first]
        out[first:count] = self._frames[: count - first]
        self._taken += count
        return count
