"""The playhead: one line through every pane."""

from __future__ import annotations

from math import floor

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPolygonF
from PySide6.QtWidgets import QWidget

from persian_mir_gui.widgets.theme import Theme
from persian_mir_gui.widgets.theme_source import ThemeSource

WIDTH = 13  # pixels: the handle, and an odd number, so that the line has a middle
HANDLE = 5


class Playhead(QWidget):
    """A line that lies over its siblings; moving it repaints the strip it leaves and nothing else."""

    def __init__(self, themes: ThemeSource, parent: QWidget) -> None:
        super().__init__(parent)
        self._theme = themes.theme
        self._x = 0.0
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        themes.changed.connect(self.set_theme)

    def set_theme(self, theme: Theme) -> None:
        """Paint in other colours from now on."""
        self._theme = theme
        self.update()

    def place(self, x: float, top: int, bottom: int) -> None:
        """Stand at `x` of the parent, fractions of a pixel included, from `top` to `bottom`."""
        left = floor(x) - WIDTH // 2
        self.setGeometry(left, top, WIDTH, max(bottom - top, 0))
        self._x = x - left
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(self._theme.playhead)
        x = self._x
        painter.drawRect(QRectF(x - 0.75, HANDLE, 1.5, self.height() - HANDLE))
        corners = (QPointF(x - HANDLE, 0), QPointF(x + HANDLE, 0), QPointF(x, HANDLE * 1.4))
        painter.drawPolygon(QPolygonF(corners))
