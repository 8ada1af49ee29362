"""Reference: the nearest class mean of pitch profiles.

Nobody published it; it is what the simplest learner of scales reaches. Profiles are smoothed as those of the modal
reading are (15 cents, square root), turned to each other within a class, and compared by cosine in every transposition.
"""

from __future__ import annotations

import numpy as np

from persian_mir.labels import MODAL_TASKS
from persian_mir.modal.pitch import RATE
from persian_mir.modal.profile import BINS, shaped_profile
from trainer.baselines.baseline import Arrays, Baseline, Examples, Floats
from trainer.baselines.pitch_profile import pitch_profile
from trainer.baselines.rotation import aligned_means, cosine, distances

SPREAD_CENTS = 15.0
SHARPNESS = 20.0  # of a cosine as a logit, before the temperature is chosen


def describe(sound: Floats) -> Floats:
    """The shaped profile of a window, float32 [240] of norm 1."""
    return np.asarray(shaped_profile(pitch_profile(sound).astype(np.float64), SPREAD_CENTS), np.float32)


def fit(examples: Examples) -> Arrays:
    """The mean profile of each class."""
    return {"means": aligned_means(examples, cosine)}


def logits(arrays: Arrays, rows: Floats) -> Floats:
    """By the nearest mean."""
    return np.asarray(-SHARPNESS * distances(rows, arrays["means"], cosine), np.float32)


BASELINE = Baseline("class-mean", RATE, BINS, 30.0, describe, fit, logits, MODAL_TASKS)
