"""The systems that run."""

from __future__ import annotations

from persian_mir.i18n import _
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
    pmg_net,
    supcon,
    templates,
)
from trainer.baselines.baseline import Baseline

REFERENCES = (templates.BASELINE, class_mean.BASELINE)
OF_PITCH = (abdoli.BASELINE, heydarian.BASELINE, geravanchizadeh.BASELINE)
OF_SOUND = (layegh.BASELINE, mousavi.BASELINE, nava2019.BASELINE)
NEURAL = (azarnet.BASELINE, bilgnet.BASELINE, supcon.BASELINE, pmg_net.BASELINE)
BASELINES = (*REFERENCES, *OF_PITCH, *OF_SOUND, *NEURAL)


def find_baseline(name: str) -> Baseline:
    """The system of that id. Raises ValueError, in words."""
    for one in BASELINES:
        if one.id == name:
            return one
    raise ValueError(_("it is of another version of the program"))
