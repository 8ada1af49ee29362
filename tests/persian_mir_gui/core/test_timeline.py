from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from persian_mir_gui.core.timeline import MIN_SPAN, Timeline

FRAMES = st.integers(1, 2**33)  # beyond 32 bits: 12 hours at 192 kHz
PLACE = st.floats(-1e11, 1e11)


def timeline(frames: int) -> Timeline:
    made = Timeline()
    made.set_recording(44100, frames)
    return made


def assert_sound(made: Timeline) -> None:
    start, stop = made.view
    assert 0 <= start < stop <= max(1, made.frames)
    assert stop - start >= min(MIN_SPAN, made.frames) * (1 - 1e-9)


@given(FRAMES, PLACE, PLACE)
def test_the_view_stays_within_the_recording(frames: int, start: float, stop: float) -> None:
    made = timeline(frames)
    made.set_view(start, stop)
    assert_sound(made)


@given(FRAMES, st.lists(st.tuples(st.floats(1e-6, 1e6), st.floats(0, 1), st.floats(-3, 3)), max_size=8))
def test_zoom_and_scroll_stay_within_the_recording(frames: int, moves: list[tuple[float, float, float]]) -> None:
    made = timeline(frames)
    for factor, share, by in moves:
        start, stop = made.view
        made.zoom(factor, start + share * (stop - start))
        assert_sound(made)
        made.scroll(by)
        assert_sound(made)


@given(st.integers(100_000, 2**33), st.floats(1.01, 50), st.floats(0, 1))
def test_zooming_in_keeps_the_sample_under_the_pointer(frames: int, factor: float, share: float) -> None:
    made = timeline(frames)
    at = share * frames
    made.zoom(factor, at)
    start, stop = made.view
    assert start + share * (stop - start) == pytest.approx(at, abs=1e-6 * frames)


@given(FRAMES, st.integers(-(2**34), 2**34), st.integers(-(2**34), 2**34))
def test_selection_and_playhead_stay_within_the_recording(frames: int, a: int, b: int) -> None:
    made = timeline(frames)
    made.select(a, b)
    made.set_playhead(a)
    assert 0 <= made.playhead <= frames
    if made.selection is not None:
        start, stop = made.selection
        assert 0 <= start < stop <= frames
        assert start in (0, min(a, b))
        assert stop in (frames, max(a, b))


def test_scrolling_keeps_the_width_at_both_ends() -> None:
    made = timeline(1000)
    made.set_view(100, 200)
    for by in (5.0, 50.0, -100.0):
        made.scroll(by)
        start, stop = made.view
        assert stop - start == pytest.approx(100)
    assert made.view[0] == 0


def test_large_positions_survive_signals(qapp) -> None:
    made = timeline(2**33)
    seen: list[object] = []
    made.playhead_changed.connect(seen.append)
    made.selection_changed.connect(seen.append)
    made.set_playhead(2**32 + 1)
    made.select(2**32, 2**32 + 7)
    assert seen == [2**32 + 1, (2**32, 2**32 + 7)]


def test_the_view_turns_the_page_only_when_it_follows() -> None:
    made = timeline(1000)
    made.set_view(0, 100)
    made.set_playhead(150)
    assert made.view == (150, 250)
    made.set_following(False)
    made.set_playhead(500)
    assert made.view == (150, 250)


def test_nothing_changes_without_a_recording() -> None:
    made = Timeline()
    made.set_view(3, 9)
    made.zoom(2, 0.5)
    made.scroll(1)
    made.select(1, 2)
    assert made.view == (0.0, 1.0)
    assert made.selection is None


def test_a_selection_that_is_being_drawn_settles_once() -> None:
    timeline = Timeline()
    timeline.set_recording(100, 1000)
    changed: list[object] = []
    settled: list[object] = []
    timeline.selection_changed.connect(changed.append)
    timeline.selection_settled.connect(settled.append)
    for stop in (20, 30, 40):
        timeline.select(10, stop, settled=False)
    assert changed == [(10, 20), (10, 30), (10, 40)]
    assert settled == []
    timeline.settle()
    timeline.settle()
    assert settled == [(10, 40)]
    timeline.select(5, 9)
    timeline.clear_selection()
    assert settled == [(10, 40), (5, 9), None]


def test_who_goes_elsewhere_as_a_recording_comes_is_not_called_back() -> None:
    """The return to the last session selects and seeks then; the panes were told of no selection after it."""
    timeline, told = Timeline(), []

    def go() -> None:
        timeline.select(200, 300)
        timeline.set_playhead(400)

    timeline.recording_changed.connect(go)
    timeline.selection_changed.connect(lambda selection: told.append(("selection", selection)))
    timeline.selection_settled.connect(lambda selection: told.append(("settled", selection)))
    timeline.playhead_changed.connect(lambda sample: told.append(("playhead", sample)))
    timeline.set_recording(1000, 1000)
    assert [one for one in told if one[0] != "playhead"] == [("selection", (200, 300)), ("settled", (200, 300))]
    assert told[-1] == ("playhead", 400)
