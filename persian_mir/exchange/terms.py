"""What a label of another's file means in the vocabulary, and how that was found."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from typing import Literal

from persian_mir.catalogue.fold import fold, joined, other_names
from persian_mir.catalogue.model import KINDS
from persian_mir.exchange.marks import ITEM_TIERS, NONE, REJECTED, TIER
from persian_mir.i18n import _
from persian_mir.labels import TASKS, vocabulary
from persian_mir.modal.radif import gusheh_names
from persian_mir.names import clean_name

How = Literal["id", "name", "spelling", "other name", "within", "free", ""]

# What a tier, a column or a namespace may be called, folded and joined.
TIERS = {
    **{"dastgah": "dastgah", "دستگاه": "dastgah", "mode": "mode", "maqam": "mode", "مقام": "mode", "مایه": "mode"},
    **{"instrument": "instrument", "instruments": "instrument", "ساز": "instrument", "سازها": "instrument"},
    **{"artist": "artist", "performer": "artist", "player": "artist", "نوازنده": "artist", "هنرمند": "artist"},
    **{"kind": "kind", "نوع": "kind", "modes": "modes", "gusheh": "gushehs", "gushehs": "gushehs", "گوشه": "gushehs"},
    **{"note": "note", "notes": "note", "comment": "note", "یادداشت": "note", "people": "people"},
}
MORE = {  # terms of archives that no predictor knows yet
    "mode": ("shushtari",),
    "instrument": ("tonbak", "tanbur", "oud", "violin", "piano", "qanun", "clarinet", "flute", "cello", "rabab", "daf"),
}
CLOSED = ("dastgah", "mode", "instrument")  # tasks that have a vocabulary, in the order in which they are tried
GUSHEHS = "gushehs"
FREE = (GUSHEHS, "note", "people")  # tiers of items whose text is taken as it is


def how_names() -> dict[How, str]:
    """Return what the ways are called in which a label was found."""
    return {
        **{"id": _("id"), "name": _("name"), "spelling": _("spelling"), "other name": _("other name")},
        **{"within": _("part of the text"), "free": _("as it is"), "": _("no match")},
    }


@dataclass(frozen=True, slots=True)
class TermMatch:
    """The label of a text, and how it was found: empty where it was not."""

    label: str = ""
    how: How = ""


def thing_of(tier: str) -> str:
    """Return the task, or the field of an item, that a tier is about; empty where its name does not tell."""
    found = TIER.fullmatch(tier)
    base = found["task"] if found else tier
    return base if base in (*TASKS, *ITEM_TIERS) else TIERS.get(joined(base), "")


def find(thing: str, text: str) -> TermMatch:
    """Return the label of `thing`, a task or a field of an item, that `text` means."""
    if thing in TASKS and text in (NONE, REJECTED):
        return TermMatch("", "id")
    if thing == "artist":
        name = clean_name(text)
        return TermMatch(name, "free") if name else TermMatch()
    if thing in FREE:
        return TermMatch(text, "free")
    return _closed(thing, text)


def best_thing(texts: Iterable[str]) -> str:
    """Return the task in whose vocabulary most of `texts` are found, or `gushehs`; empty where none is.

    Where several hold as many it is the first: `Segah` alone is a Dastgah, beside `Dashti` a mode. Gushehs must be half
    of them at least, since whatever stands beside them is taken as it is.
    """
    told = tuple(texts)
    counts = {thing: sum(bool(_closed(thing, text).how) for text in told) for thing in (*CLOSED, GUSHEHS)}
    if 2 * counts[GUSHEHS] < len(told):
        del counts[GUSHEHS]
    return max(counts, key=lambda thing: counts[thing]) if any(counts.values()) else ""


@cache
def _closed(thing: str, text: str) -> TermMatch:
    """A term of a closed vocabulary; in a longer text only where no other stands there too."""
    names = _names(thing)
    ids = {label for label, _how in names.values()}
    if text in ids:
        return TermMatch(text, "id")
    if text in names and names[text][1] == "name":
        return TermMatch(*names[text])
    key = joined(text)
    if key in names:
        label, how = names[key]
        return TermMatch(label, "spelling" if how == "name" else how)
    words = fold(text)
    inside = _inside(words, names)
    return TermMatch(inside.pop(), "within") if len(inside) == 1 else TermMatch()


def _inside(words: tuple[str, ...], names: dict[str, tuple[str, How]]) -> set[str]:
    """The labels named in a text, the longest name at each place."""
    found, at = set[str](), 0
    while at < len(words):
        ends = range(min(at + 4, len(words)), at, -1)
        end = next((end for end in ends if "".join(words[at:end]) in names), None)
        if end is not None:
            found.add(names["".join(words[at:end])][0])
        at = at + 1 if end is None else end
    return found


@cache
def _names(thing: str) -> dict[str, tuple[str, How]]:
    """The label of every way in which a term is written: as it stands, and folded and joined."""
    if thing in ("kind", "modes"):
        told = [(kind, "", "") for kind in KINDS] if thing == "kind" else _known("mode")
    else:
        told = _known(thing)
    names: dict[str, tuple[str, How]] = {}
    ids = {joined(label): label for label, *_names in told}
    for key, ours in other_names().items():
        label = ids.get(ours.removeprefix("_"))
        if label is not None:
            names[key] = label, "other name"
    for label, *written in told:
        for name in filter(None, written):
            names |= {joined(name): (label, "name"), name: (label, "name")}
        names[joined(label)] = label, "name"
    return names


def _known(task: str) -> list[tuple[str, str, str]]:
    if task == GUSHEHS:  # of one name there may be several, numbered
        return [(name, name, persian) for name, persian in gusheh_names()]
    return [
        *((one.id, one.name, one.persian) for one in vocabulary(task)),
        *((one, "", "") for one in MORE.get(task, ())),
    ]
