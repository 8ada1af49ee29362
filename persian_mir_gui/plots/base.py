"""What every plot has in common: our colours, the language's digits, left to right in both languages, a name to hear.

Importing pyqtgraph takes 0.15 s: a view imports its plots when it first shows one, so that the window comes up sooner.
"""

from __future__ import annotations

import pyqtgraph as pg
from PySide6.QtCore import QEvent, QRectF, Qt
from PySide6.QtGui import QFont, QPainter
from PySide6.QtWidgets import QWidget

from persian_mir_gui.widgets import formatting
from persian_mir_gui.widgets.theme import Theme
from persian_mir_gui.widgets.widget_factories import scaled

PLACES = {"left": (1, 0), "right": (1, 2), "top": (0, 1), "bottom": (2, 1)}  # row and column round the box
SMALL = 0.88  # size of the type of values and labels, of the window's


class NumberAxis(pg.AxisItem):
    """Numbers in the digits of the language, no "x0.001" beside them."""

    def __init__(self, orientation: str) -> None:
        super().__init__(orientation)
        self.enableAutoSIPrefix(False)

    def tickStrings(self, values: list[float], scale: float, spacing: float) -> list[str]:
        return [formatting.digits(text.replace("-", "\u2212")) for text in super().tickStrings(values, scale, spacing)]


class ShareAxis(NumberAxis):
    """Shares, 0 to 1, in per cent."""

    def tickStrings(self, values: list[float], _scale: float, _spacing: float) -> list[str]:
        return [formatting.percent(value) for value in values]


class Plot(pg.GraphicsView):
    """A `box` with `axes` round it, which our own code moves; items go into the box (`box.addItem`).

    No `PlotItem`: it builds a menu of forty widgets, 20 ms each time, that we would only switch off. Without it there
    is no "A" button either. The box's own mouse is off; one who wants it calls `box.setMouseEnabled`.
    """

    def __init__(
        self, name: str, theme: Theme, *axes: pg.AxisItem, box: pg.ViewBox | None = None, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent, background=None)
        self.theme = theme
        self.box = box or pg.ViewBox(enableMenu=False, enableMouse=False, defaultPadding=0.0)
        self.axes: dict[str, pg.AxisItem] = {axis.orientation: axis for axis in axes}
        self.setAccessibleName(name)
        self.setAcceptDrops(False)  # files are dropped on the window
        self.box.setFlag(self.box.GraphicsItemFlag.ItemIsFocusable, False)  # its keys would take ours
        # An axis on the left stays there in Persian: both the widget and what it shows must be told.
        for part in (self, self.centralWidget):
            part.setLayoutDirection(Qt.LayoutDirection.LeftToRight)
        self._lay_out()
        self.set_theme(theme)

    def _lay_out(self) -> None:
        layout = self.centralLayout
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addItem(self.box, 1, 1)
        layout.setRowStretchFactor(1, 1)
        layout.setColumnStretchFactor(1, 1)
        for orientation, axis in self.axes.items():
            layout.addItem(axis, *PLACES[orientation])
            axis.linkToView(self.box)

    def set_theme(self, theme: Theme) -> None:
        """Paint in other colours from now on."""
        self.theme = theme
        self.setBackground(theme.panel)
        self._dress_axes()
        self.scene().update()

    def small_font(self) -> QFont:
        """The type of values and labels: one size below the window's."""
        return scaled(self.font(), SMALL)

    def paint_picture(self, painter: QPainter) -> None:
        """Paint the plot as large as it is now, for a file."""
        self.render(painter, QRectF(self.rect()), self.rect())

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange:
            self._dress_axes()

    def _dress_axes(self) -> None:
        for axis in self.axes.values():
            axis.setPen(self.theme.border)
            axis.setTickPen(self.theme.text_faint)
            axis.setTextPen(self.theme.text_dim)
            axis.setTickFont(self.small_font())
