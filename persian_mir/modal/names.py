"""Names of notes as Iranian musicians write them: Do, Re, Mi, with koron (a quarter tone lower) and sori (higher)."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from persian_mir.i18n import _
from persian_mir.modal.profile import A4_HZ, OCTAVE_CENTS

Sign = Literal["", "koron", "sori", "flat", "sharp"]

LETTERS = ("Do", "Re", "Mi", "Fa", "Sol", "La", "Si")
NATURALS = (0, 4, 8, 10, 14, 18, 22)  # quarter tones above Do
SIGNS: dict[int, Sign] = {-2: "flat", -1: "koron", 0: "", 1: "sori", 2: "sharp"}
GLYPHS: dict[Sign, str] = {"": "", "koron": "\U0001d1ea", "sori": "\U0001d1e9", "flat": "♭", "sharp": "♯"}
STEP_CENTS = 50.0
STEPS = 24
A_STEP = 18  # of A above Do
AS_NEAR = 0.1  # steps, 5 cents: a tonic is not measured more exactly


@dataclass(frozen=True, slots=True)
class NoteName:
    """A letter (`Do` to `Si`), a sign, and the octave in scientific pitch notation (A4 = 440 Hz)."""

    letter: str
    sign: Sign
    octave: int

    @property
    def glyph(self) -> str:
        """The sign as one character; koron and sori (U+1D1EA, U+1D1E9) are missing from most fonts: see `text`."""
        return GLYPHS[self.sign]

    @property
    def step(self) -> int:
        """Quarter tones above C4."""
        sign = next(steps for steps, name in SIGNS.items() if name == self.sign)
        return NATURALS[LETTERS.index(self.letter)] + sign + STEPS * (self.octave - 4)

    @property
    def hz(self) -> float:
        """Its pitch in quarter tones, for A = 440 Hz."""
        return float(A4_HZ * 2 ** ((self.step - A_STEP) * STEP_CENTS / OCTAVE_CENTS))

    @property
    def spoken_letter(self) -> str:
        """The letter in the user's language."""
        return letters_spoken()[LETTERS.index(self.letter)]

    @property
    def text(self) -> str:
        """The name in words and common signs: `Mi koron`, `Si♭`."""
        if self.sign == "koron":
            return _("{letter} koron").format(letter=self.spoken_letter)
        if self.sign == "sori":
            return _("{letter} sori").format(letter=self.spoken_letter)
        return self.spoken_letter + self.glyph


def letters_spoken() -> tuple[str, ...]:
    """`LETTERS` in the user's language."""
    return _("Do"), _("Re"), _("Mi"), _("Fa"), _("Sol"), _("La"), _("Si")


@dataclass(frozen=True, slots=True)
class Spelling:
    """How a scale is written: `tonic_step` quarter tones above C4, and the letter (0 Do to 6 Si) of the tonic.

    `offset_cents`: how far the tonic as played lies above the note it is written as, for A = 440 Hz.
    """

    tonic_step: int
    tonic_letter: int
    offset_cents: float

    def note(self, step: int, degrees_up: int | None = None) -> NoteName:
        """The note `step` quarter tones over the tonic; `degrees_up` letters above it where the scale says so."""
        place = self.tonic_step + step
        letter = None if degrees_up is None else (self.tonic_letter + degrees_up) % 7
        if letter is None or _accidental(place, letter) not in SIGNS:
            letter = _plain_letter(place)
        accidental = _accidental(place, letter)
        octave = 4 + (place - accidental - NATURALS[letter]) // STEPS
        return NoteName(LETTERS[letter], SIGNS[accidental], octave)


def note_name(hz: float, offset_cents: float = 0.0) -> NoteName:
    """The note nearest to `hz` in quarter tones, once `offset_cents` of tuning above A = 440 Hz are taken off."""
    return plain_name(round(_steps_above_c4(hz) - offset_cents / STEP_CENTS))


def plain_name(step: int) -> NoteName:
    """The usual name of a quarter tone above C4: naturals first, then koron and flat."""
    return Spelling(step, _plain_letter(step), 0.0).note(0)


def spell(tonic_hz: float, steps: Sequence[tuple[int, int]], offset_cents: float | None = None) -> Spelling:
    """How to write the scale of `steps` (quarter tones and letters above the tonic) that is played on `tonic_hz`.

    Of the quarter tones next to the tonic the one is taken that needs fewest koron and sori, as musicians do: Segah
    is written from Mi koron, Shour from Sol; of two as near, within `AS_NEAR`, the lower, so koron rather than sori. Of
    two letters the one with fewest signs. `offset_cents`: how far all is played above what is written, where other
    notes of it are written already; the tonic is then the quarter tone nearest to it.
    """
    exact = _steps_above_c4(tonic_hz)
    near = [round(exact) + k for k in (-1, 0, 1)]
    if offset_cents is not None:
        near = [round(exact - offset_cents / STEP_CENTS)]
    odd = {step: sum((step + over) % 2 for over, _letters in steps) for step in near}
    tonic = min(near, key=lambda step: (odd[step], round(abs(exact - step) / AS_NEAR), step))

    def signs(letter: int) -> tuple[int, int]:
        places = [(tonic + over, (letter + letters) % 7) for over, letters in steps] or [(tonic, letter)]
        accidentals = [abs(_accidental(*place)) for place in places]
        return sum(10 if a > 2 else a for a in accidentals), abs(letter - _plain_letter(tonic))

    letters = [k for k in range(7) if _accidental(tonic, k) in SIGNS]
    return Spelling(tonic, min(letters, key=signs), (exact - tonic) * STEP_CENTS)


def _steps_above_c4(hz: float) -> float:
    return OCTAVE_CENTS / STEP_CENTS * math.log2(hz / A4_HZ) + A_STEP


def _accidental(step: int, letter: int) -> int:
    """Quarter tones from the natural of a letter to a step, the nearest way round."""
    return (step - NATURALS[letter] + STEPS // 2) % STEPS - STEPS // 2


def _plain_letter(step: int) -> int:
    """The letter that a step is usually written with: naturals first, then koron and flat from above, Fa and Do up."""
    raised = {1: 0, 11: 3, 10: 3, 12: 3}
    place = step % STEPS
    if place in raised:
        return raised[place]
    return next(k for sign in (0, -1, -2, 1, 2) for k in range(7) if _accidental(place, k) == sign)
