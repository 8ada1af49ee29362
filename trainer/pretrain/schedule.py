"""Which weights learn at a step, and how fast: heads alone, then the front end with them, then everything.

Each stage warms up over its first tenth and falls off as a cosine (CultureMERT, A. Kanatas and others, ISMIR 2025,
re-warms in two stages; the heads' own comes before, as the hub's files hold none).
"""

from __future__ import annotations

import math
from dataclasses import dataclass

SHARES = (0.1, 0.25)  # of the steps, that the first and second stage take; none of a model begun from nothing
HEADS_RATE = 1e-3
FRONT_FACTOR = 2.0  # of the highest rate, in the second stage
CONVOLUTIONS = 0.1  # of the rate, as in both recipes
WARM = 0.1
FLOOR = 0.01  # of a stage's highest rate, at its end


@dataclass(frozen=True, slots=True)
class Rates:
    """Learning rates of the heads, the convolutions with their projection, and the rest; 0 where nothing is learnt."""

    heads: float
    front: float
    rest: float


def rates(step: int, steps: int, highest: float, from_nothing: bool) -> Rates:
    """The rates of step 0 .. `steps` - 1."""
    first, second = (0, 0) if from_nothing else (round(steps * SHARES[0]), round(steps * SHARES[1]))
    if step < first:
        return Rates(HEADS_RATE * _shape(step, first), 0.0, 0.0)
    if step < first + second:
        rate = FRONT_FACTOR * highest * _shape(step - first, second)
        return Rates(rate, rate * CONVOLUTIONS, 0.0)
    rate = highest * _shape(step - first - second, steps - first - second)
    return Rates(rate, rate * CONVOLUTIONS, rate)


def _shape(step: int, steps: int) -> float:
    """From near 0 up to 1 and down to `FLOOR`."""
    warm = max(1, round(WARM * steps))
    if step < warm:
        return (step + 1) / warm
    along = (step - warm) / max(1, steps - warm)
    return FLOOR + (1 - FLOOR) * 0.5 * (1 + math.cos(math.pi * along))
