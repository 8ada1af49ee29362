"""What was played, note by note: the pitch track cut where the pitch moves on and where a note is struck anew."""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from persian_mir.modal.notes import HeldNote, find_notes, mend_octaves
from persian_mir.modal.parameters import DEFAULT
from persian_mir.modal.pitch import PitchTrack
from persian_mir.transcription.octaves import mend_unstruck_octaves

SHORTEST_S = 0.05  # of a note between two others, as the upper one of a tahrir
GRACE_S = 0.1  # what is shorter adorns the note after it
SAME_S = 0.06  # an onset and a change of pitch this near are one event
LATE_S = 0.12  # after its stroke, at most, a new pitch is heard where the note before rings on, as a santoor's does
STROKE_S = 0.16  # strokes that follow each other faster, on one pitch, are a riz
LEAST_STROKES = 4


@dataclass(frozen=True, slots=True)
class PlayedNote:
    """From `start_s` to `stop_s` at the median `hz`; `riz`: a tremolo of many strokes, `grace`: an ornament."""

    start_s: float
    stop_s: float
    hz: float
    riz: bool = False
    grace: bool = False


def played_notes(track: PitchTrack, onsets_s: NDArray[np.float64]) -> tuple[PlayedNote, ...]:
    """The notes in order of time; `onsets_s`: see `onsets`."""
    track = mend_unstruck_octaves(mend_octaves(track), onsets_s)
    found = find_notes(track, SHORTEST_S)
    struck = _struck(found, onsets_s)
    kept = _without_passing(list(_held(track, found, struck)), struck)
    notes = list(itertools.chain.from_iterable(_strokes_of(note, onsets_s) for note in kept))
    return tuple(_graced(notes))


def _held(track: PitchTrack, found: Sequence[HeldNote], struck: dict[int, float]) -> Iterator[HeldNote]:
    """The notes from their strokes on, each up to the next, at the pitch that is meant."""
    starts = [*(struck.get(k, note.start_s) for k, note in enumerate(found)), math.inf]
    for k, note in enumerate(found):
        turns = k not in struck and _turns(found[max(k - 1, 0) : k + 2], note)
        hz = _turning_hz(track, note, found[k - 1].hz) if turns else _centre_hz(track, note)
        yield replace(note, start_s=starts[k], stop_s=min(note.stop_s, starts[k + 1]), hz=hz)


def _struck(held: Sequence[HeldNote], onsets_s: NDArray[np.float64]) -> dict[int, float]:
    """The onset that each note begins with, where one is near; an onset belongs to the nearest beginning."""
    starts = np.array([note.start_s for note in held])
    found: dict[int, float] = {}
    for onset in onsets_s.tolist() if held else ():
        nearest = int(np.argmin(np.abs(starts - onset)))
        apart = abs(starts[nearest] - onset)
        if (
            apart <= SAME_S
            and onset < held[nearest].stop_s
            and apart <= abs(starts[nearest] - found.get(nearest, math.inf))
        ):
            found[nearest] = onset
    return _late(held, onsets_s, found) | found


def _late(held: Sequence[HeldNote], onsets_s: NDArray[np.float64], struck: dict[int, float]) -> dict[int, float]:
    """The onset, of no other note, shortly before each note that begins with none."""
    found: dict[int, float] = {}
    for k, (before, note) in enumerate(itertools.pairwise(held), start=1):
        last = int(np.searchsorted(onsets_s, note.start_s)) - 1
        since = max(note.start_s - LATE_S, struck.get(k - 1, before.start_s) + SAME_S)
        if k not in struck and last >= 0 and onsets_s[last] > since:
            found[k] = float(onsets_s[last])
    return found


def _centre_hz(track: PitchTrack, note: HeldNote) -> float:
    """The median of a note's middle half: its ends are on the way from one pitch to the next."""
    quarter = (note.stop_s - note.start_s) / 4
    middle = track.cut(note.start_s + quarter, note.stop_s - quarter)
    heard = middle.hz[middle.confidence >= DEFAULT.voiced]
    return float(np.median(heard)) if len(heard) else note.hz


def _turning_hz(track: PitchTrack, note: HeldNote, before_hz: float) -> float:
    """The pitch that an ornament between two glides reaches: of a tahrir's upper note the highest."""
    within = track.cut(note.start_s, note.stop_s)
    heard = within.hz[within.confidence >= DEFAULT.voiced]
    return float(heard.max() if note.hz > before_hz else heard.min()) if len(heard) else note.hz


def _joined(three: Sequence[HeldNote], note: HeldNote) -> bool:
    """Whether a note is short and follows and leads to another without a rest."""
    if len(three) < 3 or note.stop_s - note.start_s >= GRACE_S:
        return False
    before, _note, after = three
    return note.start_s - before.stop_s < SAME_S and after.start_s - note.stop_s < SAME_S


def _in_passing(three: Sequence[HeldNote], note: HeldNote) -> bool:
    """Whether a note is but a stretch of the glide from the one before it to the one after."""
    return _joined(three, note) and min(three[0].hz, three[2].hz) < note.hz < max(three[0].hz, three[2].hz)


def _without_passing(held: Sequence[HeldNote], struck: dict[int, float]) -> Iterator[HeldNote]:
    """The notes that are more than a stretch of a glide.

    A stroke where a glide begins is that of the note it leads to, unless that one is struck as well.
    """
    began: float | None = None
    for k, note in enumerate(held):
        if _in_passing(held[max(k - 1, 0) : k + 2], note) and not (k in struck and k + 1 in struck):
            began = struck.get(k, began)
            continue
        yield note if began is None else replace(note, start_s=began)
        began = None


def _turns(three: Sequence[HeldNote], note: HeldNote) -> bool:
    """Whether a short note lies above both its neighbours, or below both."""
    return _joined(three, note) and (note.hz > max(three[0].hz, three[2].hz) or note.hz < min(three[0].hz, three[2].hz))


def _strokes_of(note: HeldNote, onsets_s: NDArray[np.float64]) -> Iterator[PlayedNote]:
    """A stretch of one pitch as the strokes it was played with."""
    within = (onsets_s > note.start_s + SAME_S) & (onsets_s < note.stop_s - SAME_S)
    edges = [note.start_s, *onsets_s[within].tolist(), note.stop_s]
    for riz, spans in itertools.groupby(_strokes(edges), key=lambda stroke: stroke[2]):
        strokes = list(spans)
        if riz:
            yield PlayedNote(strokes[0][0], strokes[-1][1], note.hz, riz=True)
        else:
            yield from (PlayedNote(first, last, note.hz) for first, last, _riz in strokes)


def _strokes(edges: Sequence[float]) -> list[tuple[float, float, bool]]:
    """Beginning and end of each stroke, and whether it belongs to a riz."""
    found: list[tuple[float, float, bool]] = []
    for quick, group in itertools.groupby(itertools.pairwise(edges), key=lambda span: span[1] - span[0] < STROKE_S):
        spans = list(group)
        found += [(first, last, quick and len(spans) >= LEAST_STROKES) for first, last in spans]
    return found


def _graced(notes: Sequence[PlayedNote]) -> Iterator[PlayedNote]:
    """The notes, one at a time, with those marked that are short and lead straight into another."""
    for note, after in itertools.zip_longest(notes, notes[1:]):
        stop_s = note.stop_s if after is None else min(note.stop_s, after.start_s)
        leads = after is not None and after.start_s - stop_s < GRACE_S
        yield replace(note, stop_s=stop_s, grace=leads and stop_s - note.start_s < GRACE_S)
