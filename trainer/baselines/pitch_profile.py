"""What systems of pitch begin with: the track of a window, and how long each pitch class sounds."""

from __future__ import annotations

import numpy as np

from persian_mir.modal.pitch import RATE, PitchTrack, detect_pitch, join_tracks
from persian_mir.modal.profile import BINS, fold_octaves
from persian_mir.modal.trusted_evidence import sounding
from trainer.baselines.baseline import Floats

PIECE_S = 30  # tracked at a time, so that memory is bounded


def track_of(sound: Floats) -> PitchTrack:
    """The pitch track of mono at 16 kHz, float32 [samples]."""
    pieces = [detect_pitch(sound[at : at + PIECE_S * RATE]) for at in range(0, len(sound), PIECE_S * RATE)]
    return join_tracks(pieces)


def profile_of(track: PitchTrack) -> Floats:
    """Share of the sounding time of each pitch class, float32 [240], bin k centred 5 k cents above A."""
    shares = fold_octaves(track, sounding(track))
    return np.asarray(shares / max(shares.sum(), 1e-12), np.float32)


def pitch_profile(sound: Floats) -> Floats:
    """The same of mono at 16 kHz."""
    return profile_of(track_of(sound)) if len(sound) else np.zeros(BINS, np.float32)
