"""Pitches as people type them: in Hz, or as a note's name in Latin or Persian letters, with cents."""

from __future__ import annotations

import math
import re
import unicodedata

from persian_mir.errors import PersianMirError
from persian_mir.i18n import _
from persian_mir.modal.names import A_STEP, NATURALS, STEP_CENTS
from persian_mir.modal.profile import A4_HZ, OCTAVE_CENTS

LOWEST_HZ, HIGHEST_HZ = 20.0, 5000.0
USUAL_OCTAVE = 4

# Each letter's names, Do to Si; each sign's, in quarter tones. Longer ones are tried first.
LETTER_NAMES = (
    ("do", "ut", "c", "دو"),
    ("re", "ré", "d", "ر", "رِ"),
    ("mi", "e", "می"),
    ("fa", "f", "فا"),
    ("sol", "g", "سل", "سُل"),
    ("la", "a", "لا"),
    ("si", "ti", "b", "سی"),
)
SIGN_NAMES = (
    (-2, ("flat", "bemol", "bémol", "b", "♭", "بمل")),
    (-1, ("koron", "\U0001d1ea", "p", "کرن", "کُرُن")),
    (1, ("sori", "\U0001d1e9", ">", "سری", "سُری")),
    (2, ("sharp", "dièse", "diese", "diez", "#", "♯", "دیز")),
)
AUTO = ("", "auto", "automatic", "خودکار")

LETTERS_BY_NAME = {name: place for place, names in enumerate(LETTER_NAMES) for name in names}
SIGNS_BY_NAME = {name: steps for steps, names in SIGN_NAMES for name in names}


def _any_of(names: dict[str, int]) -> str:
    return "|".join(re.escape(name) for name in sorted(names, key=len, reverse=True))


HERTZ = re.compile(r"(\d+(?:\.\d+)?)\s*(?:hz|hertz|هرتز)?")
NOTE = re.compile(
    rf"(?P<letter>{_any_of(LETTERS_BY_NAME)})[\s-]*(?P<sign>{_any_of(SIGNS_BY_NAME)})?\s*(?P<octave>\d)?"
    r"\s*(?P<cents>[+-]\s*\d+(?:\.\d+)?)?\s*(?:c|¢|ct|cent|cents|سنت)?"
)


class PitchEntryError(PersianMirError):
    """What was typed is no pitch."""


def parse_pitch(text: str, near_hz: float | None = None) -> float | None:
    """The pitch in Hz that `text` names; None for "auto".

    "220", "220.5 Hz", "A3", "E koron 4", "Mi koron 4 +12", "می کرن". Without its octave a note is the one nearest to
    `near_hz`, or in the fourth octave. A = 440 Hz. Raises PitchEntryError, which says what is accepted.
    """
    plain = _plain(text)
    if plain in AUTO:
        return None
    hz = _hertz(plain)
    if hz is None:
        hz = _note(plain, near_hz)
    if hz is None or not LOWEST_HZ <= hz <= HIGHEST_HZ:
        raise PitchEntryError(
            _("“{text}” is no pitch between {low:.0f} and {high:.0f} Hz.").format(
                text=text.strip(), low=LOWEST_HZ, high=HIGHEST_HZ
            ),
            cure=_("Write a frequency (220.5 Hz), a note (A3, E koron 4, Sol 3 +12) or auto."),
        )
    return hz


def _plain(text: str) -> str:
    """Lower case, ASCII digits and signs, one kind of Persian letters, no invisible marks."""
    swaps = {"\u2212": "-", "–": "-", "٫": ".", ",": ".", "ي": "ی", "ى": "ی", "ك": "ک", "\u200c": " "}
    kept = []
    for letter in text.strip().lower():
        digit = unicodedata.digit(letter, None)
        if digit is not None:
            kept.append(str(digit))
        elif unicodedata.category(letter) != "Cf" or letter in swaps:
            kept.append(swaps.get(letter, letter))
    return "".join(kept).strip()


def _hertz(text: str) -> float | None:
    found = HERTZ.fullmatch(text)
    return float(found[1]) if found else None


def _note(text: str, near_hz: float | None) -> float | None:
    found = NOTE.fullmatch(text)
    if found is None:
        return None
    letter = LETTERS_BY_NAME[found["letter"]]
    steps = NATURALS[letter] + SIGNS_BY_NAME.get(found["sign"] or "", 0) - A_STEP
    cents = float((found["cents"] or "0").replace(" ", ""))
    fourth = A4_HZ * 2 ** ((steps * STEP_CENTS + cents) / OCTAVE_CENTS)
    if found["octave"] is not None:
        return fourth * 2.0 ** (int(found["octave"]) - USUAL_OCTAVE)
    octaves = 0 if near_hz is None else round(math.log2(near_hz / fourth))
    return fourth * 2.0**octaves
