"""What waveform, lanes and pitch have in common: the stretch of time they show, and what a hand can do on it.

Each pane's box follows the `Timeline`, and tells it when it is moved: that links them all. pyqtgraph's `setXLink` would
align them by pixels of the screen, rounded. Events of the mouse are taken before pyqtgraph's scene sees them: it prints
what an exception says instead of passing it on.
"""

from __future__ import annotations

import pyqtgraph as pg
from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QFocusEvent, QHelpEvent, QMouseEvent, QNativeGestureEvent, QPainter, QPen, QWheelEvent
from PySide6.QtWidgets import QApplication, QGestureEvent, QPinchGesture, QSizePolicy, QToolTip, QWidget

from persian_mir_gui.core.timeline import Timeline
from persian_mir_gui.playback.player import Player
from persian_mir_gui.playback.seeking import seek
from persian_mir_gui.plots.base import Plot
from persian_mir_gui.plots.time_scale import GUTTER, MARGIN, TimeScale
from persian_mir_gui.widgets.theme import Theme
from persian_mir_gui.widgets.theme_source import ThemeSource

ZOOM_PER_NOTCH = 1.25
SCROLL_PER_NOTCH = 0.1  # of what is in view
NOTCH = 120  # angleDelta of one click of a wheel
EDGE_PX = 5  # how near to an edge of the selection a press takes hold of it


