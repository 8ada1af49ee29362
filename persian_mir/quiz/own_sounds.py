"""The user's own passages of a card: what they accepted or said in review, and the items that they described."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from persian_mir.catalogue.corrections import Correction, Corrections
from persian_mir.catalogue.items import Items
from persian_mir.catalogue.model import Item
from persian_mir.labels import dastgah_of, label_ids
from persian_mir.modal.radif import load_radif
from persian_mir.quiz.cards import Card, cards

LEAST_S, MOST_S = 6.0, 25.0  # that are asked of a passage


@dataclass(frozen=True, slots=True)
class OwnSound:
    """A stretch of a file, in seconds."""

    path: Path
    start_s: float
    stop_s: float


OwnSounds = Mapping[str, tuple[OwnSound, ...]]  # by the ids of the cards


def own_sounds(catalogue: Items, corrections: Corrections) -> OwnSounds:
    """All passages of the user's own that can be asked, by card; those under six seconds are left out."""
    found: dict[str, list[OwnSound]] = {}
    for card, sound in (*_said(corrections.in_force()), *_described(catalogue.all_items())):
        if sound.stop_s - sound.start_s >= LEAST_S:
            found.setdefault(card.id, []).append(sound)
    return {name: tuple(sounds) for name, sounds in found.items()}


def excerpt(sounds: tuple[OwnSound, ...], rng: np.random.Generator) -> OwnSound:
    """One of them, at most 25 seconds of it, from its first half: a mode is laid out where it begins."""
    sound = sounds[int(rng.integers(len(sounds)))]
    room = max(0.0, min((sound.stop_s - sound.start_s) / 2, sound.stop_s - sound.start_s - MOST_S))
    start = sound.start_s + float(rng.random()) * room
    return OwnSound(sound.path, start, min(sound.stop_s, start + MOST_S))


def _said(statements: Iterable[Correction]) -> Iterator[tuple[Card, OwnSound]]:
    known: dict[tuple[str, str], Card] = {(card.deck, card.label): card for card in cards("dastgah") + cards("mode")}
    for one in statements:
        card = known.get((one.task, one.label))
        if card is not None and one.status in ("accepted", "corrected") and one.rate > 0:
            yield card, OwnSound(one.path, one.start / one.rate, one.stop / one.rate)


def _described(items: Iterable[tuple[Path, int, Item]]) -> Iterator[tuple[Card, OwnSound]]:
    """An item of one mode is asked as this mode, and as its Dastgah; one of one gusheh as this gusheh."""
    for path, rate, item in items:
        if len(item.modes) != 1 or item.modes[0] not in label_ids("mode") or rate <= 0:
            continue
        mode, sound = item.modes[0], OwnSound(path, item.start / rate, item.stop / rate)
        yield Card("mode", mode), sound
        yield Card("dastgah", dastgah_of(mode)), sound
        card = _gusheh_card(mode, item.gushehs[0]) if len(item.gushehs) == 1 else None
        if card is not None:
            yield card, sound


def _gusheh_card(mode: str, name: str) -> Card | None:
    """The card of a gusheh that is written in either script."""
    written = _plain(name)
    for card in cards("gusheh"):
        names = {_plain(one) for one in _names(card)}
        if card.mode == mode and written in names:
            return card
    return None


def _names(card: Card) -> tuple[str, ...]:
    gusheh = next(one for one in load_radif().gushehs if (one.mode, one.name) == (card.mode, card.label))
    return gusheh.name, gusheh.persian


def _plain(name: str) -> str:
    """Without what people write one way or the other."""
    swaps = {"ي": "ی", "ك": "ک", "\u200c": "", "-": "", " ": "", "ٔ": "", "آ": "ا"}
    return "".join(swaps.get(letter, letter) for letter in name.casefold())
