from __future__ import annotations

import gc
import itertools
import threading
import time

import pytest
from PySide6.QtCore import QObject, QThread, QTimer, Slot

from persian_mir.progress import Progress
from persian_mir_gui.core.jobs import Job, JobRunner, Latest


def count(n: int, pause: float, progress: Progress) -> int:
    for i in range(n):
        progress.step(i / n, str(i))
        progress.publish(i)
        time.sleep(pause)
    return n


def test_news_arrives_in_order_on_the_gui_thread(qtbot, runner: JobRunner) -> None:
    seen = []
    job = runner.start("t", count, 5, 0.0)
    for signal in (job.published, job.done):
        signal.connect(lambda v: seen.append((v, QThread.currentThread() is runner.thread())))
    with qtbot.waitSignal(job.finished):
        pass
    assert seen == [(i, True) for i in range(6)]


@pytest.mark.parametrize("error", [ValueError("no"), RuntimeError("no"), MemoryError(), StopIteration()])
def test_any_fault_arrives_with_its_traceback(qtbot, runner: JobRunner, error: Exception) -> None:
    def bad(progress: Progress) -> None:
        raise error

    job = runner.start("t", bad)
    with qtbot.waitSignal(job.failed) as blocker:
        pass
    assert blocker.args[0] is error
    assert error.__traceback__ is not None


def test_nothing_arrives_after_cancel(qtbot, runner: JobRunner) -> None:
    job = runner.start("t", count, 10_000, 0.001)
    late: list[object] = []
    with qtbot.waitSignal(job.published):
        pass
    job.cancel()
    job.published.connect(late.append)
    job.done.connect(late.append)
    with qtbot.waitSignal(job.cancelled):
        pass
    assert late == []


def test_a_result_that_waits_in_the_queue_is_dropped_by_cancel(qtbot, runner: JobRunner) -> None:
    got: list[object] = []
    ran = threading.Event()
    job = runner.start("t", lambda progress: ran.set())
    job.done.connect(got.append)
    ran.wait(5)
    job.cancel()
    with qtbot.waitSignal(job.cancelled):
        pass
    assert got == []


def test_of_two_looks_the_later_one_counts_though_the_first_ends_last(qtbot, qapp) -> None:
    runner = JobRunner(qapp, workers=2)
    looks, newer_ended = Latest(runner), threading.Event()
    got: list[str] = []

    def look(answer: str, ended: threading.Event, progress: Progress) -> str:
        assert ended.wait(5)
        return answer

    done = threading.Event()
    done.set()
    for answer, after in (("old", newer_ended), ("new", done)):
        looks.start(look, answer, after).done.connect(got.append)
    qtbot.waitUntil(lambda: got == ["new"])
    newer_ended.set()
    qtbot.waitUntil(lambda: not runner.jobs)
    assert got == ["new"]
    assert runner.close(5.0)


def test_a_job_cancelled_before_its_turn_never_runs(qtbot, runner: JobRunner) -> None:
    first, ran = runner.start("a", count, 100, 0.005), []
    second = runner.start("b", lambda progress: ran.append(1))
    assert runner.jobs == (first, second)
    second.cancel()
    first.cancel()
    with qtbot.waitSignal(second.cancelled):
        pass
    assert ran == []


def test_held_work_rests_until_it_may_go_on(qtbot, runner: JobRunner) -> None:
    seen: list[int] = []
    job = runner.start("t", count, 1000, 0.002)
    job.published.connect(seen.append)
    qtbot.waitUntil(lambda: bool(seen))
    job.hold()
    qtbot.wait(150)  # what was on its way has come
    resting = len(seen)
    qtbot.wait(150)
    assert len(seen) == resting < 1000
    job.go_on()
    with qtbot.waitSignal(job.done):
        pass
    assert seen == list(range(1000))


