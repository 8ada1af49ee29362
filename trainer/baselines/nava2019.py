"""Our reconstruction of the Nava paper's own baseline (2019), whose text and figures could not be read.

MFCC with i-vectors is what is known of it. Without Kaldi: 20 MFCC with their first and second deltas, mean and
deviation over a segment, and a linear SVM. Cepstral means are not taken off within a segment: they are half of it.
"""

from __future__ import annotations

import numpy as np

from persian_mir.backbones.spectral import COEFFICIENTS, RATE, delta
from trainer.baselines.baseline import Arrays, Baseline, Examples, Floats
from trainer.baselines.frames import cepstrum
from trainer.baselines.support_vectors import fit_svm, svm_logits

WIDTH = 2 * 3 * COEFFICIENTS


def describe(sound: Floats) -> Floats:
    """Means and deviations of MFCC and deltas, float32 [120], of mono at 22,050 Hz."""
    plain = cepstrum(sound, COEFFICIENTS)
    first = delta(plain)
    rows = np.concatenate([plain, first, delta(first)], axis=1)
    return np.concatenate([rows.mean(axis=0), rows.std(axis=0)]).astype(np.float32)


def fit(examples: Examples) -> Arrays:
    """A linear machine."""
    return fit_svm(examples, "linear", (1.0,))


BASELINE = Baseline("nava2019", RATE, WIDTH, 5.0, describe, fit, svm_logits)
