"""What somebody wants of a queue: this first, that again, a rest."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from persian_mir.batch.queue_rows import PAUSED, QueueRows, State
from persian_mir.batch.sources import fits


class QueueOrder(QueueRows):
    """Changes the order of the files that wait, and lets those wait again that were done with."""

    def retry(self, ids: Sequence[int] = ()) -> None:
        """Let files that failed, or those of these ids, be tried again."""
        with self._db.writing():
            if not ids:
                self._wait("state = ?", State.FAILED)
            for number in ids:
                self._wait("state IN (2, 3, 4) AND id = ?", number)

    def _wait(self, which: str, *values: object) -> None:
        self._db.run(
            f"UPDATE queue SET state = 0, attempts = 0, reason = '' WHERE {which} AND work = ? AND batch = ?",  # noqa: S608
            *(*values, self.work, self._batch()),
        )

    def prioritise(self, ids: Iterable[int], priority: int) -> None:
        """Give files a priority: the highest is worked on first."""
        with self._db.writing():
            self._db.run_many("UPDATE queue SET priority = ? WHERE id = ?", [(priority, number) for number in ids])

    def move(self, ids: Sequence[int], before: int | None) -> None:
        """Put files, in this order, before another of the same priority; at the end where that is None."""
        with self._db.writing():
            first, last = self._gap(before)
            step = (last - first) / (len(ids) + 1)
            places = [(first + step * (number + 1), one) for number, one in enumerate(ids)]
            self._db.run_many("UPDATE queue SET place = ? WHERE id = ?", places)

    def _gap(self, before: int | None) -> tuple[float, float]:
        if before is None:
            last = float(self._db.row("SELECT coalesce(max(place), 0) FROM queue")[0])
            return last, last + 1e6
        place = float(self._db.row("SELECT place FROM queue WHERE id = ?", before)[0])
        lower = self._db.row("SELECT max(place) FROM queue WHERE place < ?", place)[0]
        return (place - 1e6 if lower is None else float(lower)), place

    def pause(self, paused: bool = True) -> None:
        """Let no program take a further file of this catalogue, or let them go on."""
        with self._db.writing():
            self._db.run("INSERT OR REPLACE INTO meta (key, value) VALUES (?, ?)", PAUSED, str(int(paused)))

    def put_first(self, patterns: Sequence[str]) -> int:
        """Give the files that wait and fit a pattern the highest priority; return how many there are."""
        waiting = self.jobs(limit=-1, state=State.WAITING)
        chosen = [job.id for job in waiting if fits(job.path, patterns)]
        self.prioritise(chosen, max((job.priority for job in waiting), default=0) + 1)
        return len(chosen)
