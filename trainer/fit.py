"""From examples to a probe: embed, split, fit, calibrate, judge, and write down how."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime

import numpy as np
from numpy.typing import NDArray

from persian_mir import __version__
from persian_mir.backbones import Backbone
from persian_mir.embeddings import EmbeddingCache
from persian_mir.grid import Grid
from persian_mir.i18n import _
from persian_mir.labels import LABEL_ID, TASKS, label_ids
from persian_mir.prediction import pooled
from persian_mir.probes.probe import Probe, mixed, probabilities
from persian_mir.progress import SILENT, Progress
from trainer import calibrate
from trainer.datasets import DataError, Entry
from trainer.features import Features, gather
from trainer.loop import Fitted, Recipe, fit_head
from trainer.split import split_recordings

Floats = NDArray[np.float32]
Mask = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Score:
    """How often a part of the data is named right: by segment and by whole recording."""

    segments: int
    segment_accuracy: float
    recordings: int
    recording_accuracy: float


def fit_probe(
    examples: Sequence[Entry],
    task: str,
    backbone: Backbone,
    grid: Grid = Grid(),  # noqa: B008, frozen
    layers: Sequence[int] = (0,),
    recipe: Recipe = Recipe(),  # noqa: B008, frozen
    dataset: str = "",
    cache: EmbeddingCache | None = None,
    progress: Progress = SILENT,
) -> Probe:
    """Fit a head for `task` on `layers` of `backbone`. No recording is both learnt from and judged by.

    Publishes a Skipped for each recording left out and an Epoch for each pass. Cancelling during the passes keeps
    the best head so far; before, it raises Cancelled. DataError when the examples cannot teach the task.
    """
    used, labels = _usable(examples, task)
    features = gather(used, task, labels, backbone, grid, tuple(layers), cache, progress)
    parts, how = _parts(features, recipe.seed)
    train, dev = parts["train"], parts["dev"]
    missing = [label for k, label in enumerate(labels) if not (features.targets[train] == k).any()]
    if missing:
        what = _("No training segment is left for: {labels}.").format(labels=", ".join(missing))
        raise DataError(what, cure=_("Add recordings of it, or leave the label out."))
    mean, std = _standard(features.values[train])
    values = (features.values - mean) / std
    held_out = (values[dev], features.targets[dev]) if dev.any() else None
    fitted = fit_head(values[train], features.targets[train], len(labels), recipe, held_out, progress)
    inputs = mixed(features.values, mean, std, fitted.mix)
    guard = calibrate.novelty(inputs[train], features.targets[train], len(labels), inputs[dev])
    heat = calibrate.temperature(fitted.head.logits(inputs[dev]), features.targets[dev])
    plain = (task, labels, backbone.key, grid, tuple(layers), fitted.mix, fitted.head, mean, std, heat, guard)
    probe = Probe(*plain)
    scores = {name: asdict(score(probe, features, part)) for name, part in parts.items() if part.any()}
    notes = {"dataset": dataset, "split": how, "scores": scores}
    return Probe(*plain, training=notes | _counts(features, parts) | _provenance(recipe, fitted))


def score(probe: Probe, features: Features, part: Mask) -> Score:
    """Judge `probe` on the segments of `part`."""
    rows, targets, owners = probabilities(probe, features.values[part]), features.targets[part], features.owners[part]
    right = [
        pooled(rows[mine], np.ones(int(mine.sum()), dtype=np.int64)).argmax() == label
        for owner, label in sorted(set(zip(owners.tolist(), targets.tolist(), strict=True)))
        if (mine := (owners == owner) & (targets == label)).any()
    ]
    accuracy = float((rows.argmax(axis=1) == targets).mean())
    return Score(len(targets), round(accuracy, 4), len(right), round(float(np.mean(right)), 4))


def _usable(examples: Sequence[Entry], task: str) -> tuple[list[Entry], tuple[str, ...]]:
    """The examples that carry a label of the task, and the labels, in the vocabulary's order."""
    if task not in TASKS:
        what = _("The task {task} is unknown.").format(task=repr(task))
        raise DataError(what, cure=_("Tasks are: {tasks}.").format(tasks=", ".join(TASKS)))
    used = [example for example in examples if example.labels.get(task)]
    found = {example.labels[task] for example in used}
    labels = tuple(label for label in label_ids(task) if label in found) or tuple(sorted(found))
    if len(labels) < 2:
        what = _("The data hold {count} labels of the task {task}; a probe needs two or more.")
        cure = _("Add recordings of another class, or choose another task.")
        raise DataError(what.format(count=len(labels), task=task), cure=cure)
    for label in labels:
        if not LABEL_ID.fullmatch(label):
            cure = _("Use lower-case letters a to z, digits, dots and hyphens, at most 64.")
            raise DataError(_("The label {label} is not a valid id.").format(label=repr(label)), cure=cure)
    return used, labels


def _parts(features: Features, seed: int) -> tuple[dict[str, Mask], str]:
    """The segments of each part, decided by recording."""
    first = [int(np.argmax(features.owners == owner)) for owner in range(len(features.given))]
    labels = [features.labels[features.targets[index]] for index in first]
    split = split_recordings(labels, features.artists, features.given, seed)
    of_segment = np.array(split.parts)[features.owners]
    return {name: of_segment == name for name in ("train", "dev", "test")}, split.how


def _standard(values: Floats) -> tuple[Floats, Floats]:
    """Mean and standard deviation [layers, width]; a feature that never changes is left in its own scale."""
    std = values.std(axis=0)
    return values.mean(axis=0), np.where(std > 1e-6, std, 1).astype(np.float32)


def _counts(features: Features, parts: dict[str, Mask]) -> dict[str, object]:
    return {
        "recordings": {name: len(set(features.owners[part].tolist())) for name, part in parts.items()},
        "segments": {name: int(part.sum()) for name, part in parts.items()},
        "classes": {label: int((features.targets == k).sum()) for k, label in enumerate(features.labels)},
        "skipped": len(features.skipped),
    }


def _provenance(recipe: Recipe, fitted: Fitted) -> dict[str, object]:
    notes: dict[str, object] = {**asdict(recipe), "hidden": list(recipe.hidden)}
    notes |= {"epochs_run": len(fitted.epochs), "epoch": fitted.best, "stopped": fitted.stopped}
    return notes | {
        "program": f"persian-mir {__version__}",
        "date": datetime.now(UTC).isoformat(timespec="seconds"),
    }
