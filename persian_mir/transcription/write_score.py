"""From played notes to a score: spelled as the mode is, its lengths written, its phrases cut at the breaths."""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from persian_mir.modal.degrees import FRET_REACH_CENTS, around, scale_degrees
from persian_mir.modal.names import A_STEP, STEP_CENTS, STEPS, NoteName, Spelling, note_name, spell
from persian_mir.modal.profile import A4_HZ, OCTAVE_CENTS
from persian_mir.modal.radif import Gusheh
from persian_mir.transcription.played_notes import PlayedNote
from persian_mir.transcription.rhythm import beat_of, find_unit, on_grid, proportional
from persian_mir.transcription.score import GRACE, Heading, Phrase, Score, ScoreNote

BREATH = 3.0  # median notes of silence end a phrase
LONGEST_PHRASE = 40  # notes, after which the next rest ends it, so that a line of notation can hold it
Written = Callable[[float], NoteName]


@dataclass(frozen=True, slots=True)
class Heard:
    """What the spelling goes by: the mode's label id and its shahed in Hz."""

    mode: str
    tonic_hz: float


@dataclass(frozen=True, slots=True)
class Part:
    """From `start_s` on what is played is in this mode, None where none is heard, and most like this gusheh."""

    start_s: float
    heard: Heard | None
    gusheh: Gusheh | None = None


def write_score(
    notes: Sequence[PlayedNote], title: str, heard: Heard | None = None, parts: Sequence[Part] = ()
) -> Score:
    """The score of what was played. Without a mode each note is the quarter tone nearest to it, tuned as all are.

    `parts`, in order of time: a phrase belongs to the one in which its middle lies and is spelled as that is; a heading
    stands over its first.
    """
    lengths = [note.stop_s - note.start_s for note in notes if not note.grace]
    median_s = float(np.median(lengths)) if lengths else 1.0
    offset_cents, usual = _spelling(notes, heard)
    writers = [usual if part.heard is None else _degrees(part.heard, offset_cents)[1] for part in parts]
    unit_s = find_unit(_intervals(notes, BREATH * median_s))
    quarter_s, part = (median_s, Fraction(1)) if unit_s is None else beat_of(unit_s)

    def length(seconds: float) -> Fraction:
        return proportional(seconds, median_s) if unit_s is None else on_grid(seconds, unit_s, part)

    phrases: list[Phrase] = []
    headings: dict[int, Heading] = {}
    for played in _phrases(notes, BREATH * median_s):
        mine = _part_of(played, parts)
        written = usual if mine is None else writers[mine]
        if mine is not None and mine not in headings:
            one = parts[mine]
            headings[mine] = Heading(len(phrases), one.heard.mode if one.heard else None, one.gusheh)
        phrases.append(tuple(_phrase(played, length, written, offset_cents, unit_s or median_s)))
    mode, told = None if heard is None else heard.mode, tuple(headings.values()) if len(headings) > 1 else ()
    return Score(title, tuple(phrases), quarter_s, unit_s is not None, offset_cents, mode, headings=told)


def _part_of(played: Sequence[PlayedNote], parts: Sequence[Part]) -> int | None:
    """The place of the part in which the middle of a phrase lies."""
    middle = (played[0].start_s + played[-1].stop_s) / 2
    return max((place for place, part in enumerate(parts) if part.start_s <= middle), default=0) if parts else None


def _intervals(notes: Sequence[PlayedNote], breath_s: float) -> list[float]:
    """Between the beginnings of notes that follow each other, ornaments and breaths aside."""
    plain = [note for note in notes if not note.grace]
    pairs = itertools.pairwise(plain)
    return [after.start_s - note.start_s for note, after in pairs if after.start_s - note.stop_s < breath_s]


def _phrases(notes: Sequence[PlayedNote], breath_s: float) -> Iterator[list[PlayedNote]]:
    """The notes between two breaths; a very long phrase ends at the first silence at all."""
    phrase: list[PlayedNote] = []
    for note in notes:
        silence = note.start_s - phrase[-1].stop_s if phrase else 0.0
        if phrase and silence > (breath_s if len(phrase) < LONGEST_PHRASE else breath_s / BREATH):
            yield phrase
            phrase = []
        phrase.append(note)
    if phrase:
        yield phrase


def _phrase(
    notes: Sequence[PlayedNote],
    length: Callable[[float], Fraction],
    written: Written,
    offset_cents: float,
    rest_s: float,
) -> Iterator[ScoreNote]:
    """The notes, each as long as until the next; a silence of `rest_s` between two is a rest."""
    for note, after in itertools.zip_longest(notes, notes[1:]):
        name = written(note.hz)
        silence = after.start_s - note.stop_s if after is not None else 0.0
        stop_s = note.stop_s if after is None or silence >= rest_s else after.start_s
        value = GRACE if note.grace else length(stop_s - note.start_s)
        cents = OCTAVE_CENTS * math.log2(note.hz / name.hz) - offset_cents
        yield ScoreNote(name, value, note.start_s, note.stop_s, cents, note.riz)
        if silence >= rest_s:
            yield ScoreNote(None, length(silence), note.stop_s, after.start_s)


def _spelling(notes: Sequence[PlayedNote], heard: Heard | None) -> tuple[float, Written]:
    """How far all is played above what is written, and how a pitch is written."""
    if heard is None:
        offset = _tuning([note.hz for note in notes])
        return offset, lambda hz: note_name(hz, offset)
    return _degrees(heard)


def _degrees(heard: Heard, offset_cents: float | None = None) -> tuple[float, Written]:
    """The same as the degrees of a mode; `offset_cents` where that is known."""
    scale = scale_degrees(heard.mode)
    spelling = spell(heard.tonic_hz, [(degree.step, degree.letters) for degree in scale], offset_cents)
    places = [(degree.farhat_cents % OCTAVE_CENTS, degree.step, degree.letters) for degree in scale]
    return spelling.offset_cents, lambda hz: _as_degree(hz, heard.tonic_hz, places, spelling)


def _as_degree(hz: float, tonic_hz: float, places: Sequence[tuple[float, int, int]], spelling: Spelling) -> NoteName:
    """The degree of the mode that a pitch is, or the quarter tone nearest to it where it is none."""
    cents = OCTAVE_CENTS * math.log2(hz / tonic_hz)
    near, step, letters = min(places, key=lambda place: abs(around(cents - place[0])))
    off = around(cents - near)
    if abs(off) > FRET_REACH_CENTS:
        return spelling.note(round(cents / STEP_CENTS))
    octaves = round((cents - off - step * STEP_CENTS) / OCTAVE_CENTS)
    return spelling.note(step + octaves * STEPS, letters)


def _tuning(pitches_hz: Sequence[float]) -> float:
    """How far the pitches lie above the quarter tones of A = 440 Hz, -25 to 25 cents, by their circular mean."""
    if not pitches_hz:
        return 0.0
    steps = OCTAVE_CENTS / STEP_CENTS * np.log2(np.asarray(pitches_hz) / A4_HZ) + A_STEP
    return float(np.angle(np.exp(2j * np.pi * steps).mean()) / (2 * np.pi) * STEP_CENTS)
