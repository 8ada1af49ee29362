"""The degrees of what was heard: measured, named, and beside three theories."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from functools import cache

import numpy as np

from persian_mir.modal.names import STEP_CENTS, STEPS, NoteName, spell
from persian_mir.modal.profile import BINS, OCTAVE_CENTS, Floats, smoothing
from persian_mir.modal.radif import load_radif
from persian_mir.resources import RESOURCES

BIN_CENTS = OCTAVE_CENTS / BINS
LEAST_DEGREE = 0.01  # share of the sounding time; less is an ornament
DEGREE_REACH_CENTS = 50.0
RADIF_SHARE = 0.01  # of a mode's time in the radif from which a quarter tone belongs to its scale
FRET_REACH_CENTS = 40.0  # how far a played degree lies from its fret at most: Farhat's 705 - 665 and 340 - 300


@dataclass(frozen=True, slots=True)
class Degree:
    """A pitch class that sounds: cents above the shahed (-50 to 1150), spread (standard deviation), share of the time.

    `name` is that of the nearest quarter tone, None where nothing is known of the mode. Theory, each in cents above the
    shahed: `tet24_cents` that quarter tone; `radif_cents` the same where the radif uses it in this mode; `farhat_cents`
    the nearest of H. Farhat's average frets (1966) for the mode's opening. The last two are None where there is none.
    """

    cents: float
    spread_cents: float
    weight: float
    name: NoteName | None = None
    tet24_cents: float = 0.0
    farhat_cents: float | None = None
    radif_cents: float | None = None

    @property
    def theory_cents(self) -> float:
        """Farhat's fret where the mode has one there, else the quarter tone."""
        return self.tet24_cents if self.farhat_cents is None else self.farhat_cents

    @property
    def off_farhat_cents(self) -> float | None:
        """Measured less Farhat's fret, where the mode has one there."""
        return None if self.farhat_cents is None else around(self.cents - self.farhat_cents)


@dataclass(frozen=True, slots=True)
class ScaleDegree:
    """A degree of a mode in theory: cents above the shahed as Farhat's frets and in quarter tones, letters above it.

    `number`: which degree of the Dastgah it is, 1 to 7.
    """

    farhat_cents: float
    step: int
    letters: int
    number: int


@cache
def scale_degrees(mode: str) -> tuple[ScaleDegree, ...]:
    """The opening of a mode, low to high, from `resources/scales.json`."""
    row = json.loads((RESOURCES / "scales.json").read_text(encoding="utf-8"))["modes"][mode]
    place = row["cents"].index(0)
    letters = _rising(row["cents"], row["degrees"])
    # Written from the first degree: over its koron shahed, which lies 15 cents off, Homayoun's Si would be Si sori.
    first = row["cents"][row["degrees"].index(1)]
    return tuple(
        ScaleDegree(float(cents), fret_quarter(cents - first) - fret_quarter(-first), letter - letters[place], number)
        for cents, letter, number in zip(row["cents"], letters, row["degrees"], strict=True)
    )


@cache
def radif_steps(mode: str) -> tuple[int, ...]:
    """The quarter tones 0..23 above the shahed that the radif dwells on in a mode."""
    radif = load_radif()
    mine = [k for k, gusheh in enumerate(radif.gushehs) if gusheh.mode == mode]
    shares = radif.profiles[mine] / radif.profiles[mine].sum(axis=1, keepdims=True)
    return tuple(int(k) for k in np.flatnonzero(shares.mean(axis=0) >= RADIF_SHARE))


def around(cents: float) -> float:
    """The same interval within half an octave of nothing."""
    return (cents + OCTAVE_CENTS / 2) % OCTAVE_CENTS - OCTAVE_CENTS / 2


def named(degrees: tuple[Degree, ...], mode: str, tonic_hz: float) -> tuple[Degree, ...]:
    """The degrees with their names in a mode on `tonic_hz`, and with theory beside them."""
    scale, used = scale_degrees(mode), radif_steps(mode)
    spelling = spell(tonic_hz, [(degree.step, degree.letters) for degree in scale])
    rows = []
    for degree in degrees:
        near = min(scale, key=lambda known: abs(around(degree.cents - known.farhat_cents)))
        inside = abs(around(degree.cents - near.farhat_cents)) <= FRET_REACH_CENTS
        quarter = round(degree.cents / STEP_CENTS) % STEPS
        rows.append(
            replace(
                degree,
                name=spelling.note(quarter, near.letters if inside else None),
                tet24_cents=quarter * STEP_CENTS,
                farhat_cents=near.farhat_cents % OCTAVE_CENTS if inside else None,
                radif_cents=quarter * STEP_CENTS if quarter in used else None,
            )
        )
    return tuple(rows)


def find_degrees(profile: Floats, shift_cents: float = 0.0) -> tuple[Degree, ...]:
    """The peaks of a profile [240], by cents; each has the bins within a quarter tone that no other is nearer to.

    `shift_cents`: how far bin 0 lies above the tonic, octaves aside.
    """
    smooth = smoothing(BINS, BINS, 15.0) @ profile
    peaks = np.flatnonzero((smooth > np.roll(smooth, 1)) & (smooth >= np.roll(smooth, -1)))
    apart = (np.arange(BINS)[:, None] - peaks + BINS / 2) % BINS - BINS / 2
    owner = np.argmin(np.abs(apart), axis=1)
    degrees = []
    for k, peak in enumerate(peaks):
        mine = (owner == k) & (np.abs(apart[:, k]) * BIN_CENTS <= DEGREE_REACH_CENTS)
        weight = float(profile[mine].sum())
        if weight < LEAST_DEGREE:
            continue
        offset = apart[mine, k] * BIN_CENTS
        mean = float((profile[mine] @ offset) / weight)
        spread = float(np.sqrt(max(profile[mine] @ (offset - mean) ** 2 / weight, 0.0)))
        cents = (float(peak) * BIN_CENTS + mean + shift_cents + DEGREE_REACH_CENTS) % OCTAVE_CENTS - DEGREE_REACH_CENTS
        degrees.append(Degree(cents, spread, weight))
    return tuple(sorted(degrees, key=lambda degree: degree.cents))


def fret_quarter(farhat_cents: float) -> int:
    """The quarter tone a fret stands for: Farhat's koron notes lie 10 to 15 cents low, his fifth and others 5 high."""
    return round((farhat_cents + 5) / STEP_CENTS)


def _rising(cents: list[int], degrees: list[int]) -> list[int]:
    """Degree numbers 1..7, low to high, as letters that keep counting over the octave."""
    letters = [degrees[0]]
    for k in range(1, len(cents)):
        step = (degrees[k] - degrees[k - 1]) % 7
        letters.append(letters[-1] + step)
    return letters