def test_held_work_can_be_cancelled(qtbot, runner: JobRunner) -> None:
    job = runner.start("t", count, 10**6, 0.001)
    job.hold()
    with qtbot.waitSignal(job.cancelled):
        job.cancel()
        job.hold()  # too late


def test_the_window_answers_while_much_news_is_delivered(qtbot, runner: JobRunner) -> None:
    """A receiver of many values must not take the event loop for all of them at once."""
    turns: list[int] = []
    received = 0

    def slow(_value: object) -> None:
        nonlocal received
        received += 1
        time.sleep(0.001)

    timer = QTimer(interval=0)
    timer.timeout.connect(lambda: turns.append(received))
    job = runner.start("t", count, 400, 0.0)
    job.published.connect(slow)
    timer.start()
    with qtbot.waitSignal(job.finished):
        pass
    timer.stop()
    assert received == 400
    assert max(after - before for before, after in itertools.pairwise([0, *turns, 400])) < 100


def test_a_flood_of_reports_becomes_a_handful_of_signals(qtbot, runner: JobRunner) -> None:
    def flood(progress: Progress) -> None:
        for i in range(100_000):
            progress.step(i / 100_000)

    steps: list[float] = []
    job = runner.start("t", flood)
    job.progressed.connect(lambda fraction, note: steps.append(fraction))
    with qtbot.waitSignal(job.done):
        pass
    assert steps == sorted(steps)
    assert len(steps) < 10_000


def test_a_job_may_start_the_next(qtbot, runner: JobRunner) -> None:
    ends: list[int] = []

    def again(value: int) -> None:
        ends.append(value)
        if value < 5:
            runner.start("n", lambda progress: value + 1).done.connect(again)

    runner.start("n", lambda progress: 0).done.connect(again)
    qtbot.waitUntil(lambda: len(ends) == 6)


def test_many_jobs_leave_nothing_behind(qtbot, runner: JobRunner) -> None:
    class Receiver(QObject):
        received = 0

        @Slot(object)
        def take(self, value: object) -> None:
            self.received += 1

    receiver = Receiver()
    for i in range(1000):
        runner.start("x", lambda progress, i=i: i).done.connect(receiver.take)
    qtbot.waitUntil(lambda: receiver.received == 1000)
    qtbot.wait(50)
    gc.collect()
    assert runner.jobs == ()
    assert len(runner.findChildren(Job)) == 0
    assert not runner._futures


def test_the_receiver_may_die_first(qtbot, runner: JobRunner) -> None:
    class Receiver(QObject):
        @Slot(object)
        def take(self, value: object) -> None:
            raise AssertionError("a dead receiver was called")

    receiver = Receiver()
    job = runner.start("t", lambda progress: time.sleep(0.05))
    job.done.connect(receiver.take)
    receiver.deleteLater()
    del receiver
    with qtbot.waitSignal(job.finished):
        pass


def test_every_job_is_announced(qtbot, runner: JobRunner) -> None:
    announced: list[Job] = []
    runner.job_started.connect(announced.append)
    job = runner.start("t", count, 3, 0.0)
    assert announced == [job]
    with qtbot.waitSignal(job.finished):
        pass


def test_close_ends_running_and_waiting_work(qapp) -> None:
    runner = JobRunner()
    for _ in range(3):
        runner.start("t", count, 10**6, 0.01)
    assert runner.close(5.0)


def test_close_says_when_work_does_not_stop(qapp) -> None:
    release = threading.Event()
    started = threading.Event()

    def stubborn(progress: Progress) -> None:
        started.set()
        release.wait(5)

    runner = JobRunner()
    runner.start("t", stubborn)
    started.wait(5)
    assert runner.close(0.05) is False
    release.set()


def test_nothing_starts_after_close(qapp) -> None:
    runner, ran = JobRunner(), []
    assert runner.close()
    job = runner.start("late", lambda progress: ran.append(1))
    assert job.cancelling
    assert runner.jobs == ()
    assert runner.close()
    assert ran == []
