"""Something drawn over a whole plot in pixels, names beside the box included."""

from __future__ import annotations

import pyqtgraph as pg
from PySide6.QtCore import QRectF
from PySide6.QtGui import QPainter, QPixmapCache
from PySide6.QtWidgets import QStyleOptionGraphicsItem, QWidget

from persian_mir_gui.plots.base import Plot
from persian_mir_gui.plots.time_scale import TimeScale

PICTURES_KB = 160 * 1024  # all layers on a screen of 8 K; of Qt's own 10 MB a large window's pictures drop out at once


class Layer(pg.GraphicsObject):
    """Subclasses `draw`. Qt keeps the picture, so that a playhead that passes over it costs a copy."""

    def __init__(self, plot: Plot) -> None:
        super().__init__(plot.centralWidget)
        self.plot = plot
        self._bounds = QRectF(plot.rect())
        self.setFlag(self.GraphicsItemFlag.ItemUsesExtendedStyleOption)  # else everything counts as exposed
        self.setCacheMode(self.CacheMode.DeviceCoordinateCache)
        QPixmapCache.setCacheLimit(max(QPixmapCache.cacheLimit(), PICTURES_KB))
        plot.sigDeviceRangeChanged.connect(self._fit)
        plot.dressed.connect(self.refresh)
        plot.box.sigRangeChanged.connect(self.refresh)
        plot.box.sigResized.connect(self.refresh)

    @property
    def area(self) -> QRectF:
        """Where the box lies."""
        return QRectF(self.plot.box.geometry())

    @property
    def scale(self) -> TimeScale:
        """The box's x, in samples, on pixels."""
        (start, stop), area = self.plot.box.viewRange()[0], self.area
        return TimeScale(start, max(stop, start + 1), area.left(), max(area.width(), 1.0))

    def draw(self, painter: QPainter, exposed: QRectF) -> None:
        """Paint what meets `exposed`, in pixels of the plot."""
        raise NotImplementedError

    def boundingRect(self) -> QRectF:
        return self._bounds

    def paint(self, painter: QPainter, option: QStyleOptionGraphicsItem, _widget: QWidget | None = None) -> None:
        self.draw(painter, option.exposedRect)

    def refresh(self, *_news: object) -> None:
        """Draw anew."""
        self.update()

    def _fit(self, *_news: object) -> None:
        self.prepareGeometryChange()
        self._bounds = QRectF(self.plot.rect())
