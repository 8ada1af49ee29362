"""Runs an experiment cell by cell. A finished cell is one JSON file; a run that was killed goes on with the next."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from persian_mir.audio.cache_files import partial
from persian_mir.backbones import Backbone
from persian_mir.embeddings import EmbeddingCache
from persian_mir.errors import PersianMirError
from persian_mir.grid import Grid
from persian_mir.i18n import _
from persian_mir.labels import ordered
from persian_mir.probes.probe import softmax
from persian_mir.progress import SILENT, Progress
from trainer import calibrate
from trainer.datasets import DataError, Dataset
from trainer.experiments.projection import embedding_map
from trainer.experiments.table import TASKS, Cell, Experiment
from trainer.features import Features, gather
from trainer.judge import Judgement, judge, leak_warning
from trainer.loop import Recipe
from trainer.plan import UNLABELLED, Data, Plan
from trainer.splits import Splits, grouped, official
from trainer.stacked import fit_stack

Floats = NDArray[np.float32]
Mask = NDArray[np.bool_]

FOLDS = 5
SEED = 0


@dataclass(frozen=True, slots=True)
class Bench:
    """What an experiment runs on."""

    dataset: Dataset
    backbone: Backbone
    cache: EmbeddingCache | None
    progress: Progress = SILENT


def run_experiment(experiment: Experiment, bench: Bench, epochs: int, out: Path) -> int:
    """Compute the cells that `out` lacks and write each as it is done. Returns how many were computed.

    Raises Cancelled, DataError where a task cannot be learnt from the data, PersianMirError when the disk refuses.
    """
    # The report leaves out the tasks that the data do not hold.
    cells = [
        cell
        for cell in experiment.cells(bench.backbone.key.states, epochs)
        if len(_labels(bench.dataset, cell.task)) > 1
    ]
    missing = [cell for cell in cells if not cell_file(out, experiment, cell, bench).exists()]
    for task, window_s in dict.fromkeys((cell.task, cell.window_s) for cell in missing):
        labels = _labels(bench.dataset, task)
        features, keys = _features(bench, task, labels, window_s)
        sets = _splits(bench.dataset, task)
        group = [cell for cell in cells if (cell.task, cell.window_s) == (task, window_s)]
        for hidden in dict.fromkeys(cell.recipe.hidden for cell in group):
            # All of a stack, though some may be done: a stack of another size could round otherwise.
            together = [cell for cell in group if cell.recipe.hidden == hidden]
            if not set(together) & set(missing):
                continue
            judged = {name: _judged(features, keys, one, together, bench.progress) for name, one in sets.items()}
            for k, cell in enumerate(together):
                own = {name: rows[k] for name, rows in judged.items()}
                if cell in missing:
                    write_json(cell_file(out, experiment, cell, bench), _document(experiment, cell, bench, own, sets))
    if experiment.name == "visualisation":
        return _maps(experiment, bench, out)
    return len(missing)


def _maps(experiment: Experiment, bench: Bench, out: Path) -> int:
    """A map for each task that the data hold; returns how many were computed."""
    layer, done = bench.backbone.key.states - 1, 0
    for task in TASKS:
        path = cell_file(out, experiment, Cell(task, "map", 5.0, layer, Recipe()), bench)
        labels = _labels(bench.dataset, task)
        if len(labels) > 1 and not path.exists():
            features, _keys = _features(bench, task, labels, 5.0)
            plain = {"experiment": experiment.name, "task": task, "layer": layer, "backbone": bench.backbone.key.id}
            plain |= {"dataset": bench.dataset.name, "synthetic": bench.dataset.synthetic}
            write_json(path, plain | embedding_map(features, layer))
            done += 1
    return done


def cell_file(out: Path, experiment: Experiment, cell: Cell, bench: Bench) -> Path:
    """Where a cell's result stands: another backbone, other data or another recipe have another name."""
    entries = [(bench.dataset.key(e.path), dict(e.labels), e.split, e.artist) for e in bench.dataset.entries]
    context = json.dumps([bench.backbone.key.digest(), bench.backbone.precision, sorted(entries, key=str), SEED, FOLDS])
    return out / "cells" / f"{experiment.name}-{cell.task}-{cell.digest(context)}.json"


