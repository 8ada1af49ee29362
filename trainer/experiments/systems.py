"""What the experiment `earlier-studies` compares: the systems of other studies, and what this program offers."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from persian_mir.errors import PersianMirError
from persian_mir.grid import Grid
from persian_mir.i18n import _
from persian_mir.labels import MODAL_TASKS
from persian_mir.modal.features import features_version
from persian_mir.progress import SILENT, Cancelled
from trainer.baselines.baseline import Arrays, BaselineFeatures, Examples, Floats
from trainer.baselines.built import BASELINES, NEURAL
from trainer.baselines.heads import head_arrays, head_logits
from trainer.baselines.protocols import Learner
from trainer.experiments.context import ExperimentContext
from trainer.experiments.table import EPOCHS, SIZE
from trainer.features.extraction import FeatureExtractor
from trainer.features.segments import scale_of
from trainer.fitting.head_config import HeadConfig
from trainer.fitting.loop import Labelled, fit_head

TASKS = ("instrument", "dastgah")  # those that earlier studies have
WINDOW_S = 5.0  # of a probe


@dataclass(frozen=True, slots=True)
class System:
    """`extractor` hears recordings and `learner` learns from them; the modal reading has neither. `key`: what the
    features depend on. `backbone`: its id, empty where there is none. `in_passes`: it is a net, fitted in epochs.
    """

    id: str
    tasks: tuple[str, ...]
    key: str
    backbone: str = ""
    extractor: FeatureExtractor | None = None
    learner: Learner | None = None
    in_passes: bool = False


class ProbeLearner:
    """A probe of one hidden layer on standardised rows, as in the tables."""

    def fit(self, examples: Examples) -> Arrays:
        """Fit, chosen by dev where there is one. Raises Cancelled."""
        scale = scale_of(examples.rows)
        config = HeadConfig((SIZE,), examples.effort.epochs or EPOCHS, seed=examples.effort.seed)

        def labelled(rows: Floats, targets: np.ndarray) -> Labelled:
            return Labelled(scale.applied(rows.copy())[:, None], targets)

        dev = None
        if examples.dev_rows is not None and examples.dev_targets is not None:
            dev = labelled(examples.dev_rows, examples.dev_targets)
        progress = examples.progress.part(0.0, 1.0, publish=SILENT.publish)
        train = labelled(examples.rows, examples.targets)
        fitted = fit_head(train, len(examples.labels), config, dev, progress)
        if fitted.stopped:
            raise Cancelled
        return {"mean": scale.mean, "std": scale.std, **head_arrays(fitted.head)}

    def logits(self, arrays: Arrays, rows: Floats) -> Floats:
        """What the probe says, [segments, labels]."""
        return head_logits(arrays, rows)


def systems(context: ExperimentContext) -> list[System]:
    """Those that `context` names, all where it names none. Raises PersianMirError for a name that is none."""
    known = [*_studies(context), *_ours(context)]
    names = [one.id for one in known]
    if unknown := [name for name in context.systems if name not in names]:
        what = _("There is no such system: {names}.").format(names=", ".join(unknown))
        raise PersianMirError(what, cure=_("There are: {known}.").format(known=", ".join(names)))
    return [one for one in known if one.id in (context.systems or names)]


def _studies(context: ExperimentContext) -> list[System]:
    made = []
    for one in BASELINES:
        features = BaselineFeatures(one)
        extractor = FeatureExtractor(features, Grid(one.window_s, one.window_s), (0,), context.cache)
        made.append(System(one.id, one.tasks, features.key.digest(), "", extractor, one, one in NEURAL))
    return made


def _ours(context: ExperimentContext) -> list[System]:
    """A probe on the last hidden state, the same with the modal reading beside it, and that reading alone."""
    backbone, modal = context.backbone, features_version()
    plain = FeatureExtractor(backbone, Grid(WINDOW_S, WINDOW_S), (backbone.key.states - 1,), context.cache)
    key = f"{backbone.key.digest()} {backbone.precision}"
    return [
        System("probe", TASKS, key, backbone.key.id, plain, ProbeLearner(), True),
        System(
            "hybrid", MODAL_TASKS, f"{key} {modal}", backbone.key.id, replace(plain, modal=True), ProbeLearner(), True
        ),
        System("modal", MODAL_TASKS, modal),
    ]
