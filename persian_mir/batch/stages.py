"""The stages of a batch, a thread each: opening and decoding, then every predictor. Each holds one file at most.

So the next file is decoded while one is read for its mode, another embedded and a fourth written, and memory does not
grow with the number of files. What goes wrong with a file goes on with it, to be written down.
"""

from __future__ import annotations

import logging
import queue
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Protocol

from persian_mir.audio import open_audio
from persian_mir.batch.queue import Job
from persian_mir.errors import PersianMirError, unexpected
from persian_mir.i18n import _
from persian_mir.prediction import Prediction
from persian_mir.predictor import Predictor
from persian_mir.progress import Cancelled, Progress
from persian_mir.provenance import Provenance
from persian_mir.recording import Recording

log = logging.getLogger(__name__)
_WAIT_S = 0.2  # between two looks whether to stop


class Labeller(Predictor, Protocol):
    """A predictor that says beforehand by what it will label."""

    def provenance(self) -> Provenance:
        """Return its models and parameters."""


@dataclass(frozen=True, slots=True)
class Task:
    """A file on its way: its recording once it was opened, what was said of it so far, and why it failed, if it did.

    `took`: seconds of work. `skip`: why nothing has to be said of it.
    """

    job: Job
    recording: Recording | None = None
    answers: tuple[tuple[Labeller, tuple[Prediction, ...]], ...] = ()
    error: str = ""
    skip: str = ""
    took: float = 0.0

    @property
    def settled(self) -> bool:
        """Whether there is nothing more to do with it but to write it down."""
        return bool(self.error or self.skip)


class Stopped(Progress):
    """The listener of work that ends when `stop` is set."""

    def __init__(self, stop: threading.Event) -> None:
        self._stop = stop

    def step(self, fraction: float, note: str = "") -> None:  # noqa: ARG002
        """Raises Cancelled."""
        if self._stop.is_set():
            raise Cancelled


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


class Stages:
    """The threads. `source` yields the files to be opened; it runs on the first thread, as do its connections.

    `skips` says of a recording that was opened why it needs no labels, or nothing. What is ready comes out of `done`.
    """

    def __init__(
        self,
        source: Callable[[], Iterator[Job]],
        skips: Callable[[Recording], str],
        predictors: Sequence[Labeller],
    ) -> None:
        self.stop = threading.Event()
        self.failures: list[BaseException] = []
        self._source, self._skips = source, skips
        pipes = [Pipe(self.stop) for _number in range(len(predictors) + 1)]
        self.done = pipes[-1]
        works = [lambda: self._open_all(pipes[0])]
        works += [
            lambda given=given, taken=taken, one=one: self._predict_all(one, given, taken)  # type: ignore[misc]
            for one, given, taken in zip(predictors, pipes[:-1], pipes[1:], strict=True)
        ]
        self._threads = [
            threading.Thread(target=self._run, args=(work,), name=f"batch-{number}", daemon=True)
            for number, work in enumerate(works)
        ]

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

    def _open_all(self, pipe: Pipe) -> None:
        for job in self._source():
            pipe.put(_timed(Task(job), self._open))
        pipe.put(None)

    def _open(self, task: Task) -> Task:
        with open_audio(task.job.path, Stopped(self.stop)) as source:
            return replace(task, recording=source.recording, skip=self._skips(source.recording))

    def _predict_all(self, predictor: Labeller, given: Pipe, taken: Pipe) -> None:
        for task in given.tasks():
            taken.put(task if task.settled else _timed(task, lambda one: self._predict(predictor, one)))
        taken.put(None)

    def _predict(self, predictor: Labeller, task: Task) -> Task:
        with open_audio(task.job.path, Stopped(self.stop)) as source:
            if task.recording is None or source.recording.content_hash != task.recording.content_hash:
                raise PersianMirError(_("The file has changed since it was opened."), path=task.job.path)
            answers = predictor.predict(source, Stopped(self.stop))
        return replace(task, answers=(*task.answers, (predictor, answers)))


def _timed(task: Task, work: Callable[[Task], Task]) -> Task:
    """Do a stage's work with a file; whatever goes wrong with the file stays with it."""
    started = time.monotonic()
    try:
        task = work(task)
    except PersianMirError as error:
        task = replace(task, error=f"{error.what} {error.cure}".strip())
    except Cancelled:
        raise
    except Exception:
        log.exception("labelling %s failed", task.job.path)
        task = replace(task, error=unexpected(task.job.path).what)
    return replace(task, took=task.took + time.monotonic() - started)
