"""What a program with a time axis shows of a recording: marks in tiers, or in layers where none overlap.

A tier is named `mode (Sara)` for what a person said and `mode [modal]` for a machine; `kind`, `modes`, `gushehs`,
`people` and `note` tell the items. Shown is what holds now: the newest of each person, and of each machine its last
reading.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from persian_mir.catalogue import statement_rows
from persian_mir.catalogue.model import UNKNOWN, VERSE_FORMS, Credit, Described, Item, Person, Statement
from persian_mir.catalogue.statement_rows import MACHINE
from persian_mir.labels import TASKS

NONE = "none of these"  # what a machine says where no label of the task holds
REJECTED = "rejected"  # what a person says of a machine's label without giving another
ITEM_TIERS = ("kind", "modes", "gushehs", "people", "note")
SEPARATOR = "; "
PERSON = re.compile(r"(?P<name>.+) \((?P<did>[^()]+)\)")
TIER = re.compile(r"(?P<task>[^\[(]+?) ?(?:\((?P<person>.*)\)|\[(?P<machine>.*)\])?(?: #\d+)?")


@dataclass(frozen=True, slots=True)
class Mark:
    """Samples `start` up to `stop`, what stands there, and the statement or item that it is of."""

    start: int
    stop: int
    tier: str
    text: str
    source: Statement | Item


def marks_of(described: Described) -> Iterator[Mark]:
    """Return all marks, tier after tier, each in the order of time."""
    for marks in tiers(described).values():
        yield from marks


def tiers(described: Described) -> dict[str, tuple[Mark, ...]]:
    """Return the marks by tier: the tasks in their order, people before machines, then the items."""
    found: dict[str, list[Mark]] = {}
    for one in sorted(in_force(described.statements), key=_tier_order):
        text = one.label or _unlabelled(one, described)
        if text:
            tier = tier_of(one)
            found.setdefault(tier, []).append(Mark(one.start, one.stop, tier, text, one))
    for tier in ITEM_TIERS:
        marks = [
            Mark(item.start, item.stop, tier, text, item) for item in described.items if (text := _told(item, tier))
        ]
        if marks:
            found[tier] = marks
    return {tier: tuple(sorted(marks, key=lambda one: (one.start, -one.stop))) for tier, marks in found.items()}


def _unlabelled(one: Statement, described: Described) -> str:
    """What a statement without a label says: of the whole nothing where the machine named a part of it."""
    if one.status not in MACHINE:
        return REJECTED if one.status == "rejected" else ""
    whole = one.start == 0 and one.stop >= described.frames
    said = (one.task, one.who, one.when)
    mine = (other for other in described.statements if (other.task, other.who, other.when) == said)
    return "" if whole and any(other.label for other in mine) else NONE


def layers(described: Described) -> dict[str, tuple[Mark, ...]]:
    """Return the tiers so that no two marks of one overlap: `mode [modal] #2` holds what lies over the first."""
    found: dict[str, tuple[Mark, ...]] = {}
    for tier, marks in tiers(described).items():
        for number, layer in enumerate(_apart(marks), 1):
            found[tier if number == 1 else f"{tier} #{number}"] = layer
    return found


def tier_of(one: Statement) -> str:
    """Return the name of the tier of a statement."""
    return f"{one.task} [{one.who}]" if one.status in MACHINE else f"{one.task} ({one.who})"


def in_force(statements: Iterable[Statement]) -> list[Statement]:
    """Return what holds: of people the newest about each stretch and task that is not undone or superseded, of machines
    all of their last reading of each task.
    """
    known = list(statements)
    held = {id(one) for one in statement_rows.in_force(known)}
    newest: dict[tuple[str, str], str] = {}
    for one in known:
        if one.status in MACHINE:
            newest[one.task, one.who] = max(one.when, newest.get((one.task, one.who), ""))
    return [
        one for one in known if id(one) in held or (one.status in MACHINE and newest[one.task, one.who] == one.when)
    ]


def machines_beside(statements: Sequence[Statement]) -> dict[int, Statement]:
    """Return, by the `id()` of each statement of a person, what a machine had said of the same: the one that it
    supersedes, else the newest of that stretch.
    """
    by_name = {one.id: one for one in statements if one.id and one.status in MACHINE}
    newest: dict[tuple[str, int, int], Statement] = {}
    for one in statements:
        key = one.task, one.start, one.stop
        if one.status in MACHINE and (key not in newest or newest[key].when <= one.when):
            newest[key] = one
    found = {}
    for one in statements:
        machine = by_name.get(one.supersedes) or newest.get((one.task, one.start, one.stop))
        if machine is not None and one.status not in MACHINE:
            found[id(one)] = machine
    return found


def without_number(tier: str) -> str:
    """Return the tier of a layer."""
    return re.sub(r" #\d+$", "", tier)


def person_of(tier: str) -> str:
    """Return who speaks in a tier, as `tier_of` names it."""
    found = TIER.fullmatch(tier)
    return (found["person"] or found["machine"] or "") if found else ""


def tier_and_text(told: str) -> tuple[str, str]:
    """Return both of `mode [modal]: segah`; no tier where none that the program knows stands before a colon."""
    tier, colon, text = told.partition(": ")
    found = TIER.fullmatch(tier)
    known = found is not None and found["task"] in (*TASKS, *ITEM_TIERS)
    return (without_number(tier), text) if colon and known else ("", told)


def people_text(credits_: Iterable[Credit]) -> str:
    """Return who did what: `Name (instrumentalist, tar)`, one after the other."""
    told = ((name_of(one.person), ", ".join(filter(None, (one.role, one.instrument, one.form)))) for one in credits_)
    return SEPARATOR.join(f"{name} ({did})" for name, did in told)


def credits_from(told: str) -> tuple[Credit, ...]:
    """Return what `people_text` was given, as far as it tells; who did nothing that has a name is left out."""
    found = map(PERSON.fullmatch, told.split(SEPARATOR))
    return tuple(_credit(one["name"], one["did"].split(", ")) for one in found if one)


def _credit(name: str, did: Sequence[str]) -> Credit:
    role, *rest = did
    form = next((one for one in rest if one in VERSE_FORMS), "")
    instrument = next((one for one in rest if one != form), "")
    number = name.removeprefix(f"{UNKNOWN} ")
    if number != name and number.isdecimal():
        return Credit(Person(unknown=int(number)), role, instrument, form)
    return Credit(Person("", name) if name.isascii() else Person(name), role, instrument, form)


def name_of(person: Person) -> str:
    """Return how somebody is called; the unknown are told apart by their number."""
    return person.name_latin or person.name_fa or (UNKNOWN if person.unknown is None else f"{UNKNOWN} {person.unknown}")


def _told(item: Item, tier: str) -> str:
    texts = {
        "kind": item.kind,
        "modes": SEPARATOR.join(item.modes),
        "gushehs": SEPARATOR.join(item.gushehs),
        "people": people_text(item.credits),
        "note": item.note,
    }
    return texts[tier]


def _tier_order(one: Statement) -> tuple[int, bool, str]:
    place = TASKS.index(one.task) if one.task in TASKS else len(TASKS)
    return place, one.status in MACHINE, one.who


def _apart(marks: Sequence[Mark]) -> list[tuple[Mark, ...]]:
    """The marks, in the order of time, in as few rows without overlap as there are at once."""
    rows: list[list[Mark]] = []
    for mark in marks:
        free = next((row for row in rows if row[-1].stop <= mark.start), None)
        if free is None:
            rows.append([mark])
        else:
            free.append(mark)
    return [tuple(row) for row in rows]
