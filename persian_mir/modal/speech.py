"""Where somebody speaks: pitch that glides from syllable to syllable and comes back to no note."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from persian_mir.modal.evidence import cut_passages
from persian_mir.modal.pitch import PitchTrack
from persian_mir.modal.profile import BINS, OCTAVE_CENTS, Floats, cents_of, fold_octaves

PASSAGE_S = 15.0  # of pitch, judged together
HOP_S = 5.0
NOTES_CENTS, BLUR_CENTS = 15.0, 60.0  # a profile of notes is changed by blurring it so much; one of speech is not
NOTED = 0.12  # nats by which it is: speech of 16 languages and voices reaches 0.09, played music has over 0.2
VIBRATO_S = 0.176  # averaged over so long, vibrato goes and the glides of speech stay
STILL_S = 0.096
STILL_CENTS = 20.0
STILL = 0.4  # share of the pitch that is then still: speech has less, music with wide vibrato seldom


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
    """Whether all of this is speech: neither does it dwell on notes, nor is its pitch still without its vibrato."""
    return bool(weights.any()) and noted(track, weights) < NOTED and still_share(track, weights) < STILL


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


def still_share(track: PitchTrack, weights: Floats) -> float:
    """Share of the pitch that stays where it is for a tenth of a second, averaged over a vibrato; 0 of too little."""
    width, step = round(VIBRATO_S / track.hop_s), round(STILL_S / track.hop_s)
    if len(weights) < width + step:
        return 0.0
    cents = np.convolve(cents_of(track.hz), np.ones(width) / width, "valid")
    whole = np.convolve(weights > 0, np.ones(width), "valid") > width - 0.5
    both = whole[step:] & whole[:-step]
    if not both.any():
        return 0.0
    return float((np.abs(cents[step:] - cents[:-step])[both] < STILL_CENTS).mean())
