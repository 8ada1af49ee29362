"""The overview: the whole recording, the part in view framed."""

from __future__ import annotations

import pyqtgraph as pg
from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QMouseEvent, QPainter, QPen
from PySide6.QtWidgets import QWidget

from persian_mir.i18n import _
from persian_mir_gui.core.timeline import Timeline
from persian_mir_gui.library.session import Session
from persian_mir_gui.plots.base import Plot
from persian_mir_gui.plots.time_scale import GUTTER, MARGIN, TimeScale
from persian_mir_gui.plots.waveform import Waveform
from persian_mir_gui.widgets.theme import Theme
from persian_mir_gui.widgets.theme_source import ThemeSource

HEIGHT_PX, PAD_PX = 40, 4.0
GRIP_PX = 6  # how near to an edge of the frame a press takes hold of it
NARROWEST_PX = 4
EDGES_FROM_PX = 4 * GRIP_PX  # width of the frame, below which a drag moves it and never an edge


class Overview(Plot):
    """Drag the frame to move, its edges to resize, click beside it to centre."""

    def __init__(
        self, timeline: Timeline, session: Session, themes: ThemeSource, parent: QWidget | None = None
    ) -> None:
        self._timeline, self._session = timeline, session
        super().__init__(_("Overview of the whole recording"), themes, parent=parent)
        self.centralLayout.setContentsMargins(GUTTER, 0, MARGIN, 0)
        self.setFixedHeight(HEIGHT_PX)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.waveform = Waveform(self, PAD_PX)
        self.waveform.setZValue(self.box.zValue() - 1)  # below the frame, which a hand takes hold of
        self.frame = pg.LinearRegionItem(swapMode="block")
        self.head = pg.InfiniteLine()
        for item in (self.frame, self.head):
            self.box.addItem(item, ignoreBounds=True)
        for line in self.frame.lines:
            line.setCursor(Qt.CursorShape.SizeHorCursor)
        self.set_theme(themes.theme)
        for moved in (self.frame.sigRegionChanged, self.frame.sigRegionChangeFinished):  # the last step says the latter
            moved.connect(self._tell)
        timeline.view_changed.connect(self._follow)
        self.sigDeviceRangeChanged.connect(self._follow)
        timeline.recording_changed.connect(self._show_whole)
        timeline.playhead_changed.connect(self.head.setValue)
        for signal in (session.shown_changed, session.pyramid_grew):
            signal.connect(self._show_pyramid)
        self._show_whole()
        self._show_pyramid()

    def set_theme(self, theme: Theme) -> None:
        super().set_theme(theme)
        self.frame.setBrush(theme.selection)
        self.frame.setHoverBrush(theme.selection)
        for line in self.frame.lines:
            line.setPen(theme.accent)
            line.setHoverPen(pg.mkPen(theme.accent, width=2))
        self.head.setPen(theme.playhead)

    @property
    def time_scale(self) -> TimeScale:
        """The mapping of the whole recording."""
        return TimeScale(0, max(self._timeline.frames, 1), GUTTER, max(self.width() - GUTTER - MARGIN, 1))

    def drawBackground(self, painter: QPainter, rect: QRectF) -> None:
        painter.fillRect(rect, self.theme.background)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setBrush(self.theme.panel)
        painter.setPen(QPen(self.theme.border, 1))
        painter.drawRoundedRect(self.box.geometry().adjusted(0.5, 0.5, -0.5, -0.5), 4, 4)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        x, scale, (start, stop) = event.position().x(), self.time_scale, self._timeline.view
        if event.button() == Qt.MouseButton.LeftButton and self._timeline.frames:
            if not scale.x(start) - GRIP_PX <= x <= scale.x(stop) + GRIP_PX:
                self._timeline.show_from(scale.position(x) - (stop - start) / 2)
            super().mousePressEvent(event)

    def _show_whole(self) -> None:
        frames = self._timeline.frames
        self.box.setRange(xRange=(0, max(frames, 1)), yRange=(0, 1), padding=0)
        for item in (self.frame, self.head):
            item.setVisible(frames > 0)
        self.head.setValue(self._timeline.playhead)
        self._follow()

    @property
    def _spare(self) -> float:
        """Samples by which the frame stands out on either side, so that it is never thinner than can be seen."""
        start, stop = self._timeline.view
        return max(NARROWEST_PX * self.time_scale.samples_per_pixel - (stop - start), 0.0) / 2

    def _follow(self, *_news: object) -> None:
        (start, stop), spare = self._timeline.view, self._spare
        self.frame.blockSignals(True)
        self.frame.setRegion((start - spare, stop + spare))
        self.frame.blockSignals(False)
        wide = (stop - start) / self.time_scale.samples_per_pixel >= EDGES_FROM_PX
        for line in self.frame.lines:
            line.setMovable(wide)

    def _tell(self, _frame: object) -> None:
        start, stop = self.frame.getRegion()
        span = self._timeline.view[1] - self._timeline.view[0]
        if abs(stop - start - 2 * self._spare - span) < 1:  # all of it moved: it is not cut at an end
            self._timeline.show_from(start + self._spare)
        else:
            self._timeline.set_view(max(start, 0), min(stop, self._timeline.frames))
        self._follow()

    def _show_pyramid(self, _item: object = None) -> None:
        item = self._session.current
        self.waveform.show_pyramid(None if item is None else item.pyramid)
