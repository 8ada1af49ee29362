"""A score laid over a recording: which note sounds when, whatever the key, the pace and what is left out.

A path through the notes, left to right, one frame at a time (Viterbi): it stays in a note, goes on, skips notes, or
goes back to the beginning of a phrase that was left. A frame speaks for a note by its distance in cents, octaves aside.
"""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from persian_mir.errors import PersianMirError
from persian_mir.i18n import _
from persian_mir.modal.degrees import around
from persian_mir.modal.names import A_STEP, STEP_CENTS
from persian_mir.modal.parameters import DEFAULT
from persian_mir.modal.pitch import PitchTrack
from persian_mir.modal.profile import BINS, OCTAVE_CENTS, Floats, cents_of, smoothing
from persian_mir.transcription.glimpses import Sound, without_glimpses
from persian_mir.transcription.left_out import AlignedNote, lasts_s, left_out
from persian_mir.transcription.played_notes import played_notes
from persian_mir.transcription.score import Score, ScoreNote

SPREAD_CENTS = 35.0  # of a frame about its note
STRANGE = -4.0  # log-likelihood at worst: an ornament, a wrong note
MOST_SKIPPED = 8  # notes left out at once
SKIP, BACK = -3.0, -12.0  # of each note left out; of going back to the beginning of a phrase
STRUCK = 3.0  # what the beginning of a played note speaks for a new one
MOST_CELLS = 50_000_000  # frames times notes, about 1 GB
KEYS = 4  # transpositions that are tried, the likeliest by the pitch classes
STRIDE = 2  # frames, of 16 ms, that are looked at


@dataclass(frozen=True, slots=True)
class Alignment:
    """The notes that were found, in order of time, and how far most of the recording lies above the score.

    `agreement`: share of the sounding time within a quarter tone of the note it is given, octaves aside. `left_out`:
    the notes that are not played, where they would have been.
    """

    notes: tuple[AlignedNote, ...]
    above_cents: float
    agreement: float
    left_out: tuple[AlignedNote, ...] = ()


def align(score: Score, track: PitchTrack, onsets_s: NDArray[np.float64]) -> Alignment:
    """Where the score's notes are in the recording.

    ValueError for a score without notes; PersianMirError where score and recording are too long together.
    """
    notes = [note for note in score.notes() if not note.grace]
    if not notes:
        raise ValueError("a score without notes lies over nothing")
    heard = cents_of(track.hz[::STRIDE])
    if len(heard) * len(notes) > MOST_CELLS:
        cure = _("Choose a shorter stretch, or a part of the score.")
        raise PersianMirError(_("Score and recording are too long to be compared."), cure=cure)
    sounds = (track.confidence[::STRIDE] >= DEFAULT.voiced) & (track.hz[::STRIDE] > 0)
    if not sounds.any():
        return Alignment((), 0.0, 0.0)
    hop_s = track.hop_s * STRIDE
    struck = np.zeros(len(heard), bool)
    begun = np.array([note.start_s for note in played_notes(track, onsets_s)])  # the strokes of a riz are one note's
    struck[np.clip(np.round((begun - track.start_s) / hop_s), 0, len(heard) - 1).astype(int)] = True
    tried = []
    for above in _likely_keys(notes, heard[sounds]):
        likelihood = _likelihood(notes, heard, sounds, above)
        total, path = _path(notes, score, likelihood, struck, hop_s)
        agrees = likelihood[np.arange(len(path)), path] > -0.5 * (STEP_CENTS / SPREAD_CENTS) ** 2
        tried.append((total, above, agrees, path))
    _total, above, agrees, path = max(tried, key=lambda one: one[0])
    octaves = np.round((heard - _cents(notes)[path] - above) / OCTAVE_CENTS).astype(int)
    usual = Counter(octaves[sounds].tolist()).most_common(1)[0][0]
    visits = _spans(path, sounds, octaves - usual, track.start_s, hop_s)
    spans = without_glimpses(notes, visits, Sound(track, above))
    agreement = float(agrees[sounds].mean())
    return Alignment(spans, above + usual * OCTAVE_CENTS, agreement, left_out(notes, spans, track.stop_s))


def _cents(notes: Sequence[ScoreNote]) -> Floats:
    return np.array([(note.step - A_STEP) * STEP_CENTS for note in notes])


