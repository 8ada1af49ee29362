"""The experiment `earlier-studies`: every system on one collection, judged in several ways side by side.

A finished judgement, of one system by one protocol on one task, is one JSON file; a run that was killed goes on with
the next.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from itertools import groupby
from pathlib import Path

from persian_mir.progress import Progress
from trainer.baselines import protocols
from trainer.baselines.built import NEURAL
from trainer.baselines.early_stopping import Passes
from trainer.baselines.protocols import evaluate_other, evaluate_protocol, protocol_name
from trainer.data import Dataset, Entry
from trainer.evaluation.evaluate import Evaluation
from trainer.experiments.context import FOLDS, SEED, ExperimentContext, data_key, task_labels
from trainer.experiments.modes_judged import evaluate_modes
from trainer.experiments.result_store import write_result
from trainer.experiments.systems import TASKS, System, systems
from trainer.experiments.weighted_progress import Work, begin
from trainer.features.gather import gather

NAME = "earlier-studies"
SLOW = {"azarnet": 40.0, "bilgnet": 40.0, "supcon": 80.0, "pmg-net": 10.0}  # seconds a recording, about


@dataclass(frozen=True, slots=True)
class Case:
    """One judgement that is to be made, and where it is to be written."""

    task: str
    system: System
    protocol: str
    path: Path


def run_systems(context: ExperimentContext, out: Path) -> int:
    """Make the judgements that `out` lacks; returns how many. Raises Cancelled, DataError where a task cannot be
    learnt from the data, PersianMirError when the disk refuses.
    """
    done = 0
    for (task, _name), group in groupby(lacking_cases(context, out), lambda case: (case.task, case.system.id)):
        labels = task_labels(context.dataset, task)
        passes: list[Passes] = []
        for case, evaluation in _judged(list(group), labels, context, _listener(context.progress, passes)):
            write_result(case.path, _document(case, evaluation, passes, context))
            passes.clear()
            done += 1
    return done


def lacking_cases(context: ExperimentContext, out: Path) -> list[Case]:
    """What `run_systems` would have to do."""
    names = [*(context.protocols or protocols.OF_ONE), *(["other"] if context.other is not None else [])]
    cases = [
        Case(task, system, name, _file(out, task, system, name, context))
        for task in TASKS
        if len(task_labels(context.dataset, task)) > 1
        for system in systems(context)
        if task in system.tasks
        for name in names
    ]
    return [case for case in cases if not case.path.exists()]


def works_of(context: ExperimentContext, out: Path) -> list[Work]:
    """The same as pieces of work: of each system the listening, and each judgement."""
    cases = lacking_cases(context, out)
    heard = {(case.task, case.system.id): case for case in cases}
    return [work_of(case, context) for case in (*heard.values(), *cases)]


def work_of(case: Case, context: ExperimentContext) -> Work:
    """About how long a judgement takes."""
    epochs = min(context.effort.epochs or 60, 60) / 60
    seconds = SLOW[case.system.id] * epochs if case.system.id in SLOW else 0.3
    return Work(case.system.id, seconds * len(context.dataset.entries))


def _judged(
    cases: Sequence[Case], labels: tuple[str, ...], context: ExperimentContext, progress: Progress
) -> Iterator[tuple[Case, Evaluation | None]]:
    """Each case of one task and system with its judgement, None where the protocol cannot be had."""
    task, system = cases[0].task, cases[0].system
    begin(context.progress, work_of(cases[0], context), f"{system.id}, {task}")
    if system.extractor is None or system.learner is None:
        yield from _modes_judged(cases, labels, context)
        return
    features = gather(_entries(context.dataset, task, labels), task, labels, system.extractor, context.progress)
    for case in cases:
        begin(context.progress, work_of(case, context), _note(case))
        if case.protocol != "other":
            yield case, evaluate_protocol(system.learner, features, task, case.protocol, context.effort, progress)
        elif entries := _entries(context.other, task, labels):
            other = gather(entries, task, labels, system.extractor, context.progress)
            yield case, evaluate_other(system.learner, features, other, task, context.effort, progress)
        else:
            yield case, None


def _listener(progress: Progress, passes: list[Passes]) -> Progress:
    """`progress`, which puts how nets were fitted into `passes`."""

    def publish(value: object) -> None:
        if isinstance(value, Passes):
            passes.append(value)
        else:
            progress.publish(value)

    return progress.part(0, 1, publish=publish)


def _modes_judged(
    cases: Sequence[Case], labels: tuple[str, ...], context: ExperimentContext
) -> Iterator[tuple[Case, Evaluation | None]]:
    """It learns nothing: what it is judged by differs in the recordings alone, and only on the given split and the
    other collection.
    """
    every: Evaluation | None = None
    for case in cases:
        begin(context.progress, work_of(case, context), _note(case))
        if case.protocol in protocols.PROTOCOLS:
            if every is None:
                every = evaluate_modes(
                    _entries(context.dataset, case.task, labels), case.task, labels, context.progress
                )
            yield case, every
        else:
            of = context.other if case.protocol == "other" else context.dataset
            entries = [one for one in _entries(of, case.task, labels) if of is context.other or one.split == "test"]
            yield case, evaluate_modes(entries, case.task, labels, context.progress) if entries else None


def _entries(dataset: Dataset | None, task: str, labels: tuple[str, ...]) -> list[Entry]:
    """Those whose label is one of `labels`."""
    return [] if dataset is None else [one for one in dataset.entries if one.labels.get(task) in labels]


def _note(case: Case) -> str:
    return f"{case.system.id}, {case.task}, {protocol_name(case.protocol)}"


def _file(out: Path, task: str, system: System, protocol: str, context: ExperimentContext) -> Path:
    """Where a judgement stands: other features, other data or another effort have another name."""
    other = data_key(context.other) if protocol == "other" and context.other is not None else []
    parts = [system.key, task, protocol, _effort(system, context), data_key(context.dataset), other, SEED, FOLDS]
    digest = hashlib.blake2b(json.dumps(parts, sort_keys=True).encode(), digest_size=8).hexdigest()
    return out / "cells" / f"{NAME}-{task}-{system.id}-{protocol}-{digest}.json"


def _epochs(system: System, context: ExperimentContext) -> int | None:
    return context.effort.epochs if system.in_passes else None


def _effort(system: System, context: ExperimentContext) -> object:
    """What a result depends on in the effort; a list of nets, unlike in results before nets held recordings out."""
    return [context.effort.epochs, context.effort.patience] if system.learner in NEURAL else _epochs(system, context)


def _document(
    case: Case, evaluation: Evaluation | None, passes: Sequence[Passes], context: ExperimentContext
) -> dict[str, object]:
    system, other = case.system, context.other if case.protocol == "other" else None
    return {
        "experiment": NAME,
        "system": system.id,
        "task": case.task,
        "protocol": case.protocol,
        "epochs": _epochs(system, context),
        "patience": context.effort.patience if system.learner in NEURAL else None,
        "passes": [asdict(one) for one in passes],
        "backbone": system.backbone,
        "dataset": context.dataset.name,
        "other": "" if other is None else other.name,
        "synthetic": context.dataset.synthetic or (other is not None and other.synthetic),
        "judgement": None if evaluation is None else evaluation.as_dict(),
    }
