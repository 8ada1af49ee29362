"""Several at once, in order, bounded, and stopped together."""

from __future__ import annotations

import threading
import time

import pytest

from persian_mir import side_by_side as module
from persian_mir.progress import Cancelled, Progress
from persian_mir.side_by_side import side_by_side


@pytest.fixture(autouse=True)
def three_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "files_at_once", lambda: 3)
    monkeypatch.setattr(module, "POLL_S", 0.01)


class Fractions(Progress):
    def __init__(self, stop_at: float = 2.0) -> None:
        self.told: list[tuple[float, str]] = []
        self.threads: set[int] = set()
        self._stop_at = stop_at

    def step(self, fraction: float, note: str = "") -> None:
        self.told.append((fraction, note))
        self.threads.add(threading.get_ident())
        if fraction >= self._stop_at:
            raise Cancelled


def test_three_are_worked_on_at_once_and_come_in_order() -> None:
    together = threading.Barrier(3, timeout=20)

    def work(item: int, _progress: Progress) -> int:
        together.wait()
        time.sleep(0.01 * (10 - item))
        return -item

    assert list(side_by_side(range(9), work)) == [-item for item in range(9)]
    assert list(side_by_side([], work)) == []


def test_no_more_is_done_ahead_than_is_held() -> None:
    begun, first = [], threading.Event()

    def work(item: int, _progress: Progress) -> int:
        begun.append(item)
        if not item:
            first.wait(20)
        return item

    class Later(Progress):
        def step(self, fraction: float, note: str = "") -> None:
            if len(begun) == module.AHEAD * 3:
                time.sleep(0.1)
                first.set()

    found = side_by_side(range(100), work, Later())
    assert next(found) == 0
    assert len(begun) == module.AHEAD * 3
    assert list(found) == list(range(1, 100))


def test_progress_is_of_all_and_told_on_the_thread_that_called() -> None:
    def work(_item: str, progress: Progress) -> None:
        for step in range(5):
            time.sleep(0.01)
            progress.step(step / 4)

    told = Fractions()
    list(side_by_side(["a", "b", "c", "d"], work, told, str.upper))
    fractions = [fraction for fraction, _note in told.told]
    assert fractions == sorted(fractions)
    assert fractions[-1] == 1.0
    assert any(0 < fraction < 0.25 for fraction in fractions)
    assert {note for _fraction, note in told.told} == set("ABCD")
    assert told.threads == {threading.get_ident()}


@pytest.mark.parametrize("how", ["cancelled", "error", "closed"])
def test_all_others_are_stopped(how: str) -> None:
    stopped, error = [], ArithmeticError("of the first")

    def work(item: int, progress: Progress) -> int:
        if how == "error" and not item:
            raise error
        if item or how == "cancelled":
            try:
                for _step in range(2000):
                    time.sleep(0.01)
                    progress.step(0.5)
            except Cancelled:
                stopped.append(item)
                raise
        return item

    found = side_by_side(range(50), work, Fractions(stop_at=0.02))
    if how == "closed":
        assert next(found) == 0
        found.close()
    else:
        with pytest.raises(Cancelled if how == "cancelled" else ArithmeticError):
            list(found)
    assert 2 <= len(stopped) <= 3
    assert not [one for one in threading.enumerate() if one.name.startswith("file")]
