"""The overview: the whole recording, the part in view framed."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QRect, QRectF, Qt
from PySide6.QtGui import QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget

from persian_mir.i18n import _
from persian_mir_gui.core.timeline import Timeline
from persian_mir_gui.library.session import Session
from persian_mir_gui.plots.timeline_axis import GUTTER, MARGIN, TimeAxis
from persian_mir_gui.plots.wave_painter import gain, paint_body
from persian_mir_gui.timeline.keys import show_from
from persian_mir_gui.timeline.samples import Columns
from persian_mir_gui.widgets.theme import Theme
from persian_mir_gui.widgets.theme_source import ThemeSource

GRIP_PX = 6  # how near to an edge of the frame a press takes hold of it
NARROWEST_PX = 4  # the frame is never drawn thinner


class Overview(QWidget):
    """Drag the frame to move, its edges to resize, click beside it to centre."""

    def __init__(
        self, timeline: Timeline, session: Session, themes: ThemeSource, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._theme, self._timeline, self._session = themes.theme, timeline, session
        self._grip = ""  # what a drag holds: "", "left", "right", "frame"
        self._offset = 0.0  # samples between the pointer and the frame's beginning
        self._playhead_x = 0  # where it was painted last
        self._columns: tuple[tuple[object, ...], Columns] | None = None
        self.setLayoutDirection(Qt.LayoutDirection.LeftToRight)
        self.setFixedHeight(40)
        self.setMouseTracking(True)
        self.setAccessibleName(_("Overview of the whole recording"))
        timeline, session = timeline, session
        timeline.view_changed.connect(self.update)
        timeline.recording_changed.connect(self.update)
        timeline.playhead_changed.connect(self._move_playhead)
        session.current_changed.connect(self._repaint)
        session.pyramid_grew.connect(self._repaint)
        themes.changed.connect(self.set_theme)

    def set_theme(self, theme: Theme) -> None:
        """Paint in other colours from now on."""
        self._theme = theme
        self.update()

    @property
    def axis(self) -> TimeAxis:
        """The mapping of the whole recording."""
        return TimeAxis(0, max(self._timeline.frames, 1), GUTTER, max(self.width() - GUTTER - MARGIN, 1))

    @property
    def frame(self) -> QRectF:
        """Where the part in view is framed."""
        start, stop = self._timeline.view
        left, right = self.axis.x(start), self.axis.x(stop)
        spare = max(NARROWEST_PX - (right - left), 0) / 2
        return QRectF(left - spare, 0.5, right - left + 2 * spare, self.height() - 1)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        area = QRectF(GUTTER + 0.5, 0.5, self.axis.width - 1, self.height() - 1)
        painter.setBrush(self._theme.panel)
        painter.setPen(QPen(self._theme.border, 1))
        painter.drawRoundedRect(area, 4, 4)
        timeline = self._timeline
        if not timeline.frames:
            return
        painter.fillRect(self.frame, self._theme.selection)
        self._paint_wave(painter, area, event.rect())
        painter.setPen(QPen(self._theme.accent, 1))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRoundedRect(self.frame & area, 3, 3)
        painter.fillRect(QRectF(self.axis.x(timeline.playhead) - 0.5, 1, 1, self.height() - 2), self._theme.playhead)

    def _paint_wave(self, painter: QPainter, area: QRectF, dirty: QRect) -> None:
        item = self._session.current
        if item is None or item.pyramid is None:
            return
        pyramid, ratio = item.pyramid, self.devicePixelRatioF()
        count = max(round(self.axis.width * ratio), 1)
        key = (id(pyramid), pyramid.ready_frames, count)
        if self._columns is None or self._columns[0] != key:
            scale = np.float32(gain(pyramid))
            minima, maxima, rms = pyramid.peaks(0, self._timeline.frames, count)
            self._columns = (key, (scale * minima, scale * maxima, scale * rms))
        first, last = (max(round((x - GUTTER) * ratio), 0) for x in (dirty.left() - 1, dirty.right() + 2))
        minima, maxima, rms = (column[first:last] for column in self._columns[1])
        painter.setClipRect(area)
        inner, x = area.adjusted(0, 4, 0, -4), GUTTER + first / ratio
        paint_body(painter, self._theme, inner, x, 1 / ratio, (minima, maxima, rms))
        painter.setClipping(False)

    # Mouse

    def mousePressEvent(self, event: QMouseEvent) -> None:
        timeline = self._timeline
        if event.button() != Qt.MouseButton.LeftButton or not timeline.frames:
            return
        x = event.position().x()
        self._grip = self._grip_at(x)
        if not self._grip:
            start, stop = timeline.view
            show_from(timeline, self.axis.position(x) - (stop - start) / 2)
            self._grip = "frame"
        self._offset = self.axis.position(x) - timeline.view[0]

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        x, timeline = event.position().x(), self._timeline
        at = self.axis.position(x)
        start, stop = timeline.view
        if self._grip == "frame":
            show_from(timeline, at - self._offset)
        elif self._grip == "left":
            timeline.set_view(min(max(at, 0), stop - 1), stop)
        elif self._grip == "right":
            timeline.set_view(start, max(min(at, timeline.frames), start + 1))
        else:
            edge = self._grip_at(x) in ("left", "right")
            self.setCursor(Qt.CursorShape.SizeHorCursor if edge else Qt.CursorShape.ArrowCursor)

    def mouseReleaseEvent(self, _event: QMouseEvent) -> None:
        self._grip = ""

    def _grip_at(self, x: float) -> str:
        frame = self.frame
        grip = min(GRIP_PX, frame.width() / 4) if frame.left() < x < frame.right() else GRIP_PX
        if abs(x - frame.left()) <= grip:
            return "left"
        if abs(x - frame.right()) <= grip:
            return "right"
        return "frame" if frame.left() < x < frame.right() else ""

    def _move_playhead(self, _playhead: object) -> None:
        before, self._playhead_x = self._playhead_x, round(self.axis.x(self._timeline.playhead))
        for x in {before, self._playhead_x} if before != self._playhead_x else ():
            self.update(QRect(x - 2, 0, 5, self.height()))

    def _repaint(self, _value: object) -> None:
        self.update()
