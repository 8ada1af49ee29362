"""swift-f0 over sound as it comes, in short windows of which several are computed at once.

What binds the network is memory: over 20 s its intermediate results are larger than a core's own cache, over 5 s they
are not. Each window is given the frames around it that the network looks at, and one thread alone computes it, in
whose sums the window's length plays no part: so the frames are, bit for bit, those of the whole recording at once.
"""

from __future__ import annotations

from concurrent.futures import Future, ThreadPoolExecutor
from functools import cache
from threading import BoundedSemaphore
from typing import Any

import numpy as np
from numpy.typing import NDArray

from persian_mir.cores import cores

Samples = NDArray[np.float32]
Frames = tuple[Samples, Samples]  # hz and confidence, float32 [frames] each

RATE = 16_000  # the only rate of swift-f0; it hears 46.9 to 2093.75 Hz, E6 of the ney (1318.5 Hz) well within
HOP = 256
WINDOW_FRAMES = 312  # 5 s
MOST_THREADS = 4


class PitchStream:
    """Feed it consecutive samples at 16 kHz, then `close` it. Threads of its own compute; each stream has one owner."""

    def __init__(self) -> None:
        self._threads = ThreadPoolExecutor(min(MOST_THREADS, cores()), "pitch")
        self._sound = np.zeros(0, np.float32)
        self._base = self._asked = 0  # frames before the sound that is kept, and those that are computed or will be

    def push(self, sound: Samples) -> list[Future[Frames]]:
        """Begin to compute the frames that are final with this sound, some of which came before: windows in order."""
        from swift_f0.core import LOOKAHEAD_FRAMES

        self._sound = np.concatenate([self._sound, sound])
        return self._begin(self._base + len(self._sound) // HOP - LOOKAHEAD_FRAMES, final=False)

    def flush(self) -> list[Future[Frames]]:
        """The same of all that is left; a stream shorter than a frame has one all the same."""
        frames = self._base + len(self._sound) // HOP
        return self._begin(frames or int(len(self._sound) > 0), final=True)

    def close(self) -> None:
        """End the threads; what has not begun is not computed any more."""
        self._threads.shutdown(wait=False, cancel_futures=True)

    def _begin(self, end: int, *, final: bool) -> list[Future[Frames]]:
        from swift_f0.core import LEFT_FRAMES, LOOKAHEAD_FRAMES

        found = []
        while self._asked < end:
            first, last = self._asked, min(self._asked + WINDOW_FRAMES, end)
            left = max(self._base, first - LEFT_FRAMES)
            stop = None if final and last == end else (last + LOOKAHEAD_FRAMES - self._base) * HOP
            sound = self._sound[(left - self._base) * HOP : stop]
            found.append(self._threads.submit(_frames, sound, first - left, last - left))
            self._asked = last
        kept = max(self._base, self._asked - LEFT_FRAMES)
        self._sound, self._base = self._sound[(kept - self._base) * HOP :], kept
        return found


def _frames(sound: Samples, first: int, last: int) -> Frames:
    """Frames `first` up to `last` of a window's sound."""
    with _free_cores():
        heard = _detector().detect(sound, RATE)
    hz, confidence = heard.pitch_hz[first:last], heard.confidence[first:last]
    return hz.astype(np.float32), confidence.astype(np.float32)


@cache
def _free_cores() -> BoundedSemaphore:
    """Of all streams together as many windows are computed at once as there are cores: more only share their caches."""
    return BoundedSemaphore(cores())


@cache
def _detector() -> Any:
    """The network, which any number of threads may ask; to load it takes as long as to hear four seconds."""
    from swift_f0 import SwiftF0

    return SwiftF0(threads=1, spin=False)
