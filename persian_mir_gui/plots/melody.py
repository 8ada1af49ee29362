"""A recording's pitch as a melody above its tonic, to be followed by whoever plays."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from persian_mir.modal.parameters import DEFAULT
from persian_mir.modal.pitch import PitchTrack
from persian_mir.modal.profile import OCTAVE_CENTS
from persian_mir.modal.reading import ModalReading

CONCERT_HZ = 440.0
LEAP_CENTS = 250.0  # from one frame to the next: another note, not a glide

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class Melody:
    """A recording's pitch: `cents` float64 [frames] above the tonic of `reading`, NaN in rests."""

    cents: Floats
    hop_s: float
    reading: ModalReading


def melody(track: PitchTrack, reading: ModalReading) -> Melody:
    """Return the pitch of a track above the tonic of its reading; above A = 440 Hz where that has none."""
    return Melody(cents_above(track, reading.tonic_hz or CONCERT_HZ), track.hop_s, reading)


def cents_above(track: PitchTrack, tonic_hz: float) -> Floats:
    """Return float64 [frames], cents above `tonic_hz`; NaN in rests and at leaps, where a line breaks."""
    sounds = (track.confidence >= DEFAULT.voiced) & (track.hz > 0)
    cents = np.full(len(track.hz), np.nan)
    cents[sounds] = OCTAVE_CENTS * np.log2(track.hz[sounds].astype(np.float64) / tonic_hz)
    leaps = np.abs(np.diff(cents, prepend=np.nan)) > LEAP_CENTS
    cents[leaps] = np.nan
    return cents
