"""Dublin Core as CSV, a row a recording, as Omeka and other systems take it in; several values stand between `|`."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from persian_mir.catalogue.model import Described
from persian_mir.catalogue.statement_rows import MACHINE
from persian_mir.csv_text import csv_text
from persian_mir.exchange.bounded import base_name
from persian_mir.exchange.marks import in_force, name_of
from persian_mir.exchange.texts import both_names, clock, mime_type, plain_text
from persian_mir.whole_file import write_whole

COLUMNS = (
    *("identifier", "title", "alternative", "creator", "contributor", "subject", "description", "publisher", "date"),
    *("type", "format", "extent", "medium", "source", "language", "isPartOf", "spatial", "rights", "accessRights"),
)
CREATORS = ("composer", "songwriter", "poet-text", "poet-avaz")
BETWEEN = "|"


def write(path: Path, described: Sequence[Described]) -> None:
    """Write the table; its columns are `dcterms:title` and so on."""
    rows = [[BETWEEN.join(_kept(told, name)) for name in COLUMNS] for told in map(_terms, described)]
    write_whole(path, csv_text([f"dcterms:{name}" for name in COLUMNS], rows))


def _kept(told: dict[str, Sequence[str]], name: str) -> Iterator[str]:
    """The values of a column, each once."""
    values = (plain_text(value).replace(BETWEEN, "/") for value in told[name] if value)
    yield from dict.fromkeys(values)


def _terms(one: Described) -> dict[str, Sequence[str]]:
    told, collection, carrier = one.programme, one.collection, one.carrier
    people = [*one.credits, *(credit for item in one.items for credit in item.credits)]
    titles = [title for title in (told.title_fa, told.title_latin) if title] or [base_name(one.path)]
    numbers = (carrier.catalogue_number, carrier.matrix_number) if carrier else ()
    return {
        **{"identifier": (told.number, one.content_hash), "title": titles[:1], "alternative": titles[1:]},
        "creator": [name_of(credit.person) for credit in people if credit.role in CREATORS],
        "contributor": [f"{name_of(one.person)} ({one.role})" for one in people if one.role not in CREATORS],
        **{"subject": list(_subjects(one)), "description": one.notes},
        **{"publisher": (carrier.label,) if carrier else (), "date": (told.date_gregorian, told.date_jalali)},
        **{"type": ("Sound",), "format": (mime_type(one.path),), "extent": (clock(one.frames / one.rate),)},
        **{"medium": (carrier.type,) if carrier else (), "source": numbers, "language": (told.language,)},
        **{"isPartOf": (collection.name, *collection.series) if collection else (), "spatial": (told.place,)},
        "rights": (collection.rights,) if collection else (),
        "accessRights": (collection.access,) if collection else (),
    }


def _subjects(one: Described) -> Iterator[str]:
    """The modes and labels that hold; Dublin Core has no place for who said so, so a machine's are marked."""
    yield from (both_names("mode", mode) for mode in one.programme.modes)
    yield from (both_names("mode", mode) for item in one.items for mode in item.modes)
    for said in in_force(one.statements):
        if said.label:
            machine = " [machine, not verified]" if said.status in MACHINE else ""
            yield f"{both_names(said.task, said.label)}{machine}"
