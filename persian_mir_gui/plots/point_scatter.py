"""Thousands of points that can be looked at, chosen and heard, by mouse and by keyboard."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import pyqtgraph as pg
from numpy.typing import NDArray
from PySide6.QtCore import QPoint, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QBrush, QKeyEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QToolTip, QVBoxLayout

from persian_mir_gui.plots.base import Plot
from persian_mir_gui.plots.point_marks import SIZE_PX, Mark
from persian_mir_gui.widgets.theme import Theme
from persian_mir_gui.widgets.theme_source import ThemeSource
from persian_mir_gui.widgets.widget_factories import quiet, space_out

REACH_PX = 10  # from the pointer to a point that is meant
ZOOM_STEP, MOST_ZOOM = 1.25, 60.0
RIM, FAR = 0.04, 2.0  # of the map's side: round it, and as far away as one can look
CURRENT_PX, PLAYING_PX = 17, 21
ARROWS = {
    Qt.Key.Key_Left: (-1, 0),
    Qt.Key.Key_Right: (1, 0),
    Qt.Key.Key_Up: (0, 1),
    Qt.Key.Key_Down: (0, -1),
}

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]


class _Box(pg.ViewBox):
    """A drag with the left button frames, with another one moves the map; the wheel zooms."""

    framed = Signal(object)  # QRectF, in places of the map

    def mouseDragEvent(self, event: Any, axis: int | None = None) -> None:  # noqa: ARG002
        if event.button() == Qt.MouseButton.LeftButton:
            event.accept()
            self.updateScaleBox(event.buttonDownPos(), event.pos())
            if event.isFinish():
                self.rbScaleBox.hide()
                frame = QRectF(self.mapToView(event.buttonDownPos()), self.mapToView(event.pos()))
                self.framed.emit(frame.normalized())
        else:
            event.accept()
            self.translateBy(self.mapToView(event.lastPos()) - self.mapToView(event.pos()))


class PointScatter(Plot):
    """Points in the unit square, y upwards, each of a group that has a mark; left is left in both languages.

    A press plays a point, a drag frames points, the wheel zooms, the other buttons move the map. By keyboard: arrows go
    from point to point, Enter plays, + and - zoom, F shows all.
    """

    play_wanted = Signal(int)  # point
    current_changed = Signal(object)  # point or None
    framed = Signal(object)  # array of points

    def __init__(self, name: str, themes: ThemeSource) -> None:
        self._places, self._groups = np.zeros((0, 2)), np.zeros(0, np.int64)
        self._looks: tuple[list[str], list[QPen], list[QBrush]] = [], [], []
        self._words: Callable[[int], str] = str
        self.shown = np.zeros(0, np.bool_)
        self.current: int | None = None
        self.playing: int | None = None
        self._points = pg.ScatterPlotItem(size=SIZE_PX)
        self._rings = pg.ScatterPlotItem(brush=None)
        box = _Box(enableMenu=False, lockAspect=True)
        super().__init__(name, themes, box=box)
        box.setLimits(
            xMin=-FAR, xMax=1 + FAR, yMin=-FAR, yMax=1 + FAR, minXRange=1 / MOST_ZOOM, minYRange=1 / MOST_ZOOM
        )
        box.framed.connect(self._frame)
        self.box.addItem(self._points)
        self.box.addItem(self._rings)
        self._hint = quiet(wrap=True, factor=1.0)
        self._hint.setAlignment(Qt.AlignmentFlag.AlignCenter)
        space_out(QVBoxLayout(self), margins=(60, 12, 60, 12)).addWidget(self._hint)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.scene().sigMouseMoved.connect(self._hover)
        self.scene().sigMouseClicked.connect(self._press)
        self.fit()
        self.setProperty("role", "chart")

    def sizeHint(self) -> QSize:
        return QSize(520, 380)

    def minimumSizeHint(self) -> QSize:
        return QSize(220, 160)

    def set_theme(self, theme: Theme) -> None:
        """Paint in other colours from now on; the points follow with `show_points`."""
        super().set_theme(theme)
        self._ring()

    def show_points(
        self, places: Floats, groups: Integers, marks: Sequence[Mark], words: Callable[[int], str], anew: bool
    ) -> None:
        """Show points at `places` [n, 2] with the marks of their `groups` [n]. `anew`: it is another map."""
        self._places, self._groups, self._words = places, groups, words
        pens = [mark.pen(self.theme) for mark in marks]
        self._looks = [mark.symbol for mark in marks], pens, [mark.brush for mark in marks]
        if anew:
            self.current = self.playing = None
            self.fit()
        self.hide_groups(frozenset())

    def show_hint(self, text: str) -> None:
        """Say this where there are no points."""
        self._hint.setText(text)
        self._hint.setVisible(not len(self._places))
        self.setAccessibleDescription(text)

    def hide_groups(self, hidden: frozenset[int]) -> None:
        """Leave these groups out."""
        self.shown = ~np.isin(self._groups, list(hidden))
        self._hint.setVisible(not len(self._places))
        x, y = self._places[self.shown].T
        symbols, pens, brushes = self._looks
        looks = self._groups[self.shown].tolist()
        self._points.setData(
            x,
            y,
            symbol=[symbols[group] for group in looks],
            pen=[pens[group] for group in looks],
            brush=[brushes[group] for group in looks],
        )
        self._ring()

    def set_playing(self, point: int | None) -> None:
        """Mark the point that is heard."""
        if point != self.playing:
            self.playing = point
            self._ring()

    def set_current(self, point: int | None) -> None:
        """Mark the point that is meant."""
        if point != self.current:
            self.current = point
            self.setAccessibleDescription("" if point is None else self._words(point))
            self.current_changed.emit(point)
            self._ring()

    def _ring(self) -> None:
        rings = (
            (self.current, self.theme.text, CURRENT_PX),
            (self.playing, self.theme.playhead, PLAYING_PX),
        )
        spots = [
            {"pos": self._places[point], "size": size, "pen": pg.mkPen(colour, width=2)}
            for point, colour, size in rings
            if point is not None
        ]
        self._rings.setData(spots)

    def fit(self) -> None:
        """Show all of it."""
        self.box.setRange(xRange=(0, 1), yRange=(0, 1), padding=RIM)

    def zoom(self, factor: float) -> None:
        """Show `factor` times as much detail, the middle staying in its place."""
        self.box.scaleBy((1 / factor, 1 / factor))

    def place(self, point: int) -> QPointF:
        """Return where a point lies in the scene, in pixels."""
        place: QPointF = self.box.mapViewToScene(QPointF(*self._places[point]))
        return place

    def point_at(self, place: QPointF) -> int | None:
        """Return the shown point that is meant by a place in the scene, in pixels."""
        at, pixel = self.box.mapSceneToView(place), self.box.viewPixelSize()
        apart = (self._places - (at.x(), at.y())) / pixel
        return nearest(np.where(self.shown[:, None], apart, np.inf), 0.0, 0.0, REACH_PX)

    # By hand

    def _press(self, event: Any) -> None:
        point = self.point_at(event.scenePos())
        if event.button() == Qt.MouseButton.LeftButton and point is not None:
            self.set_current(point)
            self.play_wanted.emit(point)

    def _frame(self, frame: QRectF) -> None:
        low, high = (frame.left(), frame.top()), (frame.right(), frame.bottom())
        inside = ((self._places >= low) & (self._places <= high)).all(axis=1)
        self.framed.emit(np.flatnonzero(self.shown & inside))

    def _hover(self, place: QPointF) -> None:
        point = self.point_at(place)
        if point is None:
            QToolTip.hideText()
        else:
            self.set_current(point)
            QToolTip.showText(self.mapToGlobal(self.mapFromScene(place)) + QPoint(0, 0), self._words(point), self)

    # By keyboard

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = Qt.Key(event.key())
        if key in ARROWS and self.shown.any():
            self._walk(ARROWS[key])
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space) and self.current is not None:
            self.play_wanted.emit(self.current)
        elif key in (Qt.Key.Key_Plus, Qt.Key.Key_Equal, Qt.Key.Key_Minus):
            self.zoom(1 / ZOOM_STEP if key == Qt.Key.Key_Minus else ZOOM_STEP)
        elif key == Qt.Key.Key_F:
            self.fit()
        else:
            super().keyPressEvent(event)

    def _walk(self, direction: tuple[int, int]) -> None:
        shown = np.flatnonzero(self.shown)
        places = self._places[shown]
        if self.current is None or not self.shown[self.current]:
            middle = self.box.viewRect().center()
            self.set_current(int(shown[np.abs(places - (middle.x(), middle.y())).sum(axis=1).argmin()]))
            return
        self.set_current(int(shown[neighbour(places, int(np.searchsorted(shown, self.current)), direction)]))


def nearest(places: Floats, x: float, y: float, within: float) -> int | None:
    """Return the point of `places` [n, 2] nearest to (x, y), if it is no further than `within`."""
    if not len(places):
        return None
    apart = np.hypot(places[:, 0] - x, places[:, 1] - y)
    best = int(apart.argmin())
    return best if apart[best] <= within else None


def neighbour(places: Floats, point: int, direction: tuple[int, int]) -> int:
    """Return the point that an arrow leads to: near, and more along `direction` (y upwards) than across it."""
    apart = places - places[point]
    along = apart @ np.array(direction, np.float64)
    across = np.abs(apart @ np.array((direction[1], direction[0]), np.float64))
    cost = np.where((along > 0) & (across <= along), along + 2 * across, np.inf)
    best = int(cost.argmin())
    return best if math.isfinite(cost[best]) else point
