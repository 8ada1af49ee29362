"""Sections: a long recording as stretches of one mode on one shahed, found by the best path through its passages.

Each passage says how probable every mode is on every place of its shahed, or that no mode is heard in it; the path may
follow a shahed that drifts, and pays to change to anything else (A. Viterbi, 1967).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from persian_mir.i18n import _
from persian_mir.labels import label_ids
from persian_mir.modal.degrees import DEGREE_REACH_CENTS, around
from persian_mir.modal.drift import find_drift, without_drift
from persian_mir.modal.evidence import LEAST, cut_passages, probabilities_of
from persian_mir.modal.parameters import DEFAULT, Parameters
from persian_mir.modal.pitch import PitchTrack
from persian_mir.modal.profile import BINS, OCTAVE_CENTS, Floats
from persian_mir.modal.reading import ModalReading, ModalSection, ranked, read_mode
from persian_mir.modal.trusted_evidence import evidence_of, played, sounding
from persian_mir.prediction import MODAL_SURE_MARGIN
from persian_mir.progress import SILENT as NOBODY
from persian_mir.progress import Progress

PASSAGE_S = 30.0  # of pitch: as much as a window of the modal reading; 20 to 45 find much the same
HOP_S = 10.0
CHANGE_COST = 9.0  # ln of 13 modes on 24 places, and of one change in five minutes: ln 312 + ln 30; 8 to 10 are alike
SILENT = len(label_ids("mode")) * BINS  # the state in which no mode is heard
MISHEARD = 0.01  # of the passages with a mode none is heard in, and the reverse


def read_recording(
    track: PitchTrack,
    parameters: Parameters = DEFAULT,
    tonic_hz: float | None = None,
    progress: Progress = NOBODY,
) -> ModalReading:
    """Reads a whole recording, as one mode or, where it changes for good, section by section.

    Then `sections` holds at least two readings, the probabilities are their mean by time, which is the share of the
    recording that each mode is expected to have, and all else is that of the longest section in the commonest mode.
    What drifts is read as it sounds in its middle (`drift_cents`), its `track` is as it was.
    `tonic_hz`: the shahed if the user knows it; there are then no sections. `progress.step` may raise Cancelled.
    """
    drift = find_drift(track, played(track, parameters))
    steady = without_drift(track, drift)
    if tonic_hz is not None:
        return replace(read_mode(steady, parameters=parameters, tonic_hz=tonic_hz), track=track, drift_cents=drift)
    return replace(_read_steady(steady, parameters, progress), track=track, drift_cents=drift)


def _read_steady(track: PitchTrack, parameters: Parameters, progress: Progress) -> ModalReading:
    bounds = find_bounds(track, parameters, progress)
    sections = _agreed(track, parameters, [_section(track, span, parameters) for span in bounds])
    return read_mode(track, parameters=parameters) if len(sections) < 2 else _together(track, sections, parameters)


def find_bounds(
    track: PitchTrack, parameters: Parameters = DEFAULT, progress: Progress = NOBODY
) -> list[tuple[float, float]]:
    """Start and stop in seconds of each stretch of one mode on one shahed; they tile the recording."""
    weights, music = sounding(track, parameters), played(track, parameters)
    passages = list(cut_passages(track, weights, PASSAGE_S, HOP_S))
    if len(passages) < 2:
        return [(track.start_s, track.stop_s)]

    def scores() -> Iterator[Floats]:
        for number, (passage, _mine) in enumerate(passages):
            progress.step(number / len(passages))
            yield _scores(passage, _part(music, passage, track), parameters)

    changed = best_path(scores(), len(passages))
    middles = [_middle(passage, mine) for passage, mine in passages]
    cuts = [(middles[k - 1] + middles[k]) / 2 for k in np.flatnonzero(changed)]
    return list(pairwise([track.start_s, *cuts, track.stop_s]))


def _part(weights: Floats, passage: PitchTrack, track: PitchTrack) -> Floats:
    """Those of `weights`, one a frame of the track, that are of its passage."""
    first = round((passage.start_s - track.start_s) / track.hop_s)
    return weights[first : first + len(passage.hz)]


def best_path(scores: Iterator[Floats], count: int) -> NDArray[np.bool_]:
    """Before which of `count` passages the best path changes, bool [count].

    `scores`: log probabilities of each passage, float [modes * 240 + 1], the last that no mode is heard.
    """
    total, best = np.zeros(SILENT + 1), 0
    jumped = np.zeros((count, SILENT + 1), bool)
    origin = np.zeros((count, SILENT + 1), np.int32)
    for k, score in enumerate(scores):
        best = int(total.argmax())
        near = _neighbours()
        origin[k] = near[np.argmax(total[near], axis=0), np.arange(SILENT + 1)]
        stays = total[origin[k]]
        jumped[k] = stays < total[best] - CHANGE_COST
        origin[k, jumped[k]] = best
        total = np.maximum(stays, total[best] - CHANGE_COST) + score
    changed, state = np.zeros(count, bool), int(total.argmax())
    for k in range(count - 1, 0, -1):
        changed[k] = jumped[k, state]
        state = int(origin[k, state])
    return changed


def _neighbours() -> NDArray[np.int64]:
    """The states that each may go on from for nothing, int64 [3, states]: a place lower, the same, a place higher."""
    places = np.arange(SILENT).reshape(-1, BINS)
    rows = [np.append(np.roll(places, step, axis=1).ravel(), SILENT) for step in (1, 0, -1)]
    return np.stack(rows)


def _scores(passage: PitchTrack, weights: Floats, parameters: Parameters) -> Floats:
    """Log probability of each state in one passage, [modes * 240 + 1]."""
    found = evidence_of(passage, weights, parameters)
    if isinstance(found, str):
        return np.asarray(np.log(np.append(np.full(SILENT, MISHEARD / SILENT), 1 - MISHEARD)))
    joint = found.trust * probabilities_of(found.evidence.modes).ravel() + (1 - found.trust) / SILENT
    return np.asarray(np.log(np.append(np.maximum(joint, LEAST) * (1 - MISHEARD), MISHEARD)))


def _middle(passage: PitchTrack, weights: Floats) -> float:
    """When half of a passage has sounded, in seconds."""
    return passage.start_s + float(np.searchsorted(np.cumsum(weights), weights.sum() / 2)) * passage.hop_s


def _section(track: PitchTrack, span: tuple[float, float], parameters: Parameters) -> ModalSection:
    return ModalSection(*span, read_mode(track, *span, parameters))


def _agreed(track: PitchTrack, parameters: Parameters, sections: Sequence[ModalSection]) -> tuple[ModalSection, ...]:
    """Neighbours that were read alike, after all, as one section."""
    merged: list[ModalSection] = []
    for section in sections:
        if merged and alike(merged[-1].reading, section.reading):
            merged[-1] = _section(track, (merged[-1].start_s, section.stop_s), parameters)
        else:
            merged.append(section)
    return tuple(merged)


def alike(one: ModalReading, other: ModalReading, task: str = "mode") -> bool:
    """Whether two readings name the same mode (or Dastgah) on the same shahed, octaves aside, or neither hears any."""
    if one.tonic_hz is None or other.tonic_hz is None:
        return one.tonic_hz is other.tonic_hz
    apart = OCTAVE_CENTS * np.log2(one.tonic_hz / other.tonic_hz)
    same = one.probabilities(task).argmax() == other.probabilities(task).argmax()
    return bool(same) and abs(around(float(apart))) <= DEGREE_REACH_CENTS


def _together(track: PitchTrack, sections: tuple[ModalSection, ...], parameters: Parameters) -> ModalReading:
    """The reading of a recording of several sections."""
    heard = [section for section in sections if section.reading.heard]
    if not heard:
        return replace(sections[0].reading, track=track, sections=sections)
    if len(heard) == 1:  # it is all the music, from its first to its last note
        music = read_mode(track.cut(heard[0].start_s, heard[0].stop_s), parameters=parameters)
        sections = tuple(replace(one, reading=music) if one is heard[0] else one for one in sections)
        return replace(music, track=track, sections=sections)
    weights = np.array([section.stop_s - section.start_s for section in heard])
    modes, dastgahs = (
        ranked(task, np.average([section.reading.probabilities(task) for section in heard], axis=0, weights=weights))
        for task in ("mode", "dastgah")
    )
    return replace(
        main_section(sections).reading,
        track=track,
        modes=modes,
        dastgahs=dastgahs,
        alternatives=(),
        sections=sections,
        reason=_("Several sections: the scale is that of the longest one in the commonest mode."),
        line_share=float(np.average([section.reading.line_share for section in heard], weights=weights)),
    )


def main_section(sections: Sequence[ModalSection]) -> ModalSection:
    """The longest section of those in the mode that most of the time is surely in, or is in where none is sure."""

    def length(section: ModalSection) -> float:
        return section.stop_s - section.start_s

    heard = [section for section in sections if section.reading.heard] or list(sections)
    sure = [section for section in heard if _lead(section.reading) >= MODAL_SURE_MARGIN] or heard
    lengths: defaultdict[str, float] = defaultdict(float)
    for section in sure:
        lengths[section.reading.modes[0][0]] += length(section)
    first = max(lengths, key=lengths.__getitem__)
    return max((section for section in heard if section.reading.modes[0][0] == first), key=length)


def main_reading(reading: ModalReading) -> ModalReading:
    """The reading of the main section; where there are no sections, `reading` itself."""
    return main_section(reading.sections).reading if reading.sections else reading


def _lead(reading: ModalReading) -> float:
    (_first, most), (_second, next_) = reading.modes[:2]
    return most - next_
