"""The notes of a score that its recording leaves out, each where it would have been."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

import numpy as np

from persian_mir.transcription.score import ScoreNote

SHORTEST_S = 0.05  # that a note of the score counts as


@dataclass(frozen=True, slots=True)
class AlignedNote:
    """A note of the score, by its place among those that sound, and when it is heard in the recording.

    `octaves`: how many higher it is played than most.
    """

    place: int
    start_s: float
    stop_s: float
    octaves: int = 0


def lasts_s(note: ScoreNote) -> float:
    """How long a note is written to last, in seconds."""
    return max(note.stop_s - note.start_s, SHORTEST_S)


def pace_of(notes: Sequence[ScoreNote], found: Sequence[AlignedNote]) -> float:
    """How many times as long as it is written a note is played, of those `found`."""
    return float(np.median([(one.stop_s - one.start_s) / lasts_s(notes[one.place]) for one in found]))


def left_out(notes: Sequence[ScoreNote], found: Sequence[AlignedNote], stop_s: float) -> tuple[AlignedNote, ...]:
    """The places of `notes` that are not among those `found`, before `stop_s`, in the octave of a neighbour.

    They lie about the moment between their neighbours, as long as they are written at the recording's pace, but no
    further than their neighbours reach.
    """
    if not found:
        return ()
    first = {one.place: one for one in reversed(found)}
    pace = pace_of(notes, found)
    missing = (place for place in range(len(notes)) if place not in first)
    runs = groupby(enumerate(missing), key=lambda one: one[1] - one[0])
    return tuple(
        note for _gap, run in runs for note in _between(notes, [place for _k, place in run], first, pace, stop_s)
    )


def _between(
    notes: Sequence[ScoreNote], run: Sequence[int], first: dict[int, AlignedNote], pace: float, stop_s: float
) -> Iterator[AlignedNote]:
    """Places that follow each other, from the middle of what lies between the notes before and after them."""
    before, after = first.get(run[0] - 1), first.get(run[-1] + 1)
    begin = before.stop_s if before else 0.0
    end = max(after.start_s, begin) if after else stop_s
    low, high = (before.start_s if before else 0.0), (max(after.stop_s, end) if after else stop_s)
    lasts = np.array([lasts_s(notes[place]) for place in run]) * pace
    long = min(float(lasts.sum()), high - low)
    middle = (begin + end) / 2 if before and after else begin + long / 2 if before else end - long / 2
    start = min(max(middle - long / 2, low), high - long)
    edges = start + np.concatenate(([0.0], np.cumsum(lasts))) * long / float(lasts.sum())
    octaves = (before or after or AlignedNote(0, 0.0, 0.0)).octaves
    for place, one, other in zip(run, edges[:-1].tolist(), edges[1:].tolist(), strict=True):
        yield AlignedNote(place, one, other, octaves)
