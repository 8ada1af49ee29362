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


@dataclass(frozen=True, slots=True)
class LessonNote:
    """A note of a mode's opening: its name, cents over the shahed, whether it is the shahed or the ist."""

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


def lesson_notes(mode: str) -> tuple[LessonNote, ...]:
    """The notes of a mode's opening, low to high, as H. Farhat's frets have them (`resources/scales.json`)."""
    degrees, ist, spelling = scale_degrees(mode), scale_of(mode).ist, _spelling(mode)
    return tuple(
        LessonNote(
            spelling.note(degree.step, degree.letters),
            degree.farhat_cents,
            degree.farhat_cents == 0,
            degree.farhat_cents == ist,
        )
        for degree in degrees
    )


def mode_of(card: Card) -> str:
    """The mode that a card is of; of a Dastgah the one that it is named after."""
    return card.mode or (card.label if card.label in label_ids("mode") else "")


def difference(card: Card, other: Card) -> Difference:
    """Where the two differ most in the time that the radif gives to a pitch, over the shahed of each one's mode."""
    here, there = _shares(card), _shares(other)
    step = int(np.argmax(np.abs(here - there)))
    mode = mode_of(card)
    near = [degree.letters for degree in scale_degrees(mode) if degree.step % STEPS == step]
    name = _spelling(mode).note(step, near[0] if near else None)
    return Difference(step * STEP_CENTS, name, float(here[step]), float(there[step]))


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
