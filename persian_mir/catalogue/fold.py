"""The one fold of Persian and Latin text, for what is searched and for what is searched for alike.

A text becomes words of small letters and digits, parted at every space, half-space and hyphen and between a digit and
a letter. So that any way of writing finds any other, the index also holds neighbours joined, and the query asks for
each word or for it joined to a neighbour; a word with other names (`resources/other_names.json`) is one key, `_segah`.
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Iterator, Sequence
from functools import cache
from itertools import pairwise

from persian_mir.resources import RESOURCES

ALIKE = str.maketrans(
    dict.fromkeys("أإآٱٲٳ", "ا")
    | dict.fromkeys("يىئېیٸ", "ی")
    | dict.fromkeys("كڪګ", "ک")
    | dict.fromkeys("ةۀہھەۃ", "ه")
    | dict.fromkeys("ؤۏ", "و")
    | {"ß": "ss", "ı": "i", "ø": "o", "æ": "ae", "œ": "oe", "ð": "d", "þ": "th", "ł": "l"}
)
SILENT = frozenset("ءـٔ'’‘`´ʼʿʾʻ′\u200d\u200e\u200f\u2060\ufeff\u00ad\u061c")
PARTS = re.compile(r"[^\W\d_]+|\d+")
LONGEST_NAME = 4  # words in a name of the table: "bayat e zand", "راست و پنج گاه"
BOUNDARY = "_"


def fold(text: str) -> tuple[str, ...]:
    """The words of `text`: `fold("سه‌گاهِ ۲")` is `("سه", "گاه", "2")`."""
    letters = unicodedata.normalize("NFKD", text.replace("\u0640", "")).casefold().translate(ALIKE)
    plain = "".join(_digit(sign) for sign in letters if sign not in SILENT and not unicodedata.combining(sign))
    return tuple(
        re.sub("وو+", "و", part) for part in PARTS.findall(unicodedata.normalize("NFKC", plain).translate(ALIKE))
    )


def joined(text: str) -> str:
    """`text` folded, without its spaces: one key for all ways of writing a name."""
    return "".join(fold(text))


def index_text(text: str) -> tuple[str, str]:
    """What the index holds of `text`: its words, and beside them neighbours joined and the keys of other names.

    Words of different lines are no neighbours: a mark stands between them.
    """
    lines = [fold(line) for line in text.splitlines()]
    pairs = {first + second for words in lines for first, second in pairwise(words)}
    whole = {"".join(parts) for parts in map(fold, re.split(r"[^\S\u200c]+", text)) if len(parts) > 2}
    keys = {key for words in lines for _at, _length, key in _names(words)}
    return f" {BOUNDARY} ".join(" ".join(words) for words in lines), " ".join(sorted(pairs | whole | keys))


def query(text: str, *, begun: bool = False) -> str:
    """The FTS5 expression for `text`; empty where it has no word. `begun`: the last word may be the beginning of one.

    Every word must be found, as it stands or joined to a neighbour. Words in quotation marks must stand side by side.
    """
    clauses = [
        _phrase(part) if place % 2 else _words(fold(part), begun and not text.endswith((" ", '"')))
        for place, part in enumerate(re.split('["«»“”]', text))
    ]
    return " AND ".join(clause for clause in clauses if clause)


def _words(words: Sequence[str], begun: bool) -> str:
    clauses: list[str] = []
    at = 0
    names = {place: (length, key) for place, length, key in _names(words)}
    while at < len(words):
        length, key = names.get(at, (1, ""))
        plain = " AND ".join(_word(words, place, begun) for place in range(at, at + length))
        clauses.append(f'("{key}" OR ({plain}))' if key else plain)
        at += length
    return " AND ".join(clauses)


def _word(words: Sequence[str], at: int, begun: bool) -> str:
    """One word, or it and up to two of its neighbours as one."""
    found = {"".join(words[first:last]) for first in range(max(at - 2, 0), at + 1) for last in _lasts(first, at, words)}
    end = "*" if begun and at == len(words) - 1 else ""
    return "(" + " OR ".join(f'"{one}"{end}' for one in sorted(found)) + ")"


def _lasts(first: int, at: int, words: Sequence[str]) -> range:
    return range(at + 1, min(first + 3, len(words)) + 1)


def _phrase(text: str) -> str:
    words = fold(text)
    return f'"{" ".join(words)}"' if words else ""


def _names(words: Sequence[str]) -> Iterator[tuple[int, int, str]]:
    """The names of the table within `words`, the longest at each place: where, of how many words, under which key."""
    table = other_names()
    for at in range(len(words)):
        for length in range(min(LONGEST_NAME, len(words) - at), 0, -1):
            key = table.get("".join(words[at : at + length]))
            if key is not None:
                yield at, length, key
                break


@cache
def other_names() -> dict[str, str]:
    """The key of each name that has others, by its joined fold."""
    table = json.loads((RESOURCES / "other_names.json").read_text(encoding="utf-8"))
    return {joined(name): "_" + joined(key) for key, names in table.items() for name in names}


def _digit(sign: str) -> str:
    return str(unicodedata.decimal(sign, sign))
