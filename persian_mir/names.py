"""Names that people give freely, as an artist's: how they are kept, and when two writings are one name."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

LONGEST = 64
JOINERS = "\u200c\u200d"  # the half-space of Persian, and its opposite: invisible, but part of how a word is written
MARKUP = "<>"  # what a window or a page could take for more than a name
FORMULA = ("=", "+", "-", "@")  # what a spreadsheet would run
ALIKE = str.maketrans({"ي": "ی", "ى": "ی", "ك": "ک", "ـ": None, "'": None, "\u2019": None, "ʿ": None, "ʾ": None})
ORDER = str.maketrans(
    {letter: chr(0x600 + place) for place, letter in enumerate("آابپتثجچحخدذرزژسشصضطظعغفقکگلمنوهی")}
    | dict.fromkeys(JOINERS)
)
NUMBER = re.compile(r"\d+")
SEPARATORS = re.compile(r"[\s._\-\u2010-\u2015]+")


@lru_cache(maxsize=4096)
def clean_name(text: str) -> str:
    """`text` as it is kept: NFC, single spaces, without marks that only steer the direction of writing.

    Empty where it is no name: without a letter or digit, of more than 64 signs, with control characters, `<` or `>`, or
    beginning as a formula does.
    """
    name = _tidy(text)
    known = all(sign.isprintable() or sign in JOINERS for sign in name) and not set(MARKUP) & set(name)
    sound = known and any(map(str.isalnum, name)) and not name.startswith(FORMULA)
    return name if sound and len(name) <= LONGEST else ""


def is_name(text: str) -> bool:
    """Whether `text` is a name exactly as it is kept."""
    return bool(text) and clean_name(text) == text


@lru_cache(maxsize=4096)
def name_key(text: str) -> str:
    """The same for every writing of a name: Arabic or Persian yeh and kaf, vowel signs or none, half-space, space,
    hyphen or none (but `1-2` is not `12`), capitals or not, digits of any script.
    """
    plain = unicodedata.normalize("NFKC", _tidy(text)).translate(ALIKE).casefold()
    digits = "".join(str(unicodedata.decimal(sign, sign)) for sign in plain if not _silent(sign))
    joined = re.sub(r"(?<!\d) | (?!\d)", "", SEPARATORS.sub(" ", digits).strip())
    return unicodedata.normalize("NFKC", joined)  # an accent may have come to its letter only now


def search_key(text: str) -> str:
    """`name_key` without accents: what a search compares, so that few keys find much."""
    letters = unicodedata.normalize("NFKD", name_key(text))
    return "".join(sign for sign in letters if not unicodedata.combining(sign))


def alphabetic(name: str) -> str:
    """A key by which names stand in the order of the Persian alphabet, those in other scripts before them."""
    return name.translate(ALIKE).translate(ORDER).casefold()


def natural_key(text: str) -> str:
    """A key by which names stand as people count: `alphabetic`, and numbers by their value, in digits of any script."""
    return NUMBER.sub(_counted, alphabetic(text))


def _counted(number: re.Match[str]) -> str:
    """Digits behind how many they are, so that texts compare as the numbers do."""
    plain = "".join(str(unicodedata.decimal(sign)) for sign in number[0]).lstrip("0")
    return f"{len(plain):03d}{plain}"


def _tidy(text: str) -> str:
    """`text` as `clean_name` keeps it, whether it is a name or not."""
    seen = "".join(sign for sign in text if sign in JOINERS or unicodedata.category(sign) != "Cf")
    spaced = " ".join(unicodedata.normalize("NFC", seen).split())
    joined = re.sub(rf"([{JOINERS}])[{JOINERS}]+", r"\1", spaced)
    tight = re.sub(rf"(?:^|(?<= ))[{JOINERS}]|[{JOINERS}](?= |$)", "", joined)
    return unicodedata.normalize("NFC", re.sub("^'+", "'", " ".join(tight.split())))


def _silent(sign: str) -> bool:
    """A sign that is not seen, or an Arabic vowel's."""
    return unicodedata.category(sign) == "Cf" or "\u064b" <= sign <= "\u065f" or sign == "\u0670"
