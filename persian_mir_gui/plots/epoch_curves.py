"""Curves over epochs: loss, accuracy, learning rate; several runs laid over one another."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QEvent, QPointF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QKeyEvent, QMouseEvent
from PySide6.QtWidgets import QSizePolicy, QVBoxLayout, QWidget

from persian_mir_gui.plots.base import NumberAxis, Plot, ShareAxis
from persian_mir_gui.plots.chart import Chart
from persian_mir_gui.widgets import formatting
from persian_mir_gui.widgets.theme import Theme
from persian_mir_gui.widgets.theme_source import ThemeSource
from persian_mir_gui.widgets.widget_factories import quiet, space_out

AXIS_PX = 44  # of the axis on the left, so that plots below one another begin at one place
GRID = 46  # opacity of the lines, of 255
ROOM = 1.05  # above the highest value
SPACE = re.compile(r"\s")  # also the narrow one before PM, which Qt breaks at
Point = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Curve:
    """One line: (epoch, value) by rising epoch. `dashed` for what is measured on dev beside training."""

    name: str
    colour: QColor
    points: tuple[Point, ...]
    dashed: bool = False

    def at(self, epoch: float | None) -> float | None:
        """Return the value at an epoch, the newest for None; None where there is none."""
        return self.points[-1][1] if epoch is None else dict(self.points).get(epoch)


def run_colours(theme: Theme) -> tuple[QColor, ...]:
    """Colours well apart, for runs laid over one another."""
    return theme.accent, theme.playhead, theme.warning, theme.wave_rms, theme.error, theme.text_faint


class EpochAxis(NumberAxis):
    """Whole numbers only."""

    def tickSpacing(self, low: float, high: float, size: float) -> list[tuple[float, float]]:
        steps = [(step, start) for step, start in super().tickSpacing(low, high, size) if float(step).is_integer()]
        return steps[:1] or [(1.0, 0.0)]


class CurvePlot(Plot):
    """Epochs run from left to right in both languages. With the pointer, or arrow keys, one reads the values.

    The wheel zooms along the epochs, a drag moves them, F or a double click shows all.
    """

    legend_changed = Signal(str)  # rich text: each curve's mark, name and value

    def __init__(self, title: str, themes: ThemeSource, parent: QWidget | None = None, shares: bool = False) -> None:
        self._left = ShareAxis("left") if shares else NumberAxis("left")
        super().__init__(title, themes, self._left, EpochAxis("bottom"), parent=parent)
        self.title, self._shares, self._last_epoch = title, shares, 2
        self.curves: tuple[Curve, ...] = ()
        self.cursor_epoch: int | None = None
        self._left.setWidth(AXIS_PX)
        self.nothing = quiet(role="faint", wrap=True, factor=1.0)  # why there is no curve
        space_out(QVBoxLayout(self), margins=(AXIS_PX, 0, AXIS_PX, 0)).addWidget(self.nothing)
        self.nothing.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.nothing.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.leave_ends()
        for axis in self.axes.values():
            axis.setStyle(maxTickLevel=0)
        self._cursor = pg.InfiniteLine(movable=False)
        self.box.setMouseEnabled(x=True, y=False)
        self.box.sigRangeChangedManually.connect(self._zoomed_by_hand)
        self.scene().sigMouseMoved.connect(self._hover)
        self._zoomed = False
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMinimumHeight(60)
        self.setProperty("role", "chart")
        self.show_curves(())

    def sizeHint(self) -> QSize:
        return QSize(360, 120)

    def show_curves(self, curves: Sequence[Curve], epochs: int = 0, nothing: str = "") -> None:
        """Show these; `epochs` is how many there will be, if that is known; `nothing`: why there is none of them."""
        self.curves = tuple(curve for curve in curves if curve.points)
        self._show_axes(nothing)
        self._last_epoch = max([epochs, 2, *(int(curve.points[-1][0]) for curve in self.curves)])
        self.box.clear()
        for curve in self.curves:
            style = Qt.PenStyle.DashLine if curve.dashed else Qt.PenStyle.SolidLine
            xs, ys = np.array(curve.points, np.float64).T
            self.box.addItem(
                pg.PlotCurveItem(xs, ys, pen=pg.mkPen(curve.colour, width=1.8, style=style), antialias=True)
            )
            end = pg.ScatterPlotItem(xs[-1:], ys[-1:], size=6, pen=None, brush=curve.colour)
            self.box.addItem(end)
        self.box.addItem(self._cursor)
        self._cursor.setPen(self.theme.text_faint)
        self.box.setLimits(xMin=1, xMax=self._last_epoch)
        self.box.setYRange(*self._range(), padding=0)
        if not self._zoomed:
            self.show_all()
        self._point_at(self.cursor_epoch)

    def _show_axes(self, nothing: str) -> None:
        """Without a curve there are no numbers, which would be made up, but the reason in words."""
        known = bool(self.curves)
        for axis in self.axes.values():
            axis.setOpacity(float(known))
        self.nothing.setText(nothing)
        self.nothing.setVisible(bool(nothing) and not known)

    def show_all(self) -> None:
        """Show every epoch."""
        self._zoomed = False
        self.box.setXRange(1, self._last_epoch, padding=0)

    def reading(self) -> str:
        """Return the values under the cursor, else the newest ones, in words."""
        return " · ".join(self._words(curve) for curve in self.curves if curve.at(self.cursor_epoch) is not None)

    def _words(self, curve: Curve) -> str:
        return " ".join(filter(None, (curve.name, self._value(curve.at(self.cursor_epoch)))))

    def _value(self, value: float | None) -> str:
        if value is None:
            return ""
        return formatting.percent(value) if self._shares else formatting.digits(f"{value:.4g}")

    def _range(self) -> Point:
        values = [y for curve in self.curves for _x, y in curve.points]
        if self._shares or not values:
            return 0.0, ROOM
        low, high = min(0.0, *values), max(values)
        return low, (low + ROOM * (high - low) if high > low else low + 1.0)

    def _zoomed_by_hand(self) -> None:
        self._zoomed = True

    # Reading off

    def _hover(self, place: QPointF) -> None:
        if self.box.sceneBoundingRect().contains(place):
            self._point_at(round(self.box.mapSceneToView(place).x()))

    def leaveEvent(self, event: QEvent) -> None:
        super().leaveEvent(event)
        self._point_at(None)

    def mouseDoubleClickEvent(self, _event: QMouseEvent) -> None:
        self.show_all()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        step = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}.get(Qt.Key(event.key()))
        if step is not None:
            newest = max((int(curve.points[-1][0]) for curve in self.curves), default=1)
            self._point_at((newest if self.cursor_epoch is None else self.cursor_epoch) + step)
        elif event.key() == Qt.Key.Key_F:
            self.show_all()
        else:
            super().keyPressEvent(event)

    def _point_at(self, epoch: int | None) -> None:
        self.cursor_epoch = None if epoch is None else min(max(epoch, 1), self._last_epoch)
        self._cursor.setVisible(self.cursor_epoch is not None)
        self._cursor.setValue(self.cursor_epoch or 1)
        self.setAccessibleDescription(self.reading())
        each = (_marked(curve, self._value(curve.at(self.cursor_epoch))) for curve in self.curves)
        self.legend_changed.emit("&nbsp;&nbsp; ".join(each))


def _marked(curve: Curve, value: str) -> str:
    """Return rich text that is not broken: the curve's mark, what it is, and its value.

    Each by itself: else the numbers of a date run into the value, and a Persian line is read in a wrong order.
    """
    mark = "╌╌" if curve.dashed else "━━"
    words = " ".join(formatting.isolated(escape(part)) for part in (curve.name, value) if part)
    return f'<font color="{curve.colour.name()}">{mark}</font>&nbsp;{re.sub(SPACE, "&nbsp;", words)}'


def charted(plot: CurvePlot) -> Chart:
    """Return the plot in its frame, its lines named above it."""
    chart = Chart(plot.title, plot)
    plot.legend_changed.connect(chart.show_legend)
    return chart
