"""What ruler, waveform and lanes have in common: the axis, and what a hand can do on it."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QPointF, QRectF, Qt
from PySide6.QtGui import QFocusEvent, QFont, QMouseEvent, QNativeGestureEvent, QPainter, QPen, QWheelEvent
from PySide6.QtWidgets import QApplication, QGestureEvent, QPinchGesture, QWidget

from persian_mir_gui.core.timeline import Timeline
from persian_mir_gui.playback.player import Player
from persian_mir_gui.plots.timeline_axis import GUTTER, MARGIN, TimeAxis
from persian_mir_gui.timeline.keys import seek, show_from
from persian_mir_gui.widgets.theme import Theme
from persian_mir_gui.widgets.theme_source import ThemeSource

ZOOM_PER_NOTCH = 1.25
SCROLL_PER_NOTCH = 0.1  # of what is in view
NOTCH = 120  # angleDelta of one click of a wheel
EDGE_PX = 5  # how near to an edge of the selection a press takes hold of it


class TimePane(QWidget):
    """A strip of the timeline. Click seeks, drag selects, the wheel moves, Ctrl+wheel and pinch zoom."""

    def __init__(self, timeline: Timeline, player: Player, themes: ThemeSource, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.theme, self._timeline, self._player = themes.theme, timeline, player
        self._pressed: QPointF | None = None  # where a press happened that may become a click or a selection
        self._anchor: int | None = None  # the fixed end of the selection being drawn
        self._panned: float | None = None  # x of the last event of a middle-button drag
        self.keyboard_focus = False  # whether the focus came by key, and is to be shown
        self.setLayoutDirection(Qt.LayoutDirection.LeftToRight)
        self.setMouseTracking(True)
        self.grabGesture(Qt.GestureType.PinchGesture)
        timeline.view_changed.connect(self.update)
        timeline.recording_changed.connect(self.update)
        timeline.selection_changed.connect(self._repaint)
        themes.changed.connect(self.set_theme)

    def set_theme(self, theme: Theme) -> None:
        """Paint in other colours from now on."""
        self.theme = theme
        self.update()

    @property
    def axis(self) -> TimeAxis:
        """The mapping of what is in view."""
        start, stop = self._timeline.view
        return TimeAxis(start, max(stop, start + 1), GUTTER, max(self.width() - GUTTER - MARGIN, 1))

    @property
    def plot(self) -> QRectF:
        """The part of the pane that has a time."""
        return QRectF(GUTTER, 0, self.axis.width, self.height())

    @property
    def filled(self) -> bool:
        """Whether there is a recording to point at."""
        return self._timeline.frames > 0

    def small_font(self) -> QFont:
        """The type of values and labels: one size below the window's."""
        font = QFont(self.font())
        font.setPointSizeF(font.pointSizeF() * 0.88)
        return font

    def paint_frame(self, painter: QPainter, focused: bool) -> QRectF:
        """The ground of a pane that holds a curve, with the frame that shows the keyboard's focus."""
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        frame = self.plot.adjusted(0.5, 0.5, -0.5, -0.5)
        painter.setBrush(self.theme.panel)
        painter.setPen(QPen(self.theme.accent if focused else self.theme.border, 1))
        painter.drawRoundedRect(frame, 4, 4)
        return frame

    def paint_words(self, painter: QPainter, frame: QRectF, text: str) -> None:
        """What is said in the place of a curve that is not there."""
        painter.setPen(self.theme.text_dim)
        wrapped = Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap
        painter.drawText(frame.adjusted(40, 0, -40, 0), wrapped, text)

    def paint_selection(self, painter: QPainter, area: QRectF) -> None:
        """Lay the selection's veil over `area`."""
        selection = self._timeline.selection
        if selection is None:
            return
        left, right = self.axis.x(selection[0]), self.axis.x(selection[1])
        painter.fillRect(QRectF(left, area.top(), right - left, area.height()) & area, self.theme.selection)

    # Mouse

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if not self.filled or not self.plot.contains(event.position()):
            super().mousePressEvent(event)
            return
        if event.button() == Qt.MouseButton.MiddleButton:
            self._panned = event.position().x()
            self.setCursor(Qt.CursorShape.ClosedHandCursor)
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
            self.setCursor(Qt.CursorShape.SizeHorCursor if at_edge else Qt.CursorShape.ArrowCursor)
        if self._anchor is not None:
            self._select_to(x)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if self._pressed is not None and event.button() == Qt.MouseButton.LeftButton:
            seek(self._timeline, self._player, self._sample(self._pressed.x()))
        self._pressed = self._anchor = self._panned = None
        self._timeline.settle()
        self.unsetCursor()

    def _sample(self, x: float) -> int:
        return self.axis.sample(x, self._timeline.frames)

    def _edge_at(self, x: float) -> int | None:
        """0 or 1 for the start or stop of the selection under a pixel."""
        selection = self._timeline.selection
        if selection is None:
            return None
        distances = [abs(self.axis.x(sample) - x) for sample in selection]
        nearest = distances.index(min(distances))
        return nearest if distances[nearest] <= EDGE_PX else None

    def _far_end(self, x: float) -> int:
        """What stays when the selection is extended to a pixel: its farther edge, or else the playhead."""
        timeline = self._timeline
        if timeline.selection is None:
            return int(timeline.playhead)
        return int(max(timeline.selection, key=lambda edge: abs(self.axis.x(edge) - x)))

    def _select_to(self, x: float) -> None:
        start, stop = sorted((self._anchor or 0, self._sample(x)))
        if stop > start:
            self._timeline.select(start, stop, settled=False)

    def _pan(self, pixels: float) -> None:
        timeline = self._timeline
        show_from(timeline, timeline.view[0] + pixels * self.axis.samples_per_pixel)

    def _zoom(self, factor: float, x: float) -> None:
        self._timeline.zoom(factor, self.axis.position(x))

    # Focus, wheel and gestures

    def focusInEvent(self, event: QFocusEvent) -> None:
        by_key = (Qt.FocusReason.TabFocusReason, Qt.FocusReason.BacktabFocusReason, Qt.FocusReason.ShortcutFocusReason)
        self.keyboard_focus = event.reason() in by_key
        super().focusInEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        self.keyboard_focus = False
        super().focusOutEvent(event)

    def wheelEvent(self, event: QWheelEvent) -> None:
        if not self.filled:
            super().wheelEvent(event)
            return
        turn = event.angleDelta()
        if event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self._zoom(ZOOM_PER_NOTCH ** (turn.y() / NOTCH), event.position().x())
        elif not event.pixelDelta().isNull():  # a touchpad: the picture follows the fingers
            along = event.pixelDelta().x() or event.pixelDelta().y()
            self._pan(-along)
        else:  # Qt turns Alt+wheel sideways, a wheel with Shift stays upright
            along = turn.x() or turn.y()
            self._pan(-along / NOTCH * SCROLL_PER_NOTCH * self.axis.width)
        event.accept()

    def event(self, event: QEvent) -> bool:
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
        return super().event(event)

    def _repaint(self, _selection: object) -> None:
        self.update()
