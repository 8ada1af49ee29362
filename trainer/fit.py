"""From examples to a probe: embed, split, fit, calibrate, judge, and write down how."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal

import numpy as np

from persian_mir import __version__, counts
from persian_mir.backbones import Backbone
from persian_mir.embeddings import EmbeddingCache
from persian_mir.grid import Grid
from persian_mir.i18n import _, quoted
from persian_mir.labels import TASKS, is_label, ordered
from persian_mir.modal.features import features_version
from persian_mir.probes.probe import ModalPart, Probe, answers
from persian_mir.progress import SILENT, Cancelled, Progress
from trainer import calibrate
from trainer.checkpoint import Checkpoint, Slot
from trainer.datasets import DataError, Entry
from trainer.datasets.spelling import known_labels, respelt, unknown_label, usual_names
from trainer.features import gather
from trainer.grouped import fit_features, grouped_judgement, guard_of, logits
from trainer.hearing import Reading
from trainer.judge import Judgement, leak_warning
from trainer.judged import Judged
from trainer.loop import Fitted, Recipe
from trainer.parts import Parts, Started, decide_parts, remarks, with_added
from trainer.poorer import poorer_moves, poorer_ways
from trainer.scores import Given, judge_part, judged_segments, short
from trainer.segments import Features, Mask, Remark, Scale, Skipped
from trainer.splits import Splits

MOST_TOLD = 50  # recordings left out that the probe's notes name


@dataclass(frozen=True, slots=True)
class Lesson:
    """What is to be learnt, from which hidden states, and how. `both`: also judge it by artists never heard.

    `features`: the embedding, the modal reading, or both of them.
    """

    task: str
    grid: Grid = Grid()  # noqa: RUF009, frozen
    layers: tuple[int, ...] = (0,)
    recipe: Recipe = Recipe()  # noqa: RUF009, frozen
    both: bool = False
    features: Literal["embedding", "modal", "both"] = "embedding"


@dataclass(frozen=True, slots=True, eq=False)
class Outcome:
    """The probe, the segments it was judged by (None where none was kept apart), and the state of the fit on disk."""

    probe: Probe
    judged: Judged | None
    checkpoint: Checkpoint
    stopped: bool


def fit_probe(
    examples: Sequence[Entry],
    lesson: Lesson,
    backbone: Backbone,
    *,
    dataset: str = "",
    splits: Splits | None = None,
    added: Sequence[Entry] = (),
    left_out: Sequence[Skipped] = (),
    cache: EmbeddingCache | None = None,
    progress: Progress = SILENT,
    keep: Path | None = None,
    fresh: bool = False,
) -> Outcome:
    """Fit a head for the lesson on `backbone`. No recording is both learnt from and judged by.

    `splits` is the split that the examples stand in, if one was chosen; `added` join the training part only;
    `left_out` is what was taken from them before, for the record. The state of the fit is kept in `keep`, from where
    the same call goes on, unless `fresh`. Publishes a Skipped for each recording left out, Remarks, a Started, and an
    Epoch for each pass. Cancelling during the passes keeps the best head so far; before, it raises Cancelled.
    DataError when the examples cannot teach the task.
    """
    reading = Reading(backbone, lesson.grid, lesson.layers, cache, modal=lesson.features != "embedding")
    features, parts, said = _prepared(examples, added, lesson, splits, reading, progress)
    _check_taught(features, parts.train)
    progress.publish(Started(features.labels, len(features.hashes), len(features.targets), parts.how, parts.hash))
    checkpoint = Checkpoint(keep, _digest(lesson, features, parts, backbone), fresh)
    if not features.alone:
        features = replace(features, moved=poorer_moves(features, parts.train, reading, progress))
    features = features.standardised(parts.train)
    fitted = fit_features(features, parts.train, parts.dev, lesson.recipe, progress, Slot(checkpoint, "head"))
    probe = _probe(lesson, backbone, features, parts, fitted)
    answered = [answers(probe, rows) for rows in features.inputs(probe.mix, probe.concat)]
    given = Given(*(np.concatenate(one) for one in zip(*answered, strict=True)))
    judgements, stopped = _judgements(lesson, features, parts, given, fitted, checkpoint, progress)
    warning = leak_warning(*judgements.values()) if len(judgements) > 1 and not parts.by_artist else ""
    gone = (*left_out, *features.skipped)
    notes = {
        "dataset": dataset,
        "split": parts.how,
        "split_hash": parts.hash,
        "scores": _scores(features, parts, given, judgements),
        "features": lesson.features,
        "skipped": len(gone),
        "remarks": said + [f"{one.path.name}: {one.reason}" for one in gone][:MOST_TOLD],
        "warning": warning,
    }
    probe = replace(probe, training=notes | _counts(features, parts.named()) | _provenance(lesson.recipe, fitted))
    judged = judged_segments(lesson.task, features, parts, given, judgements, warning)
    return Outcome(probe, judged, checkpoint, stopped)


def _prepared(
    examples: Sequence[Entry],
    added: Sequence[Entry],
    lesson: Lesson,
    splits: Splits | None,
    reading: Reading,
    progress: Progress,
) -> tuple[Features, Parts, list[str]]:
    """What is learnt from and judged by, and the remarks on it, which are published too."""
    used, more, labels = _usable(examples, added, lesson.task)

    def heard(entries: Sequence[Entry]) -> Features:
        return gather(entries, lesson.task, labels, reading, progress)

    features = replace(heard(used), alone=lesson.features == "modal")
    parts = decide_parts(features, splits, lesson.recipe.seed)
    said = remarks(features, parts)
    if more:
        features, parts, text = with_added(features, parts, heard(more))
        said.append(text)
    for text in said:
        progress.publish(Remark(text))
    return features, parts, said


def _check_taught(features: Features, train: Mask) -> None:
    """Raises DataError where the training part lacks a label, or everything."""
    if not train.any():
        what = _("The split leaves nothing to learn from: every recording is in its dev or test part.")
        raise DataError(what, cure=_("Put recordings into the part train, or choose another split."))
    missing = [label for k, label in enumerate(features.labels) if not (features.targets[train] == k).any()]
    if missing:
        what = _("No training segment is left for: {labels}.").format(labels=", ".join(missing))
        raise DataError(what, cure=_("Add recordings of it, or leave the label out."))


def _probe(lesson: Lesson, backbone: Backbone, features: Features, parts: Parts, fitted: Fitted) -> Probe:
    """The fitted head, calibrated and guarded."""
    alone, concat = features.alone, lesson.recipe.mix == "concat" and not features.alone
    mix = np.full(len(lesson.layers), 1 / len(lesson.layers), np.float32) if alone else fitted.mix
    scale, modal = _scales(features)
    of_dev = logits(features, fitted, concat, parts.dev)
    return Probe(
        task=lesson.task,
        labels=features.labels,
        backbone=backbone.key,
        grid=lesson.grid,
        layers=lesson.layers,
        mix=mix,
        head=fitted.head,
        mean=scale.mean,
        std=scale.std,
        temperature=calibrate.temperature(of_dev, features.targets[parts.dev]),
        novelty=guard_of(features, mix, concat, parts.train, parts.dev),
        concat=concat,
        modal=modal,
    )


def _scales(features: Features) -> tuple[Scale, ModalPart | None]:
    """How a probe is to standardise what it reads: as the features of the fit were."""
    assert features.scale is not None  # noqa: S101
    if features.extra_scale is None:
        return features.scale, None
    extra = features.extra_scale
    return features.scale, ModalPart(extra.mean, extra.std, features_version(), features.alone)


def _judgements(
    lesson: Lesson,
    features: Features,
    parts: Parts,
    given: Given,
    fitted: Fitted,
    checkpoint: Checkpoint,
    progress: Progress,
) -> tuple[dict[str, Judgement], bool]:
    """By the split itself and, if wanted, by artists never heard; and whether the work was stopped."""
    judgements = {}
    part = parts.test if parts.test.any() else parts.dev
    if part.any():
        # A dev part chose the epoch and the temperature: however it was drawn, its figure is no one of strangers.
        own = "grouped" if parts.by_artist and parts.test.any() else "official"
        judgements[own] = judge_part(given, features, part)
    if not lesson.both or fitted.stopped or "grouped" in judgements:
        return judgements, fitted.stopped
    try:
        other = grouped_judgement(features, lesson.task, lesson.recipe, checkpoint, progress)
    except Cancelled:
        return judgements, True
    return judgements | ({"grouped": other} if other else {}), False


def _scores(
    features: Features, parts: Parts, given: Given, judgements: Mapping[str, Judgement]
) -> dict[str, dict[str, object]]:
    """Of each part, and of artists never heard where that was judged."""
    judged = {name: judge_part(given, features, part) for name, part in parts.named().items() if part.any()}
    judged |= {name: one for name, one in judgements.items() if name == "grouped"}
    return {name: short(one) for name, one in judged.items()}


def _digest(lesson: Lesson, features: Features, parts: Parts, backbone: Backbone) -> str:
    """BLAKE2b-128 of all that the fitted weights depend on."""
    read = "" if lesson.features == "embedding" else features_version()
    ways = list(poorer_ways(backbone.key.rate))
    plain = [asdict(lesson), read, ways, features.labels, features.hashes, features.artists]
    text = json.dumps([*plain, backbone.key.digest(), backbone.precision, __version__], sort_keys=True)
    digest = hashlib.blake2b(text.encode(), digest_size=16)
    for array in (features.targets, features.owners, features.spans, parts.train, parts.dev, parts.test):
        digest.update(np.ascontiguousarray(array).data)
    return digest.hexdigest()


def _usable(
    examples: Sequence[Entry], added: Sequence[Entry], task: str
) -> tuple[list[Entry], list[Entry], tuple[str, ...]]:
    """The examples and the added ones that carry a label of the task, and its labels, in the vocabulary's order."""
    if task not in TASKS:
        what = _("The task {task} is unknown.").format(task=quoted(task))
        raise DataError(what, cure=_("Tasks are: {tasks}.").format(tasks=", ".join(TASKS)))
    used = [example for example in examples if example.labels.get(task)]
    more = [example for example in respelt(added, usual_names(used)) if example.labels.get(task)]
    labels = ordered(task, (example.labels[task] for example in (*used, *more)))
    if len(labels) < 2:
        what = _("The data hold {count} of the task {task}; a probe needs two or more.")
        cure = _("Add recordings of another class, or choose another task.")
        raise DataError(what.format(count=counts.labels(len(labels)), task=task), cure=cure)
    for label in labels:
        if not is_label(task, label):
            raise DataError(unknown_label(task, label), cure=known_labels(task))
    return used, more, labels


def _counts(features: Features, parts: Mapping[str, Mask]) -> dict[str, object]:
    return {
        "recordings": {name: len(set(features.owners[part].tolist())) for name, part in parts.items()},
        "segments": {name: int(part.sum()) for name, part in parts.items()},
        "classes": {label: int((features.targets == k).sum()) for k, label in enumerate(features.labels)},
    }


def _provenance(recipe: Recipe, fitted: Fitted) -> dict[str, object]:
    notes: dict[str, object] = {**asdict(recipe), "hidden": list(recipe.hidden)}
    notes |= {"epochs_run": len(fitted.epochs), "epoch": fitted.best, "stopped": fitted.stopped}
    return notes | {
        "program": f"persian-mir {__version__}",
        "date": datetime.now(UTC).isoformat(timespec="seconds"),
    }
