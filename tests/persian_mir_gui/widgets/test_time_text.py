"""Times as text, ticks, and the mapping of samples to pixels."""

from __future__ import annotations

from hypothesis import assume, example, given
from hypothesis import strategies as st

from persian_mir_gui.plots.time_scale import TimeScale
from persian_mir_gui.widgets.time_text import GAP_PX, fitting_step, steps, ticks, time_text

FRAMES = st.integers(32, 2**33)


@st.composite
def axes(draw: st.DrawFn) -> tuple[TimeScale, int]:
    frames = draw(FRAMES)
    start = draw(st.floats(0, frames - 32))
    stop = draw(st.floats(start + 32, max(start + 32, frames)))
    assume(stop - start >= 32)
    return TimeScale(start, stop, draw(st.integers(0, 300)), draw(st.integers(1, 8000))), frames


@given(axes(), st.floats(0, 1))
def test_a_sample_is_found_again_at_its_own_pixel(case: tuple[TimeScale, int], share: float) -> None:
    axis, frames = case
    sample = min(round(axis.start + share * (axis.stop - axis.start)), frames)
    assert axis.sample(axis.x(sample), frames) == sample


@given(axes(), st.lists(st.integers(0, 2**33), min_size=2, max_size=20))
def test_time_runs_left_to_right(case: tuple[TimeScale, int], samples: list[int]) -> None:
    axis, _frames = case
    xs = [axis.x(sample) for sample in sorted(set(samples))]
    assert xs == sorted(set(xs))


@given(axes())
def test_the_ends_of_the_view_are_the_ends_of_the_pane(case: tuple[TimeScale, int]) -> None:
    axis, _frames = case
    assert axis.x(axis.start) == axis.left
    assert abs(axis.x(axis.stop) - axis.right) < 1e-6


@given(axes(), st.floats(-1e4, 1e5))
def test_no_pixel_points_outside_the_recording(case: tuple[TimeScale, int], x: float) -> None:
    axis, frames = case
    assert 0 <= axis.sample(x, frames) <= frames


def test_times_are_written_as_clocks() -> None:
    assert time_text(0) == "00:00"
    assert time_text(87.412, 3) == "01:27.412"
    assert time_text(3599.9996, 3) == "01:00:00.000"
    assert time_text(59.6) == "01:00"
    assert time_text(5, hours=True) == "00:00:05"
    assert time_text(90_061, 1) == "25:01:01.0"


def test_steps_grow_and_each_is_written_exactly() -> None:
    seconds = [step.seconds for step in steps()]
    assert seconds == sorted(set(seconds))
    assert {0.001, 0.002, 0.005, 1.0, 30.0, 60.0} <= set(seconds)


@example(1e-05, 19460.0, 200)
@given(st.floats(0, 40_000), st.floats(0.0008, 40_000), st.integers(200, 3000))
def test_labels_never_touch_and_never_repeat(start: float, span: float, width: int) -> None:
    def text_width(text: str) -> float:
        return 7.0 * len(text)

    step = fitting_step(start, start + span, width, text_width)
    times = ticks(start, start + span, step)
    texts = [time_text(time, step.decimals) for time in times]
    assert len(set(texts)) == len(texts)
    slack = 1e-9 * step.seconds + 1e-6
    assert all(start - slack <= time <= start + span + slack for time in times)
    pixels = step.seconds * width / span
    assert len(times) < 2 or pixels + 1e-6 >= max(map(text_width, texts)) + GAP_PX
