"""What a fit learns from."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from persian_mir import plurals
from persian_mir.i18n import _, quoted
from persian_mir.labels import TASKS, is_label, ordered
from trainer.data import DataError, Entry
from trainer.data.spelling import known_labels, respelt, unknown_label, usual_names
from trainer.data.splits import Splits
from trainer.features.segments import Skipped


@dataclass(frozen=True, slots=True)
class TrainingData:
    """Labelled recordings. `splits` is the split that `examples` stand in, if one was chosen; `added` join the training
    part only; `left_out` is what was taken from them before, for the record. `dataset`: its name.
    """

    examples: Sequence[Entry]
    dataset: str = ""
    splits: Splits | None = None
    added: Sequence[Entry] = ()
    left_out: Sequence[Skipped] = ()


def too_few_labels(number: int, task: str, path: Path | None = None) -> DataError:
    """The error of data with fewer than two labels of a task."""
    what = _("The data hold {count} of the task {task}; a probe needs two or more.")
    cure = _("Add recordings of another class, or choose another task.")
    return DataError(what.format(count=plurals.labels(number), task=task), path=path, cure=cure)


def usable(data: TrainingData, task: str) -> tuple[list[Entry], list[Entry], tuple[str, ...]]:
    """The examples and the added ones that carry a label of the task, and its labels, in the vocabulary's order.
    DataError where they cannot be learnt.
    """
    if task not in TASKS:
        what = _("The task {task} is unknown.").format(task=quoted(task))
        raise DataError(what, cure=_("Tasks are: {tasks}.").format(tasks=", ".join(TASKS)))
    used = [example for example in data.examples if example.labels.get(task)]
    more = [example for example in respelt(data.added, usual_names(used)) if example.labels.get(task)]
    labels = ordered(task, (example.labels[task] for example in (*used, *more)))
    if len(labels) < 2:
        raise too_few_labels(len(labels), task)
    for label in labels:
        if not is_label(task, label):
            raise DataError(unknown_label(task, label), cure=known_labels(task))
    return used, more, labels
