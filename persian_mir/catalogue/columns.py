"""Values as the columns of a row, and back: tuples as JSON, the rest as it is."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import fields
from typing import Any, TypeVar

Value = TypeVar("Value")


def cells(value: object, names: Iterable[str]) -> list[Any]:
    """The cells of a row of those columns."""
    told = (getattr(value, name) for name in names)
    return [json.dumps(one, ensure_ascii=False) if isinstance(one, tuple) else one for one in told]


def from_cells(kind: type[Value], names: Iterable[str], row: Iterable[Any], **others: Any) -> Value:
    """The value out of such a row; `others` are fields that are not in it."""
    lists = {one.name for one in fields(kind) if isinstance(one.default, tuple)}  # type: ignore[arg-type]
    told = {
        name: tuple(tuple(one) if isinstance(one, list) else one for one in json.loads(cell)) if name in lists else cell
        for name, cell in zip(names, row, strict=True)
    }
    return kind(**told, **others)
