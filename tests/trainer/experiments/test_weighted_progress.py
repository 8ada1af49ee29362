from __future__ import annotations

from itertools import pairwise

import pytest

from persian_mir.progress import Cancelled, Progress
from persian_mir.time_left import TimeLeft
from trainer.experiments.weighted_progress import WeightedProgress, Work, begin


class Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


class Line(Progress):
    """What somebody sees, with the time left that follows from it."""

    def __init__(self, clock: Clock) -> None:
        self.time_left, self.fractions, self.notes, self.left = TimeLeft(clock), [], [], []
        self.stop = False

    def step(self, fraction: float, note: str = "") -> None:
        if self.stop:
            raise Cancelled
        self.fractions.append(fraction)
        self.notes.append(note)
        self.left.append(self.time_left.update(fraction))


def run(clock: Clock, weighted: WeightedProgress, works: list[tuple[Work, float]]) -> None:
    for work, seconds in works:
        weighted.begin(work, work.kind)
        for k in range(10):
            clock.now += seconds / 10
            weighted.step((k + 1) / 10, str(k))


def test_the_time_left_is_right_where_kinds_last_otherwise_than_guessed():
    clock = Clock()
    line = Line(clock)
    slow, fast = Work("listening", 1.0), Work("fitting", 1.0)
    works = [(slow, 100.0), (slow, 100.0), *[(fast, 2.0)] * 20]
    run(clock, WeightedProgress(line, [work for work, _seconds in works], clock), works)
    assert line.fractions == sorted(line.fractions)
    assert line.fractions[-1] == 1.0
    assert line.notes[1] == "listening: 0"
    half = line.left[15]  # 150 s are gone; 50 s of listening, and 20 s that are guessed of the fits' 40
    assert half == pytest.approx(70, abs=15)
    assert line.left[-12] == pytest.approx(2, abs=2)


def test_a_wrong_guess_neither_stops_the_line_nor_turns_it_back():
    clock = Clock()
    line = Line(clock)
    works = [(Work("a", 1.0), 1.0), *[(Work("b", 1.0), 50.0)] * 10]
    run(clock, WeightedProgress(line, [work for work, _seconds in works], clock), works)
    moving = [fraction for fraction, note in zip(line.fractions, line.notes, strict=True) if ":" in note]
    assert all(one < other for one, other in pairwise(moving))
    assert line.left[33] == pytest.approx(400, rel=0.3)  # the second of ten is done
    assert line.left[88] == pytest.approx(150, rel=0.3)  # the seventh


def test_a_stop_comes_through_and_other_listeners_are_left_alone():
    clock = Clock()
    line = Line(clock)
    weighted = WeightedProgress(line, [Work("a", 1.0)], clock)
    begin(line, Work("a", 1.0), "")
    assert line.fractions == []
    line.stop = True
    with pytest.raises(Cancelled):
        begin(weighted, Work("a", 1.0), "")
