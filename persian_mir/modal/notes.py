"""Held notes apart from glides and ornaments, so that a degree is measured where it is meant."""

from __future__ import annotations

import itertools
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from persian_mir.modal.parameters import DEFAULT
from persian_mir.modal.pitch import PitchTrack
from persian_mir.modal.profile import OCTAVE_CENTS, Floats, cents_of

REACH_CENTS = 60.0  # from a note's middle: a wide vibrato stays within, the next quarter tone does not
HELD_S = 0.1  # a plucked note of a fast riz lasts as long; shorter is an ornament
GAP_S = 0.05  # without pitch, which a note survives: a bow change, a consonant
SETTLING_FRAMES = 16  # whose median a note is followed by: a quarter of a second
STEEP_CENTS_S = 1000.0  # a glide moves faster than this on its way, an ornament turns

REST, NOTE, GLIDE, ORNAMENT = "rest", "note", "glide", "ornament"


@dataclass(frozen=True, slots=True)
class HeldNote:
    """A note as played: from `start_s` to `stop_s`, at the median `hz`; `spread_cents`: half of its middle 68 %."""

    start_s: float
    stop_s: float
    hz: float
    spread_cents: float


def find_notes(track: PitchTrack, shortest_s: float = HELD_S) -> tuple[HeldNote, ...]:
    """The held notes in order of time."""
    cents = cents_of(track.hz)
    return tuple(_note(track, cents, *bounds) for bounds in _held(cents, sounding(track), track.hop_s, shortest_s))


def kinds(track: PitchTrack) -> NDArray[np.str_]:
    """What each frame belongs to, [frames]: `rest`, `note`, `glide` or `ornament`."""
    cents, sounds = cents_of(track.hz), sounding(track)
    found = np.where(sounds, ORNAMENT, REST)
    for first, last in _held(cents, sounds, track.hop_s):
        found[first:last][sounds[first:last]] = NOTE
    loose = found == ORNAMENT
    for first, last in _runs(loose):
        way = abs(cents[last - 1] - cents[first])
        straight = way > 0.8 * np.abs(np.diff(cents[first:last])).sum()
        if straight and way > STEEP_CENTS_S * track.hop_s * max(last - first - 1, 1) and last - first > 1:
            found[first:last] = GLIDE
    return found


def mend_octaves(track: PitchTrack) -> PitchTrack:
    """The track with short leaps by an octave taken back: an octave for less than a note between frames that are near
    each other is the detector's error, not the player's.
    """
    cents, sounds, hz = cents_of(track.hz), sounding(track), track.hz.copy()
    longest = round(HELD_S / track.hop_s)
    steps = np.where(sounds[1:] & sounds[:-1], np.diff(cents), 0.0)
    leaps = np.flatnonzero(np.abs(np.abs(steps) - OCTAVE_CENTS) < REACH_CENTS) + 1
    for first, last in itertools.pairwise(leaps):
        back = last - first <= longest and abs(cents[first - 1] - cents[last]) < 2 * REACH_CENTS
        if back and sounds[first:last].all():
            hz[first:last] *= np.float32(2.0 ** -np.sign(steps[first - 1]))
    return PitchTrack(hz, track.confidence, track.hop_s, track.start_s)


def sounding(track: PitchTrack) -> NDArray[np.bool_]:
    """Which frames have a pitch, [frames]."""
    return np.asarray((track.confidence >= DEFAULT.voiced) & (track.hz > 0))


def _held(cents: Floats, sounds: NDArray[np.bool_], hop_s: float, shortest_s: float = HELD_S) -> list[tuple[int, int]]:
    """First frame and the one after the last of each note: frames near the median of those before them."""
    longest_gap, shortest = round(GAP_S / hop_s), round(shortest_s / hop_s)
    found: list[tuple[int, int]] = []
    places = np.flatnonzero(sounds).tolist()
    heights = cents[places].tolist()
    begin = 0
    for k in range(1, len(places) + 1):
        if k < len(places) and places[k] - places[k - 1] <= longest_gap + 1:
            recent = sorted(heights[max(begin, k - SETTLING_FRAMES) : k])
            if abs(heights[k] - recent[len(recent) // 2]) <= REACH_CENTS:
                continue
        if k - begin >= shortest:
            found.append((places[begin], places[k - 1] + 1))
        begin = k
    return found


def _note(track: PitchTrack, cents: Floats, first: int, last: int) -> HeldNote:
    mine = cents[first:last][sounding(track)[first:last]]
    low, middle, high = np.quantile(mine, (0.16, 0.5, 0.84))
    hz = 440.0 * 2 ** (float(middle) / OCTAVE_CENTS)
    times = track.start_s + first * track.hop_s, track.start_s + last * track.hop_s
    return HeldNote(*times, hz, float(high - low) / 2)


def _runs(chosen: NDArray[np.bool_]) -> list[tuple[int, int]]:
    """First and the one after the last of each run of True."""
    edges = np.flatnonzero(np.diff(np.concatenate([[False], chosen, [False]]).astype(np.int8)))
    return list(zip(edges[::2].tolist(), edges[1::2].tolist(), strict=True))
