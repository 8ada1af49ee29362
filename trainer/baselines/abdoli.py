"""After S. Abdoli (ISMIR 2011): Dastgahs by the similarity of interval type-2 fuzzy sets; nothing is learnt.

As published: unpitched frames are dropped, notes found by subtractive clustering and folded into one octave; each note
is an interval type-2 (IT2) set, and a piece is compared with prototypes that are sets of such sets. Our choices, since
the details were not readable: held notes of this program's pitch track in place of SWIPE's frames; clustering on the
circle of the octave, which makes merging by the Mahalanobis distance unneeded; Gaussian sets; quarter-tone degrees of
the notated openings as prototypes; Jaccard as the similarity; a search over 48 tonics.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray

from persian_mir.labels import MODAL_TASKS, label_ids
from persian_mir.modal.degrees import scale_degrees
from persian_mir.modal.names import STEP_CENTS
from persian_mir.modal.notes import HeldNote, find_notes
from persian_mir.modal.pitch import RATE
from persian_mir.modal.profile import OCTAVE_CENTS, cents_of
from trainer.baselines.baseline import Arrays, Baseline, Examples, Floats
from trainer.baselines.modes import class_modes, mode_logits
from trainer.baselines.pitch_profile import track_of

TONICS = 48
STEP = 5.0  # cents of the grid on which memberships are compared
POTENTIAL_CENTS, REACH_CENTS = 20.0, 40.0  # of the clustering: width of a note's potential, and what a cluster takes
LEAST_SHARE, MOST_NOTES = 0.01, 12
LEAST_SPREAD = 5.0
PROTOTYPE_SIGMAS = (35.0, 15.0)  # cents, of the upper and the lower membership
MODES = len(label_ids("mode"))
PLACES = tuple(k * OCTAVE_CENTS / TONICS for k in range(TONICS))

Reals = NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class FuzzyNotes:
    """Notes as IT2 sets: upper and lower membership on the grid of the octave, float64 [notes, 240] each; `weights`:
    their share of the time.
    """

    upper: Reals
    lower: Reals
    weights: Reals


def describe(sound: Floats) -> Floats:
    """Similarity to each mode on its best tonic, float32 [modes]; zeros where no note is held."""
    return np.asarray(similarities(fuzzy_notes(find_notes(track_of(sound)))).max(axis=1), np.float32)


def similarities(notes: FuzzyNotes) -> Reals:
    """To each mode on each tonic, float64 [modes, 48]: weighted mean over the notes of their likest prototype note."""
    if not len(notes.weights):
        return np.zeros((MODES, TONICS))
    upper, lower = (_gaussians(PLACES, np.full(TONICS, sigma)) for sigma in PROTOTYPE_SIGMAS)
    both = _overlap(notes.upper, upper, np.minimum) + _overlap(notes.lower, lower, np.minimum)
    either = _overlap(notes.upper, upper, np.maximum) + _overlap(notes.lower, lower, np.maximum)
    jaccard = both / either  # [notes, places]: a prototype note may stand on any of the octave's 48 places
    return np.stack([notes.weights @ jaccard[:, on].max(axis=2) for on in _prototypes()])


def fuzzy_notes(held: tuple[HeldNote, ...]) -> FuzzyNotes:
    """Subtractive clustering of held notes on the circle of the octave; each cluster as an IT2 set."""
    cents = cents_of(np.array([note.hz for note in held], np.float64)) % OCTAVE_CENTS
    seconds = np.array([note.stop_s - note.start_s for note in held], np.float64)
    middles: list[float] = []
    spreads: list[float] = []
    weights: list[float] = []
    left = seconds > 0
    while left.any() and len(middles) < MOST_NOTES:
        near = np.exp(-0.5 * (_apart(cents[:, None], cents) / POTENTIAL_CENTS) ** 2)
        peak = cents[int(np.argmax(np.where(left, near @ (seconds * left), -1)))]
        mine = left & (np.abs(_apart(cents, peak)) <= REACH_CENTS)
        share = float(seconds[mine].sum() / seconds.sum())
        if share < LEAST_SHARE:
            break
        away = _apart(cents[mine], peak)
        mean = float(np.average(away, weights=seconds[mine]))
        middles.append(float(peak) + mean)
        spreads.append(float(np.sqrt(np.average((away - mean) ** 2, weights=seconds[mine]))))
        weights.append(share)
        left &= ~mine
    widths = np.maximum(np.array(spreads), LEAST_SPREAD)
    upper, lower = _gaussians(middles, widths + 10), _gaussians(middles, np.maximum(widths - 5, 3))
    return FuzzyNotes(upper, lower, np.array(weights) / max(sum(weights), 1e-12))


def fit(examples: Examples) -> Arrays:
    """Which modes each label holds."""
    return {"modes": class_modes(examples)}


@cache
def _prototypes() -> tuple[NDArray[np.int64], ...]:
    """Of each mode the places of its degrees on each tonic, int64 [48, degrees]."""
    wide = round(STEP_CENTS * TONICS / OCTAVE_CENTS)
    steps = [np.array(sorted({degree.step * wide for degree in scale_degrees(mode)})) for mode in label_ids("mode")]
    return tuple((np.arange(TONICS)[:, None] + one) % TONICS for one in steps)


def _gaussians(middles: Sequence[float], sigmas: Reals) -> Reals:
    """Memberships on the grid, [notes, 240]."""
    grid = np.arange(0, OCTAVE_CENTS, STEP)
    apart = _apart(grid, np.asarray(middles, np.float64).reshape(-1, 1))
    return np.asarray(np.exp(-0.5 * (apart / sigmas.reshape(-1, 1)) ** 2))


def _overlap(rows: Reals, others: Reals, which: np.ufunc) -> Reals:
    """Sum over the grid of the lesser or greater membership, [rows, others]."""
    return np.asarray(which(rows[:, None], others[None]).sum(axis=2))


def _apart(cents: Reals, other: Reals | float) -> Reals:
    """The way from `other` around the octave, -600 to 600 cents."""
    half = OCTAVE_CENTS / 2
    return np.asarray((cents - other + half) % OCTAVE_CENTS - half)


BASELINE = Baseline("abdoli", RATE, MODES, 30.0, describe, fit, mode_logits, MODAL_TASKS)
