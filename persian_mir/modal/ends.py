"""What the first and the last note of a whole recording say of its mode: music mostly ends where its gushehs end."""

from __future__ import annotations

from functools import cache

import numpy as np
from numpy.typing import NDArray

from persian_mir.labels import label_ids
from persian_mir.modal.names import STEPS
from persian_mir.modal.notes import find_notes
from persian_mir.modal.parameters import Parameters
from persian_mir.modal.pitch import PitchTrack
from persian_mir.modal.profile import A4_HZ, BINS, OCTAVE_CENTS, Floats, spreading
from persian_mir.modal.radif import load_radif
from persian_mir.modal.tuning import played_cents

SPREAD_CENTS = 25.0
UNSEEN = 12.0  # gushehs' worth of the mode's own profile beside those that are known: any degree may end a phrase


def weigh_ends(track: PitchTrack, parameters: Parameters) -> Floats:
    """Log evidence of the first and the last held note for each mode and place of its shahed, float64 [modes, 240]."""
    places, notes = np.arange(BINS), find_notes(track)
    evidence = np.zeros((len(label_ids("mode")), BINS))
    if not notes or parameters.ends_doubt >= 1:
        return evidence
    for densities, note in zip(_densities(), (notes[0], notes[-1]), strict=True):
        heard = round(OCTAVE_CENTS * np.log2(note.hz / A4_HZ) * BINS / OCTAVE_CENTS)
        likely = densities[:, (heard - places) % BINS] * BINS
        evidence += np.log(parameters.ends_doubt + (1 - parameters.ends_doubt) * likely)
    return evidence


@cache
def _densities() -> tuple[Floats, Floats]:
    """How likely each place above the mode's shahed is as the first and as the last note, float64 [modes, 240]."""
    gushehs = load_radif().gushehs
    first = np.array([gusheh.first_step for gusheh in gushehs])
    last = np.array([gusheh.last_step for gusheh in gushehs])
    return _density(first), _density(last)


def _density(steps: NDArray[np.int64]) -> Floats:
    radif, rows = load_radif(), []
    shares = radif.profiles / radif.profiles.sum(axis=1, keepdims=True)
    for k, mode in enumerate(label_ids("mode")):
        mine = radif.mode_index == k
        counts = np.bincount(steps[mine], minlength=STEPS) + UNSEEN * shares[mine].mean(axis=0)
        rows.append(spreading(BINS, played_cents(mode), SPREAD_CENTS) @ (counts / counts.sum()))
    return np.stack(rows)
