"""Where the shahed lies: as it was played, where the user set it, and where else it may be."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from persian_mir.labels import label_ids
from persian_mir.modal.degrees import BIN_CENTS, DEGREE_REACH_CENTS
from persian_mir.modal.evidence import Evidence
from persian_mir.modal.parameters import Parameters
from persian_mir.modal.pitch import PitchTrack
from persian_mir.modal.profile import A4_HZ, BINS, OCTAVE_CENTS, Floats, bin_of, cents_of
from persian_mir.modal.radif import Gusheh

OTHER_SHAHEDS = 3
SET_REACH = 6  # bins, 30 cents: how exactly a shahed set by hand lies where the mode fits best


@dataclass(frozen=True, slots=True)
class Shahed:
    """Another place where the shahed may be, and in which mode."""

    hz: float
    mode: str
    probability: float


def with_shahed_at(hz: float, found: Evidence, parameters: Parameters) -> Evidence:
    """The evidence where the shahed is known."""
    elsewhere = np.abs((np.arange(BINS) - bin_of(hz) + BINS // 2) % BINS - BINS // 2) > SET_REACH
    modes, support = found.modes / parameters.set_doubt, found.support.copy()
    modes[:, elsewhere] = -np.inf
    support[:, elsewhere] = -np.inf
    return Evidence(modes, support)


def as_played(cents: float, track: PitchTrack, weights: Floats) -> float:
    """Hz of the note `cents` above A, octave aside: the median of what sounds near it in the octave where most does.

    Instruments stretch and temper; the transposition of a template is only where to look.
    """
    apart = cents_of(track.hz) - cents
    octaves = np.round(apart / OCTAVE_CENTS)
    near = (np.abs(apart - octaves * OCTAVE_CENTS) <= DEGREE_REACH_CENTS) & (weights > 0)
    if not near.any():
        octave = float(np.median(octaves[weights > 0]))
        return float(A4_HZ * 2 ** (cents / OCTAVE_CENTS + octave))
    found, counts = np.unique(octaves[near], return_counts=True)
    chosen = near & (octaves == found[np.argmax(counts)])
    return float(np.median(track.hz[chosen]))


def gusheh_shahed(gusheh: Gusheh, tonic_hz: float, track: PitchTrack, weights: Floats) -> float:
    """The gusheh's own shahed: the tonic, or the note that the gusheh dwells on instead, as played."""
    if gusheh.shahed_cents % OCTAVE_CENTS == 0:
        return tonic_hz
    return as_played(OCTAVE_CENTS * math.log2(tonic_hz / A4_HZ) + gusheh.shahed_cents, track, weights)


def other_shaheds(joint: Floats, best: tuple[int, int], track: PitchTrack, weights: Floats) -> tuple[Shahed, ...]:
    """The next most probable places of the shahed at least a quarter tone from the best and from each other."""
    left = joint.copy()
    reach = round(DEGREE_REACH_CENTS / BIN_CENTS)
    taken, found = best[1], []
    for _rank in range(OTHER_SHAHEDS):
        left[:, np.arange(taken - reach, taken + reach + 1) % BINS] = 0.0
        mode, taken = (int(k) for k in np.unravel_index(np.argmax(left), left.shape))
        around = joint[mode, np.arange(taken - reach, taken + reach + 1) % BINS]
        hz = as_played(taken * BIN_CENTS, track, weights)
        found.append(Shahed(hz, label_ids("mode")[mode], float(around.sum())))
    return tuple(found)
