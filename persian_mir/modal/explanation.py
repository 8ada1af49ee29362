"""Why this mode: which degrees speak for it, which against, and what tells it from the runner-up."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from persian_mir.i18n import _, percent
from persian_mir.labels import describe
from persian_mir.modal.degrees import BIN_CENTS, DEGREE_REACH_CENTS, around, find_degrees, named
from persian_mir.modal.names import NoteName
from persian_mir.modal.parameters import DEFAULT
from persian_mir.modal.profile import BINS, OCTAVE_CENTS, spreading
from persian_mir.modal.radif import load_radif
from persian_mir.modal.reading import ModalReading, ModeMatch
from persian_mir.modal.sections import main_reading
from persian_mir.modal.tuning import played_cents
from persian_mir.prediction import MODAL_SURE_MARGIN

MOST = 3  # degrees named a side
LEAST_SHARE = 0.03  # of the time, heard or expected: less is no evidence
SELDOM = 0.5  # share of the time in which a line is heard; under it that is said. Solo recordings have at least 0.6
LEAST_TELLING = 0.05  # difference of roots: 1 % against 2 % of the time, 10 % against 13 %


@dataclass(frozen=True, slots=True)
class DegreeEvidence:
    """A degree, and the share of the time that it sounds and that the two modes' gushehs give it.

    `runner_up` is 0 where there is none. `cents` above the reading's tonic.
    """

    cents: float
    name: NoteName | None
    heard: float
    expected: float
    runner_up: float


@dataclass(frozen=True, slots=True)
class Why:
    """`sentence` is for reading; the tuples, strongest first, for the picture."""

    sentence: str
    supporting: tuple[DegreeEvidence, ...]
    opposing: tuple[DegreeEvidence, ...]
    against_runner_up: tuple[DegreeEvidence, ...]


def expected_profile(reading: ModalReading, mode: str) -> NDArray[np.float32]:
    """float32 [240], sum 1: the best gusheh of `mode` as its profile would sound, bin k at 5 k cents over the tonic.

    Its shahed stands where this mode fits best, which need not be the reading's tonic. Zeros where nothing was heard.
    """
    match = next((match for match in reading.matches if match.mode == mode), None)
    if match is None:
        return np.zeros(BINS, np.float32)
    counts = load_radif().profiles[match.gusheh]
    kernel = spreading(BINS, played_cents(mode), DEFAULT.radif_spread_cents)
    profile = np.roll(kernel @ (counts / counts.sum()), round(match.shahed_cents / BIN_CENTS))
    return np.asarray(profile, dtype=np.float32)


def explain(reading: ModalReading) -> Why:
    """The reading in one sentence, and the evidence behind it.

    All shares are compared under a square root, as the matching does (Bhattacharyya's coefficient): a degree speaks for
    a mode by the root of heard times expected, against it by the squared difference of their roots.
    """
    why = _why(reading)
    drift = _drifts(reading.drift_cents) if reading.drift_cents else ""
    seldom = _seldom(reading.line_share) if reading.heard and reading.line_share < SELDOM else ""
    return replace(why, sentence=" ".join(filter(None, (why.sentence, seldom, drift))))


def _why(reading: ModalReading) -> Why:
    """The same of the notes alone."""
    if reading.sections:
        main = _why(main_reading(reading))
        return replace(main, sentence=f"{reading.reason} {main.sentence}")
    if not reading.heard or len(reading.matches) < 2:
        return Why(reading.reason, (), (), ())
    first, second = reading.matches[:2]
    rows = _evidence(reading, first, second)
    known = [row for row in rows if min(row.heard, row.expected) >= LEAST_SHARE and not _strange(row)]
    strange = [row for row in rows if max(row.heard, row.expected) >= LEAST_SHARE and _strange(row)]
    telling = [row for row in rows if row.heard >= LEAST_SHARE and _telling(row) > 0]
    supporting = tuple(sorted(known, key=_for, reverse=True)[:MOST])
    opposing = tuple(sorted(strange, key=_against, reverse=True)[:MOST])
    against_runner_up = tuple(sorted(telling, key=_telling, reverse=True)[:MOST])
    clauses = [_opening(reading, first, second), _supports(first, supporting), _opposes(opposing)]
    clauses.append(_tells(first, second, against_runner_up))
    sentence = _("; ").join(clause for clause in clauses if clause) + "."
    sentence = f"{reading.reason} {sentence}" if reading.reason else sentence
    return Why(sentence, supporting, opposing, against_runner_up)


def _seldom(share: float) -> str:
    text = _("One line is heard in {share} of the time only; silence, drums or lines that sound at once tell nothing.")
    return text.format(share=percent(share))


def _drifts(cents: float) -> str:
    text = _("Its pitch rises by {cents:.0f} cents from beginning to end, as of a tape: that was taken out.")
    if cents < 0:
        text = _("Its pitch falls by {cents:.0f} cents from beginning to end, as of a tape: that was taken out.")
    return text.format(cents=abs(cents))


def _evidence(reading: ModalReading, first: ModeMatch, second: ModeMatch) -> list[DegreeEvidence]:
    """Every degree that sounds or that either mode expects."""
    expected = [expected_profile(reading, match.mode) for match in (first, second)]
    degrees = list(reading.degrees)
    for profile in expected:
        for extra in find_degrees(profile.astype(np.float64)):
            if all(abs(around(extra.cents - degree.cents)) > DEGREE_REACH_CENTS * 0.8 for degree in degrees):
                degrees.append(extra)
    tonic = reading.tonic_hz or 0.0
    rows = named(tuple(sorted(degrees, key=lambda degree: degree.cents)), first.mode, tonic)
    centres = np.array([row.cents for row in rows])
    apart = np.abs((np.arange(BINS)[:, None] * BIN_CENTS - centres + 600.0) % OCTAVE_CENTS - 600.0)
    mine = (np.argmin(apart, axis=1)[:, None] == np.arange(len(rows))) & (apart <= DEGREE_REACH_CENTS)
    shares = [profile @ mine for profile in (reading.profile, *expected)]
    return [
        DegreeEvidence(row.cents, row.name, float(heard), float(own), float(other))
        for row, heard, own, other in zip(rows, *shares, strict=True)
    ]


def _strange(row: DegreeEvidence) -> bool:
    """Heard three times as long as expected, or the reverse."""
    return max(row.heard, row.expected) > 3 * min(row.heard, row.expected)


def _for(row: DegreeEvidence) -> float:
    return float(np.sqrt(row.heard * row.expected))


def _against(row: DegreeEvidence) -> float:
    return float((np.sqrt(row.heard) - np.sqrt(row.expected)) ** 2)


def _telling(row: DegreeEvidence) -> float:
    """How much better the first mode accounts for this degree than the runner-up does."""
    missed = [abs(np.sqrt(row.heard) - np.sqrt(share)) for share in (row.runner_up, row.expected)]
    return float(missed[0] - missed[1])


def _opening(reading: ModalReading, first: ModeMatch, second: ModeMatch) -> str:
    a, b = (describe("mode", match.mode).spoken for match in (first, second))
    chances = dict(reading.modes)
    p, q = chances[first.mode], chances[second.mode]
    if p - q < MODAL_SURE_MARGIN:
        return _("Not sure: {name} {p} or {second} {q}").format(name=a, p=percent(p), second=b, q=percent(q))
    return _("{name} {p}, next {second} {q}").format(name=a, p=percent(p), second=b, q=percent(q))


def _supports(first: ModeMatch, rows: tuple[DegreeEvidence, ...]) -> str:
    if not rows:
        return ""
    gusheh = load_radif().gushehs[first.gusheh].spoken
    return _("{notes} sound as in the gusheh {gusheh} of {name}").format(
        notes=_notes(rows), gusheh=gusheh, name=describe("mode", first.mode).spoken
    )


def _opposes(rows: tuple[DegreeEvidence, ...]) -> str:
    foreign = tuple(row for row in rows if row.heard > row.expected)
    missing = tuple(row for row in rows if row.heard <= row.expected)
    clauses = []
    if foreign:
        clauses.append(_("against it: more {notes} than there").format(notes=_notes(foreign)))
    if missing:
        clauses.append(_("against it: hardly any {notes}").format(notes=_notes(missing)))
    return _("; ").join(clauses)


def _tells(first: ModeMatch, second: ModeMatch, rows: tuple[DegreeEvidence, ...]) -> str:
    """What parts the two; where their scales agree it is only the course of the melody."""
    runner_up = describe("mode", second.mode).spoken
    if not rows or _telling(rows[0]) < LEAST_TELLING:
        return _("{second} has much the same degrees, the course of the melody tells them apart").format(
            second=runner_up
        )
    row = rows[0]
    return _("{note} sounds {heard} of the time, where {name} has {own} and {second} {other}").format(
        note="" if row.name is None else row.name.text,
        heard=percent(row.heard),
        name=describe("mode", first.mode).spoken,
        own=percent(row.expected),
        second=runner_up,
        other=percent(row.runner_up),
    )


def _notes(rows: tuple[DegreeEvidence, ...]) -> str:
    return _(", ").join(row.name.text for row in rows if row.name is not None)
