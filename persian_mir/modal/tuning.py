"""Where the quarter tones of the notation are played: on the frets of a mode's own scale."""

from __future__ import annotations

from functools import cache

from persian_mir.modal.degrees import fret_quarter, scale_degrees
from persian_mir.modal.names import STEP_CENTS, STEPS
from persian_mir.modal.profile import OCTAVE_CENTS


@cache
def played_cents(mode: str) -> tuple[float, ...]:
    """Cents above the shahed of each of the 24 steps of the notation in `mode`.

    The degrees of the mode's opening stand on H. Farhat's average frets ("The Dastgah Concept in Persian Music",
    1990: his neutral second is 135 cents, not 150), all other steps on the quarter tone that is written.
    """
    cents = [step * STEP_CENTS for step in range(STEPS)]
    for degree in scale_degrees(mode):
        # Not by `step`: with Homayoun's third on its fret, 275, of three recordings one was taken for Segah.
        cents[fret_quarter(degree.farhat_cents) % STEPS] = degree.farhat_cents % OCTAVE_CENTS
    return tuple(cents)
