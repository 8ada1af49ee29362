"""Reference: untrained notation templates.

Of each mode one profile, the mean over its gushehs in the notated radif, in quarter tones; the profile of what sounds
is turned over it freely, and the best cosine counts. It learns nothing; data only choose the temperature.
"""

from __future__ import annotations

from functools import cache

import numpy as np

from persian_mir.labels import MODAL_TASKS, label_ids
from persian_mir.modal.pitch import RATE
from persian_mir.modal.profile import shaped_profile
from persian_mir.modal.radif import load_radif
from trainer.baselines.baseline import Arrays, Baseline, Examples, Floats
from trainer.baselines.modes import class_modes, mode_logits
from trainer.baselines.pitch_profile import pitch_profile
from trainer.baselines.rotation import cosine, distances

SPREAD_CENTS = 15.0
MODES = len(label_ids("mode"))


@cache
def mode_templates() -> Floats:
    """Notated profiles of norm 1, float32 [modes, 240]."""
    radif = load_radif()
    shares = radif.profiles / radif.profiles.sum(axis=1, keepdims=True)
    means = np.stack([shares[radif.mode_index == k].mean(axis=0) for k in range(MODES)])
    return np.asarray(shaped_profile(means, SPREAD_CENTS), np.float32)


def describe(sound: Floats) -> Floats:
    """The best cosine with each mode, float32 [modes]; zeros where nothing sounds."""
    profile = shaped_profile(pitch_profile(sound).astype(np.float64), SPREAD_CENTS).astype(np.float32)
    return np.asarray(1 - distances(profile[None], mode_templates(), cosine)[0], np.float32)


def fit(examples: Examples) -> Arrays:
    """Which modes each label holds."""
    return {"modes": class_modes(examples)}


BASELINE = Baseline("templates", RATE, MODES, 30.0, describe, fit, mode_logits, MODAL_TASKS)
