"""The systems that run."""

from __future__ import annotations

from trainer.baselines import abdoli, class_mean, templates
from trainer.baselines.baseline import Baseline

BASELINES = (templates.BASELINE, class_mean.BASELINE, abdoli.BASELINE)


def find_baseline(name: str) -> Baseline | None:
    """The system of that id, None where it is not built."""
    return next((one for one in BASELINES if one.id == name), None)
