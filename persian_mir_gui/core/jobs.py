"""Long work off the GUI thread; its news back on the GUI thread.

No Qt object is touched from a worker thread: workers put news into a plain queue, and a timer on the GUI thread,
running only while there are jobs, takes them out. (Emitting a signal of an object that the GUI thread has just
destroyed crashes the process.)
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor, wait
from queue import Empty, SimpleQueue
from typing import Any

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from persian_mir.progress import Cancelled, Progress
from persian_mir.time_left import TimeLeft

log = logging.getLogger(__name__)
NEWS_INTERVAL_MS = 25  # at most one delivery in this time, however many reports come
DELIVERY_S = 0.015  # what is left of the news after so long waits for the next delivery: the window answers meanwhile


class Job(QObject):
    """One piece of long work, as the GUI sees it. Lives, and signals, on the GUI thread.

    Exactly one of `done`, `failed`, `cancelled` is emitted, then `finished`.
    After `cancel()` returns, neither `published` nor `done` will be emitted.
    A job without a title is short, and not worth showing.
    """

    progressed = Signal(float, str)
    published = Signal(object)
    done = Signal(object)
    failed = Signal(object)  # the exception, traceback attached
    cancelled = Signal()
    finished = Signal()

    def __init__(self, title: str, parent: QObject) -> None:
        super().__init__(parent)
        self.title = title
        self.fraction = 0.0
        self.note = ""
        self._stop, self._go = threading.Event(), threading.Event()
        self._go.set()
        self._time_left = TimeLeft()

    def cancel(self) -> None:
        """Ask the work to stop at its next checkpoint, also where it is held."""
        self._stop.set()
        self._go.set()

    def hold(self) -> None:
        """Let the work rest from its next checkpoint on. It keeps its thread."""
        if not self.cancelling:
            self._go.clear()

    def go_on(self) -> None:
        """Let work that was held go on."""
        self._go.set()

    @property
    def held(self) -> bool:
        """Whether it rests, or will at its next checkpoint."""
        return not self._go.is_set()

    @property
    def cancelling(self) -> bool:
        """Whether it was asked to stop."""
        return self._stop.is_set()

    @property
    def seconds_left(self) -> float | None:
        """How long it will still take, or None while that cannot be said."""
        return self._time_left.seconds

    def advance(self, fraction: float, note: str) -> None:
        """For the runner: news of the work."""
        self.fraction, self.note = fraction, note
        self._time_left.update(fraction)
        self.progressed.emit(fraction, note)


class _Line(Progress):
    """The worker's end: a number, two events and a queue; nothing of Qt."""

    def __init__(self, key: int, job: Job, news: SimpleQueue[tuple[int, str, Any]]) -> None:
        self._key, self._stop, self._go, self._news = key, job._stop, job._go, news

    def step(self, fraction: float, note: str = "") -> None:
        self._go.wait()
        if self._stop.is_set():
            raise Cancelled
        self.tell("progressed", (fraction, note))

    def publish(self, value: Any) -> None:
        self.tell("published", (value,))

    def tell(self, kind: str, values: tuple[Any, ...]) -> None:
        self._news.put((self._key, kind, values))


def _run(line: _Line, work: Callable[..., Any], args: tuple[Any, ...]) -> None:
    try:
        line.step(0.0)
        line.tell("done", (work(*args, line),))
    except Cancelled:
        line.tell("cancelled", ())
    except Exception as error:  # noqa: BLE001 - any fault of the work is news for the GUI, not its end
        line.tell("failed", (error,))


class JobRunner(QObject):
    """Runs jobs in order on `workers` threads. Make one on the GUI thread; close it before exit.

    `at_end` is the last that runs there: it lets go of what jobs on a single thread keep.
    """

    job_started = Signal(object)  # the Job, also when it has to wait for its turn

    def __init__(
        self, parent: QObject | None = None, workers: int = 1, at_end: Callable[[], None] | None = None
    ) -> None:
        super().__init__(parent)
        self._at_end = at_end
        self._pool = ThreadPoolExecutor(workers, thread_name_prefix="job")
        self._news: SimpleQueue[tuple[int, str, Any]] = SimpleQueue()
        self._jobs: dict[int, Job] = {}
        self._futures: dict[int, Future[None]] = {}
        self._last_key = 0
        self._stopped = False
        self._timer = QTimer(self, interval=NEWS_INTERVAL_MS)
        self._timer.timeout.connect(self._deliver)

    @property
    def jobs(self) -> tuple[Job, ...]:
        """All jobs that have not ended, oldest first."""
        return tuple(self._jobs.values())

    def start(self, title: str, work: Callable[..., Any], *args: Any) -> Job:
        """Queue `work(*args, progress)`; connect to the returned job before returning to Qt.

        After `stop` nothing is started: the job returned is cancelled, and silent.
        """
        job = Job(title, self)
        if self._stopped:
            job.cancel()
            return job
        self._last_key += 1
        self._jobs[self._last_key] = job
        line = _Line(self._last_key, job, self._news)
        self._futures[self._last_key] = self._pool.submit(_run, line, work, args)
        self._timer.start()
        self.job_started.emit(job)
        return job

    def finish(self, timeout_s: float) -> bool:
        """Let what was queued run to its end, take no more, and wait at most `timeout_s` seconds. Whether all ended."""
        wait(self._futures.values(), timeout_s)
        return self.close(0.0)

    def stop(self) -> None:
        """Cancel everything and take no more; nothing is delivered from here on."""
        self._stopped = True
        self._timer.stop()
        for job in self._jobs.values():
            job.cancel()
        if self._at_end is not None:
            self._futures[0] = self._pool.submit(self._at_end)
            self._at_end = None
        self._pool.shutdown(wait=False)  # queued jobs still run: each meets its own stop flag

    def close(self, timeout_s: float = 5.0) -> bool:
        """Stop and wait; False if some work would not end in time (it can then do no harm)."""
        self.stop()
        left = wait(self._futures.values(), timeout_s).not_done
        if left:
            log.info("%d jobs did not stop within %s s", len(left), timeout_s)
        return not left

    @Slot()
    def _deliver(self) -> None:
        newest: dict[int, tuple[float, str]] = {}  # only the newest step of each job is shown
        deadline = time.monotonic() + DELIVERY_S
        while time.monotonic() < deadline:
            try:
                key, kind, values = self._news.get_nowait()
            except Empty:
                break
            job = self._jobs.get(key)
            if job is None:
                continue
            if kind == "progressed":
                newest[key] = values
            elif kind == "published":
                if not job.cancelling:
                    job.published.emit(*values)
            else:
                newest.pop(key, None)
                self._end(key, kind, values)
        for key, (fraction, note) in newest.items():
            job = self._jobs.get(key)
            if job is not None and not job.cancelling:
                job.advance(fraction, note)
        if not self._jobs:
            self._timer.stop()

    def _end(self, key: int, kind: str, values: tuple[Any, ...]) -> None:
        job = self._jobs.pop(key)
        del self._futures[key]
        if kind == "done" and job.cancelling:
            kind, values = "cancelled", ()
        getattr(job, kind).emit(*values)
        job.finished.emit()
        job.deleteLater()


class Latest:
    """Jobs without a title of one kind, such as looks at a folder: who asks again no longer wants an older answer,
    which may take longer than the newer one.
    """

    def __init__(self, runner: JobRunner) -> None:
        self._runner = runner
        self._job: Job | None = None

    def start(self, work: Callable[..., Any], *args: Any) -> Job:
        """Start a job in place of the last one."""
        if self._job is not None:
            self._job.cancel()
        self._job = self._runner.start("", work, *args)
        return self._job
