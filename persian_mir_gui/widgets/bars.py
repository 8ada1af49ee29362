"""Bars of probability, painted."""

from __future__ import annotations

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
        self._part, self._colour, self._ground, self._height = 0.0, QColor(), QColor(), height
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def show_part(self, part: float, colour: QColor, ground: QColor) -> None:
        """Fill it to `part`, 0 to 1."""
        self._part, self._colour, self._ground = part, colour, ground
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
        paint_bar(painter, QRectF(self.rect()), self._part, self._colour, self._ground, rtl)
