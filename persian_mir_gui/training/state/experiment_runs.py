"""The experiments of the paper: run by the trainer in a process of its own, their results beside the printed ones."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject, QTimer, Signal

from persian_mir.app_paths import data_dir
from persian_mir.i18n import _
from persian_mir.progress import Progress
from persian_mir_gui.core.jobs import Job, JobRunner
from persian_mir_gui.core.messages import message_of
from persian_mir_gui.training.state.child_work import ChildWork

LOOK_MS = 5000  # between two looks at what is finished, while more is computed


@dataclass(frozen=True, slots=True)
class ResultRow:
    """One figure: accuracies in per cent, of segments and of `recordings`; `printed` None where the paper has none.

    `difference`: ours less the printed one.
    """

    experiment: str
    task: str
    cell: str
    split: str
    backbone: str
    dataset: str
    accuracy: float
    low: float
    high: float
    recordings: float
    chance: float
    printed: float | None
    difference: float | None


@dataclass(frozen=True, slots=True)
class ResultTable:
    """What stands in a folder of results. `maps`: tasks of which there is a map; `report`: the page, once written."""

    out: Path
    rows: tuple[ResultRow, ...]
    maps: tuple[str, ...]
    synthetic: bool
    warnings: tuple[str, ...]
    report: Path | None

    def count(self, experiment: str) -> int:
        """How many figures of an experiment there are, or maps."""
        if experiment == "visualisation":
            return len(self.maps)
        return len({(row.task, row.cell, row.backbone) for row in self.rows if row.experiment == experiment})


def default_folder(name: str) -> Path:
    """Where the results of data of that name go unless the user says otherwise."""
    plain = re.sub(r"[^\w.-]+", "-", name).strip("-.") or "data"
    return data_dir() / "experiments" / plain


def read_table(out: Path, progress: Progress) -> ResultTable:
    """Runs on the worker. A folder that is not there yet is an empty table. Raises PersianMirError."""
    from trainer.experiments.result_store import set_aside_damaged
    from trainer.reports.report import read_results, rows
    from trainer.reports.report_section import leak_of

    page = out / "report.html"
    if not (out / "cells").is_dir():
        return ResultTable(out, (), (), False, (), None)
    damaged = tuple(set_aside_damaged(out))
    results = read_results(out)
    progress.step(0.5)
    everything: list[dict[str, Any]] = [*results.cells, *results.maps, *results.systems]
    return ResultTable(
        out=out,
        rows=tuple(_row(one) for one in rows(results)),
        maps=tuple(dict.fromkeys(str(one["task"]) for one in results.maps)),
        synthetic=any(one.get("synthetic") for one in everything),
        warnings=(*map(_damaged, damaged), *dict.fromkeys(filter(None, map(leak_of, results.cells)))),
        report=page if page.is_file() else None,
    )


def _damaged(path: Path) -> str:
    return _("{file} was damaged and is put aside: run the experiment again, which computes it anew.").format(file=path)


def _row(given: dict[str, Any]) -> ResultRow:
    def share(name: str) -> float:
        return float(given[name])

    def maybe(name: str) -> float | None:
        return None if given[name] is None else float(given[name])

    return ResultRow(
        experiment=str(given["experiment"]),
        task=str(given["task"]),
        cell=str(given["cell"]),
        split=str(given["split"]),
        backbone=str(given["backbone"]),
        dataset=str(given["dataset"]),
        accuracy=share("segment_accuracy"),
        low=share("segment_low"),
        high=share("segment_high"),
        recordings=share("recording_accuracy"),
        chance=share("chance"),
        printed=maybe("printed"),
        difference=maybe("difference"),
    )


class ExperimentRuns(QObject):
    """Runs experiments into a folder and holds what stands there. A run that was stopped goes on where it was."""

    changed = Signal()  # the table, or whether something is being computed
    failed = Signal(object)  # Message

    def __init__(self, runner: JobRunner, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._runner = runner
        self.work = ChildWork(self)
        self.names: tuple[str, ...] = ()
        self.table: ResultTable | None = None
        self._job: Job | None = None  # that reads the table
        self._out: Path | None = None
        self._again = QTimer(self, interval=LOOK_MS)
        self._again.timeout.connect(self._look_meanwhile)
        self.work.changed.connect(self._work_changed)
        self.work.failed.connect(self._work_failed)
        self.work.done.connect(self._look_again)
        self.work.stopped.connect(self._look_again)

    @property
    def busy(self) -> bool:
        """Whether something is being computed or read."""
        return self.work.running or self._job is not None

    def start(self, names: Sequence[str], data: Path, backbone: str, out: Path) -> None:
        """Compute what `out` lacks of these experiments and write the report."""
        if self.work.running or not names:
            return
        self.names, self._out = tuple(names), out
        self.work.start(["experiment", *names, "--data", str(data), "--backbone", backbone, "--out", str(out)])

    def stop(self) -> None:
        """Stop; what is finished is kept."""
        self.work.stop()

    def look(self, out: Path) -> None:
        """Read what stands in a folder."""
        if self._job is not None:
            self._job.cancel()
        job = self._job = self._runner.start("", read_table, out)
        job.done.connect(partial(self._read, job))
        job.failed.connect(partial(self._not_read, job))

    def close(self, timeout_s: float = 1.0) -> bool:
        """End what is at work; False if it would not end in time."""
        self._again.stop()
        return self.work.close(timeout_s)

    def _work_changed(self) -> None:
        if self.work.running:
            self._again.start()
        else:
            self._again.stop()
        self.changed.emit()

    def _look_meanwhile(self) -> None:
        if self._job is None:  # a slow disk is not asked twice
            self._look_again()

    def _look_again(self, _event: object = None) -> None:
        if self._out is not None:
            self.look(self._out)

    def _work_failed(self, message: object) -> None:
        self.failed.emit(message)
        self._look_again()

    def _read(self, job: Job, table: ResultTable) -> None:
        if job is self._job:
            self._job, self.table = None, table
            self.changed.emit()

    def _not_read(self, job: Job, error: Exception) -> None:
        if job is self._job:
            self._job, self.table = None, None
            self.changed.emit()
            self.failed.emit(message_of(error))
