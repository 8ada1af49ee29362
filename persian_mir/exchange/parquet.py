"""Parquet, for data frames: the rows of the table with their types."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from persian_mir.catalogue.model import Described
from persian_mir.exchange.bounded import MOST_MARKS, ExchangeError, read_bounded
from persian_mir.exchange.sheet import Sheet
from persian_mir.exchange.table import COLUMNS, NUMBER, TEXT, Cell, rows_of, sheets_of
from persian_mir.i18n import _
from persian_mir.whole_file import whole_file

BATCH = 65_536  # rows at once
MOST_BYTES = 256 << 20


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

    data = read_bounded(path, MOST_BYTES)
    try:
        schema = parquet.read_schema(arrow.BufferReader(data))
        texts = [field.name for field in schema if arrow.types.is_string(field.type)]
        # Texts stay references into their dictionary: a small file may say a large one a million times.
        with parquet.ParquetFile(arrow.BufferReader(data), read_dictionary=texts) as file:
            if file.metadata.num_rows > MOST_MARKS:
                raise ExchangeError(_("It has more than {limit} rows.").format(limit=MOST_MARKS), path=path)
            return sheets_of(_rows(file))
    except (arrow.ArrowException, OSError, UnicodeDecodeError) as error:
        raise ExchangeError(_("It is no table: {reason}.").format(reason=error), path=path) from error


def _rows(file: Any) -> Iterator[dict[str, Cell]]:
    for batch in file.iter_batches(BATCH):
        columns = map(_cells, batch.columns)
        for cells in zip(*columns, strict=True):
            yield dict(zip(batch.schema.names, cells, strict=True))


def _cells(column: Any) -> list[Cell]:
    """The cells of a column of text, or of numbers; of others there is nothing to read."""
    import pyarrow as arrow

    if arrow.types.is_dictionary(column.type):
        texts = column.dictionary.to_pylist()
        return [None if at is None else texts[at] for at in column.indices.to_pylist()]
    if arrow.types.is_integer(column.type) or arrow.types.is_floating(column.type):
        return list(column.to_pylist())
    return [None] * len(column)
