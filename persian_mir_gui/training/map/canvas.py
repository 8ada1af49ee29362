"""The map itself: thousands of points that can be looked at, chosen and heard."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPoint, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QFocusEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QPixmap,
    QResizeEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from persian_mir.i18n import _
from persian_mir_gui.training.excerpt_list import span_words
from persian_mir_gui.training.map.points import looks_of, paint_points
from persian_mir_gui.training.map.viewport import MapViewport
from persian_mir_gui.training.state.embedding_points import PointMap, nearest, neighbour
from persian_mir_gui.widgets import formatting
from persian_mir_gui.widgets.theme import Theme
from persian_mir_gui.widgets.theme_source import ThemeSource

REACH_PX = 10  # from the pointer to a point that is meant
ZOOM_STEP = 1.25
BOX_PX = 6  # a shorter drag is a press
ARROWS = {
    Qt.Key.Key_Left: (-1, 0),
    Qt.Key.Key_Right: (1, 0),
    Qt.Key.Key_Up: (0, -1),
    Qt.Key.Key_Down: (0, 1),
}


class MapCanvas(QWidget):
    """Points of one map, coloured by one task; left is left in both languages.

    A press plays a point, a drag frames points, the wheel zooms, the other buttons move the map. By keyboard: arrows go
    from point to point, Enter plays, + and - zoom, F shows all.
    """

    play_wanted = Signal(int)  # point
    current_changed = Signal(object)  # point or None
    framed = Signal(object)  # array of points

    def __init__(self, themes: ThemeSource, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = themes.theme
        self._map: PointMap | None = None
        self._task = ""
        self._hint = ""
        self._hidden: frozenset[str] = frozenset()
        self._sight = MapViewport()
        self._points = np.zeros((0, 2))  # where they are, in pixels
        self._shown: NDArray[np.bool_] = np.zeros(0, np.bool_)
        self._picture: QPixmap | None = None  # of all points as they lie now
        self.current: int | None = None
        self.playing: int | None = None
        self._box: tuple[QPointF, QPointF] | None = None
        self._held: QPointF | None = None
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setAccessibleName(_("Map of embeddings"))
        themes.changed.connect(self.set_theme)

    def set_theme(self, theme: Theme) -> None:
        """Paint in other colours from now on."""
        self._theme = theme
        self._repaint()

    def show_map(self, points: PointMap | None, task: str) -> None:
        """Show a map, coloured by a task that it knows."""
        if points is not self._map:
            self._sight.reset()
            self.current = self.playing = None
        self._map = points if points is not None and task in points.labels else None
        self._task, self._hidden = task, frozenset()
        self._place()

    def show_hint(self, text: str) -> None:
        """Say this where there is no map."""
        self._hint = text
        self.setAccessibleDescription(text)
        self.update()

    def hide_labels(self, labels: frozenset[str]) -> None:
        """Leave these labels out."""
        self._hidden = labels
        self._place()

    @property
    def shown(self) -> PointMap | None:
        """The map that is shown."""
        return self._map

    def set_playing(self, point: int | None) -> None:
        """Mark the point that is heard."""
        if point != self.playing:
            self.playing = point
            self.update()

    def set_current(self, point: int | None) -> None:
        """Mark the point that is meant."""
        if point != self.current:
            self.current = point
            self.setAccessibleDescription("" if point is None else self.point_words(point))
            self.current_changed.emit(point)
            self.update()

    def point_words(self, point: int) -> str:
        """File, time and labels of a point."""
        if self._map is None:
            return ""
        excerpt = self._map.excerpt(point)
        lines = [f"\u2066{excerpt.path.name}\u2069", span_words(excerpt)]
        for task in self._map.labels:
            label = self._map.label(task, point)
            lines.append(f"{formatting.task_name(task)}: {formatting.label_name(task, label) if label else '–'}")
        return "\n".join(lines)

    def fit(self) -> None:
        """Show all of it."""
        self._sight.reset()
        self._place()

    def zoom(self, factor: float, at: QPointF | None = None) -> None:
        """Show `factor` times as much detail, keeping what is at pixel `at` in its place."""
        self._sight.zoom(factor, at)
        self._place()

    def sizeHint(self) -> QSize:
        return QSize(520, 380)

    def minimumSizeHint(self) -> QSize:
        return QSize(220, 160)

    # Places

    def _place(self) -> None:
        if self._map is not None:
            self._sight.size = self.size()
            self._points = self._sight.pixels(self._map.places)
            known = np.array([label not in self._hidden for label in self._map.labels[self._task]], np.bool_)
            self._shown = known[self._map.owners]
        else:
            self._points, self._shown = np.zeros((0, 2)), np.zeros(0, np.bool_)
        self._repaint()

    def _repaint(self) -> None:
        self._picture = None
        self.update()

    def point_at(self, pixel: QPointF) -> int | None:
        """The shown point that is meant by a pixel."""
        places = np.where(self._shown[:, None], self._points, np.inf)
        return nearest(places, pixel.x(), pixel.y(), REACH_PX)

    # Painting

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(self._theme.accent if self.hasFocus() else self._theme.border, 1))
        painter.setBrush(self._theme.raised)
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), 6, 6)
        if self._map is None:
            self._paint_hint(painter)
            return
        if self._picture is None:
            looks = looks_of(self._map, self._task, self._theme, self.devicePixelRatioF())
            self._picture = paint_points(self._map, looks, self._points, self._shown, self.size())
        painter.drawPixmap(0, 0, self._picture)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        for point, colour, radius in ((self.current, self._theme.text, 8), (self.playing, self._theme.playhead, 10)):
            if point is not None:
                painter.setPen(QPen(colour, 2))
                painter.drawEllipse(QPointF(*map(float, self._points[point])), radius, radius)
        if self._box is not None:
            painter.setPen(QPen(self._theme.accent, 1))
            painter.setBrush(self._theme.selection)
            painter.drawRect(QRectF(*self._box).normalized())

    def _paint_hint(self, painter: QPainter) -> None:
        room = QRectF(self.rect())
        box = room.adjusted(room.width() / 6, 12, -room.width() / 6, -12)
        painter.setPen(self._theme.text_dim)
        painter.drawText(box, Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap, self._hint)

    # By hand

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            self._box = (event.position(), event.position())
        else:
            self._held = event.position()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._held is not None:
            self._sight.move(event.position() - self._held)
            self._held = event.position()
            self._place()
        elif self._box is not None:
            self._box = (self._box[0], event.position())
            self.update()
        else:
            self._hover(event.position(), event.globalPosition().toPoint())

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        self._held = None
        box, self._box = self._box, None
        self.update()
        if box is None:
            return
        if (event.position() - box[0]).manhattanLength() < BOX_PX:
            point = self.point_at(event.position())
            if point is not None:
                self.set_current(point)
                self.play_wanted.emit(point)
            return
        frame = QRectF(box[0], event.position()).normalized()
        low, high = np.array([frame.left(), frame.top()]), np.array([frame.right(), frame.bottom()])
        self.framed.emit(np.flatnonzero(self._shown & ((self._points >= low) & (self._points <= high)).all(axis=1)))

    def wheelEvent(self, event: QWheelEvent) -> None:
        self.zoom(ZOOM_STEP ** (event.angleDelta().y() / 120), event.position())

    def _hover(self, pixel: QPointF, screen: QPoint) -> None:
        point = self.point_at(pixel)
        if point is None:
            QToolTip.hideText()
        else:
            self.set_current(point)
            QToolTip.showText(screen, self.point_words(point), self)

    # By keyboard

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = Qt.Key(event.key())
        if key in ARROWS and self._map is not None:
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
        shown = np.flatnonzero(self._shown)
        if not len(shown):
            return
        if self.current is None or not self._shown[self.current]:
            middle = np.array([self.width() / 2, self.height() / 2])
            self.set_current(int(shown[np.abs(self._points[shown] - middle).sum(axis=1).argmin()]))
            return
        places = self._points[shown]
        self.set_current(int(shown[neighbour(places, int(np.searchsorted(shown, self.current)), direction)]))

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self.update()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._place()
