"""The waveform: a body from lowest to highest sample, in it a core as high as the rms; single samples from near."""

from __future__ import annotations

from math import ceil, floor

import numpy as np
from numpy.typing import NDArray
from pyqtgraph.Qt.internals import PrimitiveArray
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPen, QPolygonF

from persian_mir.audio.pyramid import BASE, Pyramid
from persian_mir_gui.plots.base import Plot
from persian_mir_gui.plots.layer import Layer
from persian_mir_gui.plots.samples import Columns, SampleReader, Stretch

Values = NDArray[np.float32]
THINNEST_PX = 1.0  # silence is a line
QUIETEST = 0.05  # what never gets louder than this is left small
DOTS_FROM_PX = 6.0  # distance of samples from which each gets a dot
LINE_FROM = 1.5  # samples a pixel, below which they are joined by a line


class Waveform(Layer):
    """Lowest to highest sample and rms of each pixel of a pyramid, `pad` pixels from the box's upper and lower edge.

    Columns lie on a raster that begins with the recording, so that panning moves the picture and never changes it.
    Where there are less samples than the pyramid's finest bins, those that `reader` brings are drawn.
    """

    def __init__(self, plot: Plot, pad: float, reader: SampleReader | None = None) -> None:
        super().__init__(plot)
        self._pad, self._reader = pad, reader
        self._pyramid: Pyramid | None = None
        self._rectangles = PrimitiveArray(QRectF, 4)
        if reader is not None:
            reader.arrived.connect(self.refresh)

    def show_pyramid(self, pyramid: Pyramid | None) -> None:
        """Draw this one from now on, as far as it is known; None: nothing."""
        self._pyramid = pyramid
        self.update()

    def draw(self, painter: QPainter, exposed: QRectF) -> None:
        pyramid, scale = self._pyramid, self.scale
        if pyramid is None:
            return
        painter.setClipRect(self.area.adjusted(1, 1, -1, -1))
        ratio = painter.device().devicePixelRatioF()
        per_pixel = scale.samples_per_pixel
        stretch = self._stretch(pyramid) if per_pixel / ratio < BASE else None
        if stretch is not None and per_pixel <= LINE_FROM:
            self._draw_samples(painter, stretch, gain(pyramid))
            return
        width, part = per_pixel / ratio, exposed & self.area  # samples a column
        first = max(floor(scale.position(part.left() - 1) / width), 0)
        stop = min(scale.position(part.right() + 1), pyramid.ready_frames)
        count = ceil(stop / width) - first
        if count > 0:
            # On whole device pixels: crisp, and Qt fills such rectangles two to six times as fast.
            x = (round(scale.x(0) * ratio) + first) / ratio
            self._draw_body(painter, x, 1 / ratio, self._columns(pyramid, stretch, first, count, width))

    def _stretch(self, pyramid: Pyramid) -> Stretch | None:
        if self._reader is None:
            return None
        scale, frames = self.scale, pyramid.recording.frames
        first, last = max(floor(scale.start) - 1, 0), min(ceil(scale.stop) + 2, frames)
        return self._reader.stretch(pyramid.recording.path, first, last, frames)

    def _columns(self, pyramid: Pyramid, stretch: Stretch | None, first: int, count: int, width: float) -> Columns:
        """So many columns of `width` samples, counted from the recording's beginning, as high as they are drawn."""
        if stretch is None:
            values = pyramid.peaks(first * width, (first + count) * width, count)
        else:
            values = stretch.columns((first + np.arange(count + 1, dtype=np.float64)) * width)
        minima, maxima, rms = (np.float32(gain(pyramid)) * column for column in values)
        return minima, maxima, rms

    def _draw_body(self, painter: QPainter, x: float, step: float, columns: Columns) -> None:
        """Columns of `step` pixels each from `x` on, in -1..1.

        Rectangles, not one polygon: Qt fills a jagged polygon of 1400 points in 90 ms, 2800 rectangles in 3 ms.
        """
        minima, maxima, rms = (np.clip(values, -1.0, 1.0) for values in columns)
        core = np.maximum(-rms, minima), np.minimum(rms, maxima)
        painter.setPen(Qt.PenStyle.NoPen)
        theme = self.plot.theme
        for (low, high), colour in (((minima, maxima), theme.wave), (core, theme.wave_rms)):
            painter.setBrush(colour)
            self._fill(low, high, x, step)
            painter.drawRects(*self._rectangles.drawargs())

    def _fill(self, low: Values, high: Values, x: float, step: float) -> None:
        """Write the columns as rectangles into Qt's own memory, without a Python object each."""
        middle, half = self._middle_and_half()
        height = np.maximum((high - low) * half, THINNEST_PX)
        self._rectangles.resize(len(low))
        rows = self._rectangles.ndarray()  # left, top, width, height
        rows[:, 0] = x + step * np.arange(len(low))
        rows[:, 1] = middle - (high + low) / 2 * half - height / 2
        rows[:, 2] = step
        rows[:, 3] = height

    def _draw_samples(self, painter: QPainter, stretch: Stretch, factor: float) -> None:
        """Samples joined by lines; with a dot each where they stand well apart."""
        scale, colour = self.scale, self.plot.theme.wave_rms
        first = max(floor(scale.start) - 1 - stretch.start, 0)
        samples = stretch.samples[:, first : ceil(scale.stop) + 2 - stretch.start] * np.float32(factor)
        positions = stretch.start + first + np.arange(samples.shape[1], dtype=np.float64)
        xs = (scale.left + (positions - scale.start) / scale.samples_per_pixel).tolist()
        middle, half = self._middle_and_half()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        for channel in np.clip(samples, -1.0, 1.0):
            ys = (middle - channel * half).tolist()
            points = QPolygonF([QPointF(x, y) for x, y in zip(xs, ys, strict=True)])
            painter.setPen(QPen(colour, 1.2))
            painter.drawPolyline(points)
            if 1 / scale.samples_per_pixel >= DOTS_FROM_PX:
                painter.setPen(QPen(colour, 4, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap))
                painter.drawPoints(points)

    def _middle_and_half(self) -> tuple[float, float]:
        area = self.area
        return area.center().y(), area.height() / 2 - self._pad


def gain(pyramid: Pyramid) -> float:
    """What makes the loudest sample known so far fill the height: old recordings are often quiet throughout."""
    minima, maxima, _rms = pyramid.peaks(0, pyramid.recording.frames, 16)
    return 1 / max(float(maxima.max()), float(-minima.min()), QUIETEST)