class TimePane(Plot):
    """A strip of the timeline. Click seeks, drag selects, the wheel moves, Ctrl+wheel and pinch zoom."""

    framed = True  # whether the box has a ground of its own

    def __init__(
        self,
        name: str,
        timeline: Timeline,
        player: Player,
        themes: ThemeSource,
        *axes: pg.AxisItem,
        parent: QWidget | None = None,
    ) -> None:
        self._timeline, self._player = timeline, player
        self._pressed: QPointF | None = None  # where a press happened that may become a click or a selection
        self._anchor: int | None = None  # the fixed end of the selection being drawn
        self._panned: float | None = None  # x of the last event of a middle-button drag
        self.keyboard_focus = False  # whether the focus came by key, and is to be shown
        super().__init__(name, themes, *axes, parent=parent)
        self.centralLayout.setContentsMargins(GUTTER, 0, MARGIN, 0)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Preferred)
        self.viewport().grabGesture(Qt.GestureType.PinchGesture)
        self.box.setRange(yRange=(0.0, 1.0), padding=0)
        self._veil = pg.LinearRegionItem(movable=False, pen=pg.mkPen(None), brush=themes.theme.selection)
        self.box.addItem(self._veil, ignoreBounds=True)
        self.box.sigXRangeChanged.connect(self._tell)
        timeline.view_changed.connect(self._follow)
        timeline.recording_changed.connect(self._follow)
        timeline.selection_changed.connect(self._show_selection)
        self._follow()
        self._show_selection(timeline.selection)

    def set_theme(self, theme: Theme) -> None:
        super().set_theme(theme)
        self._veil.setBrush(theme.selection)

    def minimumSizeHint(self) -> QSize:
        return QSize(0, 0)

    @property
    def time_scale(self) -> TimeScale:
        """The mapping of what is in view."""
        start, stop = self._timeline.view
        return TimeScale(start, max(stop, start + 1), GUTTER, max(self.width() - GUTTER - MARGIN, 1))

    @property
    def plot(self) -> QRectF:
        """The part of the pane that has a time."""
        return QRectF(GUTTER, 0, self.time_scale.width, self.height())

    @property
    def filled(self) -> bool:
        """Whether there is a recording to point at."""
        return self._timeline.frames > 0

    def words(self) -> str:
        """What is said in the place of a curve that is not there; empty when there is one."""
        return ""

    def describe_at(self, _x: float, _y: float) -> str:
        """What lies under a point, for the tool tip."""
        return ""

    # The stretch of time

    def _follow(self) -> None:
        self.box.setXRange(*self._timeline.view, padding=0)

    def _tell(self, _box: object, view: list[float]) -> None:
        if tuple(view) != self._timeline.view and self.filled:
            self._timeline.set_view(*view)
            self._follow()  # where it was cut to what there is, or nothing changed

    def _show_selection(self, selection: tuple[int, int] | None) -> None:
        self._veil.setVisible(selection is not None)
        if selection is not None:
            self._veil.setRegion(selection)
        # Qt forgets where it was painted when the playhead, which moves above it, has a strip painted before that.
        self.viewport().update()

    # Painting

    def drawBackground(self, painter: QPainter, rect: QRectF) -> None:
        painter.fillRect(rect, self.theme.background)
        if self.framed:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setBrush(self.theme.panel)
            painter.setPen(QPen(self.theme.accent if self.keyboard_focus else self.theme.border, 1))
            painter.drawRoundedRect(self.box.geometry().adjusted(0.5, 0.5, -0.5, -0.5), 4, 4)

    def drawForeground(self, painter: QPainter, _rect: QRectF) -> None:
        text = self.words()
        if text:
            painter.setFont(self.font())
            painter.setPen(self.theme.text_dim)
            wrapped = Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap
            painter.drawText(self.box.geometry().adjusted(40, 0, -40, 0), wrapped, text)

    # Mouse

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if not self.filled or not self.plot.contains(event.position()):
            event.ignore()
        elif event.button() == Qt.MouseButton.MiddleButton:
            self._panned = event.position().x()
            self.viewport().setCursor(Qt.CursorShape.ClosedHandCursor)
        elif event.button() == Qt.MouseButton.LeftButton:
            self._press(event)

    def _press(self, event: QMouseEvent) -> None:
        x, timeline = event.position().x(), self._timeline
        edge = self._edge_at(x)
        if edge is not None and timeline.selection is not None:
            self._anchor = timeline.selection[1 - edge]
        elif event.modifiers() & Qt.KeyboardModifier.ShiftModifier:
            self._anchor = self._far_end(x)
            self._select_to(x)
        else:
            self._pressed = event.position()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        x = event.position().x()
        if self._panned is not None:
            self._pan(self._panned - x)
            self._panned = x
        elif self._pressed is not None:
            if abs(x - self._pressed.x()) >= QApplication.startDragDistance():
                self._anchor = self._sample(self._pressed.x())
                self._pressed = None
        elif self._anchor is None:
            at_edge = self._edge_at(x) is not None
            self.viewport().setCursor(Qt.CursorShape.SizeHorCursor if at_edge else Qt.CursorShape.ArrowCursor)
        if self._anchor is not None:
            self._select_to(x)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if self._pressed is not None and event.button() == Qt.MouseButton.LeftButton:
            self.clicked(self._pressed)
        self._pressed = self._anchor = self._panned = None
        self._timeline.settle()
        self.viewport().unsetCursor()

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        self.mousePressEvent(event)

    def clicked(self, where: QPointF) -> None:
        """Put the playhead where the click was."""
        seek(self._timeline, self._player, self._sample(where.x()))

    def _sample(self, x: float) -> int:
        return self.time_scale.sample(x, self._timeline.frames)

    def _edge_at(self, x: float) -> int | None:
        """0 or 1 for the start or stop of the selection under a pixel."""
        selection = self._timeline.selection
        if selection is None:
            return None
        distances = [abs(self.time_scale.x(sample) - x) for sample in selection]
        nearest = distances.index(min(distances))
        return nearest if distances[nearest] <= EDGE_PX else None

    def _far_end(self, x: float) -> int:
        """What stays when the selection is extended to a pixel: its farther edge, or else the playhead."""
        timeline = self._timeline
        if timeline.selection is None:
            return int(timeline.playhead)
        return int(max(timeline.selection, key=lambda edge: abs(self.time_scale.x(edge) - x)))

    def _select_to(self, x: float) -> None:
        start, stop = sorted((self._anchor or 0, self._sample(x)))
        if stop > start:
            self._timeline.select(start, stop, settled=False)

    def _pan(self, pixels: float) -> None:
        self.box.translateBy(x=pixels * self.time_scale.samples_per_pixel)

    def _zoom(self, factor: float, x: float) -> None:
        self._timeline.zoom(factor, self.time_scale.position(x))

    # Focus, wheel and gestures

    def focusInEvent(self, event: QFocusEvent) -> None:
        by_key = (Qt.FocusReason.TabFocusReason, Qt.FocusReason.BacktabFocusReason, Qt.FocusReason.ShortcutFocusReason)
        super().focusInEvent(event)
        self._show_focus(event.reason() in by_key)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self._show_focus(False)

    def _show_focus(self, by_key: bool) -> None:
        self.keyboard_focus = by_key
        self.resetCachedContent()  # the frame is part of the ground
        self.viewport().update()

    def wheelEvent(self, event: QWheelEvent) -> None:
        if not self.filled:
            event.ignore()
            return
        turn = event.angleDelta()
        if event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self._zoom(ZOOM_PER_NOTCH ** (turn.y() / NOTCH), event.position().x())
        elif not event.pixelDelta().isNull():  # a touchpad: the picture follows the fingers
            along = event.pixelDelta().x() or event.pixelDelta().y()
            self._pan(-along)
        else:  # Qt turns Alt+wheel sideways, a wheel with Shift stays upright
            along = turn.x() or turn.y()
            self._pan(-along / NOTCH * SCROLL_PER_NOTCH * self.time_scale.width)
        event.accept()

    def viewportEvent(self, event: QEvent) -> bool:
        if isinstance(event, QHelpEvent) and event.type() == QEvent.Type.ToolTip:
            QToolTip.showText(event.globalPos(), self.describe_at(event.pos().x(), event.pos().y()), self)
            return True
        if isinstance(event, QNativeGestureEvent):
            if event.gestureType() == Qt.NativeGestureType.ZoomNativeGesture and self.filled:
                self._zoom(1 + event.value(), event.position().x())
                event.accept()
                return True
        elif isinstance(event, QGestureEvent):
            pinch = event.gesture(Qt.GestureType.PinchGesture)
            if isinstance(pinch, QPinchGesture) and self.filled:
                self._zoom(pinch.scaleFactor(), self.mapFromGlobal(pinch.centerPoint().toPoint()).x())
                event.accept()
                return True
        return bool(super().viewportEvent(event))
