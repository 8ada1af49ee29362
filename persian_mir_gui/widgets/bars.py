"""Bars of probability, painted."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import accumulate

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget


def paint_bar(painter: QPainter, box: QRectF, part: float, colour: QColor, ground: QColor, rtl: bool) -> None:
    """A rounded bar filled to `part`, 0 to 1, from the side where reading begins."""
    radius = box.height() / 2
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(ground)
    painter.drawRoundedRect(box, radius, radius)
    width = max(box.height(), box.width() * min(max(part, 0.0), 1.0)) if part > 0.002 else 0.0
    painter.setBrush(colour)
    left = box.right() - width if rtl else box.left()
    painter.drawRoundedRect(QRectF(left, box.top(), width, box.height()), radius, radius)


class Bar(QWidget):
    """One bar as wide as its place."""

    def __init__(self, parent: QWidget | None = None, height: int = 7) -> None:
        super().__init__(parent)
        self._parts: Sequence[tuple[float, QColor]] = ()
        self._ground, self._height = QColor(), height
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def show_part(self, part: float, colour: QColor, ground: QColor) -> None:
        """Fill it to `part`, 0 to 1."""
        self.show_parts([(part, colour)], ground)

    def show_parts(self, parts: Sequence[tuple[float, QColor]], ground: QColor) -> None:
        """Fill it by parts, 1 together at most, side by side from where reading begins."""
        self._parts, self._ground = parts, ground
        self.update()

    def set_height(self, height: int) -> None:
        """Make it so many pixels high."""
        self._height = height
        self.updateGeometry()

    def sizeHint(self) -> QSize:
        return QSize(60, self._height)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        rtl = self.layoutDirection() == Qt.LayoutDirection.RightToLeft
        box, ends = QRectF(self.rect()), list(accumulate(part for part, _colour in self._parts))
        paint_bar(painter, box, 0.0, self._ground, self._ground, rtl)
        for end, (_part, colour) in reversed(list(zip(ends, self._parts, strict=True))):
            paint_bar(painter, box, end, colour, QColor(Qt.GlobalColor.transparent), rtl)  # the nearer ones over it
