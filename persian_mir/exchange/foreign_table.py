"""Tables that other people and programs made: which column is what, by the names that are in use."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping

from persian_mir.exchange.bounded import base_name, folder_of
from persian_mir.exchange.sheet import Label, Sheet
from persian_mir.i18n import _
from persian_mir.labels import TASKS
from persian_mir.names import name_key
from persian_mir.times import parse_seconds

Row = Mapping[str, str | int | float | None]

# What a column is called, as `name_key` has it; the first that is there counts.
NAMES = {
    "file": ("file", "filename", "filepath", "path", "recording", "audio", "audiofile", "beginfile", "beginpath"),
    "start": ("starts", "begintime(s)", "begintime", "starttime", "onset", "begin", "from", "start"),
    "stop": ("stops", "endtime(s)", "endtime", "stoptime", "offset", "end", "to", "stop"),
    "length": ("durations", "duration", "length"),
    "text": ("label", "labels", "text", "annotation", "value", "class", "tag", "برچسب"),
    "tier": ("task", "tier", "layer", "namespace", "تکلیف"),
    "who": ("verifiedby", "by", "annotator", "who"),
    "probability": ("probability", "confidence", "score"),
    "hash": ("contenthash",),
}
TEXT_COLUMNS = (*TASKS, "kind", "modes", "gushehs", "gusheh", "note", "comment")


def foreign_sheets(rows: Iterable[Row]) -> tuple[Sheet, ...]:
    """Return the labels in `rows` by recording. A task's column is a tier; a row without times is about all."""
    found: dict[tuple[str, str, str], list[Label]] = {}
    odd: dict[tuple[str, str, str], int] = {}
    for row in rows:
        cells = _cells(row)
        file = str(cells["file"] or "")
        key = base_name(file), str(cells["hash"] or ""), folder_of(file)
        labels = found.setdefault(key, [])
        try:
            labels.extend(_labels(row, cells))
        except ValueError:
            odd[key] = odd.get(key, 0) + 1
    return tuple(
        Sheet(name, content_hash, tuple(labels), None, _remarks(odd.get((name, content_hash, folder), 0)), folder)
        for (name, content_hash, folder), labels in found.items()
    )


def _cells(row: Row) -> dict[str, str | int | float | None]:
    """What each thing that is wanted is called here, and says. With seconds there, `start` alone means samples."""
    by_key = {name_key(name): cell for name, cell in row.items() if name}
    return {
        wanted: next((by_key[name] for name in names if by_key.get(name) not in (None, "")), None)
        for wanted, names in NAMES.items()
    }


def _labels(row: Row, cells: Mapping[str, str | int | float | None]) -> Iterator[Label]:
    start_s, stop_s, length = (number_of(cells[name]) for name in ("start", "stop", "length"))
    if start_s is not None and stop_s is None and length is not None:
        stop_s = start_s + length
    if (start_s is None) != (stop_s is None) or (start_s is not None and stop_s is not None and stop_s <= start_s):
        raise ValueError("no stretch")
    who, probability = str(cells["who"] or ""), number_of(cells["probability"])
    if cells["text"] is not None:
        yield Label(start_s, stop_s, str(cells["text"]), str(cells["tier"] or ""), who, probability)
    for name, cell in row.items():
        if name_key(name or "") in TEXT_COLUMNS and cell not in (None, ""):
            yield Label(start_s, stop_s, str(cell), name, who)


def number_of(cell: object) -> float | None:
    """Return the number in a cell, also with a comma, in Persian digits, or as `1:02:03.5`; None of an empty one.

    Raises ValueError for what is none, or not finite.
    """
    if cell is None or cell == "":
        return None
    value = float(cell) if isinstance(cell, int | float) else parse_seconds(str(cell))
    if not math.isfinite(value):
        raise ValueError("not finite")
    return value


def _remarks(odd: int) -> tuple[str, ...]:
    if not odd:
        return ()
    return (_("Rows without a stretch of time that can be read, and left out: {number}.").format(number=odd),)
