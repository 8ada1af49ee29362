"""The systems that run."""

from __future__ import annotations

from trainer.baselines import (
    abdoli,
    class_mean,
    geravanchizadeh,
    heydarian,
    layegh,
    mousavi,
    nava2019,
    templates,
)
from trainer.baselines.baseline import Baseline

BASELINES = tuple(
    one.BASELINE for one in (templates, class_mean, abdoli, heydarian, geravanchizadeh, layegh, mousavi, nava2019)
)


def find_baseline(name: str) -> Baseline | None:
    """The system of that id, None where it is not built."""
    return next((one for one in BASELINES if one.id == name), None)
