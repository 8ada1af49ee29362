"""All points of a map in one picture: 5,000 take some milliseconds, once a change of view."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QSize, Qt
from PySide6.QtGui import QPainter, QPixmap

from persian_mir_gui.training.map.marks import SIZE_PX, mark_of, stamp
from persian_mir_gui.training.state.embedding_points import PointMap
from persian_mir_gui.widgets.theme import Theme


@dataclass(frozen=True, slots=True)
class Looks:
    """What the points of each label look like, coloured by one task. `ratio` is the screen's pixels to a point."""

    task: str
    stamps: Mapping[str, QPixmap]
    ratio: float


def looks_of(points: PointMap, task: str, theme: Theme, ratio: float) -> Looks:
    """The looks of the labels of a task that the map knows, and of points without a label."""
    marks = {label: mark_of(theme, task, label, place) for place, label in enumerate(points.known(task))}
    marks[""] = mark_of(theme, task, "", 0)
    return Looks(task, {label: stamp(mark, theme, ratio=ratio) for label, mark in marks.items()}, ratio)


def paint_points(
    points: PointMap, looks: Looks, pixels: NDArray[np.float64], shown: NDArray[np.bool_], size: QSize
) -> QPixmap:
    """The points that are `shown` [n], each at its `pixels` [n, 2], on a transparent ground."""
    picture = QPixmap(round(size.width() * looks.ratio), round(size.height() * looks.ratio))
    picture.setDevicePixelRatio(looks.ratio)
    picture.fill(Qt.GlobalColor.transparent)
    half = (SIZE_PX + 4) / 2
    inside = ((pixels > -half) & (pixels < np.array([size.width(), size.height()]) + half)).all(axis=1)
    drawn = np.flatnonzero(shown & inside)
    names = points.labels[looks.task]
    owners, corners = points.owners[drawn].tolist(), (pixels[drawn] - half).tolist()
    painter = QPainter(picture)
    for owner, (x, y) in zip(owners, corners, strict=True):
        painter.drawPixmap(QPointF(x, y), looks.stamps[names[owner]])
    painter.end()
    return picture
