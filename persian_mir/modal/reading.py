"""The modal reading of a stretch of pitch: shahed, degrees, modes with probabilities, nearest gusheh."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from persian_mir.i18n import _
from persian_mir.labels import dastgah_of, label_ids
from persian_mir.modal.degrees import BIN_CENTS, DEGREE_REACH_CENTS, Degree, around, find_degrees, named
from persian_mir.modal.ends import weigh_ends
from persian_mir.modal.evidence import Evidence, log_evidence
from persian_mir.modal.match import match, with_register
from persian_mir.modal.mode_presence import is_foreign, western_trust, why_spoken, why_unheard
from persian_mir.modal.parameters import DEFAULT, Parameters
from persian_mir.modal.pitch import PitchTrack
from persian_mir.modal.profile import A4_HZ, BINS, OCTAVE_CENTS, Floats, cents_of, fold_octaves
from persian_mir.modal.radif import Gusheh, load_radif
from persian_mir.modal.speech import without_speech

Ranked = tuple[tuple[str, float], ...]

OTHER_SHAHEDS = 3
# Of 46 real recordings (`benchmarks/modal_length.py`) the Dastgah is right in 47 % of stretches of 5 s, 68 % of 10 s,
# 80 % of 20 s, 84 % of 30 s: from here on in four of five.
LEAST_STRETCH_S = 20.0
SET_REACH = 6  # bins, 30 cents: how exactly a shahed set by hand lies where the mode fits best


@dataclass(frozen=True, slots=True)
class Shahed:
    """Another place where the shahed may be, and in which mode."""

    hz: float
    mode: str
    probability: float


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
    `sections`: of a recording that changes its mode or shahed, see `sections.read_recording`.
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
        found = _with_shahed_at(tonic_hz, found, parameters)
    return _reading(probabilities_of(found.modes), found.support, track, weights, heard, tonic_hz)


@dataclass(frozen=True, slots=True, eq=False)
class Heard:
    """The evidence of a stretch in which a mode is heard, and how far it can be trusted, 0 to 1; below 1 a `reason`."""

    evidence: Evidence
    trust: float
    reason: str = ""


def sounding(track: PitchTrack, parameters: Parameters = DEFAULT) -> Floats:
    """float64 [frames]: 1 where a pitch sounds, else 0."""
    return np.where((track.confidence >= parameters.voiced) & (track.hz > 0), 1.0, 0.0)


def played(track: PitchTrack, parameters: Parameters = DEFAULT) -> Floats:
    """The same, but 0 where somebody speaks: an announcement before the music changes nothing of its reading."""
    return without_speech(track, sounding(track, parameters))


def evidence_of(track: PitchTrack, weights: Floats, parameters: Parameters) -> Heard | str:
    """The evidence of the whole `track`, or a sentence that says why no mode is heard in it."""
    if reason := why_unheard(track, weights, sounding(track, parameters), parameters):
        return reason
    similarity = match(track, weights, parameters)
    if reason := why_spoken(track, weights, similarity, parameters):
        return reason
    trust = western_trust(track, weights, similarity, parameters)
    if not trust:
        return _("No mode heard: the notes are those of a Western scale of equal semitones.")
    reason = "" if trust == 1 else _("The notes are nearly those of a Western scale of equal semitones.")
    if is_foreign(track, weights, similarity, parameters):
        trust = min(trust, parameters.western_trust)
        reason = reason or _("The notes are unlike those of all gushehs: it may be music of another tradition.")
    registered = with_register(similarity, track, weights, parameters)
    return Heard(log_evidence(track, weights, registered, parameters), trust, reason)


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


def _with_shahed_at(hz: float, found: Evidence, parameters: Parameters) -> Evidence:
    """The evidence where the shahed is known."""
    elsewhere = np.abs((np.arange(BINS) - bin_of(hz) + BINS // 2) % BINS - BINS // 2) > SET_REACH
    modes, support = found.modes / parameters.set_doubt, found.support.copy()
    modes[:, elsewhere] = -np.inf
    support[:, elsewhere] = -np.inf
    return Evidence(modes, support)


def _reading(
    joint: Floats, support: Floats, track: PitchTrack, weights: Floats, heard: Heard, tonic_hz: float | None
) -> ModalReading:
    """What `joint`, the probability of each mode on each place of its shahed, comes to; `tonic_hz` is None where the
    user did not set it.
    """
    modes = joint.sum(axis=1)
    first = int(np.argmax(modes))
    place = int(np.argmax(joint[first]))
    tonic = _as_played(place * BIN_CENTS, track, weights) if tonic_hz is None else tonic_hz
    zero = bin_of(tonic)
    matches = _matches(modes, joint, support, zero)
    gusheh = load_radif().gushehs[matches[0].gusheh]
    profile = np.roll(fold_octaves(track, weights), -zero) / weights.sum()
    degrees = find_degrees(profile, zero * BIN_CENTS - OCTAVE_CENTS * math.log2(tonic / A4_HZ))
    return ModalReading(
        track=track,
        tonic_hz=tonic,
        ist_hz=None if gusheh.ist_cents is None else tonic * 2 ** (around(gusheh.ist_cents) / OCTAVE_CENTS),
        alternatives=() if tonic_hz is not None else _alternatives(joint, (first, place), track, weights),
        profile=profile,
        degrees=named(degrees, matches[0].mode, tonic),
        modes=ranked("mode", _trusted(modes, heard.trust)),
        dastgahs=ranked("dastgah", _trusted(_dastgahs(modes), heard.trust)),
        gusheh=gusheh,
        matches=matches,
        reason=heard.reason,
        shahed_hz=_shahed(gusheh, tonic, track, weights),
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


def bin_of(hz: float) -> int:
    """Return the bin of a profile in which `hz` lies, octave aside."""
    return round(OCTAVE_CENTS * math.log2(hz / A4_HZ) / BIN_CENTS) % BINS


def _matches(modes: Floats, joint: Floats, support: Floats, zero: int) -> tuple[ModeMatch, ...]:
    """Each mode's best place for its shahed and the gusheh most like the sound there, most probable mode first."""
    radif, labels, found = load_radif(), label_ids("mode"), []
    for k in np.argsort(-modes, kind="stable"):
        where = int(np.argmax(joint[k]))
        mine = np.flatnonzero(radif.mode_index == k)
        best = int(mine[np.argmax(support[mine, where])])
        found.append(ModeMatch(labels[k], best, around((where - zero) * BIN_CENTS), float(support[best, where])))
    return tuple(found)


