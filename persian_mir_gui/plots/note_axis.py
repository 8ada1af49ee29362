"""An axis of notes: names with koron and sori where the notes lie, not at round numbers."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import pyqtgraph as pg
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QFontMetricsF, QPainter

from persian_mir_gui.widgets.note_signs import draw_signed, signed_width

TICK_PX, GAP_PX = 4.0, 5.0


@dataclass(frozen=True, slots=True)
class NoteMark:
    """A note at `cents`; `name` with its sign, `figure` in small type over it. The weightiest are named first."""

    cents: float
    name: str
    weight: float = 1.0
    figure: str = ""
    strong: bool = False


class NoteAxis(pg.AxisItem):
    """Below: figure and name under each note. On the left: the names. What has no room is left out."""

    def __init__(self, orientation: str) -> None:
        super().__init__(orientation)
        self.marks: tuple[NoteMark, ...] = ()

    def show_marks(self, marks: Iterable[NoteMark]) -> None:
        """Show these notes."""
        self.marks = tuple(sorted(marks, key=lambda one: -one.weight))
        self.fit_type()
        self.update()

    def fit_type(self) -> None:
        """Be as high, or as wide, as the type asks for."""
        font = self.style["tickFont"] or self.font()
        if self.orientation == "bottom":
            lines = 1 + any(one.figure for one in self.marks)
            self.setHeight(TICK_PX + lines * QFontMetricsF(font).height() + 2)
        else:
            widest = max((signed_width(font, one.name) for one in self.marks), default=0.0)
            self.setWidth(max(widest, QFontMetricsF(font).horizontalAdvance("Mi koron")) + 2 * GAP_PX)

    def setTickFont(self, font: object) -> None:
        super().setTickFont(font)
        self.fit_type()

    def paint(self, painter: QPainter, *_style: object) -> None:
        painter.setFont(self.style["tickFont"] or self.font())
        painter.setLayoutDirection(Qt.LayoutDirection.LeftToRight)
        size, (low, high) = self.size(), sorted(self.range)
        line = QFontMetricsF(painter.font()).height()
        taken: list[tuple[float, float]] = []
        for mark in self.marks:
            part = (mark.cents - low) / (high - low or 1.0)
            if not -0.001 <= part <= 1.001:
                continue
            below = self.orientation == "bottom"
            at = part * size.width() if below else (1 - part) * size.height()
            width = max(signed_width(painter.font(), mark.name), painter.fontMetrics().horizontalAdvance(mark.figure))
            half = (width + GAP_PX) / 2 if below else line / 2
            if all(abs(at - other) >= half + room for other, room in taken):
                taken.append((at, half))
                draw = self._below if below else self._beside
                draw(painter, at, QRectF(0, 0, width, line), mark)

    def _below(self, painter: QPainter, x: float, room: QRectF, mark: NoteMark) -> None:
        painter.setPen(self.tickPen())
        painter.drawLine(QPointF(x, 0), QPointF(x, TICK_PX))
        left = min(max(x - room.width() / 2, 0), self.size().width() - room.width())
        box = room.translated(left, TICK_PX)
        painter.setPen(self.textPen())
        if mark.figure:
            painter.drawText(box, Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextDontClip, mark.figure)
            box = box.translated(0, room.height() - 1)
        draw_signed(painter, box, Qt.AlignmentFlag.AlignHCenter, mark.name)

    def _beside(self, painter: QPainter, y: float, room: QRectF, mark: NoteMark) -> None:
        """At the edge the name moves in, so that none is cut."""
        y = min(max(y, room.height() / 2), max(self.size().height() - room.height() / 2, room.height() / 2))
        font = painter.font()
        font.setBold(mark.strong)
        painter.setFont(font)
        painter.setPen(self.textPen())
        box = QRectF(0, y - room.height() / 2, self.size().width() - GAP_PX, room.height())
        draw_signed(painter, box, Qt.AlignmentFlag.AlignRight, mark.name)
        font.setBold(False)
        painter.setFont(font)
