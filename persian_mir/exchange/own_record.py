"""What is known of a recording as one text of JSON: what stands in every format that has room for it."""

from __future__ import annotations

import json
from typing import Any, TypeVar

from persian_mir.catalogue.as_json import from_json, to_json
from persian_mir.checked_json import MAX_BYTES, parsed
from persian_mir.visible import CONTROL

T = TypeVar("T")


def as_text(value: Any, indent: int | None = None) -> str:
    """Return JSON in which every control character is spelt out."""
    told = json.dumps(value, ensure_ascii=False, allow_nan=False, indent=indent)
    lines = (CONTROL.sub(lambda sign: json.dumps(sign[0])[1:-1], line) for line in told.split("\n"))
    return "\n".join(lines)


def own_text(value: Any) -> str:
    """Return a value of the model as one line of JSON in ASCII, which every format can hold."""
    return json.dumps(to_json(value), allow_nan=False)


def from_own_text(kind: type[T], told: str) -> T:
    """Return what `own_text` was given. Raises RecordError."""
    return from_json(kind, parsed(told, lambda _value, _place: None, MAX_BYTES))
