"""What every plot has in common: our colours, the language's digits, left to right in both languages, a name to hear.

Importing pyqtgraph takes 0.15 s: a view imports its plots when it first shows one, so that the window comes up sooner.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pyqtgraph as pg
from PySide6.QtCore import QEvent, QRectF, Qt, Signal
from PySide6.QtGui import QFont, QPainter, QWheelEvent
from PySide6.QtWidgets import QWidget

from persian_mir_gui.widgets import formatting
from persian_mir_gui.widgets.theme import Theme
from persian_mir_gui.widgets.theme_source import ThemeSource
from persian_mir_gui.widgets.widget_factories import scaled

pg.setConfigOptions(mouseRateLimit=0)  # else of a quick drag every move is left out, and it counts as a click
PLACES = {"left": (1, 0), "right": (1, 2), "top": (0, 1), "bottom": (2, 1)}  # row and column round the box
SMALL = 0.88  # size of the type of values and labels, of the window's
OVER_PX = (18, 9)  # by which a number may reach over the ends of an axis that lies, and of one that stands
ENDS_PX = (8, 14)  # of room, above and on the right, for the numbers at the ends of the axes


class NumberAxis(pg.AxisItem):
    """Numbers in the digits of the language, no "x0.001" beside them."""

    def __init__(self, orientation: str) -> None:
        super().__init__(orientation)
        self.enableAutoSIPrefix(False)
        self.reaches_over = False  # there is room for its numbers beyond its ends

    def boundingRect(self) -> QRectF:
        own: QRectF = super().boundingRect()
        if not self.reaches_over:
            return own
        wide, high = (0, OVER_PX[1]) if self.orientation in ("left", "right") else (OVER_PX[0], 0)
        return own.adjusted(-wide, -high, wide, high)

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

    dressed = Signal()  # in other colours, or with another font

    def __init__(
        self,
        name: str,
        themes: ThemeSource,
        *axes: pg.AxisItem,
        box: pg.ViewBox | None = None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent, background=None)
        self.theme = themes.theme
        self.box = box or pg.ViewBox(enableMenu=False, enableMouse=False, defaultPadding=0.0)
        self.axes: dict[str, pg.AxisItem] = {axis.orientation: axis for axis in axes}
        self.setAccessibleName(name)
        self.setCacheMode(self.CacheModeFlag.CacheNone)  # a plain ground; as a kept picture it would be one in an SVG
        self.setAcceptDrops(False)  # files are dropped on the window
        self.box.setFlag(self.box.GraphicsItemFlag.ItemIsFocusable, False)  # its keys would take ours
        # An axis on the left stays there in Persian: both the widget and what it shows must be told.
        for part in (self, self.centralWidget):
            part.setLayoutDirection(Qt.LayoutDirection.LeftToRight)
        self._lay_out()
        Plot.set_theme(self, themes.theme)  # not that of a subclass, which is not made yet
        themes.changed.connect(self.set_theme)

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

    def leave_ends(self) -> None:
        """Leave room for the numbers at the ends of the axes: in a low plot the highest, 100%, was left out."""
        self.centralLayout.setContentsMargins(0, ENDS_PX[0], ENDS_PX[1], 0)
        for axis in self.axes.values():
            axis.reaches_over = True

    def set_theme(self, theme: Theme) -> None:
        """Paint in other colours from now on."""
        self.theme = theme
        self.setBackground(theme.panel)
        self._dress()

    def small_font(self) -> QFont:
        """The type of values and labels: one size below the window's."""
        return scaled(self.font(), SMALL)

    def paint_picture(self, painter: QPainter) -> None:
        """Paint the plot as large as it is now, for a file."""
        self.resizeEvent(None)  # which Qt keeps back from what is not on the screen
        self.centralLayout.activate()
        with as_drawing(self):
            self.render(painter, QRectF(self.rect()), self.rect())

    def wheelEvent(self, event: QWheelEvent) -> None:
        if any(self.box.mouseEnabled()):
            super().wheelEvent(event)
        else:
            event.ignore()  # it moves nothing here: what the plot stands in scrolls on

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange:
            self._dress()

    def _dress(self) -> None:
        for axis in self.axes.values():
            axis.setPen(self.theme.border)
            axis.setTickPen(self.theme.text_faint)
            axis.setTextPen(self.theme.text_dim)
            axis.setTickFont(self.small_font())
        self.dressed.emit()


@contextmanager
def as_drawing(widget: QWidget) -> Iterator[None]:
    """While this lasts, what the plots in `widget` keep as pixels for the screen is drawn as lines, for an SVG."""
    scenes = [plot.scene() for plot in (widget, *widget.findChildren(Plot)) if isinstance(plot, Plot)]
    items = [item for scene in scenes for item in scene.items()]
    cached = [item for item in items if item.cacheMode() != item.CacheMode.NoCache]
    points = [item for item in items if isinstance(item, pg.ScatterPlotItem)]
    for item in cached:
        item.setCacheMode(item.CacheMode.NoCache)
    for item in points:
        item.setExportMode(True, {"resolutionScale": 1.0})
    try:
        yield
    finally:
        for item in cached:
            item.setCacheMode(item.CacheMode.DeviceCoordinateCache)
        for item in points:
            item.setExportMode(False)
