"""Whether the neutral intervals of a mode are played, by which most Persian modes differ from those of neighbours.

The koron notes lie between the semitone and the tone. Tunings by fifths and pure thirds have nothing there: those of
makams in theory (H. S. Arel: a chain of fifths, within 2 cents of these ratios) and of Indian thaats (pure intervals).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from math import log2

import numpy as np

from persian_mir.i18n import _
from persian_mir.modal.degrees import FRET_REACH_CENTS, Degree, ScaleDegree, around, fret_quarter, scale_degrees
from persian_mir.modal.names import STEP_CENTS
from persian_mir.modal.profile import OCTAVE_CENTS

# Each interval from the diatonic semitone to the seventh by fifths alone, and with a pure third.
RATIOS = (
    (256, 243), (16, 15), (10, 9), (9, 8), (32, 27), (6, 5), (5, 4), (81, 64), (4, 3), (45, 32), (729, 512), (3, 2),
    (128, 81), (8, 5), (5, 3), (27, 16), (16, 9), (9, 5), (15, 8), (243, 128), (2, 1), (1, 1),
)  # fmt: skip
PURE_CENTS = np.array([OCTAVE_CENTS * log2(upper / lower) for upper, lower in RATIOS])
APART_CENTS = 15.0  # of a fret from all of these, if it is neutral: the koron frets are 20 or more, the others up to 10
FIXED_CENTS = np.array([0.0, 500.0, 700.0, OCTAVE_CENTS])  # the ends of the tetrachords, alike in all tunings
FIXED_REACH_CENTS = 5.0


@dataclass(frozen=True, slots=True)
class _Place:
    """A degree of a mode: cents over its shahed, over its first degree, and there from the lowest to the highest."""

    shahed_cents: float
    first_cents: float
    low_cents: float
    high_cents: float

    @property
    def neutral(self) -> bool:
        return _from_pure(self.first_cents) > APART_CENTS

    @property
    def fixed(self) -> bool:
        return bool(np.abs(FIXED_CENTS - self.first_cents).min() <= FIXED_REACH_CENTS)


def why_foreign(degrees: Sequence[Degree], mode: str) -> str:
    """A sentence that says why what is most like `mode` may be other music, by its degrees, or nothing."""
    if neutral_lead(degrees, mode) >= 0:
        return ""
    return _("Its koron notes are played as semitones or whole tones: it may be music of another tradition.")


def neutral_lead(degrees: Sequence[Degree], mode: str) -> float:
    """How much nearer the neutral degrees of `mode` lie to where it has them than to any pure interval, cents squared.

    Where it has them: from H. Farhat's fret to A. N. Vaziri's quarter tone. It is the mean by time of the differences
    of the squared distances, so below 0 other music is the likelier, with the same spread for either. All is measured
    from the first, fourth and fifth degree. 0 where none of these, or no neutral degree, is heard.
    """
    heard = list(_heard(degrees, mode))
    fixed = np.array([(off, weight) for place, off, weight in heard if place.fixed])
    leads = [(place, off, weight) for place, off, weight in heard if place.neutral]
    if not len(fixed) or not leads:
        return 0.0
    zero = float(np.average(fixed[:, 0], weights=fixed[:, 1]))
    found = [_lead(place, place.first_cents + off - zero) for place, off, _weight in leads]
    return float(np.average(found, weights=[weight for _place, _off, weight in leads]))


def _lead(place: _Place, cents: float) -> float:
    own = max(place.low_cents - cents, cents - place.high_cents, 0.0)
    return _from_pure(cents) ** 2 - own**2


def _heard(degrees: Sequence[Degree], mode: str) -> Iterator[tuple[_Place, float, float]]:
    """The degrees of the mode that are heard: how many cents above theirs, and for what share of the time."""
    for degree in degrees:
        place = min(_places(mode), key=lambda one: abs(around(degree.cents - one.shahed_cents)))
        off = around(degree.cents - place.shahed_cents)
        if abs(off) <= FRET_REACH_CENTS:
            yield place, off, degree.weight


@cache
def _places(mode: str) -> tuple[_Place, ...]:
    scale = scale_degrees(mode)
    first = next(degree for degree in scale if degree.number == 1)
    return tuple(_place(degree, first) for degree in scale)


def _place(degree: ScaleDegree, first: ScaleDegree) -> _Place:
    fret = (degree.farhat_cents - first.farhat_cents) % OCTAVE_CENTS
    steps = fret_quarter(degree.farhat_cents) - fret_quarter(first.farhat_cents)  # as played, not as it is written
    quarter = steps * STEP_CENTS % OCTAVE_CENTS
    return _Place(degree.farhat_cents, fret, min(fret, quarter), max(fret, quarter))


def _from_pure(cents: float) -> float:
    return float(np.abs(PURE_CENTS - cents).min())
