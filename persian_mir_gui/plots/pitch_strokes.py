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
EXTREMES = 0.2  # per cent of the time on either side that are left out: the ends of glides
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
        neighbourhood.
        """
        if self.empty:
            return -1200.0, 0.0
        held = self._held()
        cents = self.cents[held if held.any() else self.sounds]
        near = np.abs(cents - _neighbourhood(cents, round(NEIGHBOURHOOD_S / self.hop_s))) < FAR_CENTS
        low, high = np.percentile(cents[near] if near.any() else cents, (EXTREMES, 100 - EXTREMES))
        middle, half = (low + high) / 2, max((high - low) / 2 + ROOM_CENTS, 600.0)
        return float(middle - half), float(middle + half)

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
