"""Translation of everything a user reads: English source, `resources/translations/<language>`.

The language is what the environment says (`LANGUAGE`, `LC_ALL`, `LC_MESSAGES`, `LANG`); the window sets `LANGUAGE`
from its own setting before anything is shown. Write `_("Sentence about {file}.").format(file=...)`: the literal is
what translators see. What is counted is said by `ngettext`, or by `persian_mir.plurals`. A number that `format` is
given gets the digits of the language; text stays as it is: give as text what is to be typed again.
"""

from __future__ import annotations

import gettext
import os
import re
from collections.abc import Iterator
from functools import lru_cache
from numbers import Real

from persian_mir.resources import RESOURCES
from persian_mir.visible import visible

DOMAIN = "persian_mir"
TRANSLATIONS = str(RESOURCES / "translations")
ISOLATE = re.compile("[\u2066-\u2068]|(\u2069)")
NUMBER = re.compile(
    r"(?<!\S)\S*[/\\]\S*|\d{4}-\d\d-\d\dT\S+|"  # a path or an address, a time for programs
    r"(?<![\w./\\])(?<![\w/\\.-]-)(\d+(?:\.\d+)?)(?![\w/\\-]|\.\w)( ?%)?"  # not of `v1-95M`, `2_5.flac`, `2e-05`
)
VARIABLES = ("LANGUAGE", "LC_ALL", "LC_MESSAGES", "LANG")


def _(text: str) -> str:
    """`text` in the user's language, or unchanged where no translation is known."""
    translation = _translation()
    return _said(translation.gettext(text), translation)


def ngettext(one: str, many: str, number: int) -> str:
    """`one` where `number` asks for it, else `many`, in the user's language; both literals, as for `_`."""
    translation = _translation()
    return _said(translation.ngettext(one, many, number), translation)


def percent(share: float) -> str:
    """`86%`, the sign as the language has it; what is next to nothing is `under 1%`."""
    whole = round(100 * share)
    text = _("{number}%") if whole else _("under {number}%")
    return text.format(number=digits(str(whole or 1)))


def digits(text: str) -> str:
    """`text`, a number, with the digits and the decimal sign of the language."""
    ours = "0123456789."
    return text.translate(str.maketrans(ours, _("0123456789.")))


def figures(text: str) -> str:
    """`text` with its numbers as `digits` has them; what is joined to letters, as in `2_5.flac`, stays as it is, and
    so does what is isolated from the text (U+2066, 2067 or 2068 to U+2069): a name.

    The sign of per cent after a number is that of the language, too.
    """
    sign = _("{number}%").format(number="")

    def shown(found: re.Match[str]) -> str:
        number, after = found[1], found[2] or ""
        return found[0] if number is None else digits(number) + (sign if after and sign != "%" else after)

    return "".join(part if isolated else NUMBER.sub(shown, part) for part, isolated in _parts(text))


def _parts(text: str) -> Iterator[tuple[str, bool]]:
    """The stretches of `text`, each with whether it is isolated; one that is not closed reaches to the end."""
    start = depth = 0
    for found in ISOLATE.finditer(text):
        if found[1] is None:
            if not depth:
                yield text[start : found.start()], False
                start = found.start()
            depth += 1
        elif depth:
            depth -= 1
            if not depth:
                yield text[start : found.end()], True
                start = found.end()
    yield text[start:], depth > 0


def quoted(text: str) -> str:
    """`text` as a user wrote it, in the quotation marks of the language; what would steer a terminal is spelt out."""
    return _("“{text}”").format(text=visible(text))


def language() -> str:
    """The language in which texts are shown: `en` unless a translation into the user's is here."""
    return _translation().info().get("language", "en")


class _Wording(str):
    """A text of a language with digits of its own: the numbers that it is formatted with get them, names do not."""

    __slots__ = ()

    def format(self, *args: object, **kwargs: object) -> str:
        """Return it with its places filled."""
        return str.format(self, *map(_figure, args), **{name: _figure(one) for name, one in kwargs.items()})


class _Figure:
    """A number whose digits are those of the language however it is formatted."""

    __slots__ = ("_value",)

    def __init__(self, value: Real) -> None:
        self._value = value

    def __format__(self, spec: str) -> str:
        return figures(format(self._value, spec))


def _figure(value: object) -> object:
    return _Figure(value) if isinstance(value, Real) and not isinstance(value, bool) else value


def _said(text: str, translation: gettext.NullTranslations) -> str:
    """`text`, which gets numbers as its language writes them; a plain string where those are ours."""
    return text if type(translation) is gettext.NullTranslations else _Wording(text)


def _translation() -> gettext.NullTranslations:
    return _of(tuple(os.environ.get(name) for name in VARIABLES))


@lru_cache
def _of(_environment: tuple[str | None, ...]) -> gettext.NullTranslations:
    """What the environment asks for; looked up on the disk once only, for a window says thousands of words."""
    return gettext.translation(DOMAIN, TRANSLATIONS, fallback=True)
