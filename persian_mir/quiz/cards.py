"""What is asked: a Dastgah, a mode, a gusheh of a mode; and the answers to choose from, near ones among them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Literal

import numpy as np

from persian_mir.labels import describe, families, label_ids
from persian_mir.modal.radif import load_radif

Deck = Literal["dastgah", "mode", "gusheh"]
DECKS: tuple[Deck, ...] = ("dastgah", "mode", "gusheh")
CHOICES = 7  # as many as there are Dastgahs, and keys within one hand's reach
NEAR = 4  # at most so many wrong answers of the same family
ALIKE = 0.8  # likeness of two gushehs' registers from which the ear can hardly choose between them

# Those in which a Dastgah moves on, named as in `resources/radif_gushehs.json`; all others are near twins of these.
GUSHEHS = {
    "shour": ("Daramad", "Oj", "Salmak", "Golriz", "Bozorg", "Dobeyti", "Khara", "Qajar", "Shahnaz", "Qarache"),
    "homayoun": ("Mavaliyan", "Chakavak", "Bidad", "Bavi", "Leyli o Majnun", "Nafir", "Shushtari", "Moalef", "Ozzal"),
    "mahour": ("Daramad", "Dad", "Khosravani", "Delkash", "Neyriz", "Shekaste", "Aragh", "Rak e Keshmir", "Saqiname"),
    "segah": ("Daramad", "Zabol", "Muye", "Mokhalef", "Maghlub", "Hazin", "Shah Khatai"),
    "chahargah": ("Zabol", "Muye", "Hesar", "Pas Hesar", "Mokhalef", "Maghlub", "Mansuri", "Rajaz"),
    "rast-panjgah": ("Zangule", "Parvane", "Panjgah", "Sepehr", "Neyriz", "Bayat e Ajam", "Qarache", "Mavara on Nahr"),
    "nava": ("Gardunei", "Bayat e Raje", "Nahoft", "Gavesht", "Neyshaburak", "Khojaste", "Hoseyn", "Busalik", "Neyriz"),
}


@dataclass(frozen=True, slots=True)
class Card:
    """One thing to know by ear: a label of a deck; a gusheh's is its name, `mode` the mode that it is of."""

    deck: Deck
    label: str
    mode: str = ""

    @property
    def id(self) -> str:
        """By which its memory is kept: `mode:dashti`, `gusheh:segah/Zabol`."""
        return f"{self.deck}:{self.mode}/{self.label}" if self.mode else f"{self.deck}:{self.label}"

    @property
    def spoken(self) -> str:
        """The name in the script of the user's language."""
        if self.deck == "gusheh":
            return load_radif().gushehs[gusheh_place(self)].spoken
        return describe(self.deck, self.label).spoken


@cache
def cards(deck: Deck) -> tuple[Card, ...]:
    """All cards of a deck, in the vocabulary's order."""
    if deck == "gusheh":
        return tuple(Card(deck, name, mode) for mode in label_ids("mode") for name in GUSHEHS.get(mode, ()))
    return tuple(Card(deck, label) for label in label_ids(deck))


def gusheh_place(card: Card) -> int:
    """Where a gusheh's figures stand in the radif."""
    wanted = (card.mode, card.label)
    return next(k for k, one in enumerate(load_radif().gushehs) if (one.mode, one.name) == wanted)


def choices(card: Card, rng: np.random.Generator) -> tuple[Card, ...]:
    """The right answer among wrong ones, in the deck's order: near ones first, so that it must be heard well.

    Of Dastgahs all seven; of modes up to four of the same family and some others; of gushehs those of the same Dastgah
    that the ear can tell from it.
    """
    others = [other for other in cards(card.deck) if other != card]
    if card.deck == "gusheh":
        near = [other for other in others if other.mode == card.mode and likeness(card, other) < ALIKE]
        wrong = _some(near, CHOICES - 1, rng)
    else:
        kin = _family(card)
        near = _some([other for other in others if _family(other) == kin], NEAR, rng)
        rest = [other for other in others if _family(other) != kin]
        wrong = near + _some(rest, CHOICES - 1 - len(near), rng)
    return tuple(one for one in cards(card.deck) if one == card or one in wrong)


def is_near(card: Card, other: Card) -> bool:
    """Whether one may well be taken for the other: modes of one family, gushehs of one Dastgah."""
    return card.mode == other.mode if card.deck == "gusheh" else _family(card) == _family(other)


def likeness(one: Card, other: Card) -> float:
    """How alike the notes of two gushehs are in their registers: 0 to 1, a cosine of square roots."""
    rows = [np.sqrt(load_radif().registers[gusheh_place(card)]) for card in (one, other)]
    return float(rows[0] @ rows[1] / np.sqrt((rows[0] @ rows[0]) * (rows[1] @ rows[1])))


def _family(card: Card) -> str:
    place = label_ids(card.deck).index(card.label)
    return next(name for name, places in families(card.deck) if place in places)


def _some(cards_: Sequence[Card], count: int, rng: np.random.Generator) -> list[Card]:
    order = rng.permutation(len(cards_))[: max(0, count)]
    return [cards_[int(k)] for k in order]
