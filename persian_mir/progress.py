"""How a long function tells its caller how far it is, and learns that it should stop. No Qt."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any


class Cancelled(Exception):  # noqa: N818 - not an error: somebody asked for it
    """Raised inside the work, at a checkpoint, when the caller asked it to stop."""


class Progress:
    """The listener a long function reports to; this one listens to nothing.

    The command line passes one that prints, the GUI one that posts to its thread,
    a test one that records or that cancels at the third step.
    """

    def step(self, fraction: float, note: str = "") -> None:
        """Checkpoint: `fraction` of the work is done, 0..1. May raise Cancelled."""

    def publish(self, value: Any) -> None:
        """Hand out a finished part (one segment's prediction, one epoch's scores)."""

    def part(
        self, start: float, share: float, note: str = "", publish: Callable[[Any], None] | None = None
    ) -> Progress:
        """The listener of a part of the work, whose 0 to 1 is `start` to `start + share` of all of it.

        `note` is said where the part says nothing. What it hands out goes to `publish`, or on as it is.
        """
        return _Part(self, start, share, note, publish or self.publish)


class _Part(Progress):
    def __init__(self, whole: Progress, start: float, share: float, note: str, publish: Callable[[Any], None]) -> None:
        self._whole, self._start, self._share, self._note, self._publish = whole, start, share, note, publish

    def step(self, fraction: float, note: str = "") -> None:
        self._whole.step(self._start + self._share * min(max(fraction, 0.0), 1.0), note or self._note)

    def publish(self, value: Any) -> None:
        self._publish(value)


SILENT = Progress()  # the listener of those who do not care
