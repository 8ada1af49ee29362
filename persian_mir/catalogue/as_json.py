"""The catalogue's values as JSON has them, and back, by the types of their fields."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, fields, is_dataclass
from functools import cache
from types import UnionType
from typing import Any, TypeVar, Union, cast, get_args, get_origin, get_type_hints

Value = TypeVar("Value")


def to_json(value: Any) -> dict[str, Any]:
    """The value's fields; tuples as lists once they are written."""
    return asdict(value)


def from_json(kind: type[Value], told: Mapping[str, Any]) -> Value:
    """The value out of what `to_json` gave and JSON kept. ValueError for what is none; unknown fields are left out."""
    try:
        types = _types(cast("Any", kind))
        return kind(**{name: _read(types[name], one) for name, one in told.items() if name in types})
    except (TypeError, AttributeError, KeyError) as error:
        raise ValueError(f"no {kind.__name__}: {error}") from error


def _read(wanted: Any, told: Any) -> Any:
    origin, inner = get_origin(wanted), get_args(wanted)
    if origin in (Union, UnionType):
        return None if told is None else _read(next(one for one in inner if one is not type(None)), told)
    if origin is tuple:
        several = inner[:1] * len(told) if inner[-1] is Ellipsis else inner
        return tuple(_read(one, value) for one, value in zip(several, told, strict=True))
    if is_dataclass(wanted) and isinstance(wanted, type):
        return from_json(wanted, told)
    if isinstance(wanted, type) and not isinstance(told, (wanted, int) if wanted is float else wanted):
        raise TypeError(f"{told!r} is no {wanted.__name__}")
    return told


@cache
def _types(kind: type[Any]) -> dict[str, Any]:
    hints = get_type_hints(kind)
    return {one.name: hints[one.name] for one in fields(kind)}
