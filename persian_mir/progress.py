"""How a long function tells its caller how far it is, and learns that it should stop. No Qt."""

from __future__ import annotations

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


SILENT = Progress()  # the listener of those who do not care
