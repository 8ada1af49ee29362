"""How long something will still take."""

from __future__ import annotations

import time
from collections.abc import Callable

SETTLING_S = 2.0  # before that an estimate jumps too much to be of use
SPAN_S = 30.0  # the pace is that of about this long, so that a slow start is forgotten


class TimeLeft:
    """Seconds left, from the pace of the recent past. `clock` gives seconds."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._seen: list[tuple[float, float]] = []
        self.seconds: float | None = None

    def update(self, done: float, whole: float = 1.0) -> float | None:
        """Tell that `done` of `whole` is done now. Returns the seconds left, or None while that cannot be said.

        The whole may grow meanwhile: a folder is still being opened.
        """
        now = self._clock()
        if self._seen and done < self._seen[-1][1]:
            self._seen.clear()  # the work began anew
        if not self._seen or now > self._seen[-1][0]:
            self._seen.append((now, done))
        while len(self._seen) > 2 and now - self._seen[1][0] > SPAN_S:
            del self._seen[0]
        then, before = self._seen[0]
        known = now - then >= SETTLING_S and done > before
        self.seconds = (whole - done) * (now - then) / (done - before) if known else None
        return self.seconds
