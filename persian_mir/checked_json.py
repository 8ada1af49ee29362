"""JSON that others may have written, checked before anything of it is used: its size, depth, types and numbers.

A rule says what a value must be, and raises RecordError, which names the place, for one that is not. Rules are put
together: `record(name=text(), epochs=listed(row(whole(), number())))`.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from persian_mir.errors import PersianMirError
from persian_mir.i18n import _, quoted

MAX_BYTES = 16 << 20
MAX_DEPTH = 32  # of what no rule describes
LARGEST = 1e15  # beyond it a float is no exact whole number, and a time, count or loss is none

Rule = Callable[[Any, str], None]


class RecordError(PersianMirError, ValueError):
    """JSON that is not what it should be."""


def read_json(path: Path, rule: Rule, most_bytes: int = MAX_BYTES) -> Any:
    """The content of a file that keeps to `rule`. Raises RecordError, and OSError where it cannot be read."""
    with path.open("rb") as file:
        data = file.read(most_bytes + 1)
    try:
        return parsed(data, rule, most_bytes)
    except RecordError as error:
        raise RecordError(error.what, path=path) from error


def parsed(text: str | bytes, rule: Rule, most_bytes: int = MAX_BYTES) -> Any:
    """The value that `text` says. Raises RecordError."""
    if len(text) > most_bytes:
        raise RecordError(_("It is larger than {limit} MB.").format(limit=most_bytes >> 20))
    try:
        value = json.loads(text, parse_constant=_no_number)
    except RecordError:
        raise
    except (ValueError, RecursionError) as error:
        raise RecordError(_("It is no JSON in UTF-8, or too deep.")) from error
    rule(value, "")
    return value


def number(least: float = -LARGEST, most: float = LARGEST) -> Rule:
    """A finite number."""

    def check(value: Any, place: str) -> None:
        if type(value) not in (int, float) or not least <= value <= most:
            raise _wrong(place)

    return check


def whole(least: int = 0, most: int = 1 << 53) -> Rule:
    """A whole number."""

    def check(value: Any, place: str) -> None:
        if type(value) is not int or not least <= value <= most:
            raise _wrong(place)

    return check


def text(longest: int = 4096) -> Rule:
    """A text of so many characters at most."""

    def check(value: Any, place: str) -> None:
        if not isinstance(value, str) or len(value) > longest or "\0" in value:
            raise _wrong(place)

    return check


def truth(value: Any, place: str) -> None:
    """True or false."""
    if type(value) is not bool:
        raise _wrong(place)


def among(*known: object) -> Rule:
    """One of these."""

    def check(value: Any, place: str) -> None:
        if not any(type(value) is type(one) and value == one for one in known):
            raise _wrong(place)

    return check


def optional(rule: Rule) -> Rule:
    """What the rule says, or null; in a record it may also be missing."""

    def check(value: Any, place: str) -> None:
        if value is not None:
            rule(value, place)

    check.missing = True  # type: ignore[attr-defined]
    return check


def listed(rule: Rule, most: int = 1_000_000) -> Rule:
    """A list of at most so many."""

    def check(value: Any, place: str) -> None:
        if not isinstance(value, list) or len(value) > most:
            raise _wrong(place)
        for one in value:
            rule(one, place)

    return check


def row(*rules: Rule) -> Rule:
    """A list with exactly these."""

    def check(value: Any, place: str) -> None:
        if not isinstance(value, list) or len(value) != len(rules):
            raise _wrong(place)
        for one, rule in zip(value, rules, strict=True):
            rule(one, place)

    return check


def mapping(rule: Rule, most: int = 1_000_000) -> Rule:
    """An object with names of its own for values of one kind."""

    def check(value: Any, place: str) -> None:
        if not isinstance(value, dict) or len(value) > most:
            raise _wrong(place)
        for name, one in value.items():
            text()(name, place)
            rule(one, _inner(place, name))

    return check


def record(rules: Mapping[str, Rule] | None = None, **more: Rule) -> Rule:
    """An object that has these; what else it has is plain (see `plain`)."""
    wanted = {**(rules or {}), **more}

    def check(value: Any, place: str) -> None:
        if not isinstance(value, dict):
            raise _wrong(place)
        for name, rule in wanted.items():
            if name in value or not hasattr(rule, "missing"):
                rule(value.get(name), _inner(place, name))
        for name in value.keys() - wanted.keys():
            plain(value[name], _inner(place, name))

    return check


def plain(value: Any, place: str, depth: int = MAX_DEPTH) -> None:
    """Anything that is not too deep, and whose numbers are finite."""
    if isinstance(value, int | float) and not -(1 << 63) <= value < 1 << 64:
        raise _wrong(place)
    if isinstance(value, dict | list):
        if not depth:
            raise _wrong(place)
        for one in value.values() if isinstance(value, dict) else value:
            plain(one, place, depth - 1)


def _no_number(name: str) -> float:
    raise RecordError(_("{number} is no number.").format(number=name))


def _inner(place: str, name: str) -> str:
    return f"{place}.{name[:40]}" if place else name[:40]


def _wrong(place: str) -> RecordError:
    if not place:
        return RecordError(_("It is of another shape."))
    return RecordError(_("What it says of {name} makes no sense.").format(name=quoted(place)))
