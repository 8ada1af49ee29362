"""What untrained systems share: they know the modes of theory, and a label holds one or several of them."""

from __future__ import annotations

import numpy as np

from persian_mir.labels import dastgah_of, label_ids
from trainer.baselines.baseline import Arrays, Examples, Floats

SHARPNESS = 20.0  # of a likeness of 0 to 1 as a logit, before the temperature is chosen


def class_modes(examples: Examples) -> Floats:
    """1 where a label holds a mode, else 0: float32 [labels, modes]."""
    modes = label_ids("mode")
    names = [dastgah_of(mode) if examples.task == "dastgah" else mode for mode in modes]
    return np.array([[float(name == label) for name in names] for label in examples.labels], np.float32)


def mode_logits(arrays: Arrays, rows: Floats) -> Floats:
    """A label is as likely as its likeliest mode; rows of likenesses [segments, modes] in, [segments, labels] out.

    A label of no known mode gets the least likeness.
    """
    held = arrays["modes"] > 0
    best = np.where(held[None], rows[:, None, :], 0).max(axis=2)
    return np.asarray(SHARPNESS * best, np.float32)
