"""The formats of exchange, a row each: everything else (command, window, tests) follows from this table."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from persian_mir.catalogue.model import Described
from persian_mir.exchange import csv_table, json_record, parquet
from persian_mir.exchange.sheet import Sheet

Write = Callable[[Path, Sequence[Described]], None]
Read = Callable[[Path], tuple[Sheet, ...]]


@dataclass(frozen=True, slots=True)
class Format:
    """A format: what it is called, how it is written, and read where it can be.

    `many`: one file holds any number of recordings; else each has a file. `lossless`: what is read is all that was
    written.
    """

    id: str
    extension: str
    words: str
    write: Write
    read: Read | None = None
    many: bool = True
    lossless: bool = False


FORMATS = (
    Format("csv", ".csv", "CSV", csv_table.write, csv_table.read, lossless=True),
    Format("tsv", ".tsv", "TSV", csv_table.write_tsv, csv_table.read, lossless=True),
    Format("parquet", ".parquet", "Parquet", parquet.write, parquet.read, lossless=True),
    Format("json", ".json", "JSON", json_record.write, json_record.read, lossless=True),
)
