"""Probabilities under the playhead, the predictors of a task side by side."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFontMetrics, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from persian_mir.i18n import _
from persian_mir.prediction import Prediction
from persian_mir_gui.widgets import formatting
from persian_mir_gui.widgets.bars import paint_bar
from persian_mir_gui.widgets.theme import Theme, label_colour, mixed
from persian_mir_gui.widgets.widget_factories import scaled, sides

LEAST_SAID = 0.001  # is told as less than one per cent, in some languages at length
SHOWN = 4  # labels a task; those below say nothing that a reader needs
_ROW, _BAR = 26, 6


@dataclass(frozen=True, slots=True)
class Row:
    """One label and its probability by each predictor of the task, in their order."""

    label: str
    probabilities: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Here:
    """One task at one place: start and stop in samples of the segment that was asked, its rows, who answers.

    No rows: all who were asked heard nothing; `reason` says why.
    """

    task: str
    start: int
    stop: int
    rows: tuple[Row, ...]
    predictors: tuple[str, ...]
    reason: str = ""


def segment_at(prediction: Prediction, sample: int) -> int | None:
    """The segment that holds `sample`; of several that overlap, the one whose middle is nearest."""
    holding = np.flatnonzero((prediction.starts <= sample) & (sample < prediction.stops))
    if not len(holding):
        return None
    middles = (prediction.starts[holding] + prediction.stops[holding]) / 2
    return int(holding[np.argmin(np.abs(middles - sample))])


def here(task: str, rows: list[tuple[str, Prediction]], names: dict[str, str], sample: int) -> Here | None:
    """What the predictors of one task say at `sample`; None where none of them has got so far."""
    asked = [(who, p, k) for who, p in rows if (k := segment_at(p, sample)) is not None]
    if not asked:
        return None
    _who, finest, k = min(asked, key=lambda row: int(row[1].stops[row[2]] - row[1].starts[row[2]]))
    start, stop = int(finest.starts[k]), int(finest.stops[k])
    reasons = [verdict.reason for _who, p, k in asked if (verdict := p.segment(k)).nothing]
    asked = [(who, p, k) for who, p, k in asked if not p.segment(k).nothing]
    said = [dict(zip(p.labels, map(float, p.probabilities[k]), strict=True)) for _who, p, k in asked]
    found = {label for answer in said for label in answer}
    best = sorted(found, key=lambda label: (-max(answer.get(label, 0.0) for answer in said), label))
    shown = tuple(Row(label, tuple(answer.get(label, 0.0) for answer in said)) for label in best[:SHOWN])
    who_said = tuple(formatting.predictor_name(names.get(who, who)) for who, _p, _k in asked)
    return Here(task, start, stop, shown, who_said, "" if asked else reasons[0])


def legend(predictors: tuple[str, ...]) -> str:
    """Which bar is whose."""
    if len(predictors) == 2:
        return _("upper: {first} · lower: {second}").format(first=predictors[0], second=predictors[1])
    return " · ".join(predictors)


def figure_width(metrics: QFontMetrics) -> int:
    """Room for any probability, in pixels."""
    widest = max(metrics.horizontalAdvance(formatting.percent(part)) for part in (1.0, LEAST_SAID))
    return widest + metrics.horizontalAdvance(" ")


class HerePanel(QWidget):
    """Bars of the likeliest labels of one task."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._here: Here | None = None
        self.theme = theme
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def show_here(self, shown: Here | None) -> None:
        """Show this from now on."""
        if shown == self._here:
            return
        old, self._here = self.sizeHint(), shown
        self.setAccessibleName(self._spoken())
        if old != self.sizeHint():
            self.updateGeometry()
        self.update()

    def _spoken(self) -> str:
        if self._here is None:
            return ""
        if not self._here.rows:
            return f"{formatting.nothing_words(self._here.task)}. {self._here.reason}"
        task = self._here.task
        return ", ".join(
            f"{formatting.in_line(task, row.label)} {' '.join(map(formatting.percent, row.probabilities))}"
            for row in self._here.rows
        )

    def _row_height(self) -> int:
        count = len(self._here.predictors) if self._here else 1
        return max(_ROW, count * (_BAR + 2) + 8)

    def sizeHint(self) -> QSize:
        rows = SHOWN if self._here is None else max(len(self._here.rows), 1)
        return QSize(200, rows * self._row_height())

    def minimumSizeHint(self) -> QSize:
        return QSize(160, self.sizeHint().height())

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002
        if self._here is None:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if not self._here.rows:
            painter.setPen(self.theme.text_dim)
            near, _far = sides(self.layoutDirection() == Qt.LayoutDirection.RightToLeft)
            line = QRectF(0, 0, self.width(), self._row_height())
            painter.drawText(line, near, formatting.nothing_words(self._here.task))
        for place, row in enumerate(self._here.rows):
            self._paint_row(painter, self._here, row, place * self._row_height())

    def _paint_row(self, painter: QPainter, shown: Here, row: Row, top: int) -> None:
        rtl = self.layoutDirection() == Qt.LayoutDirection.RightToLeft
        small = scaled(self.font(), 0.85)
        height, count = self._row_height(), len(shown.predictors)
        name_width = self._name_width(shown)
        each = figure_width(QFontMetrics(small))
        figures = each * count
        near, far = sides(rtl)

        def placed(left: float, width: float) -> QRectF:
            return QRectF(self.width() - left - width if rtl else left, top, width, height)

        painter.setFont(scaled(self.font(), 0.95))
        painter.setPen(self.theme.text)
        name = formatting.label_name(shown.task, row.label)
        name = painter.fontMetrics().elidedText(name, Qt.TextElideMode.ElideRight, name_width - 6)
        painter.drawText(placed(0, name_width), near, name)
        painter.setFont(small)
        painter.setPen(self.theme.text_dim)
        for place, probability in enumerate(row.probabilities):
            box = placed(self.width() - figures + place * each, each)
            painter.drawText(box, far, formatting.percent(probability))
        colour = label_colour(self.theme, shown.task, row.label)
        bars = placed(name_width, self.width() - name_width - figures - 4)
        bar_top = top + (height - count * (_BAR + 2) + 2) / 2
        for place, probability in enumerate(row.probabilities):
            box = QRectF(bars.left(), bar_top + place * (_BAR + 2), bars.width(), _BAR)
            paint_bar(painter, box, probability, self._strength(colour, place), self.theme.border, rtl)

    def _name_width(self, shown: Here) -> int:
        """Room for the longest name, within a third and a half of the width."""
        metrics = QFontMetrics(scaled(self.font(), 0.95))
        longest = max(metrics.horizontalAdvance(formatting.label_name(shown.task, row.label)) for row in shown.rows)
        return min(max(longest + 10, self.width() // 3), self.width() // 2)

    def _strength(self, colour: QColor, place: int) -> QColor:
        """The first predictor in full colour, the others weaker."""
        return colour if place == 0 else mixed(colour, self.theme.panel, max(0.35, 0.65 - 0.15 * (place - 1)))
