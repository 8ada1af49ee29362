"""What an option is: declared once, beside its field; the command line, the form, JSON and the card follow from it."""

from __future__ import annotations

import argparse
import math
import re
from collections.abc import Callable, Collection, Mapping
from dataclasses import Field, dataclass, field, fields, replace
from decimal import Decimal
from typing import Any, TypeVar

from persian_mir.i18n import _
from persian_mir.times import parse_number

Kind = TypeVar("Kind")
Value = Any  # int, float, str, or tuple[int, ...]: what the field's usual value is
Text = Callable[[], str]  # called where it is shown, in the user's language

KEY = "option"  # of a field's metadata


def no_choices() -> Mapping[str, str]:
    """Return nothing to choose among: another value is typed."""
    return {}


@dataclass(frozen=True, slots=True)
class Option:
    """`least` to `most` bound a number, or each of up to `many`; `zero` says what 0 means, where it means something
    else and can be even below `least`, and `unit` holds a {number}. `choices` are words by value; what matches
    `pattern` is taken, too, and `others` says what that is. `flag` is the name on the command line, where that is
    not the field's.
    """

    title: Text
    help: Text
    least: float = 0
    most: float = math.inf
    decimals: int = 0
    many: int = 1
    zero: Text | None = None
    unit: Text | None = None
    choices: Callable[[], Mapping[str, str]] = no_choices
    pattern: str = "$."  # which nothing matches
    others: Text | None = None
    required: bool = False
    flag: str = ""
    name: str = ""  # of the field, and in JSON
    usual: Value = None

    def checked(self, value: object) -> Value:
        """Return a value of JSON as the field holds it. Raises ValueError for one of another kind or size."""
        if isinstance(self.usual, tuple):
            if not isinstance(value, list | tuple) or len(value) > self.many:
                raise ValueError(self.name)
            return tuple(self._number(one, int) for one in value)
        if isinstance(self.usual, str):
            if not isinstance(value, str) or not (value in self.choices() or re.fullmatch(self.pattern, value)):
                raise ValueError(self.name)
            return value
        return self._number(value, type(self.usual))

    def _number(self, value: object, kind: type) -> Value:
        known = (int, float) if kind is float else int
        if isinstance(value, bool) or not isinstance(value, known):
            raise ValueError(self.name)
        if not (self.least <= value <= self.most or (value == 0 and self.zero is not None)):
            raise ValueError(self.name)
        return kind(value)

    def parsed(self, text: str) -> Value:
        """Return the value that is written so. Raises ArgumentTypeError, which says what can be."""
        try:
            if isinstance(self.usual, tuple):
                return self.checked(() if text.strip() == "0" else [int(part) for part in text.split(",")])
            if isinstance(self.usual, float):
                return self.checked(parse_number(text))
            return self.checked(text if isinstance(self.usual, str) else int(text))
        except ValueError as error:
            raise argparse.ArgumentTypeError(self.allowed) from error

    def written(self, value: Value) -> str:
        """Return what `parsed` reads back as `value`."""
        return (",".join(map(str, value)) or "0") if isinstance(value, tuple) else str(value).removesuffix(".0")

    def shown(self, value: Value) -> str:
        """Return the value in words: a choice by its name, a number with as few digits as say it."""
        if isinstance(value, tuple):
            return " + ".join(map(str, value)) or _("linear")
        if isinstance(value, str):
            return self.choices().get(value, value)
        if not value and self.zero is not None:
            return self.zero()
        number = f"{Decimal(repr(value)).normalize():f}"
        return number if self.unit is None else self.unit().format(number=number)

    @property
    def allowed(self) -> str:
        """What can be, in words."""
        least, most = self.written(self.least), self.written(self.most)
        if isinstance(self.usual, tuple):
            text = _("0 to {count} sizes, each {least} to {most}")
            return text.format(count=self.many, least=least, most=most)
        if isinstance(self.usual, float):
            apart = self.zero is not None and self.least > 0
            text = _("0, or a number from {least:g} to {most:g}") if apart else _("a number from {least:g} to {most:g}")
            return text.format(least=self.least, most=self.most)
        if isinstance(self.usual, int):
            return _("a whole number from {least} to {most}").format(least=least, most=most)
        return ", ".join([*self.choices(), *([] if self.others is None else [self.others()])])


def option(usual: Kind, title: Text, tip: Text, **more: Any) -> Kind:
    """Return a field of a dataclass that is an option, typed as its usual value: see `Option` for `more`."""
    made: Kind = field(default=usual, metadata={KEY: Option(title, tip, **more)})
    return made


def declared(kind: type) -> dict[str, Option]:
    """Return the options of a dataclass by name, in order, each with its usual value."""
    found: list[Field[Any]] = [one for one in fields(kind) if KEY in one.metadata]
    return {one.name: replace(one.metadata[KEY], name=one.name, usual=one.default) for one in found}


def add_options(parser: argparse.ArgumentParser, kind: type, names: Collection[str] = ()) -> None:
    """Have a command take the options of `kind`, each by its name; of the `names`, where some are given."""
    for name, one in declared(kind).items():
        if names and name not in names:
            continue
        lines = [f"{one.title()}. {one.help()}"]
        if isinstance(one.usual, str):
            lines.append(f"[{one.allowed}]")
        if not one.required:
            lines.append(_("(default: {value})").format(value=one.written(one.usual)))
        text = " ".join(lines).replace("%", "%%")
        flag, known = flag_of(one), {"default": one.usual, "required": one.required, "help": text}
        parser.add_argument(flag, dest=name, type=one.parsed, metavar=flag[2:].upper(), **known)


def flag_of(one: Option) -> str:
    """Return its name on the command line."""
    return "--" + (one.flag or one.name).replace("_", "-")
