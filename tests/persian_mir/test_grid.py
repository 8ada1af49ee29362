from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from persian_mir.grid import MIN_TAIL_S, Grid, Window

RATES = st.integers(8_000, 96_000)
FRAMES = st.integers(0, 10_000_000)


def test_five_second_windows_with_a_tail_of_its_own() -> None:
    assert Grid().windows(12_000, 1000) == [Window(0, 5000), Window(5000, 10_000), Window(10_000, 12_000)]


def test_a_tail_shorter_than_a_second_is_left_out() -> None:
    assert Grid().windows(10_999, 1000)[-1] == Window(5000, 10_000)


def test_the_tail_can_be_moved_back_or_dropped() -> None:
    assert Grid(tail="overlap").windows(12_000, 1000)[-1] == Window(7000, 12_000)
    assert Grid(tail="drop").windows(12_000, 1000)[-1] == Window(5000, 10_000)


def test_a_short_recording_is_one_window() -> None:
    assert Grid().windows(3, 44_100) == [Window(0, 3)]
    assert Grid().windows(0, 44_100) == []


@given(FRAMES, RATES, st.floats(0.5, 30), st.floats(0.5, 30), st.sampled_from(["own", "overlap", "drop"]))
def test_windows_lie_inside_in_order_and_never_longer_than_asked(
    frames: int, rate: int, window_s: float, hop_s: float, tail: str
) -> None:
    windows = Grid(window_s, hop_s, tail).windows(frames, rate)  # type: ignore[arg-type]
    assert all(0 <= w.start < w.stop <= frames for w in windows)
    assert all(a.start < b.start for a, b in pairwise(windows))
    assert all(w.stop - w.start <= round(window_s * rate) for w in windows)
    if tail == "own" and len(windows) > 1:
        last = windows[-1].stop - windows[-1].start
        assert last >= min(MIN_TAIL_S * rate, round(window_s * rate))


@given(FRAMES.filter(bool), RATES)
def test_overlapping_tails_lose_no_sample(frames: int, rate: int) -> None:
    windows = Grid(tail="overlap").windows(frames, rate)
    assert windows[0].start == 0
    assert windows[-1].stop == frames
    assert all(b.start <= a.stop for a, b in pairwise(windows))


@pytest.mark.parametrize("arguments", [(0, 5), (5, 0), (-1, 5), (5, 601), (float("nan"), 5), (5, 5, "pad")])
def test_impossible_grids_are_refused(arguments: tuple[object, ...]) -> None:
    with pytest.raises(ValueError, match=r"window|tail"):
        Grid(*arguments)  # type: ignore[arg-type]
