"""Notes that the path through a score touches only on its way, although they are not played."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from persian_mir.modal.names import A_STEP, STEP_CENTS, STEPS
from persian_mir.modal.notes import sounding
from persian_mir.modal.pitch import PitchTrack
from persian_mir.modal.profile import OCTAVE_CENTS, cents_of
from persian_mir.transcription.left_out import AlignedNote, lasts_s, pace_of
from persian_mir.transcription.score import ScoreNote

NEAR_CENTS = 40.0  # of a pitch that is heard; the next quarter tone is further
GLIMPSE_S, GLIMPSE_SHARE = 0.04, 0.5  # a visit this short, also by what is written, is but the way to the next note


class Sound:
    """The pitch of a recording that lies `above` cents over the score."""

    def __init__(self, track: PitchTrack, above: float) -> None:
        sounds = sounding(track)
        self._cents = np.where(sounds, cents_of(track.hz) - above, np.nan)
        self._start_s, self._hop_s = track.start_s, track.hop_s

    def holds(self, step: int, start_s: float, stop_s: float) -> bool:
        """Whether a pitch is heard within a time, octaves aside, for two frames that follow each other."""
        frames = np.clip((np.array([start_s, stop_s]) - self._start_s) / self._hop_s, 0, len(self._cents))
        first, last = np.round(frames).astype(int).tolist()
        off = self._cents[first : last + 1] - (step - A_STEP) * STEP_CENTS
        near = np.abs((off + OCTAVE_CENTS / 2) % OCTAVE_CENTS - OCTAVE_CENTS / 2) < NEAR_CENTS
        return bool((near[1:] & near[:-1]).any())


def without_glimpses(
    notes: Sequence[ScoreNote], visits: Sequence[AlignedNote], sound: Sound
) -> tuple[AlignedNote, ...]:
    """The visits without those too short to be believed, to notes whose pitch is not heard.

    A note of the pitch of a neighbour stays: that pitch is heard in any case.
    """
    pace = pace_of(notes, visits)
    longest: dict[int, float] = {}
    for one in visits:
        longest[one.place] = max(longest.get(one.place, 0.0), one.stop_s - one.start_s)
    first = {one.place: one for one in reversed(visits)}
    places = sorted(first)

    def is_glimpse(at: int) -> bool:
        place, beside = places[at], [*places[max(at - 1, 0) : at], *places[at + 1 : at + 2]]
        if longest[place] >= min(GLIMPSE_S, GLIMPSE_SHARE * pace * lasts_s(notes[place])):
            return False
        near = {notes[k].step % STEPS for k in (place - 1, place + 1, *beside) if 0 <= k < len(notes)}
        start_s, stop_s = (first[beside[0]].start_s, first[beside[-1]].stop_s) if beside else (-np.inf, np.inf)
        return notes[place].step % STEPS not in near and not sound.holds(notes[place].step, start_s, stop_s)

    glimpsed = {places[at] for at in range(len(places)) if is_glimpse(at)}
    return tuple(one for one in visits if one.place not in glimpsed)
