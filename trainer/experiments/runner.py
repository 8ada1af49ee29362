"""Runs an experiment cell by cell. A finished cell is one JSON file; a run that was killed goes on with the next."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from persian_mir.i18n import _
from persian_mir.probes.probe import softmax
from persian_mir.progress import Progress
from trainer.data import DataError, Dataset
from trainer.data.splits import Splits, grouped, official
from trainer.evaluation.evaluate import Evaluation, evaluate, leak_warning
from trainer.experiments.context import FOLDS, SEED, ExperimentContext, cell_file, heard, task_labels
from trainer.experiments.earlier_studies import NAME, run_systems, works_of
from trainer.experiments.maps import MAP, MAP_WINDOW_S, draw_maps, maps_lacking
from trainer.experiments.result_store import write_result
from trainer.experiments.table import Cell, Experiment, cells_of
from trainer.experiments.weighted_progress import Work, begin
from trainer.features.segments import Features, scale_of
from trainer.fitting import calibrate
from trainer.fitting.precision import Precision
from trainer.fitting.probe_spec import UNLABELLED, Data, ProbeSpec
from trainer.fitting.stacked import fit_stack

Floats = NDArray[np.float32]
Mask = NDArray[np.bool_]

ROOM = 1 << 29  # bytes of standardised values at a time: 13 layers of 10,000 segments, 4 of Nava's in windows of 5 s


def run_experiment(experiment: Experiment, context: ExperimentContext, epochs: int, out: Path) -> int:
    """Compute the cells that `out` lacks and write each as it is done. Returns how many were computed.

    Raises Cancelled, DataError where a task cannot be learnt from the data, PersianMirError when the disk refuses.
    """
    if experiment.name == NAME:
        return run_systems(context, out)
    done = 0
    for (task, window_s), stacks in _open(experiment, context, epochs, out).items():
        labels, sets = task_labels(context.dataset, task), _splits(context.dataset, task)
        begin(context.progress, _reading(context), _("{task}: reading what was heard").format(task=task))
        features, keys = heard(context, task, labels, window_s)
        for together in stacks:
            note = f"{experiment.name}, {task}, {', '.join(cell.key for cell in together[:3])}"
            begin(context.progress, _fitting(context, together), note + " …" * (len(together) > 3))
            judged = _judged_all(features, keys, sets, together, context.precision, context.progress)
            for k, cell in enumerate(together):
                path = cell_file(out, experiment, cell, context)
                if not path.exists():
                    own = {name: rows[k] for name, rows in judged.items()}
                    write_result(path, _document(experiment, cell, context, own, sets))
                    done += 1
    if experiment.name == "visualisation":
        return draw_maps(experiment, context, out)
    return done


def works(experiment: Experiment, context: ExperimentContext, epochs: int, out: Path) -> list[Work]:
    """What `run_experiment` would have to do."""
    if experiment.name == NAME:
        return works_of(context, out)
    if experiment.name == "visualisation":
        return [MAP] * len(maps_lacking(experiment, context, out))
    every = _open(experiment, context, epochs, out).values()
    return [work for stacks in every for work in (_reading(context), *(_fitting(context, one) for one in stacks))]


def windows(experiment: Experiment, context: ExperimentContext, epochs: int, out: Path) -> set[float]:
    """Lengths of the segments, in seconds, that `run_experiment` would listen to."""
    if experiment.name == "visualisation":
        return {MAP_WINDOW_S} if maps_lacking(experiment, context, out) else set()
    return {window_s for _task, window_s in _open(experiment, context, epochs, out)}


def _open(
    experiment: Experiment, context: ExperimentContext, epochs: int, out: Path
) -> dict[tuple[str, float], list[list[Cell]]]:
    """By task and length of a segment the cells that are to be fitted together. A stack of which some cell lacks is
    fitted as a whole: one of another size could round otherwise. Tasks that the data do not hold are left out.
    """
    stacks: dict[tuple[str, float], dict[tuple[int, ...], list[Cell]]] = {}
    for cell in cells_of(experiment, context.backbone, epochs):
        if len(task_labels(context.dataset, cell.task)) > 1:
            stacks.setdefault((cell.task, cell.window_s), {}).setdefault(cell.config.hidden, []).append(cell)
    lacking = {
        key: [one for one in by_shape.values() if not all(cell_file(out, experiment, c, context).exists() for c in one)]
        for key, by_shape in stacks.items()
    }
    return {key: found for key, found in lacking.items() if found}


def _reading(context: ExperimentContext) -> Work:
    return Work("reading", 0.003 * len(context.dataset.entries))


def _fitting(context: ExperimentContext, cells: Sequence[Cell]) -> Work:
    """By the weights to learn. Guessed rather too long: the line may then leap on, and never stands still."""
    sizes = [(context.backbone.key.width, *cell.config.hidden) for cell in cells]
    weights = sum(one * other for size in sizes for one, other in pairwise(size))
    epochs = max(cell.config.epochs for cell in cells)
    return Work("fitting", 1.5e-4 * len(context.dataset.entries) * epochs * (len(cells) + 3e-6 * weights))


def _document(
    experiment: Experiment,
    cell: Cell,
    context: ExperimentContext,
    judged: Mapping[str, Evaluation],
    sets: Mapping[str, Splits],
) -> dict[str, Any]:
    both = "official" in judged and "grouped" in judged and sets["grouped"].how == "artist"
    return {
        "experiment": experiment.name,
        "cell": cell.as_dict(),
        "backbone": context.backbone.key.id,
        "dataset": context.dataset.name,
        "synthetic": context.dataset.synthetic,
        "precision": context.precision,
        "splits": {name: {"how": one.how, "hash": one.hash} for name, one in sets.items()},
        "judgements": {name: one.as_dict() for name, one in judged.items()},
        "warning": leak_warning(judged["official"], judged["grouped"]) if both else "",
    }


def _splits(dataset: Dataset, task: str) -> dict[str, Splits]:
    """The official lists where there are any, and whole artists; whole recordings where artists are not known, or are
    what is learnt.
    """
    sets: dict[str, Splits] = {}
    if any(entry.split == "test" for entry in dataset.entries):
        sets["official"] = official(dataset)
    try:
        sets["grouped"] = grouped(dataset, task, "recording" if task == "artist" else "artist", SEED, FOLDS, fewer=True)
    except DataError:
        if not sets:
            sets["grouped"] = grouped(dataset, task, "recording", SEED, FOLDS)
    return sets


def _judged_all(
    features: Features,
    keys: Sequence[str],
    sets: Mapping[str, Splits],
    cells: Sequence[Cell],
    precision: Precision,
    progress: Progress,
) -> dict[str, list[Evaluation]]:
    """The cells judged on every split."""
    folds, done, judged = sum(len(one.folds) for one in sets.values()), 0, {}
    for name, one in sets.items():
        share = progress.part(done / folds, len(one.folds) / folds)
        judged[name] = _judged(features, keys, one, cells, precision, share)
        done += len(one.folds)
    return judged


def _judged(
    features: Features,
    keys: Sequence[str],
    splits: Splits,
    cells: Sequence[Cell],
    precision: Precision,
    progress: Progress,
) -> list[Evaluation]:
    """Each cell judged on the test parts of all folds together."""
    rows: list[list[Floats]] = [[] for _cell in cells]
    tested = []
    for number, fold in enumerate(splits.folds):
        part = np.array([fold.get(key, "") for key in keys])[features.groups]
        masks = {name: part == name for name in ("train", "dev", "test")}
        if not (masks["train"].any() and masks["test"].any()):
            continue
        tested.append(np.flatnonzero(masks["test"]))
        share = progress.part(number / len(splits.folds), 1 / len(splits.folds))
        for own, answer in zip(rows, _answers(features, masks, cells, precision, share), strict=True):
            own.append(answer)
    if not tested:
        raise DataError(_("No fold has both a train and a test part."), cure=_("Add recordings, or another split."))
    order = np.concatenate(tested)
    where = (features.targets[order], features.groups[order], features.labels)
    lengths = features.spans[order, 1] - features.spans[order, 0]
    return [evaluate(np.concatenate(own), *where, lengths) for own in rows]


def _answers(
    features: Features, masks: Mapping[str, Mask], cells: Sequence[Cell], precision: Precision, progress: Progress
) -> list[Floats]:
    """What each cell's probe says of the test part; as many layers at a time as there is room for."""
    layers = sorted({cell.layer for cell in cells})
    answers: dict[Cell, Floats] = {}
    size = max(1, ROOM // max(1, features.values[:, :1].nbytes))
    for start in range(0, len(layers), size):
        some = layers[start : start + size]
        together = [cell for cell in cells if cell.layer in some]
        share = progress.part(start / len(layers), len(some) / len(layers))
        answers |= zip(together, _answers_of(features, some, masks, together, precision, share), strict=True)
    return [answers[cell] for cell in cells]


def _answers_of(
    features: Features,
    layers: list[int],
    masks: Mapping[str, Mask],
    cells: Sequence[Cell],
    precision: Precision,
    progress: Progress,
) -> list[Floats]:
    """Those of cells on `layers`, calibrated on the dev part."""
    train, dev, test = masks["train"], masks["dev"], masks["test"]
    values = np.take(features.values, layers, axis=1)
    for place in range(len(layers)):
        scale_of(values[train, place]).applied(values[:, place])
    of_train, of_dev = (np.where(mask, features.targets, UNLABELLED)[:, None] for mask in (train, dev))
    specs = [ProbeSpec(layers.index(cell.layer), 0, cell.config) for cell in cells]
    held_out = Data(values, of_dev) if dev.any() else None
    fitted = fit_stack(Data(values, of_train), (len(features.labels),), specs, held_out, progress, precision)
    answers = []
    for spec, one in zip(specs, fitted, strict=True):
        heat = calibrate.temperature(one.head.logits(values[dev, spec.layer]), features.targets[dev])
        answers.append(softmax(one.head.logits(values[test, spec.layer]) / np.float32(heat)))
    return answers
