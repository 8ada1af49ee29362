"""What a melody of the equal-tempered twelve notes looks like, so that it is not taken for a Dastgah.

Melodies after D. Temperley, "Music and Probability" (MIT Press 2007), chapter 4: each note is drawn by the key's
profile, by nearness to the last note (variance 7.2 semitones squared, or 30 for one that leaps) and to the middle of
its range (29). The key profiles are his, from the Essen collection; harmonic minor, pentatonic and chromatic are plain.
"""

from __future__ import annotations

from functools import cache

import numpy as np
from numpy.typing import NDArray

from persian_mir.modal.profile import OCTAVE_CENTS, Floats
from persian_mir.modal.radif import load_radif

Steps = NDArray[np.int64]

KEYS = (
    (0.184, 0.001, 0.155, 0.003, 0.191, 0.109, 0.005, 0.214, 0.001, 0.078, 0.004, 0.055),
    (0.192, 0.005, 0.149, 0.179, 0.002, 0.144, 0.002, 0.201, 0.038, 0.012, 0.053, 0.022),
    (0.192, 0.0, 0.149, 0.179, 0.0, 0.144, 0.0, 0.201, 0.07, 0.0, 0.0, 0.065),
    (0.25, 0.0, 0.2, 0.0, 0.2, 0.0, 0.0, 0.2, 0.0, 0.15, 0.0, 0.0),
    (1 / 12,) * 12,
)
NEARNESS = (7.2, 30.0)
RANGE = 29.0
LOWEST, HIGHEST, MIDDLE = -12, 24, 6  # semitones over the tonic
MELODIES = 24  # of each key: like the radif's gushehs, short ones, each with notes of its own to dwell on
NOTES = 60  # of a melody: half a minute, as a gusheh
HOP_S = 0.02
LENGTHS_S = (0.24, 0.36, 0.5, 1.0)
CHANCES = (0.4, 0.2, 0.3, 0.1)


@cache
def western_figures() -> tuple[Floats, Floats]:
    """Profiles [templates, 24] and surfaces [templates, delays, 24, 24] like the radif's, step 0 the tonic."""
    rng = np.random.default_rng(2007)
    melodies = [
        _melody(np.array(key), NEARNESS[number % len(NEARNESS)], rng) for key in KEYS for number in range(MELODIES)
    ]
    profiles = np.array([np.bincount(steps, minlength=24) for steps in melodies], dtype=np.float64)
    surfaces = np.array([[_pairs(steps, delay) for delay in load_radif().delays_s] for steps in melodies])
    return profiles, surfaces


def equal_temperament_score(profile: Floats, steps: int = 12) -> float:
    """How far a profile [bins of an octave] lies on one scale of equal steps of any tuning, 0..1.

    The length of the mean of its pitches as angles on a circle of one step; what lies between stands against the rest.
    """
    places = np.arange(len(profile)) * (steps / len(profile))
    return float(abs(profile @ np.exp(2j * np.pi * places)) / max(profile.sum(), 1e-12))


def equal_steps_error(cents: Floats, weights: Floats, steps: int) -> float:
    """How far degrees, cents [n], lie off one scale of equal steps of any tuning: root mean square by weight, cents."""
    step = OCTAVE_CENTS / steps
    zero = float(np.angle(weights @ np.exp(2j * np.pi * cents / step))) * step / (2 * np.pi)
    off = (cents - zero + step / 2) % step - step / 2
    return float(np.sqrt(weights @ off**2 / weights.sum()))


def _melody(key: Floats, nearness: float, rng: np.random.Generator) -> Steps:
    """Quarter-tone steps 0..23, one a hop, of a melody of its own."""
    notes = np.arange(LOWEST, HIGHEST + 1)
    weight = key[notes % 12] * np.exp(-0.5 * (notes - MIDDLE) ** 2 / RANGE)
    moves = weight * np.exp(-0.5 * (notes[:, None] - notes) ** 2 / nearness)
    bounds = np.cumsum(moves / moves.sum(axis=1, keepdims=True), axis=1)
    places = [int(np.argmax(weight))]
    for chance in rng.random(NOTES - 1):
        places.append(min(int(np.searchsorted(bounds[places[-1]], chance)), len(notes) - 1))
    hops = np.round(rng.choice(LENGTHS_S, p=CHANCES, size=NOTES) / HOP_S).astype(int)
    return np.repeat(notes[places] * 2 % 24, hops)


def _pairs(steps: Steps, delay_s: float) -> Floats:
    lag = round(delay_s / HOP_S)
    return np.bincount(steps[:-lag] * 24 + steps[lag:], minlength=24 * 24).reshape(24, 24).astype(np.float64)
