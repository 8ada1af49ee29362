"""Times as people write them: one reader for the command line, tables and lists."""

from __future__ import annotations

import math
import re

CLOCK = re.compile(r"(?:(?P<hours>\d+):)?(?P<minutes>\d+):(?P<seconds>\d+(?:\.\d+)?)")


def parse_number(text: str) -> float:
    """Return the number in `text`: digits of any script, with a point, a comma or ٫. ValueError for none, or no end."""
    return _finite(float(text.strip().replace("٫", ".").replace(",", ".")))


def parse_seconds(text: str) -> float:
    """Return the seconds in `65.5`, `1:05.5` or `0:01:05.5`, written as `parse_number` takes numbers. ValueError."""
    told = CLOCK.fullmatch(text.strip().replace("٫", ".").replace(",", "."))
    if told is None:
        return parse_number(text)
    return _finite(float(told["seconds"]) + 60 * (float(told["minutes"]) + 60 * float(told["hours"] or 0)))


def _finite(value: float) -> float:
    if not math.isfinite(value):
        raise ValueError(f"could not convert to a number: {value}")
    return value
