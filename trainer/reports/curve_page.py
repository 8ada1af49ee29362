"""The learning curve as a page."""

from __future__ import annotations

from pathlib import Path

from persian_mir.csv_text import MARK
from persian_mir.errors import PersianMirError
from persian_mir.i18n import _
from persian_mir.labels import task_name
from persian_mir.whole_file import write_whole
from trainer.evaluation.curve_points import Curve, csv_text
from trainer.reports.page import render


def write_curve(curve: Curve, path: Path, *, excel: bool = False) -> Path:
    """Write the CSV, perhaps for Excel, and beside it the same as a page; return the page. Raises PersianMirError."""
    beside = path.with_suffix(".html")
    if beside == path:
        raise PersianMirError(_("The page would take the CSV's place."), path=path, cure=_("Name a file .csv."))
    write_whole(path, (MARK if excel else "") + csv_text(curve))
    write_whole(beside, html(curve))
    return beside


def html(curve: Curve) -> str:
    """Return the drawing, the table and what they cannot show."""
    title = _("Learning curve: {task}").format(task=task_name(curve.task))
    return render("curve.html", title=title, curve=curve)
