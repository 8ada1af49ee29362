"""How far experiments are: work of several kinds, whose pace is learnt while it is done."""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from persian_mir.progress import Progress


@dataclass(frozen=True, slots=True)
class Work:
    """A piece of work. `amount`: about how many seconds, which need be right only against others of its kind."""

    kind: str
    amount: float


class WeightedProgress(Progress):
    """Reports a share that grows at each moment by the share of the time left that has passed since: whoever goes by
    its pace sees that time left. It never stands still and never goes back, also where an estimate was wrong.

    A kind of which nothing is done yet is taken to last as guessed.
    """

    def __init__(self, listener: Progress, works: Sequence[Work], clock: Callable[[], float] = time.monotonic) -> None:
        self._listener, self._clock = listener, clock
        self._ahead: dict[str, float] = defaultdict(float)  # amounts by kind, the work at hand included
        for work in works:
            self._ahead[work.kind] += work.amount
        self._spent: dict[str, float] = defaultdict(float)  # seconds
        self._done: dict[str, float] = defaultdict(float)  # amounts
        self._work, self._note, self._began, self._inside = Work("", 0.0), "", clock(), 0.0
        self._shown, self._last = 0.0, clock()

    def begin(self, work: Work, note: str) -> None:
        """What follows is `work`, one of those that were told; `note` says so to people. May raise Cancelled."""
        self._close()
        self._work, self._note, self._began, self._inside = work, note, self._clock(), 0.0
        self.step(0.0)

    def step(self, fraction: float, note: str = "") -> None:
        """`fraction` of the work at hand is done. May raise Cancelled."""
        self._inside = max(self._inside, min(fraction, 1.0))
        now, left = self._clock(), 0.0
        for kind, ahead in self._ahead.items():
            here = kind == self._work.kind
            seconds = self._spent[kind] + here * (now - self._began)
            done = self._done[kind] + here * self._inside * self._work.amount
            left += max(ahead - here * self._inside * self._work.amount, 0.0) * (seconds / done if done > 0 else 1.0)
        passed, self._last = now - self._last, now
        self._shown += (1.0 - self._shown) * (passed / (passed + left) if left > 0 else 1.0)
        self._listener.step(self._shown, ": ".join(filter(None, (self._note, note))))

    def publish(self, value: Any) -> None:
        """Nothing of it is kept."""
        self._listener.publish(value)

    def _close(self) -> None:
        kind, amount = self._work.kind, self._work.amount
        if kind:
            self._spent[kind] += self._clock() - self._began
            self._done[kind] += amount
            self._ahead[kind] -= amount


def begin(progress: Progress, work: Work, note: str) -> None:
    """Tell a listener that minds it what follows."""
    if isinstance(progress, WeightedProgress):
        progress.begin(work, note)
