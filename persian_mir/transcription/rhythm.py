"""How long notes are written: on the grid of a steady pulse, or in free metre by their own length."""

from __future__ import annotations

import math
from collections.abc import Sequence
from fractions import Fraction

import numpy as np

from persian_mir.transcription.score import LONGEST, SHORTEST

UNITS_S = np.geomspace(0.1, 0.5, 120)  # the shortest length of a pulse's grid
LEAST_FIT = 0.7  # mean cosine of the intervals about the grid: all within about an eighth of a unit
LEAST_INTERVALS = 16
BEAT_S = 0.6  # what a quarter note is nearest to: 100 a minute


def find_unit(intervals_s: Sequence[float]) -> float | None:
    """The longest unit of which the intervals between beginnings are whole multiples, in seconds; None in free metre.

    How well a unit u fits is the mean of cos(2 pi interval / u): 1 for multiples, about 0 for lengths at random.
    """
    if len(intervals_s) < LEAST_INTERVALS:
        return None
    intervals = np.asarray(intervals_s)
    fits = np.cos(2 * np.pi * intervals[:, None] / UNITS_S).mean(axis=0)
    chance = 4.5 / math.sqrt(2 * len(intervals))  # of all units tried, the best by chance stays under it
    good = np.flatnonzero(fits >= max(LEAST_FIT, chance))
    if not len(good):
        return None
    near_longest = good[UNITS_S[good] > UNITS_S[good[-1]] * 0.9]
    return float(UNITS_S[near_longest[np.argmax(fits[near_longest])]])


def beat_of(unit_s: float) -> tuple[float, Fraction]:
    """How long a quarter note lasts, and what part of it the unit is, so that the beat is nearest to 100 a minute."""
    count = min((1, 2, 3, 4), key=lambda k: abs(math.log(k * unit_s / BEAT_S)))
    written = 2 if count == 3 else count  # three eighths are a beat of a dotted quarter
    return unit_s * written, Fraction(1, written)


def on_grid(seconds: float, unit_s: float, part: Fraction) -> Fraction:
    """A length in quarter notes, a whole number of units and at least one."""
    return max(1, round(seconds / unit_s)) * part


def proportional(seconds: float, median_s: float) -> Fraction:
    """A length in quarter notes where the median note is one: the nearest power of two, a sixteenth to a whole note."""
    power = round(math.log2(max(seconds, 1e-3) / median_s))
    return min(max(Fraction(2) ** power, SHORTEST), LONGEST)
