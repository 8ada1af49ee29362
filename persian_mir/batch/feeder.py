"""What feeds the stages of a batch: files taken from the queue one by one, and new ones found in watched folders."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

from persian_mir.batch.queue import Queue, new_owner
from persian_mir.batch.queue_rows import Job
from persian_mir.batch.said import Sayings
from persian_mir.batch.sources import Sources, settled
from persian_mir.catalogue.catalogue import Catalogue
from persian_mir.recording import Recording

POLL_S = 0.3
WATCH_S = 5.0  # between two looks into watched folders, at least
WATCH_SHARE = 0.1  # of the time that may go into looking


class Feeder:
    """`jobs` lives on a thread of its own, as does its connection; `stop`, `skip` and the rest are for all.

    `watched`: folders to be looked into again and again; None where the batch ends with its queue.
    """

    def __init__(self, path: Path, work: str, sayings: Sayings, watched: Sources | None = None) -> None:
        self.owner = new_owner()
        self.stop = threading.Event()
        self.paused_s = 0.0
        self._path, self._work, self._sayings, self._watched = path, work, sayings, watched
        self._next_look = time.monotonic() + WATCH_S

    def jobs(self) -> Iterator[Job]:
        """Yield files until none waits and nobody else is at one, which would be taken up if they died."""
        with closing(Catalogue.open(self._path)) as catalogue:
            queue = Queue(catalogue, self._work, self.owner)
            while not self.stop.is_set():
                if queue.paused:
                    self.paused_s += POLL_S
                elif (job := queue.take()) is not None:
                    yield job
                    continue
                elif self._watched is not None:
                    self._look(queue, self._watched)
                elif not queue.others_at_work():
                    return
                self.stop.wait(POLL_S)

    def skip(self, recording: Recording) -> str:
        """Return why a recording that was opened needs no labels; empty if it does."""
        with closing(Catalogue.open(self._path)) as catalogue:
            return self._sayings.skip(catalogue, recording)

    def _look(self, queue: Queue, watched: Sources) -> None:
        """Add what is new in watched folders, where it is time for it."""
        started = time.monotonic()
        if started < self._next_look:
            return
        queue.add((one for one in watched.found() if settled(one)), watched=True)
        now = time.monotonic()
        self._next_look = now + max(WATCH_S, (now - started) / WATCH_SHARE)