def write_json(path: Path, values: Mapping[str, Any]) -> None:
    """Whole or not at all. Raises PersianMirError when the disk refuses."""
    try:
        with partial(path) as part:
            part.write_text(json.dumps(values, indent=1, ensure_ascii=False), encoding="utf-8")
            part.replace(path)
    except OSError as error:
        what = _("A result could not be written: {reason}.").format(reason=error.strerror)
        cure = _("Free some space and run the same command again; finished cells are kept.")
        raise PersianMirError(what, path=path, cure=cure) from error


def _document(
    experiment: Experiment, cell: Cell, bench: Bench, judged: Mapping[str, Judgement], sets: Mapping[str, Splits]
) -> dict[str, Any]:
    both = "official" in judged and "grouped" in judged
    return {
        "experiment": experiment.name,
        "cell": asdict(cell),
        "backbone": bench.backbone.key.id,
        "dataset": bench.dataset.name,
        "synthetic": bench.dataset.synthetic,
        "splits": {name: {"how": one.how, "hash": one.hash} for name, one in sets.items()},
        "judgements": {name: asdict(one) for name, one in judged.items()},
        "warning": leak_warning(judged["official"], judged["grouped"]) if both else "",
    }


def _labels(dataset: Dataset, task: str) -> tuple[str, ...]:
    return ordered(task, (entry.labels[task] for entry in dataset.entries if entry.labels.get(task)))


def _features(bench: Bench, task: str, labels: tuple[str, ...], window_s: float) -> tuple[Features, tuple[str, ...]]:
    """All layers of all recordings, and the key of each; split and artist are decided here, not while reading."""
    entries = [
        replace(entry, artist=bench.dataset.key(entry.path), split="")
        for entry in bench.dataset.entries
        if entry.labels.get(task)
    ]
    every = tuple(range(bench.backbone.key.states))
    grid = Grid(window_s, window_s)
    features = gather(entries, task, labels, bench.backbone, grid, every, bench.cache, bench.progress)
    return features, features.artists


def _splits(dataset: Dataset, task: str) -> dict[str, Splits]:
    """The official lists where there are any, and whole artists; whole recordings where artists are not known, or are
    what is learnt.
    """
    sets: dict[str, Splits] = {}
    if any(entry.split == "test" for entry in dataset.entries):
        sets["official"] = official(dataset)
    try:
        sets["grouped"] = grouped(dataset, task, "recording" if task == "artist" else "artist", SEED, FOLDS)
    except DataError:
        if not sets:
            sets["grouped"] = grouped(dataset, task, "recording", SEED, FOLDS)
    return sets


def _judged(
    features: Features, keys: Sequence[str], splits: Splits, cells: Sequence[Cell], progress: Progress
) -> list[Judgement]:
    """Each cell judged on the test parts of all folds together."""
    rows: list[list[Floats]] = [[] for _cell in cells]
    tested = []
    for fold in splits.folds:
        part = np.array([fold.get(key, "") for key in keys])[features.owners]
        masks = {name: part == name for name in ("train", "dev", "test")}
        if not (masks["train"].any() and masks["test"].any()):
            continue
        tested.append(np.flatnonzero(masks["test"]))
        for own, answer in zip(rows, _answers(features, masks, cells, progress), strict=True):
            own.append(answer)
    if not tested:
        raise DataError(_("No fold has both a train and a test part."), cure=_("Add recordings, or another split."))
    order = np.concatenate(tested)
    targets, owners = features.targets[order], features.owners[order]
    return [judge(np.concatenate(own), targets, owners, features.labels) for own in rows]


def _answers(features: Features, masks: Mapping[str, Mask], cells: Sequence[Cell], progress: Progress) -> list[Floats]:
    """What each cell's probe says of the test part, calibrated on the dev part."""
    train, dev, test = masks["train"], masks["dev"], masks["test"]
    mean, std = features.values[train].mean(axis=0), features.values[train].std(axis=0)
    values = ((features.values - mean) / np.where(std > 1e-6, std, 1)).astype(np.float32)
    of_train, of_dev = (np.where(mask, features.targets, UNLABELLED)[:, None] for mask in (train, dev))
    plans = [Plan(cell.layer, 0, cell.recipe) for cell in cells]
    held_out = Data(values, of_dev) if dev.any() else None
    fitted = fit_stack(Data(values, of_train), (len(features.labels),), plans, held_out, progress)
    answers = []
    for cell, one in zip(cells, fitted, strict=True):
        heat = calibrate.temperature(one.head.logits(values[dev][:, cell.layer]), features.targets[dev])
        answers.append(softmax(one.head.logits(values[test][:, cell.layer]) / np.float32(heat)))
    return answers
