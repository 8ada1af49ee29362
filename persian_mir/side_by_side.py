"""Several items worked on at once, each by a thread; what comes of them in their order."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, wait
from typing import TypeVar

from persian_mir.cores import cores
from persian_mir.progress import SILENT, Cancelled, Progress

Item = TypeVar("Item")
Result = TypeVar("Result")

MOST_AT_ONCE = 16
AHEAD = 4  # times as many items may be done before the one whose turn it is
POLL_S = 0.1


def files_at_once() -> int:
    """How many files are best worked on: one a core, and one more for when another waits for its embedding."""
    return min(MOST_AT_ONCE, cores() + 1)


def side_by_side(
    items: Sequence[Item],
    work: Callable[[Item, Progress], Result],
    progress: Progress = SILENT,
    name: Callable[[Item], str] = str,
) -> Iterator[Result]:
    """Yield what `work` makes of each item, in order; it is given a listener, by which it learns that it should stop.

    `progress` is told, on the thread that called, how much of all is done, and the `name` of the item whose turn it is.
    It may raise Cancelled; that, an error of an item or the end of the iteration stops all the others first.
    """
    stop, waiting = threading.Event(), deque[tuple[Future[Result], _Listener]]()
    at_once = min(files_at_once(), max(1, len(items)))
    rest = iter(items)
    with ThreadPoolExecutor(at_once, "file") as threads:
        try:
            for number, item in enumerate(items):
                while len(waiting) < AHEAD * at_once and (following := next(rest, stop)) is not stop:
                    listener = _Listener(stop)
                    waiting.append((threads.submit(work, following, listener), listener))  # type: ignore[arg-type]
                while not wait([waiting[0][0]], POLL_S).done:
                    progress.step((number + sum(one.fraction for _f, one in waiting)) / len(items), name(item))
                future, _done = waiting.popleft()
                yield future.result()
                progress.step((number + 1 + sum(one.fraction for _f, one in waiting)) / len(items), name(item))
        finally:
            stop.set()
            for future, _listener in waiting:
                future.cancel()


class Stopped(Progress):
    """The listener of work that ends when `stop` is set."""

    def __init__(self, stop: threading.Event) -> None:
        self._stop = stop

    def step(self, fraction: float, note: str = "") -> None:  # noqa: ARG002
        """Raises Cancelled."""
        if self._stop.is_set():
            raise Cancelled


class _Listener(Stopped):
    """The same, which remembers how far the work is."""

    fraction = 0.0

    def step(self, fraction: float, note: str = "") -> None:
        super().step(fraction, note)
        self.fraction = min(max(fraction, 0.0), 1.0)
