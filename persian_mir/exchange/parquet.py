"""Parquet, for data frames: the rows of the table with their types."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from persian_mir.catalogue.model import Described
from persian_mir.exchange.bounded import MOST_MARKS, ExchangeError, read_bounded
from persian_mir.exchange.sheet import Sheet
from persian_mir.exchange.table import COLUMNS, NUMBER, TEXT, Cell, rows_of, sheets_of
from persian_mir.i18n import _
from persian_mir.whole_file import whole_file

BATCH = 65_536  # rows at once


def write(path: Path, described: Sequence[Described]) -> None:
    """Write a row a thing that is known. Raises PersianMirError where the disk refuses."""
    import pyarrow as arrow
    from pyarrow import parquet

    types = {TEXT: arrow.string(), NUMBER: arrow.float64()}
    schema = arrow.schema([(name, types.get(kind, arrow.int64())) for name, kind in COLUMNS.items()])
    with whole_file(path) as file, parquet.ParquetWriter(file, schema, compression="zstd") as writer:
        rows = [{name: row.get(name) for name in COLUMNS} for row in rows_of(described)]
        for at in range(0, len(rows), BATCH):
            writer.write_table(arrow.Table.from_pylist(rows[at : at + BATCH], schema))


def read(path: Path) -> tuple[Sheet, ...]:
    """Return what a table says, ours or another's with columns of the usual names. Raises ExchangeError."""
    import pyarrow as arrow
    from pyarrow import parquet

    data = read_bounded(path)
    try:
        with parquet.ParquetFile(arrow.BufferReader(data)) as file:
            if file.metadata.num_rows > MOST_MARKS:
                raise ExchangeError(_("It has more than {limit} rows.").format(limit=MOST_MARKS), path=path)
            return sheets_of(_rows(file))
    except (arrow.ArrowException, OSError) as error:
        raise ExchangeError(_("It is no table: {reason}.").format(reason=error), path=path) from error


def _rows(file: object) -> Iterator[dict[str, Cell]]:
    for batch in file.iter_batches(BATCH):  # type: ignore[attr-defined]  # pyarrow has no types
        for row in batch.to_pylist():
            yield {name: cell if isinstance(cell, str | int | float) else None for name, cell in row.items()}
