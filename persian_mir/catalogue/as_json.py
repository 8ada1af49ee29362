"""The catalogue's values as JSON has them, and back, by the types of their fields.

Fields that say nothing are left out. What comes back is checked, so that a file from elsewhere can hold nothing else;
fields that this version does not know are passed over.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import MISSING, Field, fields, is_dataclass
from functools import cache
from types import NoneType, UnionType
from typing import Any, Literal, TypeVar, get_args, get_origin, get_type_hints

from persian_mir.checked_json import RecordError, among, listed, number, text, whole
from persian_mir.i18n import _

T = TypeVar("T")
LONGEST = 1 << 20  # letters of one text: all verses of a masnavi

_Decoder = Callable[[Any, str], Any]


def to_json(value: Any) -> Any:
    """Return a value of the model as dicts and lists."""
    if is_dataclass(value):
        told = ((one, getattr(value, one.name)) for one in fields(value))
        return {one.name: to_json(held) for one, held in told if held != _default(one)}
    return [to_json(one) for one in value] if isinstance(value, tuple) else value


def from_json(kind: type[T], value: Any) -> T:
    """Return the `kind` of the model that `value` tells of. Raises RecordError, which names the place, if none."""
    made: T = _decoder(kind)(value, "")  # type: ignore[arg-type]  # types can be hashed
    return made


def _default(one: Field[Any]) -> Any:
    return one.default_factory() if one.default_factory is not MISSING else one.default


@cache
def _decoder(kind: Any) -> _Decoder:
    """How a value of this type is read."""
    if is_dataclass(kind):
        return _object(kind)
    origin, inner = get_origin(kind), get_args(kind)
    if origin is UnionType:
        (held,) = (one for one in inner if one is not NoneType)
        return lambda value, place: None if value is None else _decoder(held)(value, place)
    if origin is Literal:
        return _checked(among(*inner))
    if origin is tuple:
        return _tuple(inner)
    rules = {str: text(LONGEST), int: whole(), float: number()}
    return _checked(rules[kind], kind)


def _checked(rule: Callable[[Any, str], None], make: Callable[[Any], Any] = lambda value: value) -> _Decoder:
    def decode(value: Any, place: str) -> Any:
        rule(value, place)
        return make(value)

    return decode


def _tuple(inner: tuple[Any, ...]) -> _Decoder:
    def decode(value: Any, place: str) -> tuple[Any, ...]:
        listed(lambda _value, _place: None)(value, place)
        kinds = inner[:1] * len(value) if inner[-1] is Ellipsis else inner
        if len(kinds) != len(value):
            raise _wrong(place)
        return tuple(_decoder(kind)(one, place) for kind, one in zip(kinds, value, strict=True))

    return decode


def _object(kind: Any) -> _Decoder:
    hints = get_type_hints(kind)
    wanted = {one.name: _default(one) is MISSING for one in fields(kind)}

    def decode(value: Any, place: str) -> Any:
        if not isinstance(value, Mapping) or any(must and name not in value for name, must in wanted.items()):
            raise _wrong(place)
        told = {
            name: _decoder(hints[name])(value[name], f"{place}.{name}".lstrip(".")) for name in wanted if name in value
        }
        try:
            return kind(**told)
        except ValueError as error:
            raise _wrong(place) from error

    return decode


def _wrong(place: str) -> RecordError:
    return RecordError(_("What it says of {name} makes no sense.").format(name=place or _("a recording")))
