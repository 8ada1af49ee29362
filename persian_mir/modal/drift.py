"""Drift: a tape that runs faster and faster, or slower, bends all that it plays, as a straight line of cents.

The notes of a melody lie on the places of a scale. What drifts smears them, so the drift is that by which the folded
profile is the sharpest once it is taken out. A change of tuning half-way is none: each half is then sharp already.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from persian_mir.modal.pitch import PitchTrack
from persian_mir.modal.profile import BINS, OCTAVE_CENTS, Floats, cents_of, smoothing

MOST_CENTS = 150  # from beginning to end: ±4.4 % of a tape's speed
STEP_CENTS = 5
LEAST_CENTS = 15  # what players and their strings do in a minute
BLUR_CENTS = 10.0
# Nats by which the profile must become sharper. Of 46 clean recordings of about a minute 6 are above that, by 20 to 40
# cents, which may be true; all that drift by 40 and all but one that drift by 60 cents are.
SHARPER = 0.03


def find_drift(track: PitchTrack, weights: Floats) -> float:
    """Cents by which the pitch rises from the beginning of `track` to its end, or falls; 0 where it does neither.

    `weights`: float64 [frames], 0 where nothing sounds.
    """
    sounds = weights > 0
    if not sounds.any():
        return 0.0
    cents, times = cents_of(track.hz[sounds]), _line(len(track.hz))[sounds]
    totals = np.arange(-MOST_CENTS, MOST_CENTS + 1, STEP_CENTS)
    blurs = np.array([blur(cents - total * times) for total in totals])
    best = int(blurs.argmin())
    still = len(totals) // 2
    if abs(totals[best]) < LEAST_CENTS or blurs[still] - blurs[best] < SHARPER:
        return 0.0
    halves = np.array_split(np.arange(len(cents)), 2)
    gained = sum(blur(cents[half]) - blur(cents[half] - totals[best] * times[half]) for half in halves)
    return float(totals[best]) if gained > 0 else 0.0


def without_drift(track: PitchTrack, drift_cents: float) -> PitchTrack:
    """The track without a drift of so many cents from its beginning to its end, as it sounds in its middle."""
    if not drift_cents:
        return track
    hz = track.hz * 2 ** (-drift_cents * _line(len(track.hz)) / OCTAVE_CENTS)
    return PitchTrack(hz.astype(np.float32), track.confidence, track.hop_s, track.start_s)


def _line(frames: int) -> Floats:
    """From -1/2 to 1/2, float64 [frames]."""
    return np.linspace(-0.5, 0.5, frames)


def blur(cents: Floats) -> float:
    """The entropy of these pitches folded into an octave, in nats: the less, the nearer they lie to a few notes."""
    bins: NDArray[np.int64] = np.floor(cents * (BINS / OCTAVE_CENTS) + 0.5).astype(np.int64) % BINS
    counts = np.bincount(bins, minlength=BINS) / max(len(bins), 1)
    profile = np.maximum(smoothing(BINS, BINS, BLUR_CENTS) @ counts, 1e-12)
    return float(-(profile * np.log(profile)).sum())
