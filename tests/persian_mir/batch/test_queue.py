"""The queue: its order, who holds what, and what becomes of a file whose holder died."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from persian_mir.batch.queue import LEASE_S, MOST_ATTEMPTS, LeaseLost, Queue, new_owner, work_key
from persian_mir.batch.queue_rows import State
from persian_mir.batch.sources import FoundFile
from persian_mir.catalogue.catalogue import Catalogue
from persian_mir.provenance import Provenance


class Clock:
    now = 1000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def catalogue(tmp_path: Path) -> Iterator[Catalogue]:
    with Catalogue.open(tmp_path / "c.sqlite") as opened:
        yield opened


def found(*names: str, size: int = 10) -> list[FoundFile]:
    return [FoundFile(Path("/r") / name, size, 1) for name in names]


def taken(queue: Queue) -> list[str]:
    names = []
    while job := queue.take():
        names.append(job.path.name)
    return names


def end(queue: Queue, state: State, reason: str = "") -> None:
    job = queue.take()
    assert job is not None
    with queue._db.writing():
        queue.finish(job, state, reason)


def test_the_order_is_that_of_adding_unless_somebody_says_otherwise(catalogue: Catalogue) -> None:
    queue = Queue(catalogue, "w")
    assert queue.add(found("a", "b", "c", "d")) == 4
    queue.add(found("e"), priority=2)
    rows = {job.path.name: job.id for job in queue.jobs()}
    queue.move([rows["d"], rows["c"]], before=rows["a"])
    queue.move([rows["a"]], before=None)
    assert taken(queue) == ["e", "d", "c", "b", "a"]
    queue.release()
    queue.prioritise([rows["b"]], 5)
    queue.prioritise([rows["c"]], -1)
    assert taken(queue) == ["b", "e", "d", "a", "c"]
    queue.release()
    assert {job.attempts for job in queue.jobs()} == {0}


def test_queues_of_other_work_are_other_queues(catalogue: Catalogue) -> None:
    one, other = Queue(catalogue, "w"), Queue(catalogue, "v")
    one.add(found("a"))
    other.add(found("a", "b"))
    assert (taken(one), taken(other)) == (["a"], ["a", "b"])


def test_what_is_done_stays_done_while_the_batch_is_unfinished(catalogue: Catalogue) -> None:
    queue = Queue(catalogue, "w")
    queue.add(found("a", "b", "c"))
    end(queue, State.DONE)
    end(queue, State.FAILED, "bad")
    assert queue.add(found("a", "b", "c")) == 1  # it was killed and is begun again
    assert queue.counts() == {State.DONE: 1, State.FAILED: 1, State.WAITING: 1}
    end(queue, State.DONE)
    assert queue.add(found("a", "b", "c"), watched=True) == 0
    assert queue.add(found("a", "b", "c")) == 1  # a new batch: what failed is tried again
    assert queue.counts() == {State.SKIPPED: 2, State.WAITING: 1}
    assert "done before" in queue.jobs(state=State.SKIPPED)[0].reason
    assert queue.add(found("a", size=11)) == 2  # another file of this name


def test_only_the_holder_ends_a_file(catalogue: Catalogue) -> None:
    clock = Clock()
    one, other = Queue(catalogue, "w", clock=clock), Queue(catalogue, "w", clock=clock)
    one.add(found("a"))
    job = one.take()
    assert job is not None
    assert other.take() is None
    assert other.others_at_work()
    clock.now += LEASE_S / 2
    one.renew()
    clock.now += LEASE_S * 0.75
    assert other.take() is None
    clock.now += LEASE_S
    assert other.take() is not None
    with pytest.raises(LeaseLost), catalogue.writing():
        one.finish(job, State.DONE)
    with catalogue.writing():
        other.finish(job, State.DONE)
    assert one.counts() == {State.DONE: 1}


def test_the_file_of_a_dead_program_is_taken_up_at_once(catalogue: Catalogue) -> None:
    child = subprocess.run([sys.executable, "-c", "import os; print(os.getpid())"], capture_output=True, text=True)
    host, _pid, token = new_owner().rsplit(" ", 2)
    dead = Queue(catalogue, "w", f"{host} {child.stdout.strip()} {token}")
    dead.add(found("a", "b"))
    assert taken(dead) == ["a", "b"]
    assert taken(Queue(catalogue, "w")) == ["a", "b"]
    elsewhere = Queue(catalogue, "v", f"another-host {os.getpid()} {token}")
    elsewhere.add(found("a"))
    assert taken(elsewhere) == ["a"]
    assert taken(Queue(catalogue, "v")) == []


def test_a_file_at_which_every_program_dies_is_given_up(catalogue: Catalogue) -> None:
    clock = Clock()
    Queue(catalogue, "w").add(found("a", "b"))
    for _attempt in range(MOST_ATTEMPTS):
        job = Queue(catalogue, "w", clock=clock).take()
        assert job is not None
        assert job.path.name == "a"
        clock.now += 2 * LEASE_S
    assert taken(Queue(catalogue, "w", clock=clock)) == ["b"]
    (given_up,) = Queue(catalogue, "w").jobs(state=State.FAILED)
    assert "ended each time" in given_up.reason


def test_what_failed_is_tried_again_on_request(catalogue: Catalogue) -> None:
    queue = Queue(catalogue, "w")
    queue.add(found("a", "b"))
    end(queue, State.FAILED, "bad")
    end(queue, State.DONE)
    queue.retry()
    assert [(job.path.name, job.reason) for job in queue.jobs(state=State.WAITING)] == [("a", "")]
    queue.retry([queue.jobs(state=State.DONE)[0].id])
    assert queue.counts() == {State.WAITING: 2}


def test_a_pause_is_seen_by_all(catalogue: Catalogue) -> None:
    queue, other = Queue(catalogue, "w"), Queue(catalogue, "v")
    assert not queue.paused
    queue.pause()
    assert other.paused
    other.pause(False)
    assert not queue.paused


def test_sums_are_those_of_the_files(catalogue: Catalogue) -> None:
    queue = Queue(catalogue, "w")
    queue.add(found("a.wav", "b.wav", "c.mp3"))
    job = queue.take()
    assert job is not None
    with catalogue.writing():
        queue.finish(job, State.DONE, seconds=3.0, took=2.0)
    wav = queue.kinds()[".wav"]
    assert (wav.done, wav.waiting, wav.done_bytes, wav.seconds_squared, wav.seconds_took) == (1, 1, 10, 9.0, 6.0)


def test_alike_work_has_one_name() -> None:
    one = Provenance("modal", {"radif": "1"}, {"window_s": 30.0})
    same = Provenance("modal", {"radif": "1"}, {"window_s": 30.0}, program="another", time="another")
    other = Provenance("modal", {"radif": "1"}, {"window_s": 20.0})
    assert work_key([one, other]) == work_key([other, same])
    assert work_key([one]) != work_key([other])
