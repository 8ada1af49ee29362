"""Leaps by an octave that nobody struck: the detector's errors, which last long on bowed strings."""

from __future__ import annotations

import itertools

import numpy as np
from numpy.typing import NDArray

from persian_mir.modal.notes import REACH_CENTS, sounding
from persian_mir.modal.pitch import PitchTrack
from persian_mir.modal.profile import OCTAVE_CENTS, cents_of

UNSTRUCK_S = 1.0  # for which an error lasts at most; a stay in another register is longer
AT_ONSET_S = 0.06  # of a leap from a stroke that may be its cause


def mend_unstruck_octaves(track: PitchTrack, onsets_s: NDArray[np.float64]) -> PitchTrack:
    """The track with what leaps by an octave without a stroke, for a while, in the octave of the rest.

    Within a stretch of unbroken pitch the octave in which most of it lies is the right one.
    """
    cents, sounds, hz = cents_of(track.hz), sounding(track), track.hz.copy()
    if not len(hz):
        return track
    octaves = _leaps(cents, sounds, (onsets_s - track.start_s) / track.hop_s, AT_ONSET_S / track.hop_s)
    edges = np.flatnonzero(np.diff(np.concatenate([[False], sounds, [False]]).astype(np.int8)))
    for begin, end in edges.reshape(-1, 2).tolist():
        above = np.concatenate([[0], np.cumsum(octaves[begin : end - 1])])
        values, frames = np.unique(above, return_counts=True)
        off = above - values[frames.argmax()]
        bounds = [0, *(np.flatnonzero(np.diff(off)) + 1).tolist(), len(off)]
        for first, last in itertools.pairwise(bounds):
            if last - first <= UNSTRUCK_S / track.hop_s:
                hz[begin + first : begin + last] *= np.float32(2.0 ** -off[first])
    return PitchTrack(hz, track.confidence, track.hop_s, track.start_s)


def _leaps(
    cents: NDArray[np.float64], sounds: NDArray[np.bool_], onsets: NDArray[np.float64], near: float
) -> NDArray[np.int64]:
    """Octaves up (1) or down (-1) from each frame to the next, 0 for none, int64 [frames - 1]; in frames."""
    steps = np.where(sounds[1:] & sounds[:-1], np.diff(cents), 0.0)
    octaves = np.where(np.abs(np.abs(steps) - OCTAVE_CENTS) < REACH_CENTS, np.sign(steps), 0.0).astype(np.int64)
    for leap in np.flatnonzero(octaves).tolist():
        if (np.abs(onsets - leap - 1) < near).any():
            octaves[leap] = 0
    return octaves
