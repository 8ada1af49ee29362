"""A batch, as the window runs it: started, paused, stopped, with news of how far it is."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass, replace
from pathlib import Path
from threading import Event
from typing import Any

from PySide6.QtCore import QObject, Signal

from persian_mir.batch.queue import Queue
from persian_mir.batch.queue_order import QueueOrder
from persian_mir.batch.queue_rows import State
from persian_mir.batch.report import report_files, write_report
from persian_mir.batch.run import Batch, BatchStatus, run_batch
from persian_mir.batch.sources import Sources
from persian_mir.catalogue.catalogue import Catalogue
from persian_mir.catalogue.database import default_path
from persian_mir.computing import AUTOMATIC, Computing
from persian_mir.i18n import _
from persian_mir.progress import Cancelled, Progress
from persian_mir_gui.archive import queue_work as work
from persian_mir_gui.core.jobs import Job, JobRunner
from persian_mir_gui.core.messages import message_of
from persian_mir_gui.labelling.predictors import PredictorChoice, make_predictor
from persian_mir_gui.library.ledger import Ledger


@dataclass(frozen=True, slots=True)
class Order:
    """What is to be labelled, by which predictors, and how they compute."""

    places: tuple[Path, ...]
    patterns: tuple[str, ...]
    choices: tuple[PredictorChoice, ...]
    computing: Computing = AUTOMATIC
    watch: bool = False
    report: Path | None = None  # the folder of the page and the table about it
    collection: str = ""  # to which the recordings are added


@dataclass(frozen=True, slots=True)
class Outcome:
    """How far a batch is, or how it ended, and the page about it where one was written."""

    status: BatchStatus
    report: Path | None = None


class Told(Progress):
    """Listens to a batch: hands on how far it is, and ends it when `stop` is set."""

    def __init__(self, whole: Progress, queue: Queue, stop: Event) -> None:
        self._whole, self._queue, self._stop = whole, queue, stop
        self.elapsed_s = 0.0

    def step(self, fraction: float, note: str = "") -> None:
        if self._stop.is_set():
            raise Cancelled
        self._whole.step(fraction, note)

    def publish(self, value: BatchStatus) -> None:
        self.elapsed_s = value.elapsed_s
        self._whole.publish(Outcome(value))

    def stopped(self) -> BatchStatus:
        """How far it was when it was stopped: what was in work waits again."""
        return BatchStatus(self._queue.counts(), 0.0, None, False, self.elapsed_s)


class BatchDesk(QObject):
    """One batch at a time. What it writes is in the catalogue, whatever becomes of the window."""

    changed = Signal()  # started or ended
    advanced = Signal(object)  # Outcome
    ended = Signal(object)  # the same
    queue_read = Signal(object)  # QueuePage
    failed = Signal(object)  # Message

    def __init__(self, ledger: Ledger, parent: QObject | None = None, path: Path | None = None) -> None:
        super().__init__(parent)
        self._ledger = ledger
        self.runner = JobRunner(self)
        self._path = path or default_path()
        self._job: Job | None = None
        self._stop = Event()
        self.status: BatchStatus | None = None  # the newest, while one is at work: what every bar and window tells
        self._state: State | None = None  # of the files that are shown

    @property
    def running(self) -> bool:
        """Whether a batch is at work."""
        return self._job is not None

    def start(self, order: Order, make: Callable[..., Any] = make_predictor) -> None:
        """Begin, or go on with what waits of the same work."""
        if self._job is not None:
            return
        self._stop = Event()
        work = self._path, order, make, self._stop
        job = self._job = self.runner.start(_("Labelling a batch"), run_order, *work)
        job.published.connect(self._advance)
        job.done.connect(self.ended)
        job.failed.connect(lambda error: self.failed.emit(message_of(error)))
        job.finished.connect(self._end)
        self.changed.emit()

    def stop(self) -> None:
        """End soon; what is not done waits for the next start."""
        self._stop.set()

    def pause(self, paused: bool) -> None:
        """Have all programs that work at this catalogue rest, or go on."""
        self._ledger.read(set_paused, paused)

    def look(self, state: State | None) -> None:
        """Have `queue_read` tell the files of the last batch; `state`: only such."""
        self._state = state
        self._ledger.read(work.read_queue, state).done.connect(self.queue_read)

    def retry(self, ids: tuple[int, ...]) -> None:
        """Let these files wait again; without any, all that failed."""
        self._arrange(work.retry, ids)

    def prioritise(self, ids: tuple[int, ...], priority: int) -> None:
        """Give files a priority: the highest comes first."""
        self._arrange(work.prioritise, ids, priority)

    def move(self, ids: tuple[int, ...], priority: int, moved: tuple[int, ...], before: int) -> None:
        """Give files a priority; have those of `moved` come right before another."""
        self._arrange(work.move, ids, priority, moved, before)

    def close(self, timeout_s: float) -> bool:
        """End all work; False if it would not end in time."""
        return self.runner.close(timeout_s)

    def _advance(self, outcome: Outcome) -> None:
        self.status = outcome.status
        self.advanced.emit(outcome)

    def _arrange(self, act: Callable[..., None], *values: object) -> None:
        self._ledger.read(act, *values).done.connect(lambda _result: self.look(self._state))

    def _end(self) -> None:
        self._job = self.status = None
        self._ledger.ask_again()
        self.changed.emit()


def batch_of(path: Path, order: Order, make: Callable[..., Any]) -> Batch:
    """The batch of an order; its predictors are made, which may take seconds."""
    made = tuple(make(choice, order.computing) for choice in order.choices)
    return Batch(path, made, Sources(order.places, order.patterns), order.watch, collection=order.collection)


def run_order(path: Path, order: Order, make: Callable[..., Any], stop: Event, progress: Progress) -> Outcome:
    """Label all that waits, until `stop`; what was done by then is reported all the same."""
    batch = batch_of(path, order, make)
    with closing(Catalogue.open(path)) as catalogue:
        queue = Queue(catalogue, batch.work)
        told = Told(progress, queue, stop)
        try:
            status = run_batch(batch, told)
        except Cancelled:
            if not stop.is_set():
                raise
            status = told.stopped()
        outcome = Outcome(status)
        if order.report is None:
            return outcome
        write_report(order.report, catalogue, queue, batch.made_by, status)
        return replace(outcome, report=report_files(order.report)[1])


def set_paused(catalogue: Catalogue, paused: bool, _progress: Progress) -> None:
    """Have all batches of this catalogue rest, or go on."""
    QueueOrder(catalogue, "").pause(paused)
