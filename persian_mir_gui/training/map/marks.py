"""How a label looks on the map: a colour that the colour-blind can tell, and a shape."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPen, QPixmap, QPolygonF

from persian_mir_gui.widgets.theme import Theme, label_colour, mixed

# Okabe and Ito (2008), "Color Universal Design", without black; a yellow that also stands out on white.
COLOURS = ("#e69f00", "#56b4e9", "#009e73", "#0072b2", "#d55e00", "#cc79a7", "#c9b500")
SHAPES = ("circle", "square", "triangle", "diamond", "cross", "saltire", "down", "ring")
SIZE_PX = 9


@dataclass(frozen=True, slots=True)
class Mark:
    """A colour and a shape. Up to 56 labels each have one of their own."""

    colour: QColor
    shape: str


def mark_of(theme: Theme, task: str, label: str, place: int) -> Mark:
    """The mark of a label that stands at `place` in the legend; grey where the label is not known."""
    if not label:
        return Mark(theme.lane_neutral, "ring")
    turn, column = divmod(place, len(COLOURS))
    colour = label_colour(theme, task, label) if task == "dastgah" else QColor(COLOURS[column])
    return Mark(colour, SHAPES[(column + turn) % len(SHAPES)])


def stamp(mark: Mark, theme: Theme, size: float = SIZE_PX, ratio: float = 1.0) -> QPixmap:
    """The mark as a picture with room around it; `ratio` is the screen's pixels to a point."""
    whole = round((size + 4) * ratio)
    picture = QPixmap(whole, whole)
    picture.setDevicePixelRatio(ratio)
    picture.fill(Qt.GlobalColor.transparent)
    painter = QPainter(picture)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    middle = (size + 4) / 2
    if mark.shape == "ring":
        painter.setPen(QPen(mark.colour, 1.8))
        painter.drawEllipse(QPointF(middle, middle), size / 2 - 1.2, size / 2 - 1.2)
    else:
        painter.setPen(QPen(mixed(mark.colour, theme.background, 0.55), 0.8))
        painter.setBrush(mark.colour)
        painter.drawPath(_path(mark.shape, middle, size / 2))
    painter.end()
    return picture


def _path(shape: str, middle: float, half: float) -> QPainterPath:
    path = QPainterPath()
    if shape == "circle":
        path.addEllipse(QPointF(middle, middle), half * 0.88, half * 0.88)
    elif shape == "square":
        path.addRect(QRectF(middle - half * 0.8, middle - half * 0.8, half * 1.6, half * 1.6))
    else:
        outline = [QPointF(middle + x * half, middle + y * half) for x, y in OUTLINES[shape]]
        path.addPolygon(QPolygonF(outline))
        path.closeSubpath()
    return path


_ARM = 0.32
_PLUS = (
    *((-_ARM, -1), (_ARM, -1), (_ARM, -_ARM), (1, -_ARM), (1, _ARM), (_ARM, _ARM)),
    *((_ARM, 1), (-_ARM, 1), (-_ARM, _ARM), (-1, _ARM), (-1, -_ARM), (-_ARM, -_ARM)),
)
OUTLINES = {
    "triangle": ((0, -1), (0.95, 0.8), (-0.95, 0.8)),
    "down": ((0, 1), (0.95, -0.8), (-0.95, -0.8)),
    "diamond": ((0, -1.1), (0.9, 0), (0, 1.1), (-0.9, 0)),
    "cross": _PLUS,
    "saltire": tuple(((x - y) * 0.75, (x + y) * 0.75) for x, y in _PLUS),
}
