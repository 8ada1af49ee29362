"""After M. Geravanchizadeh: Dastgahs by Lagrange coefficients of log pitch (LCPL), fuzzy similarities, and an SVM.

As published: LCPL, fuzzy similarity sets of type 2, and both; a multi-class SVM. The abstract says no more, so LCPL is
our reading of the name: the voiced frames of 3 s joined, log pitch over its median, sampled at 8 Chebyshev nodes, and
the degree-7 polynomial through them in the Chebyshev basis (that of Lagrange, in stable numbers); mean and deviation
over the stretches of a segment. The similarities are Abdoli's of this program: the best of each mode, and how far they
spread over the tonics.
"""

from __future__ import annotations

import numpy as np
from numpy.polynomial import chebyshev

from persian_mir.labels import MODAL_TASKS
from persian_mir.modal.notes import find_notes
from persian_mir.modal.pitch import RATE, PitchTrack
from persian_mir.modal.trusted_evidence import sounding
from trainer.baselines.abdoli import MODES, fuzzy_notes, similarities
from trainer.baselines.baseline import Arrays, Baseline, Examples, Floats
from trainer.baselines.pitch_profile import track_of
from trainer.baselines.support_vectors import fit_svm, svm_logits

NODES = 8
STRETCH_S = 3.0
WIDTH = 2 * NODES + 2 * MODES


def describe(sound: Floats) -> Floats:
    """Means and deviations of the coefficients, then best similarities and their spreads: float32 [42]."""
    track = track_of(sound)
    rows = lagrange_coefficients(track)
    alike = similarities(fuzzy_notes(find_notes(track)))
    parts = [rows.mean(axis=0), rows.std(axis=0), alike.max(axis=1), alike.std(axis=1)]
    return np.concatenate(parts).astype(np.float32)


def lagrange_coefficients(track: PitchTrack) -> Floats:
    """Of each stretch of 3 s with a pitch, in octaves over the track's median: float32 [stretches, 8]; one row of
    zeros where nothing sounds.
    """
    sounds = sounding(track) > 0
    if not sounds.any():
        return np.zeros((1, NODES), np.float32)
    octaves = np.log2(np.maximum(track.hz, 1) / np.median(track.hz[sounds]))
    long = round(STRETCH_S / track.hop_s)
    nodes = chebyshev.chebpts1(NODES)
    rows = []
    for at in range(0, len(octaves), long):
        voiced = octaves[at : at + long][sounds[at : at + long]]
        if len(voiced):
            sampled = np.interp((nodes + 1) / 2 * (len(voiced) - 1), np.arange(len(voiced)), voiced)
            rows.append(chebyshev.chebfit(nodes, sampled, NODES - 1))
    return np.asarray(rows, np.float32)


def fit(examples: Examples) -> Arrays:
    """An RBF machine with cost 10."""
    return fit_svm(examples, "rbf", (10.0,))


BASELINE = Baseline("geravanchizadeh", RATE, WIDTH, 30.0, describe, fit, svm_logits, MODAL_TASKS)
