"""How well the device that embeds is used: the share of time in which it computed."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable

from persian_mir.embeddings.shared_backbone import SharedBackbone


class Utilisation:
    """The share of the time, since they last began to, in which the backbones of predictors computed.

    `predictors` says which there are by now. `clock` gives seconds; it may leave out those that do not count.
    """

    def __init__(self, predictors: Callable[[], Iterable[object]], clock: Callable[[], float] = time.monotonic) -> None:
        self._predictors, self._clock = predictors, clock
        self._since, self._before = clock(), self._busy_s()

    def share(self) -> float | None:
        """Return 0 to 1; None while nothing was embedded. Asked again and again, it learns when that began."""
        now, busy_s = self._clock(), self._busy_s()
        if busy_s <= self._before:
            self._since, self._before = now, busy_s
            return None
        return min(1.0, (busy_s - self._before) / max(now - self._since, 1e-9))

    def _busy_s(self) -> float:
        """Of all backbones together; two predictors may share one."""
        backbones = (getattr(predictor, "backbone", None) for predictor in self._predictors())
        return sum({id(one): one.busy_s for one in backbones if isinstance(one, SharedBackbone)}.values())
