"""Icons: line drawings in `resources/icons`, painted in the colour that is asked for."""

from __future__ import annotations

from PySide6.QtCore import QByteArray, QSize, Qt
from PySide6.QtGui import QColor, QIcon, QPainter, QPixmap
from PySide6.QtSvg import QSvgRenderer

from persian_mir.resources import RESOURCES

_SIZES = (16, 24, 32, 48, 64)


def icon(name: str, colour: QColor) -> QIcon:
    """The drawing `resources/icons/<name>.svg` with its `currentColor` set; OSError when there is none."""
    text = (RESOURCES / "icons" / f"{name}.svg").read_text(encoding="utf-8")
    renderer = QSvgRenderer(QByteArray(text.replace("currentColor", colour.name()).encode()))
    drawn = QIcon()
    for size in _SIZES:
        pixmap = _blank(size)
        painter = QPainter(pixmap)
        renderer.render(painter)
        painter.end()
        drawn.addPixmap(pixmap)
    return drawn


def dot(colour: QColor, filled: bool = True) -> QIcon:
    """A small round mark, filled or as a ring."""
    drawn = QIcon()
    for size in _SIZES:
        pixmap = _blank(size)
        painter = QPainter(pixmap)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen if filled else colour)
        painter.setBrush(colour if filled else Qt.BrushStyle.NoBrush)
        margin = size * 5 // 16
        painter.drawEllipse(margin, margin, size - 2 * margin, size - 2 * margin)
        painter.end()
        drawn.addPixmap(pixmap)
    return drawn


def _blank(size: int) -> QPixmap:
    pixmap = QPixmap(QSize(size, size))
    pixmap.fill(Qt.GlobalColor.transparent)
    return pixmap
