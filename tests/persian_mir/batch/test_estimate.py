from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from persian_mir.batch.estimate import FEWEST, SETTLING_S, Kind, costs, seconds_left, work

LENGTHS = st.lists(st.floats(1.0, 1000.0), min_size=3, max_size=30)


def kind_of(seconds: list[float], took: list[float], waiting: list[float] = (), rate: float = 16_000.0) -> Kind:  # type: ignore[assignment]
    return Kind(
        done=len(seconds),
        waiting=len(waiting),
        done_bytes=round(rate * sum(seconds)),
        waiting_bytes=round(rate * sum(waiting)),
        seconds=sum(seconds),
        took=sum(took),
        seconds_squared=sum(one * one for one in seconds),
        seconds_took=sum(one * other for one, other in zip(seconds, took, strict=True)),
    )


@given(LENGTHS, st.floats(0.01, 5.0), st.floats(0.001, 0.5))
def test_what_a_file_and_a_second_cost_is_found(lengths: list[float], a_file: float, a_second: float) -> None:
    if max(lengths) - min(lengths) < 10:
        return
    found = costs({".wav": kind_of(lengths, [a_file + a_second * one for one in lengths])})
    assert found == pytest.approx((a_file, a_second), rel=1e-3, abs=1e-4)


@given(LENGTHS, st.lists(st.floats(0.0, 100.0), min_size=30, max_size=30))
def test_costs_are_never_negative(lengths: list[float], took: list[float]) -> None:
    a_file, a_second = costs({"": kind_of(lengths, took[: len(lengths)])})
    assert a_file >= 0
    assert a_second >= 0


def test_long_files_that_wait_count_by_their_length() -> None:
    """A tenth is done, of short files; the long ones come last, in another format."""
    short, long = [10.0] * 20 + [30.0] * 20, [600.0] * 40
    took = [0.1 + 0.01 * one for one in short]
    before = {".wav": kind_of([], [], short, 88_200.0), ".mp3": kind_of([], [], long, 16_000.0)}
    known = [300.0, 500.0, 400.0]
    now = {
        ".wav": kind_of(short, took, [], 88_200.0),
        ".mp3": kind_of(known, [0.1 + 0.01 * one for one in known], long[3:], 16_000.0),
    }
    elapsed = sum(took) + sum(0.1 + 0.01 * one for one in known)
    truth = sum(0.1 + 0.01 * one for one in long[3:])
    assert seconds_left(elapsed, before, now) == pytest.approx(truth, rel=0.01)


def test_nothing_is_said_too_early() -> None:
    some = {"": kind_of([1.0] * FEWEST, [1.0] * FEWEST, [1.0])}
    none = {"": kind_of([], [], [1.0] * (FEWEST + 1))}
    assert seconds_left(SETTLING_S / 2, none, some) is None
    assert seconds_left(SETTLING_S * 2, some, some) is None
    assert seconds_left(SETTLING_S * 2, none, some) is not None


def test_the_share_of_nothing_is_all() -> None:
    assert work({}, (1.0, 1.0)).share == 1.0
