"""The waveform pane."""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil, floor

import numpy as np
from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from persian_mir.audio.pyramid import BASE, Pyramid
from persian_mir.i18n import _
from persian_mir_gui.core.jobs import JobRunner
from persian_mir_gui.core.timeline import Timeline
from persian_mir_gui.library.session import Item, Session
from persian_mir_gui.playback.player import Player
from persian_mir_gui.plots.wave_painter import gain, paint_body, paint_line
from persian_mir_gui.timeline.pane import TimePane
from persian_mir_gui.timeline.samples import Columns, SampleReader, Stretch
from persian_mir_gui.widgets.theme_source import ThemeSource

LINE_FROM = 1.5  # samples a pixel, below which they are joined by a line
PAD_PX = 8  # between the loudest possible sample and the frame


@dataclass(frozen=True, slots=True, eq=False)
class _Drawn:
    """Columns ready to paint: number `first`, counted from the recording's beginning, is `values[..][0]`."""

    key: tuple[object, ...]
    width: float  # samples a column
    first: int
    values: Columns  # as high as they are painted


class WaveformPane(TimePane):
    """Lowest to highest sample and rms of each pixel; single samples where the zoom is deep enough.

    Columns lie on a raster that begins with the recording, so that panning moves the picture and never changes it.
    """

    def __init__(
        self,
        io: JobRunner,
        timeline: Timeline,
        session: Session,
        player: Player,
        themes: ThemeSource,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(timeline, player, themes, parent)
        self._session = session
        self._drawn: _Drawn | None = None
        self._reader = SampleReader(io.start, self)
        self._reader.arrived.connect(self.update)
        self.setMinimumHeight(90)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName(_("Waveform"))
        session.current_changed.connect(self._repaint)
        session.changed.connect(self._repaint)
        session.pyramid_grew.connect(self._repaint)

    def sizeHint(self) -> QSize:
        return QSize(800, 240)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        frame = self.paint_frame(painter, self.keyboard_focus)
        self.paint_selection(painter, frame)
        text = self.words()
        if text:
            self.paint_words(painter, frame, text)
            return
        item = self._session.current
        if item is not None and item.pyramid is not None:
            painter.setClipRect(frame.adjusted(0.5, 0.5, -0.5, -0.5))
            self._paint_wave(painter, item, item.pyramid, frame.adjusted(0, PAD_PX, 0, -PAD_PX), QRectF(event.rect()))

    def words(self) -> str:
        """What is said instead of a waveform; empty when there is one."""
        item = self._session.current
        if item is None:
            return _("Open a recording or drop files here")
        if item.state == "failed" and item.error is not None:
            return f"{item.error.what}\n{item.error.cure}".strip()
        if item.pyramid is None:
            return _("Opening…")
        return ""

    def _paint_wave(self, painter: QPainter, item: Item, pyramid: Pyramid, area: QRectF, dirty: QRectF) -> None:
        axis, ratio = self.axis, self.devicePixelRatioF()
        stretch = self._stretch(item) if axis.samples_per_pixel / ratio < BASE else None
        if stretch is not None and axis.samples_per_pixel <= LINE_FROM:
            self._paint_samples(painter, stretch, gain(pyramid), area)
            return
        drawn = self._columns(pyramid, stretch, axis.samples_per_pixel / ratio)
        first = max(floor(axis.position(dirty.left() - 1) / drawn.width) - drawn.first, 0)
        last = ceil(axis.position(dirty.right() + 1) / drawn.width) - drawn.first
        values = tuple(column[first:last] for column in drawn.values)
        if last > first:
            # On whole device pixels: crisp, and Qt fills such rectangles two to six times as fast.
            x = round(axis.x(drawn.first * drawn.width) * ratio) + first
            paint_body(painter, self.theme, area, x / ratio, 1 / ratio, (values[0], values[1], values[2]))

    def _stretch(self, item: Item) -> Stretch | None:
        if item.recording is None:
            return None
        start, stop = self._timeline.view
        frames = item.recording.frames
        first, last = max(floor(start) - 1, 0), min(ceil(stop) + 2, frames)
        return self._reader.stretch(item.recording.path, first, last, frames)

    def _columns(self, pyramid: Pyramid, stretch: Stretch | None, width: float) -> _Drawn:
        """Columns of `width` samples over what is in view; kept, since a moving playhead repaints strips of them."""
        key = (width, self.axis.start, self.axis.stop, id(pyramid), pyramid.ready_frames, stretch is None)
        if self._drawn is None or self._drawn.key != key:
            start, stop = self.axis.start, min(self.axis.stop, pyramid.ready_frames)
            first = max(floor(start / width), 0)
            count = max(ceil(stop / width) - first, 1)
            if stretch is None:
                values = pyramid.peaks(first * width, (first + count) * width, count)
            else:
                values = stretch.columns((first + np.arange(count + 1, dtype=np.float64)) * width)
            minima, maxima, rms = (np.float32(gain(pyramid)) * column for column in values)
            self._drawn = _Drawn(key, width, first, (minima, maxima, rms))
        return self._drawn

    def _paint_samples(self, painter: QPainter, stretch: Stretch, scale: float, area: QRectF) -> None:
        axis = self.axis
        first = max(floor(axis.start) - 1 - stretch.start, 0)
        last = ceil(axis.stop) + 2 - stretch.start
        samples = stretch.samples[:, first:last]
        if samples.shape[1]:
            positions = stretch.start + first + np.arange(samples.shape[1], dtype=np.float64)
            xs = axis.left + (positions - axis.start) / axis.samples_per_pixel
            paint_line(painter, self.theme.wave_rms, area, xs, samples * np.float32(scale))
