"""The work of a batch: several files at once, a thread each, from opening to the last predictor.

While one file is decoded, others are read for their mode, and windows of others are embedded together (see
`SharedBackbone`). A file is opened once for all predictors. What is taken and not yet written is bounded, however many
files there are. What goes wrong with a file goes on with it, to be written down.
"""

from __future__ import annotations

import logging
import queue
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

from persian_mir.audio import open_audio
from persian_mir.batch.queue_rows import Job
from persian_mir.errors import failure
from persian_mir.prediction import Prediction
from persian_mir.predictor import Labeller
from persian_mir.progress import Cancelled, Progress
from persian_mir.recording import Recording
from persian_mir.side_by_side import Stopped, files_at_once

log = logging.getLogger(__name__)
_WAIT_S = 0.2  # between two looks whether to stop


@dataclass(frozen=True, slots=True)
class Task:
    """A file on its way: its recording once it was opened, what was said of it so far, and why it failed, if it did.

    `took`: seconds of work. `skip`: why nothing has to be said of it. `remarks`: what is to be known of its sound.
    """

    job: Job
    recording: Recording | None = None
    answers: tuple[tuple[Labeller, tuple[Prediction, ...]], ...] = ()
    error: str = ""
    skip: str = ""
    remarks: tuple[str, ...] = ()
    took: float = 0.0


class Pipe:
    """A queue of one file between two stages; whoever waits at it ends when `stop` is set."""

    def __init__(self, stop: threading.Event) -> None:
        self._queue: queue.Queue[Task | None] = queue.Queue(1)
        self._stop = stop

    def put(self, task: Task | None) -> None:
        """Hand a file on; None after the last. Raises Cancelled."""
        while not self._stop.is_set():
            try:
                return self._queue.put(task, timeout=_WAIT_S)
            except queue.Full:
                continue
        raise Cancelled

    def take(self, timeout_s: float) -> Task | None:
        """Return the next file, or None after the last. Raises queue.Empty where none comes in time."""
        return self._queue.get(timeout=timeout_s)

    def tasks(self) -> Iterator[Task]:
        """Yield files until the last. Raises Cancelled."""
        while not self._stop.is_set():
            try:
                task = self._queue.get(timeout=_WAIT_S)
            except queue.Empty:
                continue
            if task is None:
                return
            yield task
        raise Cancelled


class Threads:
    """Threads that end together; what is ready comes out of `done`. `remarks`: what else there is to tell.

    `at_work`: the share of the time in which each of the other computers works, by its name, where there are any. A
    failure of a thread itself ends all, and stands in `failures`.
    """

    def __init__(self) -> None:
        self.stop = threading.Event()
        self.failures: list[BaseException] = []
        self.remarks: list[str] = []
        self.at_work: dict[str, float] = {}
        self.done = Pipe(self.stop)
        self._threads: list[threading.Thread] = []

    def add(self, name: str, work: Callable[[], None]) -> threading.Thread:
        """Let a thread do `work` once they start."""
        thread = threading.Thread(target=self._run, args=(work,), name=name, daemon=True)
        self._threads.append(thread)
        return thread

    def start(self) -> None:
        """Begin."""
        for thread in self._threads:
            thread.start()

    def close(self) -> None:
        """End all threads, whatever they are at."""
        self.stop.set()
        for thread in self._threads:
            thread.join()

    def _run(self, work: Callable[[], None]) -> None:
        try:
            work()
        except Cancelled:
            pass
        except Exception as error:  # of the queue itself, not of a file: the batch cannot go on
            log.info("a batch ends", exc_info=True)
            self.failures.append(error)
            self.stop.set()


class Stages(Threads):
    """The work on this machine. `source` yields the files to be labelled; it runs on a thread of its own, as do its
    connections.

    `skips` says of a recording that was opened why it needs no labels, or nothing; it is asked from several threads.
    What is ready comes out in the order in which it is.
    """

    def __init__(
        self,
        source: Callable[[], Iterator[Job]],
        skips: Callable[[Recording], str],
        predictors: Sequence[Labeller],
    ) -> None:
        super().__init__()
        self._source, self._skips, self._predictors = source, skips, predictors
        self._waiting = Pipe(self.stop)
        self._labellers = [self.add(f"batch-{number}", self._label_all) for number in range(files_at_once())]
        self.add("batch-feeder", self._feed)

    def _feed(self) -> None:
        for job in self._source():
            self._waiting.put(Task(job))
        for _thread in self._labellers:
            self._waiting.put(None)
        for thread in self._labellers:
            thread.join()
        self.done.put(None)

    def _label_all(self) -> None:
        for task in self._waiting.tasks():
            self.done.put(labelled(task, self._predictors, self._skips, Stopped(self.stop)))


def labelled(task: Task, predictors: Sequence[Labeller], skips: Callable[[Recording], str], progress: Progress) -> Task:
    """Open a file and let all predictors read it; whatever goes wrong with it stays with it. Raises Cancelled."""
    started = time.monotonic()
    try:
        with open_audio(task.job.path, progress) as source:
            task = replace(task, recording=source.recording, skip=skips(source.recording))
            if not task.skip:
                answers = tuple((one, one.predict(source, progress)) for one in predictors)
                task = replace(task, answers=answers, remarks=source.remarks_on_sound())
    except Cancelled:
        raise
    except Exception as error:  # noqa: BLE001 - `failure` logs it
        task = replace(task, error=failure(task.job.path, error))
    return replace(task, took=time.monotonic() - started)
