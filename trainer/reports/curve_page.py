"""The learning curve as a page."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from html import escape
from pathlib import Path

from persian_mir.errors import PersianMirError
from persian_mir.exchange.writing import write_whole
from persian_mir.i18n import _
from trainer.evaluation.curve_points import Curve, Point, csv_text
from trainer.reports.figures import curve_lines
from trainer.reports.page import figure, page, percent, table, warning
from trainer.reports.words import label_names, task_name


def write_curve(curve: Curve, path: Path) -> Path:
    """Write the CSV and, beside it, the same as a page; returns the page. Raises PersianMirError."""
    beside = path.with_suffix(".html")
    if beside == path:
        raise PersianMirError(_("The page would take the CSV's place."), path=path, cure=_("Name a file .csv."))
    write_whole(path, csv_text(curve))
    write_whole(beside, html(curve))
    return beside


def html(curve: Curve) -> str:
    """The drawing, the table and what they cannot show."""
    title = _("Learning curve: {task}").format(task=task_name(curve.task))
    text = _("{dataset} · {backbone}: {count} recordings, labels {labels}")
    labels = ", ".join(label_names(curve.task, curve.labels))
    text = text.format(dataset=curve.dataset, backbone=curve.backbone, count=curve.recordings, labels=labels)
    body = [f"<h1>{escape(title)}</h1>", f"<p>{escape(text)}</p>", *map(warning, curve.notes)]
    return page(title, [*body, *points_shown(curve.points, 1 / len(curve.labels))])


def points_shown(points: Sequence[Point], chance: float | None = None) -> Iterator[str]:
    """The drawing and the table of a curve's points; a line at `chance`, where it is known."""
    lines = [
        (_("segments"), [(p.size, p.segments, p.segments_low, p.segments_high) for p in points]),
        (_("recordings"), [(p.size, p.recordings, p.recordings_low, p.recordings_high) for p in points]),
    ]
    caption = _("Across: labelled recordings. Up: how many of the rest are named right. Bars: 95 in 100 draws.")
    yield figure(curve_lines(lines, chance), caption)
    heads = (
        _("labelled recordings"), _("draws"), _("segments"), _("95 of 100 draws"), _("recordings"),
        _("95 of 100 draws"), _("recordings of other artists"), _("95 of 100 draws"),
    )  # fmt: skip
    rows = [
        (
            p.size, p.draws, percent(p.segments), _range(p.segments_low, p.segments_high), percent(p.recordings),
            _range(p.recordings_low, p.recordings_high), percent(p.strangers),
            _range(p.strangers_low, p.strangers_high),
        )
        for p in points
    ]  # fmt: skip
    yield table(heads, rows, texts=0)


def _range(low: float, high: float) -> str:
    return "" if math.isnan(low) else f"{100 * low:.1f} – {100 * high:.1f}"
