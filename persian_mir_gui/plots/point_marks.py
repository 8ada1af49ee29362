"""How a label looks on the map: a colour that the colour-blind can tell, and a shape."""

from __future__ import annotations

from dataclasses import dataclass

from pyqtgraph.graphicsItems.ScatterPlotItem import renderSymbol
from PySide6.QtGui import QBrush, QColor, QImage, QPen

from persian_mir_gui.widgets.theme import Theme, label_colour, mixed

# Okabe and Ito (2008), "Color Universal Design", without black; a yellow that also stands out on white.
COLOURS = ("#e69f00", "#56b4e9", "#009e73", "#0072b2", "#d55e00", "#cc79a7", "#c9b500")
SHAPES = ("o", "s", "t1", "d", "+", "x", "t", "ring")  # pyqtgraph's, and a circle that is not filled
SIZE_PX = 9


@dataclass(frozen=True, slots=True)
class Mark:
    """A colour and a shape. Up to 56 labels each have one of their own."""

    colour: QColor
    shape: str

    @property
    def symbol(self) -> str:
        """What pyqtgraph calls the shape."""
        return "o" if self.shape == "ring" else self.shape

    def pen(self, theme: Theme) -> QPen:
        """Return the pen of its edge: thick where there is nothing else."""
        ring = self.shape == "ring"
        pen = QPen(self.colour if ring else mixed(self.colour, theme.background, 0.55), 1.8 if ring else 0.8)
        pen.setCosmetic(True)  # pyqtgraph's shapes are one unit wide, and stretched
        return pen

    @property
    def brush(self) -> QBrush:
        """What it is filled with."""
        return QBrush() if self.shape == "ring" else QBrush(self.colour)

    def picture(self, theme: Theme, size: float = SIZE_PX, ratio: float = 1.0) -> QImage:
        """Return the mark alone; `ratio` is the screen's pixels to a point."""
        picture: QImage = renderSymbol(self.symbol, size, self.pen(theme), self.brush, dpr=ratio)
        return picture


def mark_of(theme: Theme, task: str, label: str, place: int) -> Mark:
    """Return the mark of a label that stands at `place` in the legend; grey where the label is not known."""
    if not label:
        return Mark(theme.lane_neutral, "ring")
    turn, column = divmod(place, len(COLOURS))
    colour = label_colour(theme, task, label) if task == "dastgah" else QColor(COLOURS[column])
    return Mark(colour, SHAPES[(column + turn) % len(SHAPES)])
