"""The systems that run."""

from __future__ import annotations

from trainer.baselines import (
    abdoli,
    azarnet,
    bilgnet,
    class_mean,
    geravanchizadeh,
    heydarian,
    layegh,
    mousavi,
    nava2019,
    templates,
)
from trainer.baselines.baseline import Baseline

REFERENCES = (templates.BASELINE, class_mean.BASELINE)
OF_PITCH = (abdoli.BASELINE, heydarian.BASELINE, geravanchizadeh.BASELINE)
OF_SOUND = (layegh.BASELINE, mousavi.BASELINE, nava2019.BASELINE)
NEURAL = (azarnet.BASELINE, bilgnet.BASELINE)
BASELINES = (*REFERENCES, *OF_PITCH, *OF_SOUND, *NEURAL)


def find_baseline(name: str) -> Baseline | None:
    """The system of that id, None where it is not built."""
    return next((one for one in BASELINES if one.id == name), None)
