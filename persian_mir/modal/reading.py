"""The modal reading of a stretch of pitch: shahed, degrees, modes with probabilities, nearest gusheh."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from persian_mir.i18n import _
from persian_mir.labels import dastgah_of, label_ids
from persian_mir.modal.degrees import BIN_CENTS, Degree, around, find_degrees, named
from persian_mir.modal.ends import weigh_ends
from persian_mir.modal.evidence import Evidence, probabilities_of
from persian_mir.modal.neutral import why_foreign
from persian_mir.modal.parameters import DEFAULT, Parameters
from persian_mir.modal.pitch import PitchTrack
from persian_mir.modal.profile import A4_HZ, BINS, OCTAVE_CENTS, Floats, bin_of, fold_octaves
from persian_mir.modal.radif import Gusheh, load_radif
from persian_mir.modal.tonic import Shahed, as_played, gusheh_shahed, other_shaheds, with_shahed_at
from persian_mir.modal.trusted_evidence import Heard, evidence_of, played, sounding

Ranked = tuple[tuple[str, float], ...]

# Of 46 real recordings (`benchmarks/modal_length.py`) the Dastgah is right in 47 % of stretches of 5 s, 68 % of 10 s,
# 80 % of 20 s, 84 % of 30 s: from here on in four of five.
LEAST_STRETCH_S = 20.0


@dataclass(frozen=True, slots=True)
class ModeMatch:
    """What a mode has to say for itself: its best gusheh, and where its shahed would be.

    `gusheh`: place in `load_radif().gushehs`. `shahed_cents`: above the reading's tonic, -600 to 600. `support`:
    similarity of that gusheh to what was heard, 0 to about 1.
    """

    mode: str
    gusheh: int
    shahed_cents: float
    support: float


@dataclass(frozen=True, slots=True, eq=False)
class ModalReading:
    """What was heard between the ends of `track`.

    `heard` is False where no mode is, and `reason` says why in a sentence; then all labels are equally probable. A
    `reason` where one is heard says why it is not sure.

    `tonic_hz` is the mode's shahed as played in the octave where it sounds most, `shahed_hz` that of the nearest gusheh
    (some move it away from their mode's), `ist_hz` the note of rest near the tonic; None where the radif names none or
    too little sounded to say. `profile`: float64 [240], share of time a pitch class,
    bin k centred 5 k cents above the shahed. `modes` and `dastgahs` rank all labels by probability. `gusheh` is the
    nearest of the first mode. `matches`: one a mode, in the order of `modes`; empty where too little sounded.
    `sections`: of a recording that changes its mode or shahed, see `sections.read_recording`; `drift_cents`: by which
    its pitch rose from beginning to end, before that was taken out. `line_share`: of the time, in which a pitch could
    be told, speech aside; the rest is silence, drums, or lines that sound at once.
    """

    track: PitchTrack
    tonic_hz: float | None
    ist_hz: float | None
    alternatives: tuple[Shahed, ...]
    profile: NDArray[np.float64]
    degrees: tuple[Degree, ...]
    modes: Ranked
    dastgahs: Ranked
    gusheh: Gusheh | None
    matches: tuple[ModeMatch, ...] = ()
    heard: bool = True
    reason: str = ""
    shahed_hz: float | None = None
    sections: tuple[ModalSection, ...] = ()
    drift_cents: float = 0.0
    line_share: float = 0.0

    def probabilities(self, task: str) -> NDArray[np.float32]:
        """float32 [classes] in the order of the vocabulary of `mode` or `dastgah`."""
        ranked = dict(self.modes if task == "mode" else self.dastgahs)
        return np.array([ranked[label] for label in label_ids(task)], dtype=np.float32)


@dataclass(frozen=True, slots=True, eq=False)
class ModalSection:
    """A stretch of a recording in one mode on one shahed, or in which no mode is heard, as its `reading` says."""

    start_s: float
    stop_s: float
    reading: ModalReading


def read_mode(
    track: PitchTrack,
    start_s: float | None = None,
    stop_s: float | None = None,
    parameters: Parameters = DEFAULT,
    tonic_hz: float | None = None,
) -> ModalReading:
    """Reads the stretch from `start_s` to `stop_s`. Where no mode is heard every label is equally probable.

    Without either the track is a whole recording, whose first and last note count (`Parameters.ends_doubt`).

    `tonic_hz`: the shahed if the user knows it; the modes are then ranked with a shahed there only, within 30 cents.
    """
    whole = start_s is None and stop_s is None
    track = track.cut(start_s, stop_s)
    weights = played(track, parameters)
    heard = evidence_of(track, weights, parameters)
    if isinstance(heard, str):
        return _unknown(track, heard)
    found = heard.evidence
    if whole:
        music = replace(track, confidence=np.where(weights > 0, track.confidence, np.float32(0)))
        found = Evidence(found.modes + weigh_ends(music, parameters), found.support)
    if tonic_hz is not None:
        found = with_shahed_at(tonic_hz, found, parameters)
    return _reading(probabilities_of(found.modes), found.support, track, weights, heard, parameters, tonic_hz)


def read_stretch(
    track: PitchTrack, start_s: float, stop_s: float, whole: ModalReading | None = None, tonic_hz: float | None = None
) -> ModalReading:
    """Reads a part of a longer recording, or says that it is too short to tell a mode (`LEAST_STRETCH_S`).

    Then `profile` is all that is measured, over the tonic of the `whole` recording's reading where that is given.
    """
    part = track.cut(start_s, stop_s)
    seconds = part.stop_s - part.start_s
    if seconds >= min(LEAST_STRETCH_S, track.stop_s - track.start_s) - track.hop_s:
        return read_mode(track, start_s, stop_s, tonic_hz=tonic_hz)
    text = _("{seconds:.0f} s are too short to tell a mode; from {least:.0f} s on four of five are named rightly.")
    unknown, weights = _unknown(part, text.format(seconds=seconds, least=LEAST_STRETCH_S)), sounding(part)
    tonic = tonic_hz or (None if whole is None else whole.tonic_hz)
    if tonic is None or not weights.any():
        return unknown
    profile = np.roll(fold_octaves(part, weights), -bin_of(tonic)) / weights.sum()
    return replace(unknown, tonic_hz=tonic, profile=profile)


def _reading(
    joint: Floats,
    support: Floats,
    track: PitchTrack,
    weights: Floats,
    heard: Heard,
    parameters: Parameters,
    tonic_hz: float | None,
) -> ModalReading:
    """What `joint`, the probability of each mode on each place of its shahed, comes to; `tonic_hz` is None where the
    user did not set it.
    """
    modes = joint.sum(axis=1)
    first = int(np.argmax(modes))
    place = int(np.argmax(joint[first]))
    tonic = as_played(place * BIN_CENTS, track, weights) if tonic_hz is None else tonic_hz
    zero = bin_of(tonic)
    matches = _matches(modes, joint, support, zero)
    gusheh = load_radif().gushehs[matches[0].gusheh]
    profile = np.roll(fold_octaves(track, weights), -zero) / weights.sum()
    degrees = find_degrees(profile, zero * BIN_CENTS - OCTAVE_CENTS * math.log2(tonic / A4_HZ))
    if not heard.reason and (reason := why_foreign(degrees, matches[0].mode)):
        heard = replace(heard, trust=parameters.doubted, reason=reason)
    return ModalReading(
        track=track,
        tonic_hz=tonic,
        ist_hz=None if gusheh.ist_cents is None else tonic * 2 ** (around(gusheh.ist_cents) / OCTAVE_CENTS),
        alternatives=() if tonic_hz is not None else other_shaheds(joint, (first, place), track, weights),
        profile=profile,
        degrees=named(degrees, matches[0].mode, tonic),
        modes=ranked("mode", _trusted(modes, heard.trust)),
        dastgahs=ranked("dastgah", _trusted(_dastgahs(modes), heard.trust)),
        gusheh=gusheh,
        matches=matches,
        reason=heard.reason,
        shahed_hz=gusheh_shahed(gusheh, tonic, track, weights),
        line_share=float(weights.mean()),
    )


def _unknown(track: PitchTrack, reason: str) -> ModalReading:
    modes, dastgahs = (np.full(len(label_ids(task)), 1 / len(label_ids(task))) for task in ("mode", "dastgah"))
    return ModalReading(
        track=track,
        tonic_hz=None,
        ist_hz=None,
        alternatives=(),
        profile=np.zeros(BINS),
        degrees=(),
        modes=ranked("mode", modes),
        dastgahs=ranked("dastgah", dastgahs),
        gusheh=None,
        heard=False,
        reason=reason,
    )


def _matches(modes: Floats, joint: Floats, support: Floats, zero: int) -> tuple[ModeMatch, ...]:
    """Each mode's best place for its shahed and the gusheh most like the sound there, most probable mode first."""
    radif, labels, found = load_radif(), label_ids("mode"), []
    for k in np.argsort(-modes, kind="stable"):
        where = int(np.argmax(joint[k]))
        mine = np.flatnonzero(radif.mode_index == k)
        best = int(mine[np.argmax(support[mine, where])])
        found.append(ModeMatch(labels[k], best, around((where - zero) * BIN_CENTS), float(support[best, where])))
    return tuple(found)


def _dastgahs(modes: Floats) -> Floats:
    """Probability of each Dastgah: that of its modes together."""
    labels = label_ids("dastgah")
    totals = np.zeros(len(labels))
    for mode, probability in zip(label_ids("mode"), modes, strict=True):
        totals[labels.index(dastgah_of(mode))] += probability
    return totals


def _trusted(probabilities: Floats, trust: float) -> Floats:
    """Probabilities mixed with those of knowing nothing."""
    return np.asarray(trust * probabilities + (1 - trust) / len(probabilities))


def ranked(task: str, probabilities: Floats) -> Ranked:
    """The labels of `mode` or `dastgah` with their probabilities, the most probable first."""
    labels = label_ids(task)
    order = np.argsort(-probabilities, kind="stable")
    return tuple((labels[k], float(probabilities[k])) for k in order)
