"""From labelled recordings to a fitted baseline: the same data, splits and judge as those of a probe."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime

import numpy as np

from persian_mir import __version__
from persian_mir.embeddings import EmbeddingCache
from persian_mir.errors import PersianMirError
from persian_mir.grid import Grid
from persian_mir.i18n import _
from persian_mir.progress import SILENT, Progress
from trainer.baselines.baseline import Baseline, BaselineFeatures, Effort, Examples
from trainer.baselines.fitted import FittedBaseline
from trainer.baselines.protocols import evaluate_by_protocols
from trainer.evaluation.evaluate import Evaluation
from trainer.evaluation.evaluation_file import EvaluatedSegments
from trainer.evaluation.sureness import judged_margin
from trainer.features.extraction import FeatureExtractor
from trainer.features.gather import gather
from trainer.features.segments import Features, Mask, Remark
from trainer.fitting import calibrate
from trainer.fitting.notes import of_data
from trainer.fitting.scores import ProbeAnswers, answers_of_part, evaluated_segments, short_scores
from trainer.fitting.split_masks import Started, check_taught, decide_parts, remarks
from trainer.fitting.training_data import TrainingData, usable


@dataclass(frozen=True, slots=True, eq=False)
class Outcome:
    """The predictor, the segments it was judged by, None where none was kept apart, and what the other ways of parting
    the same data say, where that was asked for.
    """

    fitted: FittedBaseline
    judged: EvaluatedSegments | None
    protocols: Mapping[str, Evaluation] = field(default_factory=dict)


def fit_baseline(
    baseline: Baseline,
    data: TrainingData,
    task: str,
    *,
    window_s: float | None = None,
    effort: Effort = Effort(),  # noqa: B008, frozen
    protocols: bool = False,
    cache: EmbeddingCache | None = None,
    progress: Progress = SILENT,
) -> Outcome:
    """Fit on the training part, choose the temperature by dev, judge by test (or by dev where there is none);
    with `protocols` by every fold of all data, too.

    Publishes Skipped, Remarks and a Started, as `fit_probe` does. Raises Cancelled; PersianMirError for a task that the
    system is not made for, DataError where the examples cannot teach it.
    """
    if task not in baseline.tasks:
        what = _("This system knows nothing of the task {task}.").format(task=task)
        raise PersianMirError(what, cure=_("Tasks are: {tasks}.").format(tasks=", ".join(baseline.tasks)))
    used, _added, labels = usable(data, task)
    grid = Grid(*(2 * (window_s or baseline.window_s,)))
    extractor = FeatureExtractor(BaselineFeatures(baseline), grid, (0,), cache)
    features = gather(used, task, labels, extractor, progress)
    parts = decide_parts(features, data.splits, effort.seed)
    said = remarks(features, parts)
    for text in said:
        progress.publish(Remark(text))
    check_taught(features, parts.train)
    progress.publish(Started(labels, len(features.hashes), len(features.targets), parts.how, parts.hash))
    fitted = fit_rows(baseline, features, parts.train, parts.dev, task, grid.window_s, effort, progress)
    answers = _answers(fitted, features)
    part = parts.test if parts.test.any() else parts.dev
    name = "grouped" if parts.by_artist and parts.test.any() else "official"
    answered = {name: answers_of_part(answers, features, part)} if part.any() else {}
    by, margin = judged_margin(answered)
    evaluations = {name: one.evaluation(margin) for name, one in answered.items()}
    notes = of_data(data, features, parts, said) | {
        "scores": short_scores(answers, features, parts, evaluations),
        "sure": {"margin": margin, "by": by},
        "seed": effort.seed,
        "program": f"persian-mir {__version__}",
        "date": datetime.now(UTC).isoformat(timespec="seconds"),
    }
    judged = evaluated_segments(task, features, parts, answers, evaluations, "")
    found = evaluate_by_protocols(baseline, features, task, effort, progress) if protocols else {}
    return Outcome(replace(fitted, training=notes, cache=cache, sure_margin=margin), judged, found)


def fit_rows(
    baseline: Baseline,
    features: Features,
    train: Mask,
    dev: Mask,
    task: str,
    window_s: float,
    effort: Effort,
    progress: Progress,
) -> FittedBaseline:
    """Fit on the segments of `train`; the temperature is chosen by those of `dev`, where there are any."""
    learnt, of_learnt = features.values[train][:, 0], features.targets[train]
    chosen, of_chosen = features.values[dev][:, 0], features.targets[dev]
    examples = Examples(
        learnt, of_learnt, features.labels, task, effort, progress=progress, groups=features.groups[train]
    )
    if dev.any():
        examples = replace(examples, dev_rows=chosen, dev_targets=of_chosen)
    arrays = baseline.fit(examples)
    of_dev = baseline.logits(arrays, chosen) if dev.any() else np.zeros((0, len(features.labels)), np.float32)
    temperature = calibrate.temperature(of_dev, of_chosen)
    return FittedBaseline(baseline, task, features.labels, window_s, arrays, temperature)


def _answers(fitted: FittedBaseline, features: Features) -> ProbeAnswers:
    """What it says of every segment; no earlier study tells what it has never heard."""
    rows = [fitted.probabilities(features.values[some][:, 0]) for some in features.blocks()]
    return ProbeAnswers(np.concatenate(rows), np.zeros(len(features.targets), np.float32))
