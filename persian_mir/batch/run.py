"""A batch from end to end: what waits in the queue is labelled and written into the catalogue, until nothing waits."""

from __future__ import annotations

import queue
import statistics
import time
from collections.abc import Iterator, Mapping
from contextlib import closing, suppress
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from persian_mir.batch.estimate import costs, seconds_left, work
from persian_mir.batch.feeder import Feeder
from persian_mir.batch.queue import LEASE_S, LeaseLost, Queue, work_key
from persian_mir.batch.queue_rows import State
from persian_mir.batch.said import Sayings, same_sound
from persian_mir.batch.sources import FoundFile, Sources, settled
from persian_mir.batch.stages import Stages, Task
from persian_mir.catalogue.catalogue import Catalogue
from persian_mir.embeddings.utilisation import Utilisation
from persian_mir.predictor import Labeller
from persian_mir.progress import SILENT, Progress
from persian_mir.provenance import Provenance
from persian_mir.recording import Recording

if TYPE_CHECKING:
    from persian_mir.batch.cluster import ClusterStages
    from persian_mir.batch.roster import Cluster

STATUS_S = 1.0  # between two looks at the queue, at least
STATUS_SHARE = 0.05  # of the time that may go into looking
POLL_S = 0.3


@dataclass(frozen=True, slots=True)
class BatchStatus:
    """How far a batch is: files by state, the share of the work, seconds left where that can be said.

    `utilisation`: the share of the time in which models computed, or `workers` of a cluster, given by address, were at
    work; None where none does. `remarks`: sentences on what does not go as it was asked.
    """

    counts: Mapping[State, int]
    share: float
    left_s: float | None
    paused: bool
    elapsed_s: float
    utilisation: float | None = None
    remarks: tuple[str, ...] = ()
    workers: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Batch:
    """What is asked of a batch.

    `watch`: it goes on looking for new files in its folders until it is cancelled. `collection`: recordings are added
    to that of this name, whose priors act on their reading. `cluster`: whose workers label, instead of this process.
    """

    catalogue: Path
    predictors: tuple[Labeller, ...]
    sources: Sources
    watch: bool = False
    priority: int = 0
    collection: str = ""
    cluster: Cluster | None = None

    @property
    def made_by(self) -> list[Provenance]:
        """By what it labels."""
        return [one.provenance() for one in self.predictors]

    @property
    def work(self) -> str:
        """The name of its queue."""
        return work_key(self.made_by)


def run_batch(batch: Batch, progress: Progress = SILENT) -> BatchStatus:
    """Label all that waits. Whatever goes wrong with a file stays with it, and is noted.

    Publishes a BatchStatus about every second. Raises Cancelled, after files in work were given back, and
    PersianMirError where the catalogue cannot be written.
    """
    batch.sources.check()
    return _Run(batch, progress).run()


class _Run:
    """One run of this program over the queue: its writer, on the thread that called."""

    def __init__(self, batch: Batch, progress: Progress) -> None:
        self._batch, self._progress = batch, progress
        self._sayings = Sayings(batch.predictors, batch.collection)
        self._feeder = Feeder(batch.catalogue, batch.work, self._sayings, batch.sources if batch.watch else None)
        self._stages = self._chosen_stages()
        self._used = Utilisation(lambda: batch.predictors, lambda: time.monotonic() - self._feeder.paused_s)

    def _chosen_stages(self) -> Stages | ClusterStages:
        if self._batch.cluster is None:
            return Stages(self._feeder.jobs, self._feeder.skip, self._batch.predictors)
        from persian_mir.batch.cluster import ClusterStages

        return ClusterStages(self._batch.cluster, self._feeder.jobs, self._feeder.skip, self._batch.predictors)

    def run(self) -> BatchStatus:
        with closing(Catalogue.open(self._batch.catalogue)) as catalogue:
            self._catalogue = catalogue
            self._queue = Queue(catalogue, self._batch.work, self._feeder.owner)
            still = partial(self._sayings.still, catalogue)
            self._queue.add(self._found(), self._batch.priority, still=still)
            self._started, self._before = time.monotonic(), self._queue.kinds()
            self._next_look = self._renewed = 0.0
            self._stages.start()
            try:
                self._write_all()
            finally:
                self._feeder.stop.set()
                self._stages.close()
                self._queue.release()
            for error in self._stages.failures:
                raise error
            return self._status()

    def _found(self) -> Iterator[FoundFile]:
        for one in self._batch.sources.found():
            self._progress.step(0.0, one.path.name)
            if not self._batch.watch or settled(one):
                yield one

    def _write_all(self) -> None:
        while not self._stages.failures:
            self._look()
            try:
                task = self._stages.done.take(POLL_S)
            except queue.Empty:
                continue
            if task is None:
                return
            self._write(task)

    def _write(self, task: Task) -> None:
        """Write what is said of a file, and that it is done, in one transaction; nothing where another has the file."""
        with suppress(LeaseLost), self._catalogue.writing():
            if task.recording is None:
                self._queue.finish(task.job, State.FAILED, task.error, took=task.took)
            else:
                self._write_recording(task, task.recording)

    def _write_recording(self, task: Task, recording: Recording) -> None:
        row = self._catalogue.put_recording(recording, self._batch.collection)
        state, reason = State.DONE, " ".join(task.remarks)
        if task.error:
            state, reason = State.FAILED, task.error
        elif self._sayings.all_said(self._catalogue, row):  # of another file, or by another program meanwhile
            state, reason = State.SKIPPED, task.skip or same_sound()
        else:
            self._sayings.add(self._catalogue, recording.content_hash, task.answers)
        self._queue.finish(task.job, state, reason, recording.duration_s, task.took, row)

    def _look(self) -> None:
        """Tell how far it is and hold on to the files taken, each now and then."""
        now = time.monotonic()
        if now - self._renewed > LEASE_S / 4:
            self._renewed = now
            self._queue.renew()
        if now > self._next_look:
            status = self._status()
            self._next_look = time.monotonic() + max(STATUS_S, (time.monotonic() - now) / STATUS_SHARE)
            self._progress.publish(status)
            self._progress.step(status.share)

    def _status(self) -> BatchStatus:
        kinds, elapsed_s = self._queue.kinds(), time.monotonic() - self._started
        share = work(kinds, costs(kinds)).share
        left_s = seconds_left(elapsed_s - self._feeder.paused_s, self._before, kinds)
        remarks, workers = tuple(self._stages.remarks), self._stages.at_work
        used = statistics.mean(workers.values()) if workers else self._used.share()
        return BatchStatus(self._queue.counts(), share, left_s, self._queue.paused, elapsed_s, used, remarks, workers)