def _likely_keys(notes: Sequence[ScoreNote], heard: Floats) -> list[float]:
    """Cents that the recording may lie above the score: where the time on each pitch class agrees best."""
    kernel = smoothing(BINS, BINS, SPREAD_CENTS)
    bin_cents = OCTAVE_CENTS / BINS

    def profile(cents: Floats, weights: Floats | None) -> Floats:
        bins = np.round(cents / bin_cents).astype(int) % BINS
        return np.sqrt(kernel @ np.bincount(bins, weights, BINS))

    written = profile(_cents(notes), np.array([lasts_s(note) for note in notes]))
    played = profile(heard, None)
    agreement = np.array([played @ np.roll(written, shift) for shift in range(BINS)])
    tops = np.flatnonzero((agreement >= np.roll(agreement, 1)) & (agreement > np.roll(agreement, -1)))
    likely = tops[np.argsort(-agreement[tops])][:KEYS]
    return [around(float(shift) * bin_cents) for shift in likely] or [0.0]


def _likelihood(notes: Sequence[ScoreNote], heard: Floats, sounds: NDArray[np.bool_], above: float) -> Floats:
    """float64 [frames, notes]; a frame without pitch speaks for no note."""
    off = (heard[:, None] - _cents(notes) - above + OCTAVE_CENTS / 2) % OCTAVE_CENTS - OCTAVE_CENTS / 2
    likely = np.maximum(-0.5 * (off / SPREAD_CENTS) ** 2, STRANGE)
    likely[~sounds] = 0.0
    return likely


def _path(
    notes: Sequence[ScoreNote], score: Score, likelihood: Floats, struck: NDArray[np.bool_], hop_s: float
) -> tuple[float, NDArray[np.int64]]:
    """The likeliest note of each frame, int64 [frames], and its log-likelihood."""
    frames, count = likelihood.shape
    stay, go = _moves(notes, frames * hop_s, hop_s)
    begins = np.array(_phrase_starts(score))
    value = SKIP * np.minimum(np.arange(count), BACK / SKIP)
    value[begins] = np.maximum(value[begins], BACK)
    value += likelihood[0]
    came = np.zeros((frames, count), np.int32)
    for frame in range(1, frames):
        leaving = value + go + (STRUCK if struck[frame] else 0.0)
        value, came[frame] = _arrived(value + stay, leaving, begins)
        value += likelihood[frame]
    path = np.zeros(frames, np.int64)
    path[-1] = int(np.argmax(value))
    for frame in range(frames - 1, 0, -1):
        path[frame - 1] = came[frame, path[frame]]
    return float(value.max()), path


def _moves(notes: Sequence[ScoreNote], played_s: float, hop_s: float) -> tuple[Floats, Floats]:
    """Log-probabilities, float64 [notes], that a note goes on for a frame and that it ends, at the recording's pace."""
    lasts = np.array([lasts_s(note) for note in notes])
    pace = min(max(played_s / float(lasts.sum()), 0.5), 2.0)
    ends = np.clip(hop_s / (lasts * pace), 1e-3, 0.5)
    return np.log1p(-ends), np.log(ends)


def _arrived(staying: Floats, leaving: Floats, begins: NDArray[np.int64]) -> tuple[Floats, NDArray[np.int64]]:
    """The best way to be in each note, and the note that it comes from."""
    best, source = staying.copy(), np.arange(len(staying))
    for over in range(1, min(MOST_SKIPPED + 1, len(best))):
        offered = leaving[:-over] + SKIP * (over - 1)
        better = np.flatnonzero(offered > best[over:])
        best[over + better], source[over + better] = offered[better], better
    top = int(np.argmax(leaving))
    back = begins[leaving[top] + BACK > best[begins]]
    best[back], source[back] = leaving[top] + BACK, top
    return best, source


def _phrase_starts(score: Score) -> list[int]:
    """The places, among the notes that are no ornaments, where phrases begin."""
    starts, count = [], 0
    for phrase in score.phrases:
        sounding = sum(1 for note in phrase if note.name is not None and not note.grace)
        if sounding:
            starts.append(count)
        count += sounding
    return starts


def _spans(
    path: NDArray[np.int64], sounds: NDArray[np.bool_], octaves: NDArray[np.int64], start_s: float, hop_s: float
) -> tuple[AlignedNote, ...]:
    """Each visit to a note, from its first sounding frame to its last, in the octave where it is for the longest."""
    edges = [0, *(np.flatnonzero(np.diff(path)) + 1).tolist(), len(path)]
    spans = []
    for first, last in itertools.pairwise(edges):
        voiced = np.flatnonzero(sounds[first:last])
        if len(voiced):
            begin, end = first + int(voiced[0]), first + int(voiced[-1]) + 1
            octave = int(np.median(octaves[first:last][voiced]))
            spans.append(AlignedNote(int(path[first]), start_s + begin * hop_s, start_s + end * hop_s, octave))
    return tuple(spans)
