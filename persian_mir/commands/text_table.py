"""Rows of cells as lines of text in columns."""

from __future__ import annotations

from collections.abc import Sequence
from unicodedata import category

from persian_mir.visible import visible


def columned(rows: Sequence[Sequence[str]]) -> list[str]:
    """Return a line a row, each column as wide as its widest cell; of no rows none."""
    shown = [[visible(cell) for cell in row] for row in rows]
    widths = [max(map(width, column)) for column in zip(*shown, strict=True)]
    return ["  ".join(map(_padded, row, widths)).rstrip() for row in shown]


def width(text: str) -> int:
    """How many places of a terminal a text takes: marks over letters and what joins them take none."""
    return sum(category(sign) not in ("Mn", "Me", "Cf") for sign in text)


def _padded(cell: str, wide: int) -> str:
    return cell + " " * (wide - width(cell))
