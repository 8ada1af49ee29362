"""The data of a command, checked: what nothing should be learnt from is told, and left out."""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from persian_mir import plurals
from persian_mir.i18n import _
from trainer.commands.arguments import guard
from trainer.commands.reporter import Reporter

if TYPE_CHECKING:
    from trainer.data import Dataset
    from trainer.data.check_report import Report
    from trainer.features.segments import Skipped


def checked_data(
    source: Path, args: argparse.Namespace, written: Sequence[Path], reporter: Reporter
) -> tuple[Dataset, list[Skipped]]:
    """What can be learnt from, without what the check leaves out and labels that nobody knows; each is told.

    Raises PersianMirError where one of its files is to be `written` over, DataError where nothing is left.
    """
    from trainer.data import DataError, read_dataset
    from trainer.data.check import check, cleaned
    from trainer.features.segments import Remark
    from trainer.fitting.training_data import too_few_labels

    dataset = read_dataset(source, args.task, args.tables, reporter)
    guard(written, args, dataset)
    if source == args.data and not any(entry.labels.get(args.task) for entry in dataset.entries):
        raise too_few_labels(0, args.task, source)  # before every recording is read, which takes minutes
    report = check(dataset, reporter)
    left = _left_out(dataset, report, args.task)
    for one in left:
        reporter.publish(one)
    for text in _remarks(dataset, report, args.task):
        reporter.publish(Remark(text))
    sound = cleaned(dataset, report)
    if not sound.entries:
        what = _("None of the recordings could be used. {reason}").format(reason=left[0].reason)
        raise DataError(what, path=left[0].path)
    return sound, left


def _left_out(dataset: Dataset, report: Report, task: str) -> list[Skipped]:
    from trainer.data.spelling import unknown_label
    from trainer.features.segments import Skipped

    left = [
        Skipped(dataset.root / key, one.text.removeprefix(f"{key}: "))
        for one in report.findings
        for key in one.leave_out
    ]
    unknown = (entry for entry in dataset.entries if task in entry.written and task not in entry.labels)
    return left + [Skipped(entry.path, unknown_label(task, entry.written[task])) for entry in unknown]


def _remarks(dataset: Dataset, report: Report, task: str) -> Iterator[str]:
    """What should be known of the data, though it is learnt from."""
    from trainer.data.spelling import known_labels

    yield from (one.text for one in report.findings if one.kind == "contradiction" and not one.leave_out)
    unknown = any(task in entry.written and task not in entry.labels for entry in dataset.entries)
    if unknown and known_labels(task):
        yield known_labels(task)
    bare = {entry.path for entry in dataset.entries if task not in entry.written}
    if bare and len(bare) < report.recordings:
        text = _("Not used, since they carry no label of the task {task}: {recordings}.")
        yield text.format(task=task, recordings=plurals.recordings(len(bare)))
