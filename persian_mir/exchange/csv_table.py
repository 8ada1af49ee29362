"""CSV and TSV, for spreadsheets: no cell runs as a formula."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from functools import partial
from pathlib import Path

from persian_mir.catalogue.model import Described
from persian_mir.csv_text import as_text, from_text
from persian_mir.exchange.bounded import MOST_MARKS, ExchangeError, read_text
from persian_mir.exchange.foreign_table import number_of
from persian_mir.exchange.sheet import Sheet
from persian_mir.exchange.table import COLUMNS, TEXT, Cell, Row, rows_of, sheets_of
from persian_mir.i18n import _
from persian_mir.whole_file import write_whole

DELIMITERS = ("\t", ";", ",")
LONGEST_CELL = 16 << 20
MOST_BYTES = 256 << 20  # of a table, of which little is in memory at once


def write(path: Path, described: Sequence[Described], delimiter: str = ",") -> None:
    """Write a row a thing that is known. Raises PersianMirError where the disk refuses."""
    write_rows(path, tuple(COLUMNS), rows_of(described), delimiter)


def write_rows(path: Path, columns: Sequence[str], rows: Iterable[Row], delimiter: str) -> None:
    """Write a line of names and the rows."""
    out = io.StringIO()
    lines = csv.writer(out, delimiter=delimiter, lineterminator="\r\n")
    lines.writerow(columns)
    for row in rows:
        lines.writerow([_spelt(row.get(name)) for name in columns])
    write_whole(path, out.getvalue())


write_tsv = partial(write, delimiter="\t")


def read(path: Path, delimiters: Sequence[str] = DELIMITERS) -> tuple[Sheet, ...]:
    """Return what a table with a line of names says, ours or another's: commas, semicolons or tabs, seconds with a
    point or a comma. Raises ExchangeError.
    """
    text = read_text(path, MOST_BYTES)
    head = text.split("\n", 1)[0]
    delimiter = max(delimiters, key=head.count)
    limit = csv.field_size_limit(LONGEST_CELL)
    try:
        return sheets_of(_rows(text, delimiter, path))
    except csv.Error as error:
        raise ExchangeError(_("It is no table: {reason}.").format(reason=error), path=path) from error
    finally:
        csv.field_size_limit(limit)


def _rows(text: str, delimiter: str, path: Path) -> Iterator[dict[str, Cell]]:
    rows = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    names = next(rows, [])
    ours = "own" in names
    for number, cells in enumerate(rows):
        if number >= MOST_MARKS:
            raise ExchangeError(_("It has more than {limit} rows.").format(limit=MOST_MARKS), path=path)
        told = map(from_text, cells) if ours else cells
        yield {name: _read(name, cell) if ours else cell for name, cell in zip(names, told, strict=False)}


def _spelt(cell: Cell | None) -> str:
    return as_text(cell) if isinstance(cell, str) else "" if cell is None else repr(cell)


def _read(name: str, cell: str) -> Cell:
    """The cell of a column of ours; its text where it is no number."""
    try:
        return cell if COLUMNS.get(name, TEXT) is TEXT else number_of(cell)
    except ValueError:
        return cell
