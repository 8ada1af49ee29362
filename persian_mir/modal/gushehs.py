"""The nearest gushehs over time: weak guesses, for somebody who wants a list to jump through.

Each passage is compared with the gushehs of the modes that the whole reading finds, on the shahed that it finds. Most
gushehs have a near twin elsewhere in the radif, and performers leave the radif: see `benchmarks/gushehs.py`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import groupby, pairwise

import numpy as np

from persian_mir.modal.drift import without_drift
from persian_mir.modal.evidence import cut_passages, log_priors, probabilities_of, temperature_of
from persian_mir.modal.parameters import DEFAULT, Parameters
from persian_mir.modal.pitch import PitchTrack
from persian_mir.modal.profile import BINS, OCTAVE_CENTS, Floats, bin_of
from persian_mir.modal.radif import Gusheh, load_radif
from persian_mir.modal.reading import ModalReading, ModalSection
from persian_mir.modal.tonic import SET_REACH
from persian_mir.modal.trusted_evidence import evidence_of, sounding

PASSAGE_S = 20.0  # of pitch; a median gusheh of the radif takes half a minute
HOP_S = 10.0
FIRST = 3


@dataclass(frozen=True, slots=True)
class GushehStretch:
    """From `start_s` to `stop_s` these gushehs are nearest, with probabilities; none where no mode is heard."""

    start_s: float
    stop_s: float
    nearest: tuple[tuple[Gusheh, float], ...]


def gusheh_timeline(reading: ModalReading, parameters: Parameters = DEFAULT) -> tuple[GushehStretch, ...]:
    """Return the first three gushehs of each stretch of what was read, neighbours of one first gusheh together."""
    steady = replace(reading, track=without_drift(reading.track, reading.drift_cents))
    whole = ModalSection(reading.track.start_s, reading.track.stop_s, steady)
    found = [one for section in reading.sections or (whole,) for one in _section(section, parameters)]
    return tuple(found)


def _section(section: ModalSection, parameters: Parameters) -> Iterator[GushehStretch]:
    track = section.reading.track
    if section.reading.tonic_hz is None or not section.reading.heard:
        yield GushehStretch(section.start_s, section.stop_s, ())
        return
    passages = list(cut_passages(track, sounding(track, parameters), PASSAGE_S, HOP_S))
    rows = [gusheh_probabilities(passage, weights, section.reading, parameters) for passage, weights in passages]
    middles = [(passage.start_s + passage.stop_s) / 2 for passage, _weights in passages]
    cuts = [section.start_s, *((one + other) / 2 for one, other in pairwise(middles)), section.stop_s]
    firsts = [int(np.argmax(row)) if row.any() else -1 for row in rows]
    for first, group in groupby(range(len(rows)), key=lambda k: firsts[k]):
        places = list(group)
        nearest = _ranked(np.mean([rows[k] for k in places], axis=0)) if first >= 0 else ()
        yield GushehStretch(cuts[places[0]], cuts[places[-1] + 1], nearest)


def gusheh_probabilities(
    passage: PitchTrack, weights: Floats, reading: ModalReading, parameters: Parameters = DEFAULT
) -> Floats:
    """Return the probability of each gusheh of the radif, float64 [gushehs]; zeros where no mode is heard in it.

    `weights` as of `sounding`. `reading`: of the recording or section that the passage is of.
    """
    heard = evidence_of(passage, weights, parameters)
    radif = load_radif()
    if isinstance(heard, str) or reading.tonic_hz is None:
        return np.zeros(len(radif.gushehs))
    # The place is known, as where the user set the shahed: only the gusheh is left to doubt.
    temperature = parameters.set_doubt * temperature_of(passage, weights, parameters)
    modes = dict(reading.modes)
    odds = np.full(len(radif.gushehs), -np.inf)
    for match in reading.matches:
        mine = np.array([k for k, gusheh in enumerate(radif.gushehs) if gusheh.mode == match.mode])
        place = bin_of(reading.tonic_hz) + round(match.shahed_cents * BINS / OCTAVE_CENTS)
        near = np.arange(place - SET_REACH, place + SET_REACH + 1) % BINS
        prior = probabilities_of(log_priors(parameters)[mine]) * max(modes[match.mode], 1e-12)
        best = heard.evidence.support[np.ix_(mine, near)].max(axis=1)
        odds[mine] = np.log(prior) + parameters.sharpness * best / temperature
    return probabilities_of(odds)


def _ranked(probabilities: Floats) -> tuple[tuple[Gusheh, float], ...]:
    gushehs = load_radif().gushehs
    order = np.argsort(-probabilities, kind="stable")[:FIRST]
    return tuple((gushehs[k], float(probabilities[k])) for k in order)
