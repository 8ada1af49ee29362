"""A score of one voice with quarter tones, in free metre: notes, rests and phrases."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction

from persian_mir.modal.names import NoteName
from persian_mir.modal.radif import Gusheh

GRACE = Fraction(0)  # the length of an ornament
BAR_NOTES = 12
MOST_QUARTERS = Fraction(64)  # of one note in a file from elsewhere
MOST_NOTES = 100_000  # of such a file
USUAL_QUARTER_S = 0.6  # where a file tells no tempo
SHORTEST, LONGEST = Fraction(1, 4), Fraction(4)  # a sixteenth and a whole note, in quarter notes


@dataclass(frozen=True, slots=True)
class ScoreNote:
    """A note or, without a `name`, a rest.

    `length` in quarter notes, 0 of a grace note. `start_s`, `stop_s`: when it is played. `cents`: how far it is played
    above what is written, once the score's own offset is taken off. `tremolo`: a riz.
    """

    name: NoteName | None
    length: Fraction
    start_s: float
    stop_s: float
    cents: float = 0.0
    tremolo: bool = False

    @property
    def step(self) -> int:
        """Quarter tones above C4, as written. ValueError for a rest."""
        if self.name is None:
            raise ValueError("a rest has no pitch")
        return self.name.step

    @property
    def grace(self) -> bool:
        """Whether it adorns the note after it."""
        return self.length == GRACE


Phrase = tuple[ScoreNote, ...]


@dataclass(frozen=True, slots=True)
class Heading:
    """What begins with a phrase, by its place: a stretch in a mode (label id), None where none is heard.

    `gusheh`: of the radif, the one it is most like; a weak guess.
    """

    phrase: int
    mode: str | None
    gusheh: Gusheh | None = None


@dataclass(frozen=True, slots=True)
class Bar:
    """What stands between two bar lines; whether a phrase ends with it, and what begins with it."""

    notes: Phrase
    ends: bool
    heading: Heading | None = None


@dataclass(frozen=True, slots=True)
class Score:
    """Phrases in order of time, without a metre.

    `quarter_s`: how long a quarter note lasts. `pulse`: whether there is one that the lengths keep to, or a quarter is
    only the median note. `offset_cents`: how far all is played above what is written, for A = 440 Hz. `mode`: label id.
    `scale`: of the recording as measured, cents over its shahed, which is first; empty where no mode was heard.
    `headings`: by phrase; none where all is one stretch.
    """

    title: str
    phrases: tuple[Phrase, ...]
    quarter_s: float
    pulse: bool = False
    offset_cents: float = 0.0
    mode: str | None = None
    scale: tuple[float, ...] = ()
    headings: tuple[Heading, ...] = ()

    def notes(self) -> Iterator[ScoreNote]:
        """What sounds, in order of time."""
        return (note for phrase in self.phrases for note in phrase if note.name is not None)


def heads_of(note: ScoreNote) -> tuple[Fraction, ...]:
    """The lengths of the tied heads that a note or rest is written with; one of no length for an ornament."""
    return (GRACE,) if note.grace else written_parts(note.length)


def written_parts(length: Fraction) -> tuple[Fraction, ...]:
    """A length as the lengths of tied notes, each written with at most one dot: 5/4 as 1 and 1/4."""
    parts: list[Fraction] = []
    left = length
    while left > 0:
        part = max((one for one in PLAIN if one <= left), default=left)
        parts.append(part)
        left -= part
    return tuple(parts)


def note_type(length: Fraction) -> tuple[Fraction, int]:
    """The undotted length that a plain length is written with, and its dots."""
    return (length, 0) if length.numerator & (length.numerator - 1) == 0 else (length * Fraction(2, 3), 1)


def needs_sign(before: Sequence[ScoreNote], note: ScoreNote) -> bool:
    """Whether a sign, natural included, stands before a note: at every altered one, and where its line was altered."""
    if note.name is None:
        return False
    place = note.name.letter, note.name.octave
    same = [one.name.sign for one in before if one.name is not None and (one.name.letter, one.name.octave) == place]
    return note.name.sign != "" or (bool(same) and same[-1] != "")


def bars(score: Score) -> Iterator[Bar]:
    """The stretches between bar lines: notation breaks its lines there only. An ornament stays with its note."""
    headings = {one.phrase: one for one in score.headings}
    for number, phrase in enumerate(score.phrases or ((),)):
        heading, bar = headings.get(number), list[ScoreNote]()
        for place, note in enumerate(phrase, start=1):
            bar.append(note)
            if len(bar) >= BAR_NOTES and not note.grace and place < len(phrase):
                yield Bar(tuple(bar), False, heading)
                heading, bar = None, []
        yield Bar(tuple(bar), True, heading)


PLAIN = tuple(sorted((Fraction(2) ** k * dotted for k in range(-3, 3) for dotted in (1, Fraction(3, 2))), reverse=True))
