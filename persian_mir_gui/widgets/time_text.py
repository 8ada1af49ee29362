"""Times as people read them, and where a ruler puts them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from math import ceil, floor

GAP_PX = 18  # clear space between two labels of the ruler
_LONG_STEPS_S = (1, 2, 5, 10, 20, 30, 60, 120, 300, 600, 1200, 1800, 3600, 7200, 18000, 36000, 86400)


@dataclass(frozen=True, slots=True)
class Step:
    """The distance of two ticks: `count` units of 10^-`decimals` seconds. Integers, so that no tick drifts."""

    count: int
    decimals: int

    @property
    def seconds(self) -> float:
        """The same in seconds."""
        return float(self.count / 10**self.decimals)


def time_text(seconds: float, decimals: int = 0, hours: bool = False) -> str:
    """`seconds` as `mm:ss`, or `hh:mm:ss` from an hour on or when `hours`; rounded to `decimals` places."""
    units = round(max(seconds, 0.0) * 10**decimals)
    whole, part = divmod(units, 10**decimals)
    minutes, second = divmod(whole, 60)
    hour, minute = divmod(minutes, 60)
    clock = f"{hour:02}:{minute:02}:{second:02}" if hours or hour else f"{minute:02}:{second:02}"
    return f"{clock}.{part:0{decimals}}" if decimals else clock


def steps() -> Iterator[Step]:
    """The distances a ruler may use, from 10 microseconds to a day: 1-2-5, above a second in clock units."""
    for decimals in range(5, 0, -1):
        yield from (Step(count, decimals) for count in (1, 2, 5))
    yield from (Step(count, 0) for count in _LONG_STEPS_S)


def fitting_step(
    start_s: float, stop_s: float, width_px: float, text_width: Callable[[str], float], hours: bool = False
) -> Step:
    """The finest step at which the labels of `start_s` to `stop_s` on `width_px` pixels do not touch."""
    pixels = width_px / max(stop_s - start_s, 1e-9)
    for step in steps():
        needed = text_width(time_text(stop_s, step.decimals, hours)) + GAP_PX
        if step.seconds * pixels >= needed:
            return step
    return Step(_LONG_STEPS_S[-1], 0)


def ticks(start_s: float, stop_s: float, step: Step) -> list[float]:
    """The multiples of `step` within `start_s` and `stop_s`, both included to a billionth of a step, in seconds."""
    unit = 10**step.decimals
    first, last = ceil(start_s * unit / step.count - 1e-9), floor(stop_s * unit / step.count + 1e-9)
    return [k * step.count / unit for k in range(first, last + 1)]
