"""What part of a map is looked at, and how near."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QSize

MARGIN_PX = 16
MOST_ZOOM = 60.0

Floats = NDArray[np.float64]


class MapViewport:
    """Places of the map lie in 0..1, with y upwards; pixels count from the top left of a picture of `size`."""

    def __init__(self) -> None:
        self._middle, self._zoom = np.array([0.5, 0.5]), 1.0
        self.size = QSize()

    def reset(self) -> None:
        """Look at all of it."""
        self._middle, self._zoom = np.array([0.5, 0.5]), 1.0

    def pixels(self, places: Floats) -> Floats:
        """Where places [n, 2] are seen, [n, 2]."""
        away = (places - self._middle) * self._scale
        return np.stack([self.size.width() / 2 + away[:, 0], self.size.height() / 2 - away[:, 1]], axis=1)

    def zoom(self, factor: float, at: QPointF | None = None) -> None:
        """Show `factor` times as much detail, keeping what is at pixel `at`, else the middle, in its place."""
        at = QPointF(self.size.width() / 2, self.size.height() / 2) if at is None else at
        before = self._place(at)
        self._zoom = min(max(self._zoom * factor, 1.0), MOST_ZOOM)
        self._middle += before - self._place(at)
        self._keep_on_the_map()

    def move(self, by: QPointF) -> None:
        """Draw the map along by so many pixels."""
        self._middle -= np.array([by.x(), -by.y()]) / self._scale
        self._keep_on_the_map()

    @property
    def _scale(self) -> float:
        """Pixels a unit of the map."""
        return max(min(self.size.width(), self.size.height()) - 2 * MARGIN_PX, 20) * self._zoom

    def _place(self, pixel: QPointF) -> Floats:
        x = (pixel.x() - self.size.width() / 2) / self._scale
        y = (self.size.height() / 2 - pixel.y()) / self._scale
        return np.asarray(self._middle + np.array([x, y]), dtype=np.float64)

    def _keep_on_the_map(self) -> None:
        room = 0.5 - 0.5 / self._zoom
        self._middle = np.clip(self._middle, 0.5 - room, 0.5 + room)
