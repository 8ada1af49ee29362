"""CSV that people open in spreadsheets: no cell of it is run as a formula there.

What begins as a formula does gets an apostrophe before it, as OWASP advises (CSV Injection); so does what begins with
an apostrophe, so that `from_text` gives everything back.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence

MARK = "\ufeff"  # tells Excel that a table is UTF-8; others may take it for a part of the first column's name
SPREADSHEET = ("=", "+", "-", "@", "\t", "\r")  # a cell that begins so is a formula to a spreadsheet


def as_text(cell: str) -> str:
    """A cell that no spreadsheet takes for a formula: an apostrophe goes before what would be one."""
    return f"'{cell}" if cell.startswith((*SPREADSHEET, "'")) else cell


def from_text(cell: str) -> str:
    """What `as_text` was given."""
    return cell[1:] if cell.startswith("'") else cell


def csv_line(cells: Iterable[object]) -> str:
    """Cells as one line; None is empty, and numbers stay numbers, also those below 0."""
    out = io.StringIO()
    rows = csv.writer(out)  # which quotes a carriage return only as long as lines end in one
    rows.writerow([as_text(cell) if isinstance(cell, str) else cell for cell in cells])
    return out.getvalue().removesuffix("\r\n") + "\n"


def csv_text(header: Sequence[str], rows: Iterable[Iterable[object]]) -> str:
    """A whole table."""
    return csv_line(header) + "".join(map(csv_line, rows))
