"""The queue of a batch as it stands: its files, how many are in each state, what is next."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass
from enum import IntEnum
from pathlib import Path
from typing import Any

from persian_mir.batch.estimate import Kind
from persian_mir.catalogue.database import Database

PAUSED = "batch_paused"  # of the catalogue: all programs that work at it rest
_SELECT = "SELECT id, path, state, priority, attempts, reason, seconds, took, recording, finished FROM queue "
_IN_ORDER = (1, 0, 3, 4, 2)  # the states as they are shown: in work, waiting, failed, skipped, done


class State(IntEnum):
    """What became of a file; the number is the row's."""

    WAITING = 0
    RUNNING = 1
    DONE = 2
    FAILED = 3
    SKIPPED = 4


@dataclass(frozen=True, slots=True)
class Job:
    """A file in the queue. `seconds` of sound and `took` seconds of work are known when it is done.

    `reason`: why it failed or was skipped; of one that is done, what is to be known of its sound.
    """

    id: int
    path: Path
    state: State
    priority: int
    attempts: int
    reason: str
    seconds: float
    took: float
    recording: int | None
    finished: str


def last_work(database: Database) -> str:
    """Return the work of the files that were added last, in any batch of this catalogue; empty where none was."""
    row = database.row("SELECT work FROM queue ORDER BY place DESC LIMIT 1")
    return "" if row is None else str(row[0])


class QueueRows:
    """The files of one kind of work (see `work_key`) in a catalogue, of its last batch."""

    def __init__(self, database: Database, work: str) -> None:
        self._db, self.work = database, work

    @property
    def paused(self) -> bool:
        """Whether somebody paused."""
        row = self._db.row("SELECT value FROM meta WHERE key = ?", PAUSED)
        return row is not None and row[0] == "1"

    def counts(self) -> dict[State, int]:
        """Return how many files are in each state that any is in."""
        sql = "SELECT state, count(*) FROM queue WHERE work = ? AND batch = ? GROUP BY state"
        rows = self._db.rows(sql, self.work, self._batch())
        return {State(state): count for state, count in rows}

    def kinds(self) -> dict[str, Kind]:
        """Return the sums by suffix from which the time left is estimated."""
        rows = self._db.rows(
            "SELECT kind, sum(state = 2 AND took > 0), sum(state > 2), sum(state < 2), "
            "sum(iif(state = 2 AND took > 0, size, 0)), sum(iif(state < 2, size, 0)), "
            "sum(iif(state = 2, seconds, 0)), sum(iif(state = 2, took, 0)), "
            "sum(iif(state = 2, seconds * seconds, 0)), sum(iif(state = 2, seconds * took, 0)) "
            "FROM queue WHERE work = ? AND batch = ? GROUP BY kind",
            *(self.work, self._batch()),
        )
        return {row[0]: Kind(*row[1:]) for row in rows}

    def job(self, number: int) -> Job:
        """Return the file of that row."""
        return self.jobs(number - 1, 1, number)[0]

    def jobs(self, after: int = 0, limit: int = 1000, last: int = 1 << 62, state: State | None = None) -> list[Job]:
        """Return files by their rows, those after a row: a page."""
        rows = self._db.rows(
            _SELECT + "NOT INDEXED "  # by its rows: a page at the end comes as fast as the first
            "WHERE work = ? AND batch = ? AND id > ? AND id <= ? AND state = coalesce(?, state) ORDER BY id LIMIT ?",
            *(self.work, self._batch(), after, last, state, limit),
        )
        return [_job(row) for row in rows]

    def remarked(self) -> int:
        """Return how many of the files that are done have something that is to be known of their sound."""
        sql = "SELECT count(*) FROM queue WHERE work = ? AND batch = ? AND state = ? AND reason != ''"
        return int(self._db.row(sql, self.work, self._batch(), State.DONE)[0])

    def in_order(self, limit: int, state: State | None = None) -> list[Job]:
        """Return the first files as they come: those in work, then those that wait, the next one first; then the rest.

        `state`: only such.
        """
        found: list[Job] = []
        for one in _IN_ORDER if state is None else (state,):
            rows = self._db.rows(
                _SELECT + "WHERE work = ? AND batch = ? AND state = ? ORDER BY priority DESC, place LIMIT ?",
                *(self.work, self._batch(), one, limit - len(found)),
            )
            found += [_job(row) for row in rows]
        return found

    def _batch(self) -> int:
        """The number of the batch that is worked on, or was last; 0 before the first."""
        row = self._db.row("SELECT max(batch) FROM queue WHERE work = ?", self.work)
        return int(row[0] or 0)


def _job(row: Sequence[Any]) -> Job:
    return Job(row[0], Path(os.fsdecode(row[1])), State(row[2]), *row[3:])
