"""MARC 21 in JSON (R. Singer's MARC-in-JSON): a record a recording; field 883 says who, or what, made each label."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from persian_mir.catalogue.model import Credit, Described, Statement
from persian_mir.catalogue.statement_rows import MACHINE
from persian_mir.exchange.bounded import base_name
from persian_mir.exchange.marks import in_force, name_of
from persian_mir.exchange.own_record import as_text
from persian_mir.exchange.texts import both_names, mime_type, plain_text
from persian_mir.whole_file import write_whole

LEADER = "00000njm a2200000 i 4500"  # new, musical sound recording, a single item, UTF-8
MACHINE_MADE, NOT_MACHINE_MADE = "0", "2"  # first indicator of 883
RELATORS = {  # MARC code list for relators
    **{"instrumentalist": "itr", "singer-avaz": "sng", "singer-tarane": "sng", "announcer": "anc"},
    **{"poet-text": "aut", "poet-avaz": "aut", "composer": "cmp", "songwriter": "cmp", "arranger": "arr"},
    **{"after": "ant", "orchestra": "prf", "leader": "cnd"},
}

Field = tuple[str, str, tuple[tuple[str, str], ...]]  # tag, indicators, subfields


def write(path: Path, described: Sequence[Described]) -> None:
    """Write an array of records. Raises PersianMirError where the disk refuses."""
    write_whole(path, as_text([_record(one) for one in described], indent=1) + "\n")


def _record(one: Described) -> dict[str, Any]:
    fields: list[dict[str, Any]] = [{"001": plain_text(one.content_hash)}, {"007": "su zunznnnnzned"}]
    found = sorted(_fields(one), key=lambda field: field[0])
    for tag, indicators, subfields in found:
        told = [{code: plain_text(text)} for code, text in subfields if text]
        if told:
            fields.append({tag: {"ind1": indicators[0], "ind2": indicators[1], "subfields": told}})
    return {"leader": LEADER, "fields": fields}


def _fields(one: Described) -> Iterator[Field]:
    told, carrier = one.programme, one.carrier
    titles = [title for title in (told.title_fa, told.title_latin) if title] or [base_name(one.path) or "–"]
    yield "245", "00", (("a", titles[0]),)
    for title in titles[1:]:
        yield "246", "3 ", (("a", title),)
    yield "264", " 0", (("a", told.place), ("c", "; ".join(filter(None, (told.date_gregorian, told.date_jalali)))))
    if carrier:
        yield "028", "02", (("a", carrier.catalogue_number), ("b", carrier.label))
        yield "028", "12", (("a", carrier.matrix_number), ("b", carrier.label))
        yield "340", "  ", (("a", carrier.type), ("f", carrier.speed), ("e", carrier.condition))
    yield "347", "  ", (("a", "audio file"), ("b", mime_type(one.path)))
    if one.collection:
        yield "490", "0 ", tuple(("a", series) for series in one.collection.series)
        yield "506", "  ", (("a", one.collection.access),)
        yield "540", "  ", (("a", one.collection.rights),)
        yield "852", "  ", (("a", one.collection.holder), ("b", one.collection.name))
    for note in one.notes:
        yield "500", "  ", (("a", note),)
    people = [*one.credits, *(credit for item in one.items for credit in item.credits)]
    yield "511", "0 ", (("a", "; ".join(f"{name_of(who.person)}, {who.instrument or who.role}" for who in people)),)
    yield from map(_person, dict.fromkeys(people))
    for mode in told.modes:
        yield "650", " 4", (("a", both_names("mode", mode)),)
    for number, said in enumerate((said for said in in_force(one.statements) if said.label), 1):
        yield from _label(said, number, one)


def _person(credit: Credit) -> Field:
    certainty = "" if credit.certainty == "documented" else credit.certainty
    who = (("a", name_of(credit.person)), ("d", credit.person.dates), ("e", credit.instrument or credit.role))
    return "700", "0 ", (*who, ("g", certainty), ("4", RELATORS.get(credit.role, "")))


def _label(said: Statement, number: int, one: Described) -> Iterator[Field]:
    """What is said, with its stretch, and the field that says by what or whom; `$8` links them."""
    machine = said.status in MACHINE
    stretch = f"{said.start / one.rate:.3f}-{said.stop / one.rate:.3f} s"
    told = (("8", f"{number}\\p"), ("3", stretch), ("a", both_names(said.task, said.label)))
    if said.task == "artist":
        yield "700", "0 ", (*told, ("4", "att" if machine else "itr"))
    else:
        tag, indicators = ("382", "01") if said.task == "instrument" else ("650", " 4")
        yield tag, indicators, told
    process = f"{said.who} {said.version}".strip() if machine else said.status
    made = ("q", "persian-mir" if machine else said.who), ("d", re.sub(r"\D", "", said.when[:10]))
    sure = "" if said.probability is None else f"{said.probability:.6f}"
    yield "883", f"{MACHINE_MADE if machine else NOT_MACHINE_MADE} ", (told[0], ("a", process), ("c", sure), *made)
