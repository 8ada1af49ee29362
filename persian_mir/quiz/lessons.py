"""Why an answer is right: the notes of the mode, and the one that tells it from what was chosen instead."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from persian_mir.examples.scale import scale_of
from persian_mir.labels import label_ids
from persian_mir.modal.degrees import scale_degrees
from persian_mir.modal.names import STEP_CENTS, STEPS, NoteName, Spelling, spell
from persian_mir.modal.radif import load_radif
from persian_mir.quiz.cards import Card, gusheh_place

SPELT_FROM_HZ = {  # where musicians write a mode, for its notes' names: Shour on Sol, Segah on Mi koron
    "shour": 392.0, "abuata": 392.0, "bayat-e-tork": 466.16, "afshari": 261.63, "dashti": 392.0,
    "bayat-e-kord": 392.0, "segah": 320.24, "chahargah": 261.63, "mahour": 261.63, "rast-panjgah": 349.23,
    "homayoun": 427.47, "bayat-e-esfahan": 261.63, "nava": 392.0,
}  # fmt: skip


LEAST_SHARE = 0.03  # of a gusheh's time from which a note is one of its own
LEAST_HEARD, LEAST_MORE = 0.08, 0.05  # of the time, of a note that one can listen for; and than it has in the other


@dataclass(frozen=True, slots=True)
class LessonNote:
    """A note of a mode's opening: its name, cents over the shahed, whether it is the shahed or the ist. Of a gusheh:
    whether the radif dwells longest on it, or ends on it.
    """

    name: NoteName
    cents: float
    shahed: bool
    ist: bool


@dataclass(frozen=True, slots=True)
class Difference:
    """The pitch that tells two cards apart: `cents` over the shahed, its name where the first is written, its share of
    the time in either (0 to 1).
    """

    cents: float
    name: NoteName
    here: float
    there: float


def lesson_notes(card: Card) -> tuple[LessonNote, ...]:
    """The notes of a mode's opening, low to high, as H. Farhat's frets have them (`resources/scales.json`); of a gusheh
    those that the radif gives some time to, in quarter tones over the shahed of its mode.
    """
    mode = mode_of(card)
    degrees, ist, spelling = scale_degrees(mode), scale_of(mode).ist, _spelling(mode)
    if card.deck == "gusheh":
        return _gusheh_notes(card)
    return tuple(
        LessonNote(
            spelling.note(degree.step, degree.letters),
            degree.farhat_cents,
            degree.farhat_cents == 0,
            degree.farhat_cents == ist,
        )
        for degree in degrees
    )


def _gusheh_notes(card: Card) -> tuple[LessonNote, ...]:
    gusheh = load_radif().gushehs[gusheh_place(card)]
    shares, last = _shares(card), gusheh.last_step
    longest = int(np.argmax(shares))
    steps = sorted({last, *np.flatnonzero(shares >= LEAST_SHARE).tolist()})
    return tuple(LessonNote(_note(card, step), step * STEP_CENTS, step == longest, step == last) for step in steps)


def mode_of(card: Card) -> str:
    """The mode that a card is of; of a Dastgah the one that it is named after."""
    return card.mode or (card.label if card.label in label_ids("mode") else "")


def difference(card: Card, other: Card) -> Difference | None:
    """The pitch to which the radif gives most more time in `card` than in `other`, over the shahed of each one's mode.

    None where nothing that is heard in `card` tells the two apart: what is hardly heard cannot be listened for.
    """
    here, there = _shares(card), _shares(other)
    more = np.where(here >= LEAST_HEARD, here - there, 0.0)
    step = int(np.argmax(more))
    if more[step] < LEAST_MORE:
        return None
    return Difference(step * STEP_CENTS, _note(card, step), float(here[step]), float(there[step]))


def _note(card: Card, step: int) -> NoteName:
    """What a quarter tone above the shahed is called in a card's mode."""
    mode = mode_of(card)
    near = [degree.letters for degree in scale_degrees(mode) if degree.step % STEPS == step]
    return _spelling(mode).note(step, near[0] if near else None)


def _spelling(mode: str) -> Spelling:
    return spell(SPELT_FROM_HZ[mode], [(degree.step, degree.letters) for degree in scale_degrees(mode)])


def _shares(card: Card) -> NDArray[np.float64]:
    """The share of the time of each quarter tone over the shahed [24]."""
    radif = load_radif()
    if card.deck == "gusheh":
        places = [gusheh_place(card)]
    else:
        places = [k for k, gusheh in enumerate(radif.gushehs) if gusheh.mode == mode_of(card)]
    rows = radif.profiles[places] / radif.profiles[places].sum(axis=1, keepdims=True)
    return np.asarray(rows.mean(axis=0))
