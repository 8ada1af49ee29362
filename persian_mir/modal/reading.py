"""The modal reading of a stretch of pitch: shahed, degrees, modes with probabilities, nearest gusheh."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from persian_mir.labels import dastgah_of, label_ids
from persian_mir.modal.match import emphasis, match, mode_evidence
from persian_mir.modal.parameters import DEFAULT, Parameters
from persian_mir.modal.pitch import PitchTrack
from persian_mir.modal.profile import A4_HZ, BINS, OCTAVE_CENTS, Floats, cents_of, fold, smoothing
from persian_mir.modal.radif import Gusheh, load_radif

Ranked = tuple[tuple[str, float], ...]

BIN_CENTS = OCTAVE_CENTS / BINS
LEAST_DEGREE = 0.01  # share of the sounding time; less is an ornament
DEGREE_REACH_CENTS = 50.0
OTHER_SHAHEDS = 3


@dataclass(frozen=True, slots=True)
class Degree:
    """A pitch class that sounds: cents above the shahed, spread (standard deviation) in cents, share of the time."""

    cents: float
    spread_cents: float
    weight: float


@dataclass(frozen=True, slots=True)
class Shahed:
    """Another place where the shahed may be, and in which mode."""

    hz: float
    mode: str
    probability: float


@dataclass(frozen=True, slots=True, eq=False)
class ModalReading:
    """What was heard between the ends of `track`.

    `tonic_hz` is the shahed as played in the octave where it sounds most, `ist_hz` the note of rest near it; None
    where the radif names none or too little sounded to say. `profile`: float64 [240], share of time a pitch class,
    bin k centred 5 k cents above the shahed. `modes` and `dastgahs` rank all labels by probability. `gusheh` is the
    nearest of the first mode.
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

    def probabilities(self, task: str) -> NDArray[np.float32]:
        """float32 [classes] in the order of the vocabulary of `mode` or `dastgah`."""
        ranked = dict(self.modes if task == "mode" else self.dastgahs)
        return np.array([ranked[label] for label in label_ids(task)], dtype=np.float32)


def read_mode(
    track: PitchTrack,
    start_s: float | None = None,
    stop_s: float | None = None,
    parameters: Parameters = DEFAULT,
) -> ModalReading:
    """Reads the stretch from `start_s` to `stop_s`. With too little pitch every label is equally probable."""
    track = track.cut(start_s, stop_s)
    weights = np.where((track.confidence >= parameters.voiced) & (track.hz > 0), 1.0, 0.0)
    voiced_s = float(weights.sum()) * track.hop_s
    if voiced_s < parameters.least_voiced_s:
        return _unknown(track)
    radif, counts = load_radif(), fold(track, weights)
    if len(_degrees(counts / weights.sum())) < parameters.least_degrees:
        return _unknown(track)
    support = match(track, weights, parameters) + parameters.shahed_weight * emphasis(counts, radif, parameters)
    temperature = parameters.temperature * (1 + parameters.brevity_s / voiced_s)
    joint = _softmax(mode_evidence(support, radif, parameters) / temperature)
    modes = joint.sum(axis=1)
    first = int(np.argmax(modes))
    place = int(np.argmax(joint[first]))
    of_first = np.where(radif.mode_index == first, support[:, place], -np.inf)
    gusheh = radif.gushehs[int(np.argmax(of_first))]
    tonic = _as_played(place * BIN_CENTS, track, weights)
    profile = np.roll(counts, -place) / weights.sum()
    return ModalReading(
        track=track,
        tonic_hz=tonic,
        ist_hz=None if gusheh.ist_cents is None else tonic * 2 ** (_nearest_octave(gusheh.ist_cents) / OCTAVE_CENTS),
        alternatives=_alternatives(joint, (first, place), track, weights),
        profile=profile,
        degrees=_degrees(profile),
        modes=_ranked(label_ids("mode"), modes),
        dastgahs=_ranked(label_ids("dastgah"), _dastgahs(modes)),
        gusheh=gusheh,
    )


def _unknown(track: PitchTrack) -> ModalReading:
    modes, dastgahs = label_ids("mode"), label_ids("dastgah")
    return ModalReading(
        track=track,
        tonic_hz=None,
        ist_hz=None,
        alternatives=(),
        profile=np.zeros(BINS),
        degrees=(),
        modes=_ranked(modes, np.full(len(modes), 1 / len(modes))),
        dastgahs=_ranked(dastgahs, np.full(len(dastgahs), 1 / len(dastgahs))),
        gusheh=None,
    )


def _softmax(evidence: Floats) -> Floats:
    odds = np.exp(evidence - evidence.max())
    return np.asarray(odds / odds.sum())


def _dastgahs(modes: Floats) -> Floats:
    """Probability of each Dastgah: that of its modes together."""
    labels = label_ids("dastgah")
    totals = np.zeros(len(labels))
    for mode, probability in zip(label_ids("mode"), modes, strict=True):
        totals[labels.index(dastgah_of(mode))] += probability
    return totals


def _ranked(labels: tuple[str, ...], probabilities: Floats) -> Ranked:
    order = np.argsort(-probabilities, kind="stable")
    return tuple((labels[k], float(probabilities[k])) for k in order)


def _nearest_octave(cents: float) -> float:
    """The same pitch class within half an octave of the shahed."""
    return (cents + OCTAVE_CENTS / 2) % OCTAVE_CENTS - OCTAVE_CENTS / 2


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


def _alternatives(joint: Floats, best: tuple[int, int], track: PitchTrack, weights: Floats) -> tuple[Shahed, ...]:
    """The next most probable places of the shahed at least a quarter tone from the best and from each other."""
    left = joint.copy()
    reach = round(DEGREE_REACH_CENTS / BIN_CENTS)
    taken, found = best[1], []
    for _ in range(OTHER_SHAHEDS):
        left[:, np.arange(taken - reach, taken + reach + 1) % BINS] = 0.0
        mode, taken = (int(k) for k in np.unravel_index(np.argmax(left), left.shape))
        around = joint[mode, np.arange(taken - reach, taken + reach + 1) % BINS]
        hz = _as_played(taken * BIN_CENTS, track, weights)
        found.append(Shahed(hz, label_ids("mode")[mode], float(around.sum())))
    return tuple(found)


def _degrees(profile: Floats) -> tuple[Degree, ...]:
    """The peaks of the profile, by cents; each takes the bins nearer to it than to any other within a quarter tone."""
    smooth = smoothing(BINS, BINS, 15.0) @ profile
    peaks = np.flatnonzero((smooth > np.roll(smooth, 1)) & (smooth >= np.roll(smooth, -1)))
    apart = (np.arange(BINS)[:, None] - peaks + BINS / 2) % BINS - BINS / 2
    owner = np.argmin(np.abs(apart), axis=1)
    degrees = []
    for k, peak in enumerate(peaks):
        mine = (owner == k) & (np.abs(apart[:, k]) * BIN_CENTS <= DEGREE_REACH_CENTS)
        weight = float(profile[mine].sum())
        if weight < LEAST_DEGREE:
            continue
        offset = apart[mine, k] * BIN_CENTS
        mean = float((profile[mine] @ offset) / weight)
        spread = float(np.sqrt(max(profile[mine] @ (offset - mean) ** 2 / weight, 0.0)))
        degrees.append(Degree((float(peak) * BIN_CENTS + mean) % OCTAVE_CENTS, spread, weight))
    return tuple(sorted(degrees, key=lambda degree: degree.cents))
