"""Scores for the tests, by chance, and a reader of Scala's scales that knows only its specification."""

import math
from dataclasses import replace
from fractions import Fraction

from hypothesis import strategies as st

from persian_mir.modal.names import LETTERS, SIGNS, NoteName
from persian_mir.modal.radif import Gusheh, load_radif
from persian_mir.transcription.score import GRACE, Heading, Phrase, Score, ScoreNote

names = st.builds(NoteName, st.sampled_from(LETTERS), st.sampled_from(list(SIGNS.values())), st.integers(2, 6))
lengths = st.integers(1, 40).map(lambda count: Fraction(count, 8))
plain = st.builds(ScoreNote, names, lengths, st.just(0.0), st.just(0.0), st.just(0.0), st.booleans())
graces = st.builds(ScoreNote, names, st.just(GRACE), st.just(0.0), st.just(0.0))
rests = st.builds(ScoreNote, st.none(), lengths, st.just(0.0), st.just(0.0))


def ends_plainly(phrase: list[ScoreNote]) -> Phrase:
    """An ornament leads to a note."""
    return (*phrase, ScoreNote(NoteName("Mi", "koron", 4), Fraction(1), 0.0, 0.0))


phrases = st.lists(st.one_of(plain, plain, graces, rests), max_size=30).map(ends_plainly)
gushehs = st.sampled_from(load_radif().gushehs)
headings = st.lists(st.tuples(st.sampled_from(["segah", "bayat-e-tork", None]), st.none() | gushehs), max_size=3)


def headed(score: Score, told: list[tuple[str | None, Gusheh | None]]) -> Score:
    """The score with headings over its first phrases."""
    rows = zip(range(len(score.phrases)), told, strict=False)
    return replace(score, headings=tuple(Heading(phrase, *one) for phrase, one in rows))


bare = st.builds(
    Score,
    st.sampled_from(["Segah", "چهارمضراب سه‌گاه", 'a <b> & "c"']),
    st.lists(phrases, min_size=1, max_size=3).map(tuple),
    st.sampled_from([0.3, 0.6, 1.0]),
)
scores = st.builds(headed, bare, headings)


def read_scala(text: str) -> tuple[str, list[float]]:
    """Description and cents of a .scl file, by huygens-fokker.org/scala/scl_format.html.

    Lines that begin with "!" are comments; then a description, a count, and a pitch a line: cents where it has a
    point, else a ratio; what follows the number counts for nothing.
    """
    title, count, *pitches = (line for line in text.splitlines() if not line.startswith("!"))
    assert len(pitches) == int(count)

    def cents(pitch: str) -> float:
        number = pitch.split()[0]
        return float(number) if "." in number else 1200 * math.log2(Fraction(number))

    return title, [cents(pitch) for pitch in pitches]
