"""All that is known as rows of one table: what CSV, TSV and Parquet hold.

A recording has a row of itself (`part` is `file`), one of each item (`item`) and one of each statement (`recording` of
the whole, else `segment`). The columns of `persian-mir label --format csv` mean the same here. `own` is the record
behind the row as JSON: a row whose cells were not touched gives it back whole, one that was edited is read as a label.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from persian_mir.catalogue.model import Described, Item, Statement
from persian_mir.catalogue.statement_rows import MACHINE
from persian_mir.checked_json import RecordError
from persian_mir.exchange.bounded import base_name, folder_of
from persian_mir.exchange.foreign_table import foreign_sheets
from persian_mir.exchange.marks import SEPARATOR, in_force, machines_beside, people_text
from persian_mir.exchange.own_record import from_own_text, own_text
from persian_mir.exchange.sheet import Sheet
from persian_mir.exchange.texts import plain_text

Cell = str | int | float | None
Row = Mapping[str, Cell]

TEXT, WHOLE, NUMBER = str, int, float
COLUMNS: dict[str, type[str] | type[int] | type[float]] = {
    **{"file": TEXT, "start_s": NUMBER, "stop_s": NUMBER, "task": TEXT, "label": TEXT, "probability": NUMBER},
    **{"predictor": TEXT, "version": TEXT, "status": TEXT, "verified_by": TEXT, "verified_at": TEXT},
    **{"machine_label": TEXT, "machine_probability": NUMBER, "part": TEXT, "in_force": TEXT, "kind": TEXT},
    **{"modes": TEXT, "gushehs": TEXT, "shahed_hz": NUMBER, "people": TEXT, "title": TEXT, "note": TEXT},
    **{"start": WHOLE, "stop": WHOLE, "rate": WHOLE, "content_hash": TEXT, "own": TEXT},
}
SHOWN = tuple(name for name in COLUMNS if name not in ("in_force", "machine_label", "machine_probability", "own"))
KINDS: dict[str, type[Described] | type[Item] | type[Statement]] = {
    **{"file": Described, "item": Item, "recording": Statement, "segment": Statement}
}


def rows_of(described: Sequence[Described]) -> Iterator[dict[str, Cell]]:
    """Return the rows; a cell that says nothing is missing."""
    for one in described:
        place: dict[str, Cell] = {"file": plain_text(one.path), "rate": one.rate, "content_hash": one.content_hash}
        yield place | _file_row(one)
        yield from (place | _stretch(item, one.rate) | _item_row(item) for item in one.items)
        beside = machines_beside(one.statements)
        held = {id(statement) for statement in in_force(one.statements)}
        for statement in one.statements:
            row = place | _stretch(statement, one.rate) | _statement_row(statement, one.frames, beside)
            yield row | {"in_force": "yes" if id(statement) in held else "no"}


def _file_row(one: Described) -> dict[str, Cell]:
    told = one.programme
    return {
        "part": "file",
        "title": plain_text(told.title_fa or told.title_latin),
        "modes": SEPARATOR.join(map(plain_text, told.modes)),
        "people": plain_text(people_text(one.credits)),
        "note": plain_text(SEPARATOR.join(one.notes)),
        "stop": one.frames,
        "own": own_text(replace(one, items=(), statements=())),
    }


def _item_row(item: Item) -> dict[str, Cell]:
    return {
        "part": "item",
        "kind": plain_text(item.kind),
        "modes": SEPARATOR.join(map(plain_text, item.modes)),
        "gushehs": SEPARATOR.join(map(plain_text, item.gushehs)),
        "shahed_hz": item.shahed_hz,
        "people": plain_text(people_text(item.credits)),
        "note": plain_text(item.note),
        "own": own_text(item),
    }


def _statement_row(one: Statement, frames: int, beside: Mapping[int, Statement]) -> dict[str, Cell]:
    by_machine = one.status in MACHINE
    machine = one if by_machine else beside.get(id(one))
    who: dict[str, Cell] = {"verified_by": plain_text(one.who), "verified_at": plain_text(one.when)}
    if by_machine:
        who = {
            "predictor": plain_text(one.who),
            "version": plain_text(one.version),
            "probability": _rounded(one.probability),
        }
    if machine is not None:
        who |= {"machine_label": plain_text(machine.label), "machine_probability": _rounded(machine.probability)}
    part = "recording" if (one.start, one.stop) == (0, frames) else "segment"
    told = {"task": plain_text(one.task), "label": plain_text(one.label), "status": one.status, "part": part}
    return {**told, **who, "own": own_text(one)}


def _stretch(one: Item | Statement, rate: int) -> dict[str, Cell]:
    seconds = {"start_s": round(one.start / rate, 6), "stop_s": round(one.stop / rate, 6)}
    return {**seconds, "start": one.start, "stop": one.stop}


def _rounded(probability: float | None) -> float | None:
    return None if probability is None else round(probability, 6)


def sheets_of(rows: Iterable[Row]) -> tuple[Sheet, ...]:
    """Return what the rows say, by recording.

    Rows of others, and rows of ours that were edited since, are labels (`persian_mir.exchange.foreign_table`).
    """
    records: dict[str, list[tuple[Row, Described | Item | Statement]]] = {}
    foreign: list[Row] = []
    for row in rows:
        own = _own(row)
        if own is None:
            foreign.append(row)
        else:
            records.setdefault(f"{row.get('content_hash')}\n{row.get('file')}", []).append((row, own))
    whole, edited = [], list[Row]()
    for told in records.values():
        described = _assembled([own for _row, own in told])
        if described is None:
            foreign += [row for row, _own in told]
            continue
        kept, changed = _unchanged(described, [row for row, _own in told])
        whole.append(kept)
        edited += changed
    return _merged(whole, foreign_sheets([*foreign, *edited]))


def _own(row: Row) -> Described | Item | Statement | None:
    kind, told = KINDS.get(str(row.get("part"))), row.get("own")
    if kind is None or not isinstance(told, str) or not told:
        return None
    try:
        return from_own_text(kind, told)
    except RecordError:
        return None


def _assembled(records: Sequence[Described | Item | Statement]) -> Described | None:
    files = [one for one in records if isinstance(one, Described)]
    if len(files) != 1:
        return None
    items = tuple(one for one in records if isinstance(one, Item))
    return replace(files[0], items=items, statements=tuple(one for one in records if isinstance(one, Statement)))


def _unchanged(described: Described, rows: Sequence[Row]) -> tuple[Described, list[Row]]:
    """The record without what stands in rows that no longer say it, and those rows."""
    expected = {str(row["own"]): row for row in rows_of([described])}
    gone, changed = set[str](), list[Row]()
    for row in rows:
        before = expected.get(str(row["own"]), row)
        if row["part"] != "file" and any(_held(row, name) != _held(before, name) for name in SHOWN):
            gone.add(str(row["own"]))
            changed.append({name: cell for name, cell in row.items() if name not in ("own", "start", "stop")})
    items = tuple(one for one in described.items if own_text(one) not in gone)
    statements = tuple(one for one in described.statements if own_text(one) not in gone)
    return replace(described, items=items, statements=statements), changed


def _held(row: Row, name: str) -> Cell:
    return None if row.get(name) == "" else row.get(name)


def _merged(whole: Sequence[Described], foreign: Sequence[Sheet]) -> tuple[Sheet, ...]:
    """A sheet a recording: its own record with the labels that were changed or added; others as they are."""
    sheets = [Sheet(base_name(one.path), one.content_hash, own=one, folder=folder_of(one.path)) for one in whole]
    others = list[Sheet]()
    for other in foreign:
        places = [k for k, one in enumerate(sheets) if _same(one, other)]
        if len(places) == 1:
            one = sheets[places[0]]
            labels, remarks = (*one.labels, *other.labels), (*one.remarks, *other.remarks)
            sheets[places[0]] = replace(one, labels=labels, remarks=remarks)
        else:
            others.append(other)
    return (*sheets, *others)


def _same(one: Sheet, other: Sheet) -> bool:
    if other.content_hash:
        return one.content_hash == other.content_hash
    return one.name == other.name and other.folder in ("", one.folder)
