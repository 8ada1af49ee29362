"""Where somebody speaks: pitch that comes back to no note and breaks off with every other syllable."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from persian_mir.modal.evidence import cut_passages
from persian_mir.modal.pitch import PitchTrack
from persian_mir.modal.profile import BINS, OCTAVE_CENTS, Floats, fold_octaves

PASSAGE_S = 15.0  # of pitch, judged together
HOP_S = 5.0
NOTES_CENTS, BLUR_CENTS = 15.0, 60.0  # a profile of notes is changed by blurring it so much; one of speech is not
NOTED = 0.15  # nats by which it is: speech has less, played music has over 0.2, a voice with wide vibrato as little
# The same times the seconds of pitch without a gap, which consonants make. Of quarter minutes of 240 voices of espeak
# (20 languages, high, slow and fast) 96 in 100 have less, real players at least 0.16, voices of wide vibrato 0.13.
SPOKEN = 0.07
DOUBTFUL = 0.14  # from there on it may be singing that breaks off with every syllable, or speech of a tonal language


def without_speech(track: PitchTrack, weights: Floats) -> Floats:
    """`weights`, float64 [frames], with 0 where somebody speaks, in passages of a quarter of a minute."""
    spoken, heard = np.zeros(len(weights)), np.zeros(len(weights))
    for passage, mine in cut_passages(track, weights, PASSAGE_S, HOP_S):
        first = round((passage.start_s - track.start_s) / track.hop_s)
        span = slice(first, first + len(mine))
        heard[span] += 1
        spoken[span] += is_speech(passage, mine)
    left = np.where(2 * spoken > heard, 0.0, weights)
    return np.zeros(len(weights)) if spoken.any() and is_speech(track, left) else left


def is_speech(track: PitchTrack, weights: Floats) -> bool:
    """Whether all of this is speech: neither does it dwell on notes, nor does its pitch sound on without a gap."""
    return bool(weights.any()) and noted(track, weights) < NOTED and lasting(track, weights) < SPOKEN


def may_be_speech(track: PitchTrack, weights: Floats) -> bool:
    """Whether it is so much like speech that it cannot be told from it."""
    return lasting(track, weights) < DOUBTFUL


def lasting(track: PitchTrack, weights: Floats) -> float:
    """How far the pitches gather in notes and sound on without a gap, nats times seconds."""
    return noted(track, weights) * unbroken_s(track, weights)


def noted(track: PitchTrack, weights: Floats) -> float:
    """How far the pitches gather in notes: nats between their folded profile a little and much blurred."""
    profile = np.fft.rfft(fold_octaves(track, weights) / max(float(weights.sum()), 1e-9))
    fine, coarse = (np.maximum(np.fft.irfft(profile * _blur(cents), BINS), 1e-9) for cents in (NOTES_CENTS, BLUR_CENTS))
    return float((fine * np.log(fine / coarse)).sum())


def _blur(cents: float) -> NDArray[np.complex128]:
    """The spectrum of a bell of that width on the octave's circle."""
    away = (np.arange(BINS) * OCTAVE_CENTS / BINS + OCTAVE_CENTS / 2) % OCTAVE_CENTS - OCTAVE_CENTS / 2
    bell = np.exp(-0.5 * (away / cents) ** 2)
    return np.asarray(np.fft.rfft(bell / bell.sum()))


def unbroken_s(track: PitchTrack, weights: Floats) -> float:
    """How long pitch sounds without a gap, in seconds: of the stretch that each frame is in, the mean of all frames."""
    edges = np.flatnonzero(np.diff(np.concatenate([[False], weights > 0, [False]])))
    lengths_s = (edges[1::2] - edges[::2]) * track.hop_s
    return float((lengths_s**2).sum() / max(float(lengths_s.sum()), 1e-9))
