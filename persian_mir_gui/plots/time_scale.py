"""Samples to pixels and back: the one mapping that every pane of the timeline draws and points with."""

from __future__ import annotations

from dataclasses import dataclass

GUTTER = 108  # left of every pane: the names of the lanes
MARGIN = 20  # right of every pane: the scroll bar of the lanes


@dataclass(frozen=True, slots=True)
class TimeScale:
    """Samples `start` to `stop` lie on the `width` pixels from `left` on. Time runs left to right, always."""

    start: float
    stop: float
    left: float
    width: float

    @property
    def right(self) -> float:
        """The pixel where `stop` lies."""
        return self.left + self.width

    @property
    def samples_per_pixel(self) -> float:
        """Samples under one logical pixel."""
        return (self.stop - self.start) / self.width

    def x(self, sample: float) -> float:
        """Where a sample lies, in logical pixels; outside of the pane for one that is not in view."""
        return self.left + (sample - self.start) / (self.stop - self.start) * self.width

    def position(self, x: float) -> float:
        """The position under a pixel, in samples with their fraction."""
        return self.start + (x - self.left) / self.width * (self.stop - self.start)

    def sample(self, x: float, frames: int) -> int:
        """The sample nearest to a pixel, within a recording of `frames`."""
        return min(max(round(self.position(x)), 0), frames)

    def shows(self, sample: float) -> bool:
        """Whether a sample is in view."""
        return self.start <= sample <= self.stop
