"""The segment grid: how a recording is cut into windows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Tail = Literal["own", "overlap", "drop"]

MIN_WINDOW_S, MIN_HOP_S, MAX_S = 0.1, 0.01, 600.0  # shorter ones hold no period of a low note, or never end
MIN_TAIL_S = 1.0  # a shorter rest says too little; and a model's window must never be padded instead


@dataclass(frozen=True, slots=True)
class Window:
    """Samples `start` up to, not including, `stop` of the source recording."""

    start: int
    stop: int


@dataclass(frozen=True, slots=True)
class Grid:
    """Windows of `window_s` every `hop_s` seconds.

    What is left at the end runs at its `own` length if that is at least one second, is moved back to `overlap` the
    window before, or is `drop`ped. A recording shorter than one window is one window of its own length, always.
    """

    window_s: float = 5.0
    hop_s: float = 5.0
    tail: Tail = "own"

    def __post_init__(self) -> None:
        if not (MIN_WINDOW_S <= self.window_s <= MAX_S and MIN_HOP_S <= self.hop_s <= MAX_S):
            raise ValueError(f"window and hop must lie within {MIN_WINDOW_S}, {MIN_HOP_S} and {MAX_S} s: {self}")
        if self.tail not in ("own", "overlap", "drop"):
            raise ValueError(f"unknown tail: {self.tail!r}")

    def windows(self, frames: int, rate: int) -> list[Window]:
        """The windows over `frames` samples at `rate` Hz, in order. Empty only when there are no samples."""
        length, hop = max(1, round(self.window_s * rate)), max(1, round(self.hop_s * rate))
        if frames <= length:
            return [Window(0, frames)] if frames else []
        count = (frames - length) // hop + 1
        windows = [Window(k * hop, k * hop + length) for k in range(count)]
        rest = Window(count * hop, frames)
        if windows[-1].stop == frames or self.tail == "drop" or rest.stop - rest.start < 1:
            return windows
        if self.tail == "overlap":
            return [*windows, Window(frames - length, frames)]
        return [*windows, rest] if rest.stop - rest.start >= MIN_TAIL_S * rate else windows
