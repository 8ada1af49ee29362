"""How long a batch will still take: what a file and a second of sound cost is learnt from those that are done.

The pace is that of all that was done since the start, not of the last moments (`time_left`): one file may take longer
than those.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

SETTLING_S = 3.0
FEWEST = 3  # files, before which nothing is said
BYTES_A_SECOND = 100_000.0  # of sound, before any is known


@dataclass(frozen=True, slots=True)
class Kind:
    """Sums over the files of one suffix: of those that were labelled, and of those that wait.

    `seconds` of sound and `took` seconds of work, also their squares and products; bytes of both; `settled` counts
    those that failed or were skipped.
    """

    done: int = 0
    settled: int = 0
    waiting: int = 0
    done_bytes: int = 0
    waiting_bytes: int = 0
    seconds: float = 0.0
    took: float = 0.0
    seconds_squared: float = 0.0
    seconds_took: float = 0.0


def costs(kinds: Mapping[str, Kind]) -> tuple[float, float]:
    """Return what a file and what a second of its sound cost, in seconds of work: the least squares, never negative."""
    count = sum(kind.done for kind in kinds.values())
    seconds = sum(kind.seconds for kind in kinds.values())
    squared = sum(kind.seconds_squared for kind in kinds.values())
    took = sum(kind.took for kind in kinds.values())
    product = sum(kind.seconds_took for kind in kinds.values())
    if not count or took <= 0:
        return 1.0, 0.02
    spread = count * squared - seconds * seconds
    slope = (count * product - seconds * took) / spread if spread > 1e-9 * count * squared else 0.0
    base = (took - slope * seconds) / count
    if slope < 0 or (base < 0 and squared <= 0):
        return took / count, 0.0
    return (0.0, product / squared) if base < 0 else (base, slope)


@dataclass(frozen=True, slots=True)
class Work:
    """The work of a batch in one unit: what was done, and what is left."""

    done: float
    left: float
    files: int

    @property
    def share(self) -> float:
        """How much of it is done, 0 to 1."""
        whole = self.done + self.left
        return self.done / whole if whole else 1.0


def work(kinds: Mapping[str, Kind], cost: tuple[float, float]) -> Work:
    """Return the work that these files are at this cost; how long waiting files are is judged by their bytes."""
    a_file, a_second = cost
    done = left = 0.0
    files = 0
    everywhere = _rate(kinds.values())
    for kind in kinds.values():
        rate = _rate([kind]) or everywhere or BYTES_A_SECOND
        done += a_file * kind.done + a_second * kind.seconds
        left += a_file * kind.waiting + a_second * kind.waiting_bytes / rate
        files += kind.done
    return Work(done, left, files)


def seconds_left(elapsed_s: float, before: Mapping[str, Kind], now: Mapping[str, Kind]) -> float | None:
    """Return the seconds left from what was done in `elapsed_s`, since the sums were `before`; None if unknown yet."""
    cost = costs(now)
    first, last = work(before, cost), work(now, cost)
    if elapsed_s < SETTLING_S or last.files - first.files < FEWEST or last.done <= first.done:
        return None
    return elapsed_s * last.left / (last.done - first.done)


def _rate(kinds: Iterable[Kind]) -> float:
    """Bytes a second of sound; 0 where none is known."""
    given = list(kinds)
    seconds = sum(kind.seconds for kind in given)
    return sum(kind.done_bytes for kind in given) / seconds if seconds else 0.0
