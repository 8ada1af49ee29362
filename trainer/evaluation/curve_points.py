"""What a learning curve came to, and its CSV. Read by the report, also in the window: no torch here."""

from __future__ import annotations

import csv
import io
from dataclasses import asdict, dataclass, fields

from persian_mir.csv_text import csv_text as table_text


@dataclass(frozen=True, slots=True)
class Point:
    """What `size` labelled recordings came to over `draws`: mean shares named right of the segments and the recordings
    that were not labelled, with the range in which 95 % of the draws lie. `strangers`: recordings of artists of whom
    none was labelled; NaN where there were none.
    """

    size: int
    draws: int
    segments: float
    segments_low: float
    segments_high: float
    recordings: float
    recordings_low: float
    recordings_high: float
    strangers: float
    strangers_low: float
    strangers_high: float


@dataclass(frozen=True, slots=True)
class Curve:
    """The points, what they are about, and what they cannot show."""

    task: str
    dataset: str
    backbone: str
    labels: tuple[str, ...]
    recordings: int
    points: tuple[Point, ...]
    notes: tuple[str, ...]


def csv_text(curve: Curve) -> str:
    """The points as CSV; empty where there is no figure."""
    rows = (("" if value != value else value for value in asdict(point).values()) for point in curve.points)
    return table_text([one.name for one in fields(Point)], rows)


def read_points(text: str) -> tuple[Point, ...]:
    """The points of such a CSV; none where it is another one or is damaged."""
    header, *rows = list(csv.reader(io.StringIO(text))) or [[]]
    if header != [one.name for one in fields(Point)]:
        return ()
    try:
        return tuple(Point(int(n), int(draws), *(float(one or "nan") for one in rest)) for n, draws, *rest in rows)
    except (ValueError, TypeError):
        return ()
