"""The pitch contour as numbers to draw: cents, strokes between rests, what is in view. No painting."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from persian_mir.modal.notes import mend_octaves
from persian_mir.modal.pitch import PitchTrack
from persian_mir.modal.profile import cents_of

SOUNDS_FROM = 0.5  # confidence; swift-f0's own threshold
LEAP_CENTS = 250.0  # from one frame, 16 ms, to the next: no glide is so steep, the detector changed its mind
FRAMES_A_PIXEL = 8.0  # beyond this a stroke is a blot, and points show more
POINTS_A_PIXEL = 3
HELD_S = 0.1  # shorter strokes say nothing of the range
NEIGHBOURHOOD_S, FAR_CENTS = 10.0, 900.0  # of sounding time; from its median: no phrase leaps so far and stays short
OCTAVE_LEAP_CENTS = 1100.0  # between two strokes: the one further out may be the detector's error
PHRASE_S, MOVES_CENTS = 1.0, 150.0  # what lasts so long and moves so much is no error and no drone: a phrase
PHRASE_LEAP_CENTS = 500.0  # within one: two strings that sound on are further apart
EXTREMES = 0.2  # per cent of the time on either side that are left out: single strokes, the ends of glides
GLIMPSE_S = 0.05  # that notes which neighbours lead to may sound beyond the range, whatever the length
STEADY_FRAMES = 5  # whose median tells a note from its attack
ROOM_CENTS = 120.0  # above and below the melody
LEVELS = 3  # of confidence that can be told apart by eye

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class Contour:
    """`cents`: float64 [frames] above A4; `sounds`: bool [frames]; `ends`: where strokes begin and end, ascending.

    `level`: int64 [frames], 0 (barely a pitch) to 2 (certain). Frame k stands at `start_s + k * hop_s`.
    """

    cents: Floats
    sounds: NDArray[np.bool_]
    level: NDArray[np.int64]
    ends: NDArray[np.int64]
    start_s: float
    hop_s: float

    @property
    def empty(self) -> bool:
        """Whether no pitch was heard at all."""
        return not bool(self.sounds.any())

    def frames(self, start_s: float, stop_s: float) -> tuple[int, int]:
        """First frame and the one after the last between two times, one more on either side."""
        first = int(np.floor((start_s - self.start_s) / self.hop_s)) - 1
        last = int(np.ceil((stop_s - self.start_s) / self.hop_s)) + 2
        return max(first, 0), min(max(last, 0), len(self.cents))

    def times(self, frames: NDArray[np.int64]) -> Floats:
        """Seconds of frames."""
        return np.asarray(self.start_s + frames * self.hop_s)

    def strokes(self, start_s: float, stop_s: float) -> list[NDArray[np.int64]]:
        """The frames of each unbroken stretch that meets the view, two or more each."""
        first, last = self.frames(start_s, stop_s)
        cuts = self.ends[(self.ends > first) & (self.ends < last)]
        pieces = np.split(np.arange(first, last), cuts - first)
        return [piece for piece in pieces if len(piece) > 1 and self.sounds[piece[0]]]

    def points(self, start_s: float, stop_s: float, pixels: int) -> NDArray[np.int64]:
        """Sounding frames, evenly thinned to a few a pixel."""
        first, last = self.frames(start_s, stop_s)
        sounding = first + np.flatnonzero(self.sounds[first:last])
        step = max(1, (last - first) // max(POINTS_A_PIXEL * pixels, 1))
        # By place in time, not in the list: panning must not make the points flicker.
        return np.asarray(sounding[sounding % step == 0])

    def span(self) -> tuple[float, float]:
        """Lowest and highest cents of the melody, with some room, an octave at least.

        Drones and octave errors are no part of it: what is short, and what lies far from the median of its
        neighbourhood, unless that is a phrase. The highest and the lowest note are, however short a part of the whole.
        """
        if self.empty:
            return -1200.0, 0.0
        held = self._held()
        chosen = np.flatnonzero(held if held.any() else self.sounds)
        cents, begins = self.cents[chosen], self._begins(chosen)
        away = np.abs(cents - _neighbourhood(cents, round(NEIGHBOURHOOD_S / self.hop_s)))
        phrases = _phrases(cents, away, begins, round(PHRASE_S / self.hop_s))
        near = (away < FAR_CENTS) | phrases
        led_to = near & ~_leapt_to(cents, away, begins)
        low, high = np.percentile(cents[near] if near.any() else cents, (EXTREMES, 100 - EXTREMES))
        if led_to.any():
            steady = _steady(cents[led_to])
            rest = 100 * min(1.0, GLIMPSE_S / self.hop_s / len(steady))
            ends = np.percentile(steady, (min(rest, EXTREMES), 100 - min(rest, EXTREMES)))
            low, high = min(low, ends[0]), max(high, ends[1])
        middle, half = (low + high) / 2, max((high - low) / 2 + ROOM_CENTS, 600.0)
        return float(middle - half), float(middle + half)

    def _begins(self, chosen: NDArray[np.int64]) -> NDArray[np.int64]:
        """The places in `chosen` frames where strokes begin."""
        return np.flatnonzero(np.isin(chosen, self.ends) | (np.diff(chosen, prepend=chosen[0] - 2) > 1))

    def _held(self) -> NDArray[np.bool_]:
        """The frames of strokes that last."""
        bounds = np.concatenate(([0], self.ends, [len(self.cents)]))
        lengths = np.diff(bounds)
        return np.asarray(self.sounds & np.repeat(lengths * self.hop_s >= HELD_S, lengths))

    def at(self, time_s: float) -> float | None:
        """Cents above A4 at a time: the median of what sounds within a tenth of a second; None in a rest."""
        first, last = self.frames(time_s - 0.1, time_s + 0.1)
        near = self.cents[first:last][self.sounds[first:last]]
        return float(np.median(near)) if len(near) else None


def contour(track: PitchTrack) -> Contour:
    """Prepares a track once, short octave errors taken back; drawing a part of it is then cheap."""
    track = mend_octaves(track)
    cents = cents_of(track.hz)
    sounds = (track.confidence >= SOUNDS_FROM) & (track.hz > 0)
    broken = np.ones(max(len(cents) - 1, 0), dtype=bool)
    broken &= (sounds[1:] != sounds[:-1]) | (sounds[1:] & sounds[:-1] & (np.abs(np.diff(cents)) > LEAP_CENTS))
    share = (track.confidence.astype(np.float64) - SOUNDS_FROM) / (1 - SOUNDS_FROM)
    level = np.clip((share * LEVELS).astype(np.int64), 0, LEVELS - 1)
    return Contour(cents, sounds, level, np.flatnonzero(broken) + 1, track.start_s, track.hop_s)


def _neighbourhood(cents: Floats, frames: int) -> Floats:
    """For each frame the median of the `frames` or so around it, by blocks of a tenth of that."""
    block = max(frames // 10, 1)
    padded = np.concatenate((cents, np.full(-len(cents) % block, np.nan)))
    middles = np.nanmedian(padded.reshape(-1, block), axis=1)
    windows = np.lib.stride_tricks.sliding_window_view(np.pad(middles, 5, mode="edge"), 11)
    return np.asarray(np.repeat(np.median(windows, axis=1), block)[: len(cents)])


def _phrases(cents: Floats, away: Floats, begins: NDArray[np.int64], shortest: int) -> NDArray[np.bool_]:
    """Which frames belong to strokes that stay far off one after the other, and move there as a melody does."""
    bounds, heights = np.append(begins, len(cents)), _means(cents, begins)
    far = _means(away, begins) >= FAR_CENTS
    found = np.zeros(len(cents), dtype=bool)
    parted = np.diff(far) | (np.abs(np.diff(heights)) > PHRASE_LEAP_CENTS)
    for run in np.split(np.arange(len(begins)), np.flatnonzero(parted) + 1):
        first, last = bounds[run[0]], bounds[run[-1] + 1]
        if far[run[0]] and last - first >= shortest:
            low, high = np.percentile(cents[first:last], (10, 90))
            found[first:last] = high - low >= MOVES_CENTS
    return found


def _leapt_to(cents: Floats, away: Floats, begins: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Which frames belong to a stroke that is an octave or so further out than the one before or after it."""
    heights, outs = _means(cents, begins), _means(away, begins)
    leaps = np.abs(np.diff(heights)) > OCTAVE_LEAP_CENTS
    further = np.diff(outs) > 0  # the later of two
    out = np.append(leaps & ~further, False) | np.append(False, leaps & further)
    return np.repeat(out, np.diff(begins, append=len(cents)))


def _means(values: Floats, begins: NDArray[np.int64]) -> Floats:
    """Of each stroke."""
    return np.asarray(np.add.reduceat(values, begins) / np.diff(begins, append=len(values)))


def _steady(cents: Floats) -> Floats:
    """The running median, which no attack and no end of a glide is part of."""
    padded = np.pad(cents, STEADY_FRAMES // 2, mode="edge")
    return np.asarray(np.median(np.lib.stride_tricks.sliding_window_view(padded, STEADY_FRAMES), axis=1))
