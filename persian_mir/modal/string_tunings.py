"""How instruments are tuned (kuk): which note each string has, for a Dastgah where the tuning is of one.

Sources, read on 28 November 2026:

- `setarkhaneh`: setarkhaneh.blogfa.com/post-5.aspx, the six tunings in which the radif is taught on the setar, strings
  from the first: do sol do do for Mahour, Chahargah and Abuata; do sol do fa for Shour, Dashti, Afshari and
  Bayat-e-Kord; do sol si-flat fa for Bayat-e-Tork; do sol la-koron fa for Segah; do sol re re for Homayoun, Nava and
  Bayat-e-Esfahan; do fa do do for Rast-Panjgah. Those of the tar are the same, its first two strings doubled
  (shahravamusic.ir, "Tunings of tar and setar", and the article "Setar" of the Persian Wikipedia, which gives the same
  for Mahour and Shour). The octaves: the first string is the Do in the middle of the keyboard
  (taar-setaar.monoblog.ir); the third sounds with it, the fourth an octave lower (wikiwebia.ir, "What is the setar?").
- `santoori`: santoori.com/santoor_tuning_chart.html, the 27 notes of a santoor of nine bridges in Shour on Sol. The
  avaz of Shour are tuned alike (chegane.com, "Tuning the santoor in the Dastgahs").
- `4gah`: 4gah.com, "The kamancheh": mi la re sol, mi la mi la, or re la re la; the last, on a kamancheh that is read a
  tone higher, is the do sol do sol of Mahour (senatorha.com/forum, thread 9972).
- `lute`: lute.persianblog.ir, "Tuning the oud": do sol re la sol, with a sixth course at the bottom re.

What none of these tells is left out: the santoor in other Dastgahs, kamancheh and oud Dastgah by Dastgah. All sound at
the pitch that suits the player and the strings, mostly one to three semitones below what they are called.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import log2
from typing import Literal

from persian_mir.modal.names import A_STEP, LETTERS, SIGNS, STEP_CENTS, NoteName
from persian_mir.modal.profile import A4_HZ, OCTAVE_CENTS

StringKind = Literal["white", "yellow", "high", "bass", "behind", ""]

SETAR: tuple[StringKind, ...] = ("white", "yellow", "high", "bass")
SANTOOR: tuple[StringKind, ...] = ("yellow", "white", "behind")


@dataclass(frozen=True, slots=True)
class TunedString:
    """One string, or course: its note, what it is called, and its number on the instrument from 1."""

    note: NoteName
    kind: StringKind
    number: int


@dataclass(frozen=True, slots=True)
class StringTuning:
    """A tuning of an instrument: the modes that it is for (none: for any), its strings and where that is written."""

    instrument: str
    modes: tuple[str, ...]
    strings: tuple[TunedString, ...]
    source: str

    @property
    def id(self) -> str:
        """A name of its own, by which a choice is kept."""
        return f"{self.instrument}:{' '.join(self.modes)}:{' '.join(_short(one.note) for one in self.strings)}"


def note(text: str) -> NoteName:
    """The note that `La-koron 3` names."""
    name, octave = text.split()
    letter, _dash, sign = name.partition("-")
    known = next((one for one in SIGNS.values() if one == sign), None)
    if letter not in LETTERS or known is None:
        raise ValueError(f"no note: {text}")
    return NoteName(letter, known, int(octave))


def sounding_hz(one: NoteName, a4_hz: float = A4_HZ, transposed: int = 0) -> float:
    """Its pitch for A = `a4_hz`, `transposed` semitones higher than it is called."""
    return float(a4_hz * 2 ** (((one.step - A_STEP) * STEP_CENTS + 100 * transposed) / OCTAVE_CENTS))


def reference_for(tonic_hz: float, called: NoteName) -> tuple[float, int]:
    """A in Hz and the transposition in semitones with which a tonic sounds as the note that it is called."""
    away = OCTAVE_CENTS * log2(tonic_hz / sounding_hz(called))
    away = (away + OCTAVE_CENTS / 2) % OCTAVE_CENTS - OCTAVE_CENTS / 2
    semitones = round(away / 100)
    return A4_HZ * 2 ** ((away - 100 * semitones) / OCTAVE_CENTS), semitones


def nearest_string(tuning: StringTuning, hz: float, a4_hz: float, transposed: int) -> tuple[int, float]:
    """The place of the string whose note is nearest to a pitch, and how many cents the pitch lies above it."""
    away = [OCTAVE_CENTS * log2(hz / sounding_hz(one.note, a4_hz, transposed)) for one in tuning.strings]
    place = min(range(len(away)), key=lambda k: abs(away[k]))
    return place, away[place]


def tunings_of(instrument: str) -> tuple[StringTuning, ...]:
    """The tunings of an instrument, in the order in which they are taught."""
    return tuple(one for one in TUNINGS if one.instrument == instrument)


def _short(one: NoteName) -> str:
    return f"{one.letter}-{one.sign}{one.octave}" if one.sign else f"{one.letter}{one.octave}"


def _plucked(modes: str, strings: str) -> tuple[StringTuning, ...]:
    """The same for setar and tar."""
    notes = [note(one.strip()) for one in strings.split(",")]
    tuned = tuple(TunedString(one, SETAR[k], k + 1) for k, one in enumerate(notes))
    return tuple(StringTuning(name, tuple(modes.split()), tuned, "setarkhaneh") for name in ("setar", "tar"))


def _other(instrument: str, modes: str, strings: str, source: str) -> StringTuning:
    notes = [note(one.strip()) for one in strings.split(",")]
    tuned = tuple(TunedString(one, "", k + 1) for k, one in enumerate(notes))
    return StringTuning(instrument, tuple(modes.split()), tuned, source)


def _santoor(modes: str, rows: tuple[str, str, str]) -> StringTuning:
    """Nine bridges: the yellow strings, the white ones before and behind theirs."""
    strings = tuple(
        TunedString(note(one.strip()), kind, number + 1)
        for kind, row in zip(SANTOOR, rows, strict=True)
        for number, one in enumerate(row.split(","))
    )
    return StringTuning("santoor", tuple(modes.split()), strings, "santoori")


TUNINGS: tuple[StringTuning, ...] = (
    *_plucked("mahour chahargah abuata", "Do 4, Sol 3, Do 4, Do 3"),
    *_plucked("shour dashti afshari bayat-e-kord", "Do 4, Sol 3, Do 4, Fa 3"),
    *_plucked("bayat-e-tork", "Do 4, Sol 3, Si-flat 3, Fa 3"),
    *_plucked("segah", "Do 4, Sol 3, La-koron 3, Fa 3"),
    *_plucked("homayoun nava bayat-e-esfahan", "Do 4, Sol 3, Re 4, Re 3"),
    *_plucked("rast-panjgah", "Do 4, Fa 3, Do 4, Do 3"),
    _santoor(
        "shour abuata bayat-e-tork afshari dashti bayat-e-kord",
        (
            "Mi-koron 3, Fa 3, Sol 3, La-koron 3, Si-flat 3, Do 4, Re 4, Mi-flat 4, Fa 4",
            "Mi-koron 4, Fa 4, Sol 4, La-koron 4, Si-flat 4, Do 5, Re-koron 5, Mi-flat 5, Fa 5",
            "Mi-koron 5, Fa 5, Sol 5, La-flat 5, Si-flat 5, Do 6, Re-koron 6, Mi-flat 6, Fa 6",
        ),
    ),
    _other("kamancheh", "", "Mi 5, La 4, Re 4, Sol 3", "4gah"),
    _other("kamancheh", "", "Mi 5, La 4, Mi 4, La 3", "4gah"),
    _other("kamancheh", "mahour", "Re 5, La 4, Re 4, La 3", "4gah"),
    _other("oud", "", "Do 4, Sol 3, Re 3, La 2, Sol 2", "lute"),
    _other("oud", "", "Do 4, Sol 3, Re 3, La 2, Sol 2, Re 2", "lute"),
)
INSTRUMENTS = tuple(dict.fromkeys(one.instrument for one in TUNINGS))
