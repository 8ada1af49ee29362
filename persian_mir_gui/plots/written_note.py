"""A note of a score over the recording, as numbers to draw. No painting."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass

from persian_mir.modal.names import NoteName


@dataclass(frozen=True, slots=True)
class WrittenNote:
    """From `start_s` to `stop_s` of the recording, `cents` above A4; `played`, or left out and shown where it would be.

    `place`: among the notes of the score that sound.
    """

    place: int
    start_s: float
    stop_s: float
    cents: float
    note: NoteName
    played: bool = True


class NotesInTime:
    """Written notes by the time of their beginning, found by time."""

    def __init__(self, notes: Sequence[WrittenNote] = ()) -> None:
        self._notes = sorted(notes, key=lambda one: one.start_s)
        self._longest_s = max((one.stop_s - one.start_s for one in notes), default=0.0)

    def __len__(self) -> int:
        return len(self._notes)

    def span(self) -> tuple[float, float] | None:
        """Cents of the lowest and of the highest; None of no notes."""
        cents = [one.cents for one in self._notes]
        return (min(cents), max(cents)) if cents else None

    def within(self, start_s: float, stop_s: float) -> Sequence[WrittenNote]:
        """Those that meet a stretch of time."""
        first = bisect_left(self._notes, start_s - self._longest_s, key=lambda one: one.start_s)
        last = bisect_right(self._notes, stop_s, key=lambda one: one.start_s)
        return [one for one in self._notes[first:last] if one.stop_s >= start_s]

    def sounding(self, seconds: float) -> WrittenNote | None:
        """The played one that began last and has not ended; None in a rest."""
        began = reversed(self.within(seconds, seconds))
        return next((one for one in began if one.played and seconds < one.stop_s), None)
