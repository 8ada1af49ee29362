"""Labels of another program, taken into the catalogue: looked at first, then added as one step."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from persian_mir.catalogue.catalogue import Catalogue
from persian_mir.catalogue.model import Described
from persian_mir.errors import PersianMirError
from persian_mir.exchange.attach import attach, new_statements
from persian_mir.exchange.formats import format_of, readable_format
from persian_mir.exchange.reconcile import Match, described, reconcile
from persian_mir.exchange.sheet import Sheet


@dataclass(frozen=True, slots=True)
class ImportOutcome:
    """What becomes of the labels of one recording in a file. `problem`: why nothing does."""

    name: str
    recording: str = ""
    statements: int = 0
    items: int = 0
    left_out: int = 0
    remarks: tuple[str, ...] = ()
    problem: str = ""


@dataclass(frozen=True, slots=True)
class Intake:
    """What a file of another program holds: how its labels were matched, and what would be added."""

    file: Path
    format: str
    matches: tuple[Match, ...]
    recordings: tuple[ImportOutcome, ...]
    described: tuple[Described, ...]

    @property
    def unmatched(self) -> int:
        """How many labels found no match."""
        return sum(match.number for match in self.matches if not match.how)


def read_sheets(file: Path, format_: str = "") -> tuple[str, tuple[Sheet, ...]]:
    """Return the format's id and what the file says; the name tells the format unless it is given.

    Raises ExchangeError where nothing reads it.
    """
    known = format_of(format_) if format_ else readable_format(file)
    assert known.read is not None  # noqa: S101 - by the choices, and by readable_format
    return known.id, known.read(file)


def look_into(
    file: Path, format_: str, sheets: Sequence[Sheet], known: Sequence[Described], named: bool = False
) -> Intake:
    """Say what each label becomes, and of which of the recordings `known` (`named` for this file, or all that there
    are); nothing is added.
    """
    matches = reconcile(sheets)
    found = [_told(sheet, file, known, matches, named) for sheet in sheets]
    taken = tuple(one for one, _described in found)
    return Intake(file, format_, matches, taken, tuple(one for _taken, one in found if one))


def catalogued(catalogue: Catalogue) -> list[Described]:
    """The recordings of the catalogue that labels may be about."""
    rows = catalogue.rows(
        "SELECT f.path, r.content_hash, r.rate, r.frames, r.file_hash FROM files f JOIN recordings r ON "
        "r.id = f.recording WHERE r.removed = 0"
    )
    return [Described(os.fsdecode(path), *told) for path, *told in rows]


def take_in(catalogue: Catalogue, told: Sequence[Described]) -> None:
    """All of a file in one step, which can be undone as one. A collection that is known stays as it is."""
    with catalogue.step("import"):
        for one in told:
            there = one.collection and catalogue.collection(one.collection.name)
            known = catalogue.describe(one.content_hash)
            new = replace(new_statements(one, known), collection=there or one.collection)
            catalogue.put_described(replace(new, items=() if new.items == known.items else new.items))


def _told(
    sheet: Sheet, file: Path, known: Sequence[Described], matches: Sequence[Match], named: bool
) -> tuple[ImportOutcome, Described | None]:
    try:
        recording = attach(sheet, file, known, named)
        told, out = described(sheet, recording, matches, file.name)
    except PersianMirError as error:
        return ImportOutcome(sheet.name, left_out=len(sheet.labels), remarks=sheet.remarks, problem=str(error)), None
    counts = len(told.statements), len(told.items), len(out)
    return ImportOutcome(sheet.name, recording.path, *counts, sheet.remarks), told
