"""The systems that run."""

from __future__ import annotations

from trainer.baselines import class_mean
from trainer.baselines.baseline import Baseline

BASELINES = (class_mean.BASELINE,)


def find_baseline(name: str) -> Baseline | None:
    """The system of that id, None where it is not built."""
    return next((one for one in BASELINES if one.id == name), None)
