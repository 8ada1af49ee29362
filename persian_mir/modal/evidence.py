"""From similarity to evidence: how much a stretch of sound speaks for each mode in each transposition.

A passage, up to about a minute, is taken for one gusheh. A longer stretch is heard twice: as a whole, which is a gusheh
or a course of several, and passage by passage, each a gusheh of the same mode on the same shahed. Music opens and
closes in its own mode and wanders in between: the first and last passage count for more, and sometimes a single passage
tells what all together do not. Where passages disagree, that makes the reading less sure.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray

from persian_mir.labels import dastgah_of, label_ids
from persian_mir.modal.gusheh_sequences import load_courses
from persian_mir.modal.match import course_templates, match, with_register
from persian_mir.modal.parameters import Parameters
from persian_mir.modal.pitch import PitchTrack
from persian_mir.modal.profile import BINS, OCTAVE_CENTS, Floats, even_number, fold_octaves, smoothing
from persian_mir.modal.radif import load_radif

PASSAGE_S = 45.0  # of pitch, about a minute of music; 30 to 60 differ little
PASSAGE_HOP_S = PASSAGE_S / 2
LEAST = 1e-300  # probability: its logarithm exists


@dataclass(frozen=True, slots=True, eq=False)
class Evidence:
    """`modes`: log evidence, float64 [modes, 240], up to a constant; `support`: of each gusheh, float64 [gushehs, 240].

    Column k: with the mode's shahed k * 5 cents above A, octave aside.
    """

    modes: Floats
    support: Floats


def log_evidence(track: PitchTrack, weights: Floats, similarity: Floats, parameters: Parameters) -> Evidence:
    """The evidence of a stretch whose `similarity` to each gusheh is known. `weights`: float64 [frames]."""
    salience = emphasis(fold_octaves(track, weights), parameters)
    support = similarity + parameters.shahed_weight * _at(salience, _shaheds())
    gushehs = parameters.sharpness * support + log_priors(parameters)[:, None]
    alone = _by_mode(gushehs, load_radif().mode_index)
    temperature = temperature_of(track, weights, parameters) * _doubt_of_few(gushehs, parameters)
    if weights.sum() * track.hop_s <= PASSAGE_S:
        return Evidence(alone / temperature, support)
    share = parameters.course_share
    courses = _courses(track, weights, salience, parameters)
    whole = np.logaddexp(alone + math.log(1 - share), courses + math.log(share)) / temperature
    passages = _passages(track, weights, parameters)
    counts = _passage_weights(len(passages), parameters)
    # Over the square root of their number: neither are they independent, nor do they all say the same.
    agreed = (whole + np.tensordot(counts, passages, 1) * math.sqrt(len(passages))) / 2
    single = np.tensordot(counts, np.exp([_normal(passage) for passage in passages]), 1)
    mixed = (1 - parameters.wandering) * np.exp(_normal(agreed)) + parameters.wandering * single
    return Evidence(np.log(np.maximum(mixed, LEAST)), support)


def probabilities_of(evidence: Floats) -> Floats:
    """Log evidence as probabilities, of sum 1 over all of the array."""
    odds = np.exp(evidence - evidence.max())
    return np.asarray(odds / odds.sum())


def emphasis(counts: Floats, parameters: Parameters) -> Floats:
    """How much a shahed would be dwelt on in each place, 0..1, float64 [240]; `counts`: a folded profile [240].

    The shahed ("witness") is by definition the note a melody dwells on: the share of time it sounds, against that of
    the longest note, under a square root.
    """
    smooth = smoothing(BINS, BINS, parameters.track_spread_cents) @ counts
    return np.asarray(np.sqrt(smooth / max(smooth.max(), 1e-12)))


@cache
def log_priors(parameters: Parameters) -> Floats:
    """Log prior of every gusheh, float64 [gushehs]: that of its mode, shared among daramads and all gushehs of it."""
    radif, share = load_radif(), parameters.daramad_share
    priors = np.zeros(len(radif.gushehs))
    opens = np.array([gusheh.daramad for gusheh in radif.gushehs])
    for k, prior in enumerate(_mode_priors(parameters)):
        mine = radif.mode_index == k
        priors[mine] += prior * (1 - share) / mine.sum()
        priors[mine & opens] += prior * share / (mine & opens).sum()
    return np.log(priors)


@cache
def _mode_priors(parameters: Parameters) -> Floats:
    """float64 [modes], not normalised; see `Parameters.crowding`."""
    modes = label_ids("mode")
    dastgahs = Counter(dastgah_of(mode) for mode in modes)
    return np.array([dastgahs[dastgah_of(mode)] ** -parameters.crowding for mode in modes])


def _courses(track: PitchTrack, weights: Floats, salience: Floats, parameters: Parameters) -> Floats:
    """Log evidence of each mode by its courses, [modes, 240]."""
    index = load_courses().mode_index
    known = course_templates(parameters)
    similarity = with_register(match(track, weights, parameters, known), track, weights, parameters, known)
    support = similarity + parameters.shahed_weight * salience
    priors = _mode_priors(parameters)[index] / np.bincount(index)[index]
    return _by_mode(parameters.sharpness * support + np.log(priors)[:, None], index)


def _passages(track: PitchTrack, weights: Floats, parameters: Parameters) -> Floats:
    """Log evidence of each passage, [passages, modes, 240]."""
    found = []
    for passage, mine in cut_passages(track, weights, PASSAGE_S, PASSAGE_HOP_S):
        similarity = with_register(match(passage, mine, parameters), passage, mine, parameters)
        found.append(log_evidence(passage, mine, similarity, parameters).modes)
    return np.stack(found)


def _passage_weights(count: int, parameters: Parameters) -> Floats:
    """How much each of `count` passages counts; together 1."""
    counts = np.ones(count)
    counts[[0, -1]] = parameters.edge_weight
    return np.asarray(counts / counts.sum())


def _normal(evidence: Floats) -> Floats:
    """Log evidence so that its exponentials sum to 1."""
    return np.asarray(evidence - log_sum_exp(evidence.ravel()))


def cut_passages(
    track: PitchTrack, weights: Floats, passage_s: float, hop_s: float
) -> Iterator[tuple[PitchTrack, Floats]]:
    """Passages of `passage_s` of pitch every `hop_s`, with their weights; the last one ends with the track."""
    heard_s = np.cumsum(weights) * track.hop_s
    last_s = max(0.0, float(heard_s[-1]) - passage_s) if len(heard_s) else 0.0
    for first_s in np.linspace(0, last_s, round(last_s / hop_s) + 1):
        first, last = np.searchsorted(heard_s, (first_s, first_s + passage_s), side="right")
        start_s = track.start_s + first * track.hop_s
        yield PitchTrack(track.hz[first:last], track.confidence[first:last], track.hop_s, start_s), weights[first:last]


def temperature_of(track: PitchTrack, weights: Floats, parameters: Parameters) -> float:
    """Return by what log evidence is divided: more where little was heard."""
    voiced_s = float(weights.sum()) * track.hop_s
    return parameters.temperature * (1 + parameters.brevity_s / voiced_s)


def _doubt_of_few(scaled: Floats, parameters: Parameters) -> float:
    """By what the temperature is multiplied: more than 1 where few gushehs carry the evidence, less where many do.

    The likest of 260 gushehs in 240 places is so partly by luck; where many of a mode are as like, it was none.
    """
    carried = even_number(probabilities_of(scaled).sum(axis=1))
    return float((parameters.usual_gushehs / carried) ** parameters.few_gushehs)


def _by_mode(scaled: Floats, mode_index: NDArray[np.int64]) -> Floats:
    """Weighted log-mean-exp over what is known of each mode, [known, 240] to [modes, 240].

    The mean, not the sum: a mode with many gushehs gets no more chances than one with few.
    """
    return np.stack([log_sum_exp(scaled[mode_index == k]) for k in range(len(label_ids("mode")))])


def log_sum_exp(values: Floats) -> Floats:
    """log of the sum of exp along the first axis, without overflow."""
    top = values.max(axis=0)
    return np.asarray(top + np.log(np.exp(values - top).sum(axis=0)))


def _at(salience: Floats, shaheds: NDArray[np.int64]) -> Floats:
    """[240] as [gushehs, 240]: at each gusheh's own shahed instead of its mode's."""
    return np.asarray(salience[(shaheds[:, None] + np.arange(BINS)) % BINS])


@cache
def _shaheds() -> NDArray[np.int64]:
    """Bins above the mode's shahed of each gusheh's own."""
    return np.array([round(gusheh.shahed_cents * BINS / OCTAVE_CENTS) for gusheh in load_radif().gushehs])