def probabilities_of(evidence: Floats) -> Floats:
    """Log evidence as probabilities, of sum 1 over all of the array."""
    odds = np.exp(evidence - evidence.max())
    return np.asarray(odds / odds.sum())


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


def _as_played(cents: float, track: PitchTrack, weights: Floats) -> float:
    """Hz of the note `cents` above A, octave aside: the median of what sounds near it in the octave where most does.

    Instruments stretch and temper; the transposition of a template is only where to look.
    """
    apart = cents_of(track.hz) - cents
    octaves = np.round(apart / OCTAVE_CENTS)
    near = (np.abs(apart - octaves * OCTAVE_CENTS) <= DEGREE_REACH_CENTS) & (weights > 0)
    if not near.any():
        octave = float(np.median(octaves[weights > 0]))
        return float(A4_HZ * 2 ** (cents / OCTAVE_CENTS + octave))
    found, counts = np.unique(octaves[near], return_counts=True)
    chosen = near & (octaves == found[np.argmax(counts)])
    return float(np.median(track.hz[chosen]))


def _shahed(gusheh: Gusheh, tonic_hz: float, track: PitchTrack, weights: Floats) -> float:
    """The gusheh's own shahed: the tonic, or the note that the gusheh dwells on instead, as played."""
    if gusheh.shahed_cents % OCTAVE_CENTS == 0:
        return tonic_hz
    return _as_played(OCTAVE_CENTS * math.log2(tonic_hz / A4_HZ) + gusheh.shahed_cents, track, weights)


def _alternatives(joint: Floats, best: tuple[int, int], track: PitchTrack, weights: Floats) -> tuple[Shahed, ...]:
    """The next most probable places of the shahed at least a quarter tone from the best and from each other."""
    left = joint.copy()
    reach = round(DEGREE_REACH_CENTS / BIN_CENTS)
    taken, found = best[1], []
    for _rank in range(OTHER_SHAHEDS):
        left[:, np.arange(taken - reach, taken + reach + 1) % BINS] = 0.0
        mode, taken = (int(k) for k in np.unravel_index(np.argmax(left), left.shape))
        around = joint[mode, np.arange(taken - reach, taken + reach + 1) % BINS]
        hz = _as_played(taken * BIN_CENTS, track, weights)
        found.append(Shahed(hz, label_ids("mode")[mode], float(around.sum())))
    return tuple(found)
