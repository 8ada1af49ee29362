"""Raven's selection table: the rows of our table with Raven's columns before them (Raven Pro manual, chapter 6)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from persian_mir.catalogue.model import Described
from persian_mir.exchange import csv_table
from persian_mir.exchange.bounded import base_name, read_text
from persian_mir.exchange.sheet import Sheet
from persian_mir.exchange.table import COLUMNS, Cell, rows_of
from persian_mir.exchange.texts import plain_text

RAVEN = (
    *("Selection", "View", "Channel", "Begin Time (s)", "End Time (s)", "Low Freq (Hz)", "High Freq (Hz)"),
    *("Begin File", "Annotation"),
)


def write(path: Path, described: Sequence[Described]) -> None:
    """Write a selection a thing that is known; that of the recording itself spans it."""
    csv_table.write_rows(path, (*RAVEN, *COLUMNS), _rows(described), "\t")


def read(path: Path) -> tuple[Sheet, ...]:
    """Return the selections of a table. Raven has a row a view of each: they count once."""
    return tuple(replace(sheet, labels=tuple(dict.fromkeys(sheet.labels))) for sheet in csv_table.read(path, ("\t",)))


def is_table(path: Path) -> bool:
    """Whether a file of text begins as Raven's tables do."""
    return "begin time (s)" in read_text(path).split("\n", 1)[0].lower()


def _rows(described: Sequence[Described]) -> Iterator[dict[str, Cell]]:
    number = 0
    for one in described:
        for row in rows_of([one]):
            number += 1
            ends = row.get("start_s", 0.0), row.get("stop_s", one.frames / one.rate)
            yield row | dict(
                zip(
                    RAVEN,
                    (number, "Spectrogram 1", 1, *ends, 0.0, one.rate / 2, plain_text(base_name(one.path)), _text(row)),
                    strict=True,
                )
            )


def _text(row: dict[str, Cell]) -> Cell:
    return next((row[name] for name in ("label", "kind", "title") if row.get(name)), row["part"])
