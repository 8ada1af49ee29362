"""A share of a longer work's progress."""

from __future__ import annotations

from typing import Any

from persian_mir.progress import Progress


class SubProgress(Progress):
    """Reports 0 to 1 as `start` to `start + share` of `whole`."""

    def __init__(self, whole: Progress, start: float, share: float) -> None:
        self._whole, self._start, self._share = whole, start, share

    def step(self, fraction: float, note: str = "") -> None:
        self._whole.step(self._start + self._share * min(max(fraction, 0.0), 1.0), note)

    def publish(self, value: Any) -> None:
        self._whole.publish(value)
