"""The sign of a recording that is damaged, or of which something else is to be known."""

from __future__ import annotations

from PySide6.QtCore import QPoint, QRect, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen, QPolygon
from PySide6.QtWidgets import QSizePolicy, QWidget

SIDE = 12


def paint_warning_sign(painter: QPainter, box: QRect, colour: QColor) -> None:
    """A triangle with a stroke in it, as large as `box`."""
    corners = QPolygon([QPoint(box.center().x(), box.top()), box.bottomRight(), box.bottomLeft()])
    painter.setPen(QPen(colour, 1.5))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawPolygon(corners)
    painter.drawLine(box.center() - QPoint(0, 1), box.center() + QPoint(0, 2))


class WarningSign(QWidget):
    """It, in the middle of a line of text as high as `height`."""

    def __init__(self, height: int, colour: QColor, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._height, self._colour = height, colour
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        return QSize(SIDE + 2, self._height)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        paint_warning_sign(painter, QRect(1, (self._height - SIDE) // 2, SIDE, SIDE), self._colour)
