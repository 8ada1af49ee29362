"""What an experiment runs on, and where its results stand."""

from __future__ import annotations

import json
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from persian_mir import plurals
from persian_mir.backbones import Backbone
from persian_mir.embeddings import EmbeddingCache
from persian_mir.grid import Grid
from persian_mir.i18n import _
from persian_mir.labels import ordered
from persian_mir.progress import SILENT, Progress
from persian_mir.whole_file import write_whole
from trainer.baselines.baseline import Effort
from trainer.data import DataError, Dataset
from trainer.experiments.result_store import read_result
from trainer.experiments.table import TASKS, Cell, Experiment
from trainer.features.extraction import FeatureExtractor, all_layers
from trainer.features.gather import gather, prepare
from trainer.features.segments import Features
from trainer.fitting.precision import Precision, quickest_precision

FOLDS = 5
SEED = 0
EFFORT = Effort(SEED)


@dataclass(frozen=True, slots=True)
class ExperimentContext:
    """What an experiment runs on."""

    dataset: Dataset
    backbone: Backbone
    cache: EmbeddingCache | None
    progress: Progress = SILENT
    precision: Precision = "float32"  # in which the probes are fitted
    effort: Effort = EFFORT  # of the systems of earlier studies
    other: Dataset | None = None  # another collection that these are judged by, too
    systems: tuple[str, ...] = ()  # which of them; all where none is named
    protocols: tuple[str, ...] = ()  # by which of their own collection's; by all where none is named


def precision_of(out: Path) -> Precision:
    """That of the cells which `out` holds, begun perhaps on another machine, lest one report be of two; else the one
    in which this processor is quickest.
    """
    for path in sorted((out / "cells").glob("*.json")):
        with suppress(OSError, ValueError):  # read_results says what is wrong with it
            kept = read_result(path)
            if "cell" in kept:
                return "bfloat16" if kept.get("precision") == "bfloat16" else "float32"
    return quickest_precision()


def check_tasks(dataset: Dataset) -> None:
    """Raises DataError, before anything is listened to, where there is no task to compare by, or too little of one."""
    found = [task for task in TASKS if len(task_labels(dataset, task)) > 1]
    if not found:
        what = _("The data hold no two labels of one of the tasks {tasks}.").format(tasks=", ".join(TASKS))
        raise DataError(what, path=dataset.root, cure=_("Add recordings of another class, or name other data."))
    for task in found:
        recordings = {dataset.key(one.path) for one in dataset.entries if one.labels.get(task)}
        if len(recordings) < FOLDS and not any(one.split == "test" for one in dataset.entries):
            what = _("Too few of the task {task} to learn from some and judge by others: {recordings}.")
            cure = _("Add recordings: {least} or more, or a column `split` with train, dev and test.")
            what = what.format(recordings=plurals.recordings(len(recordings)), task=task)
            raise DataError(what, path=dataset.root, cure=cure.format(least=FOLDS))


def listen(context: ExperimentContext, window_s: float) -> None:
    """Put what all recordings sound like into the cache, where there is one. Raises Cancelled, and DataError where the
    cache cannot be written.
    """
    if context.cache is not None:
        paths = list(dict.fromkeys(entry.path for entry in context.dataset.entries))
        prepare(paths, _extractor(context, window_s), context.progress)


def task_labels(dataset: Dataset, task: str) -> tuple[str, ...]:
    """The labels of a task that occur, in the vocabulary's order; also fewer than two."""
    return ordered(task, (entry.labels[task] for entry in dataset.entries if entry.labels.get(task)))


def heard(
    context: ExperimentContext, task: str, labels: tuple[str, ...], window_s: float
) -> tuple[Features, tuple[str, ...]]:
    """All layers of all recordings, and the key of each; split and artist are decided here, not while reading."""
    entries = [
        replace(entry, artist=context.dataset.key(entry.path), split="")
        for entry in context.dataset.entries
        if entry.labels.get(task)
    ]
    features = gather(entries, task, labels, _extractor(context, window_s), context.progress)
    return features, features.artists


def _extractor(context: ExperimentContext, window_s: float) -> FeatureExtractor:
    return all_layers(context.backbone, Grid(window_s, window_s), context.cache)


def cell_file(out: Path, experiment: Experiment, cell: Cell, context: ExperimentContext) -> Path:
    """Where a cell's result stands: another backbone, other data or another configuration have another name."""
    key, precision = context.backbone.key.digest(), context.backbone.precision
    computed_on = json.dumps([key, precision, data_key(context.dataset), SEED, FOLDS])
    computed_on += context.precision.removeprefix(
        "float32"
    )  # nothing: the names that results had when there was no other
    return out / "cells" / f"{experiment.name}-{cell.task}-{cell.digest(computed_on)}.json"


def data_key(dataset: Dataset) -> list[tuple[str, dict[str, str], str, str]]:
    """Return what a result depends on in the data, ready for JSON."""
    entries = [(dataset.key(e.path), dict(e.labels), e.split, e.artist) for e in dataset.entries]
    return sorted(entries, key=str)


def write_json(path: Path, values: Mapping[str, Any]) -> None:
    """Whole or not at all. Raises PersianMirError when the disk refuses."""
    write_whole(path, json.dumps(values, indent=1, ensure_ascii=False))
