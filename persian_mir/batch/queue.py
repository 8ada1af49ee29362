"""The queue of a batch, a table of the catalogue, as those see it who work on its files.

Several programs may work on one queue. Who takes a file has it on lease: it is given to another when the lease runs out
or its holder died. What is said of a file and its place in the queue are written in one transaction, by its holder
only, so that no row is missing or there twice, whoever is killed.
"""

from __future__ import annotations

import hashlib
import json
import os
import secrets
import socket
import time
from collections.abc import Callable, Iterable
from itertools import islice
from typing import Any

from persian_mir.batch.queue_order import QueueOrder
from persian_mir.batch.queue_rows import Job, State
from persian_mir.batch.sources import FoundFile
from persian_mir.catalogue.correction_rows import now
from persian_mir.catalogue.database import Database
from persian_mir.i18n import _
from persian_mir.provenance import Provenance

LEASE_S = 60.0
MOST_ATTEMPTS = 5  # a file at which the program died so often is not tried again
CHUNK = 2000  # rows of one transaction


class LeaseLost(Exception):  # noqa: N818 - nothing is wrong: another program has the file
    """Another program took the file up."""


class Queue(QueueOrder):
    """Adds files, gives them out on lease, and notes what became of them. Of one thread, as the catalogue."""

    def __init__(self, database: Database, work: str, owner: str = "", clock: Callable[[], float] = time.time) -> None:
        """`owner` is who takes files; all threads of a batch are one."""
        super().__init__(database, work)
        self._clock = clock
        self.owner = owner or new_owner()

    def add(
        self,
        files: Iterable[FoundFile],
        priority: int = 0,
        *,
        watched: bool = False,
        still: Callable[[int], bool] = lambda _recording: True,
    ) -> int:
        """Add what is not there yet; return how many files wait for it now.

        While a batch is unfinished it is added to, and what is done or has failed stays so. Else a new batch begins, in
        which a file that is done and unchanged is skipped, if what was said of its recording is `still` in force. A
        folder that is only looked at again (`watched`) begins none.
        """
        batch = self._batch()
        if not watched and not self.counts().keys() & {State.WAITING, State.RUNNING}:
            batch += 1
        rest = iter(files)
        while chunk := list(islice(rest, CHUNK)):
            with self._db.writing():
                for one in chunk:
                    self._add(one, priority, batch, still)
        return self.counts().get(State.WAITING, 0)

    def _add(self, one: FoundFile, priority: int, batch: int, still: Callable[[int], bool]) -> None:
        path = os.fsencode(one.path)
        row = self._db.row(
            "SELECT id, batch, state, recording, reason, size, mtime_ns FROM queue WHERE work = ? AND path = ?",
            self.work,
            path,
        )
        if row is None:
            self._db.run(
                "INSERT INTO queue (work, batch, path, kind, state, priority, place, size, mtime_ns) "
                "VALUES (?, ?, ?, ?, 0, ?, (SELECT coalesce(max(place), 0) + 1 FROM queue), ?, ?)",
                *(self.work, batch, path, one.path.suffix.lower(), priority, one.size, one.mtime_ns),
            )
            return
        number, known_batch, state, recording, told, *seen = row
        changed = seen != [one.size, one.mtime_ns]
        if state == State.RUNNING or (known_batch == batch and not changed):
            return
        done = not changed and state in (State.DONE, State.SKIPPED) and (recording is None or still(recording))
        reason = told if done else ""
        if done and state == State.DONE:  # what is to be known of its sound still is
            reason = f"{_('It was done before with the same model and parameters.')} {told}".strip()
        self._db.run(
            "UPDATE queue SET batch = ?, state = ?, priority = ?, attempts = 0, reason = ?, size = ?, mtime_ns = ?, "
            "place = (SELECT max(place) + 1 FROM queue) WHERE id = ?",
            *(batch, State.SKIPPED if done else State.WAITING, priority, reason, one.size, one.mtime_ns, number),
        )

    def take(self) -> Job | None:
        """Take the next file on lease; None where none waits. The highest priority comes first, then the place."""
        with self._db.writing():
            row = self._abandoned() or self._db.row(
                "SELECT id FROM queue WHERE work = ? AND batch = ? AND state = 0 ORDER BY priority DESC, place LIMIT 1",
                *(self.work, self._batch()),
            )
            if row is None:
                return None
            self._db.run(
                "UPDATE queue SET state = 1, owner = ?, lease = ?, attempts = attempts + 1 WHERE id = ?",
                *(self.owner, self._clock() + LEASE_S, row[0]),
            )
        return self.job(int(row[0]))

    def _abandoned(self) -> Any:
        """The row of a file whose holder died, or does not come back."""
        rows = self._db.rows(
            "SELECT id, owner, lease, attempts FROM queue WHERE work = ? AND batch = ? AND state = 1",
            *(self.work, self._batch()),
        )
        for number, owner, lease, attempts in rows:
            if owner == self.owner or (lease > self._clock() and not _is_dead(owner)):
                continue
            if attempts < MOST_ATTEMPTS:
                return (number,)
            self._db.run(
                "UPDATE queue SET state = ?, reason = ?, finished = ? WHERE id = ?",
                *(State.FAILED, _("The program ended each time while it worked on this file."), now(), number),
            )
        return None

    def renew(self) -> None:
        """Hold on to all files taken."""
        with self._db.writing():
            lease = self._clock() + LEASE_S
            sql = "UPDATE queue SET lease = ? WHERE work = ? AND batch = ? AND state = 1 AND owner = ?"
            self._db.run(sql, lease, self.work, self._batch(), self.owner)

    def others_at_work(self) -> bool:
        """Whether another has a file of this queue."""
        sql = "SELECT 1 FROM queue WHERE work = ? AND batch = ? AND state = 1 AND owner != ? LIMIT 1"
        return self._db.row(sql, self.work, self._batch(), self.owner) is not None

    def release(self) -> None:
        """Give back all files taken, as if they had not been."""
        with self._db.writing():
            self._db.run(
                "UPDATE queue SET state = 0, attempts = attempts - 1 "
                "WHERE work = ? AND batch = ? AND state = 1 AND owner = ?",
                *(self.work, self._batch(), self.owner),
            )

    def finish(
        self, job: Job, state: State, reason: str = "", seconds: float = 0.0, took: float = 0.0,
        recording: int | None = None,
    ) -> None:  # fmt: skip
        """Note what became of a file; within the transaction that writes what is said of it. Raises LeaseLost."""
        self._db.run(
            "UPDATE queue SET state = ?, reason = ?, seconds = ?, took = ?, recording = ?, finished = ? "
            "WHERE id = ? AND state = 1 AND owner = ?",
            *(state, reason, seconds, took, recording, now(), job.id, self.owner),
        )
        if not self._db.row("SELECT changes()")[0]:
            raise LeaseLost


def work_key(made_by: Iterable[Provenance]) -> str:
    """Return a name for what a batch does: its predictors, their models and parameters. Alike means the same labels."""
    told = ([one.predictor, dict(one.models), dict(one.parameters)] for one in made_by)
    texts = sorted(json.dumps(one, sort_keys=True, default=str) for one in told)
    return hashlib.blake2b("\n".join(texts).encode(), digest_size=16).hexdigest()


def new_owner() -> str:
    """Return a name for who takes files, by which others see whether it still runs."""
    return f"{socket.gethostname()} {os.getpid()} {secrets.token_hex(4)}"


def _is_dead(owner: str) -> bool:
    """Whether the holder ran on this computer and runs no more."""
    host, pid, _token = owner.rsplit(" ", 2)
    if host != socket.gethostname() or os.name != "posix":
        return False
    try:
        os.kill(int(pid), 0)
    except ProcessLookupError:
        return True
    except OSError:
        return False
    return False
