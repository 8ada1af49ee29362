from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from persian_mir.time_left import SETTLING_S, TimeLeft


class Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


def test_says_nothing_before_the_pace_is_known() -> None:
    clock = Clock()
    left = TimeLeft(clock)
    assert left.update(0.0) is None
    clock.now = SETTLING_S / 2
    assert left.update(0.5) is None


@given(st.floats(0.01, 10.0), st.floats(0.2, 0.9))
def test_an_even_pace_is_foreseen(pace: float, share: float) -> None:
    clock = Clock()
    left = TimeLeft(clock)
    total = 100.0 / pace
    for step in range(101):
        clock.now = step / 100 * share * total
        seconds = left.update(step / 100 * share)
    if clock.now >= SETTLING_S:
        assert seconds == pytest.approx((1 - share) * total, rel=1e-6)


def test_a_new_start_is_a_new_estimate() -> None:
    clock = Clock()
    left = TimeLeft(clock)
    left.update(0.5)
    clock.now = 10.0
    left.update(0.0)
    clock.now = 20.0
    assert left.update(0.5) == pytest.approx(10.0)


def test_a_whole_that_grows_does_not_begin_the_pace_anew() -> None:
    """A folder is labelled while it is still being opened: what is done counts, not its share of what is known."""
    now = iter(range(100))
    left = TimeLeft(lambda: float(next(now)))
    for done, whole in ((0.0, 60.0), (10.0, 60.0), (20.0, 120.0), (30.0, 300.0)):
        left.update(done, whole)
    assert left.seconds == (300.0 - 30.0) / 10.0  # ten a second
