"""What a stretch of pitch track or a gusheh looks like to the matching: folded profile and melody surfaces.

A profile is how long each pitch class sounds. A time-delayed melody surface (S. Gulati and others, "Time-Delayed Melody
Surfaces for Rāga Recognition", ISMIR 2016) is the joint density of pitch class now and a moment later, which keeps
what a profile loses: transitions, ornaments and rests. Both are smoothed, compressed by a square root, and of norm 1.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Sequence
from functools import cache

import numpy as np
from numpy.typing import NDArray

from persian_mir.modal.pitch import PitchTrack

Floats = NDArray[np.float64]

OCTAVE_CENTS = 1200.0
BINS = 240  # of 5 cents, in a profile
REGISTER_OCTAVES = 2  # of a profile that keeps what lies below the shahed and what above
SURFACE_BINS = 60  # of 20 cents, each way in a surface
A4_HZ = 440.0


def cents_of(hz: NDArray[np.float32] | Floats) -> Floats:
    """Cents above A4, any octave; frequencies below 1 Hz count as 1 Hz."""
    return np.asarray(OCTAVE_CENTS * np.log2(np.maximum(hz.astype(np.float64), 1.0) / A4_HZ))


def bin_of(hz: float) -> int:
    """Return the bin of a profile in which `hz` lies, octave aside."""
    return round(BINS * math.log2(hz / A4_HZ)) % BINS


def smoothing(bins: int, steps: int, spread_cents: float) -> Floats:
    """float64 [bins, steps]: equal steps of an octave spread over bins by a circular Gaussian; columns sum to 1."""
    return spreading(bins, even_steps(steps), spread_cents)


@cache
def even_steps(steps: int) -> tuple[float, ...]:
    """Equal steps of an octave in cents."""
    return tuple(k * OCTAVE_CENTS / steps for k in range(steps))


@cache
def spreading(bins: int, cents: tuple[float, ...], spread_cents: float, octaves: int = 1) -> Floats:
    """float64 [bins, steps]: steps that stand at `cents` spread over bins by a circular Gaussian; columns sum to 1."""
    around = octaves * OCTAVE_CENTS
    place = np.arange(bins)[:, None] * (around / bins) - np.array(cents)
    apart = (place + around / 2) % around - around / 2
    kernel = np.exp(-0.5 * (apart / spread_cents) ** 2)
    kernel /= kernel.sum(axis=0)
    kernel.flags.writeable = False
    return np.asarray(kernel)


def fold_octaves(track: PitchTrack, weights: Floats, octaves: int = 1) -> Floats:
    """Sounding weight a pitch class, float64 [240]; bin k is centred k * 5 cents above A, octaves aside.

    `octaves`: how many are kept apart, each of 240 bins.
    """
    count = octaves * BINS
    bins = np.floor(cents_of(track.hz) * (BINS / OCTAVE_CENTS) + 0.5).astype(np.int64) % count
    return np.bincount(bins, weights, minlength=count).astype(np.float64)


def pairs(track: PitchTrack, weights: Floats, delays_s: Sequence[float]) -> Floats:
    """Weight of pitch class now and then, float64 [delays, 60, 60]; bin k is centred k * 20 cents above A.

    A pitch between two bins is shared between them, so that tuning a recording up by some cents changes nothing.
    """
    place = cents_of(track.hz) * (SURFACE_BINS / OCTAVE_CENTS)
    below = np.floor(place)
    share = place - below
    low = below.astype(np.int64) % SURFACE_BINS
    ends = ((low, 1 - share), ((low + 1) % SURFACE_BINS, share))
    surfaces = np.zeros((len(delays_s), SURFACE_BINS**2))
    for surface, delay in zip(surfaces, delays_s, strict=True):
        lag = max(1, round(delay / track.hop_s))
        both = np.sqrt(weights[:-lag] * weights[lag:])
        for (now, mine), (then, other) in itertools.product(ends, ends):
            bins = now[:-lag] * SURFACE_BINS + then[lag:]
            surface += np.bincount(bins, both * mine[:-lag] * other[lag:], minlength=SURFACE_BINS**2)
    return surfaces.reshape(-1, SURFACE_BINS, SURFACE_BINS)


def shaped_profile(counts: Floats, spread_cents: float, cents: tuple[float, ...] | None = None) -> Floats:
    """[..., steps] counts as [..., 240] of norm 1 (zeros stay zeros). `cents`: where the steps stand, else evenly."""
    kernel = spreading(BINS, cents or even_steps(counts.shape[-1]), spread_cents)
    return _unit(np.sqrt(counts @ kernel.T), 1)


def shaped_register(counts: Floats, spread_cents: float, cents: tuple[float, ...] | None = None) -> Floats:
    """[..., steps] counts over two octaves as [..., 480] of norm 1; `cents`: where the steps of one octave stand."""
    octave = cents or even_steps(counts.shape[-1] // REGISTER_OCTAVES)
    both = tuple(k * OCTAVE_CENTS + step for k in range(REGISTER_OCTAVES) for step in octave)
    kernel = spreading(REGISTER_OCTAVES * BINS, both, spread_cents, REGISTER_OCTAVES)
    return _unit(np.sqrt(counts @ kernel.T), 1)


def shaped_surface(counts: Floats, spread_cents: float, cents: tuple[float, ...] | None = None) -> Floats:
    """[..., steps, steps] counts as [..., 60, 60] of norm 1 (zeros stay zeros); `cents` as of a profile."""
    kernel = spreading(SURFACE_BINS, cents or even_steps(counts.shape[-1]), spread_cents)
    return _unit(np.sqrt(kernel @ counts @ kernel.T), 2)


def even_number(counts: Floats) -> float:
    """Return how many alike would have the same entropy as `counts` [n], which are not all 0."""
    shares = counts[counts > 0] / counts.sum()
    return float(np.exp(-(shares * np.log(shares)).sum()))


def _unit(values: Floats, axes: int) -> Floats:
    norm = np.sqrt(np.sum(values**2, axis=tuple(range(-axes, 0)), keepdims=True))
    return np.asarray(values / np.maximum(norm, 1e-12))
