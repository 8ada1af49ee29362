"""What the ledger's worker does with the queue of the last batch."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from persian_mir.batch.queue_order import QueueOrder
from persian_mir.batch.queue_rows import Job, State, last_work
from persian_mir.catalogue.catalogue import Catalogue
from persian_mir.progress import Progress

MOST_SHOWN = 500  # files of a queue; the report has all


@dataclass(frozen=True, slots=True)
class QueuePage:
    """The first files of a queue, or of those in one state; and how many are in each."""

    jobs: tuple[Job, ...] = ()
    counts: Mapping[State, int] = field(default_factory=dict)
    state: State | None = None


def last_queue(catalogue: Catalogue) -> QueueOrder:
    """The queue of the last batch."""
    return QueueOrder(catalogue, last_work(catalogue))


def read_queue(catalogue: Catalogue, state: State | None, _progress: Progress) -> QueuePage:
    """What is shown of it."""
    queue = last_queue(catalogue)
    return QueuePage(tuple(queue.in_order(MOST_SHOWN, state)), queue.counts(), state)


def retry(catalogue: Catalogue, ids: Sequence[int], _progress: Progress) -> None:
    """Let these files wait again; without any, all that failed."""
    last_queue(catalogue).retry(ids)


def prioritise(catalogue: Catalogue, ids: Sequence[int], priority: int, _progress: Progress) -> None:
    """Give files a priority."""
    last_queue(catalogue).prioritise(ids, priority)


def move(
    catalogue: Catalogue, ids: Sequence[int], priority: int, moved: Sequence[int], before: int, _progress: Progress
) -> None:
    """Give files the priority of their new neighbour, and put some before another."""
    with catalogue.writing():
        last_queue(catalogue).prioritise(ids, priority)
        last_queue(catalogue).move(moved, before)
