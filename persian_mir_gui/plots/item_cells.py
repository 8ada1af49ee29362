"""The items of a recording as a row of cells: their modes, or what kind of thing they are."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen

from persian_mir.catalogue.model import Item
from persian_mir_gui.plots.base import Plot
from persian_mir_gui.plots.layer import Layer
from persian_mir_gui.plots.time_scale import GUTTER
from persian_mir_gui.widgets.item_words import item_words
from persian_mir_gui.widgets.theme import Theme, label_colour, mixed, text_on
from persian_mir_gui.widgets.widget_factories import scaled

CELL_PX = 32
LEAST_PX, PAD_PX, RADIUS_PX = 9.0, 7, 3
STRENGTH = 0.8  # opacity of a mode's colour
_RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignAbsolute


class ItemCells(Layer):
    """`items` by time, `chosen` among them framed; `name` stands on their left."""

    def __init__(self, plot: Plot, name: str) -> None:
        super().__init__(plot)
        self.items: Sequence[Item] = ()
        self.chosen = ""
        self._name = name

    def cell(self, item: Item) -> QRectF:
        """Where an item lies."""
        left, right = self.scale.x(item.start), self.scale.x(item.stop)
        return QRectF(left + 0.5, self.area.top() + 1, max(right - left - 1.0, 1.0), CELL_PX - 2)

    def draw(self, painter: QPainter, _exposed: QRectF) -> None:
        theme, area = self.plot.theme, self.area
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setFont(self.plot.font())
        painter.setPen(theme.text_dim)
        painter.drawText(QRectF(4, area.top(), GUTTER - 14, CELL_PX), _RIGHT, self._name)
        painter.setClipRect(area)
        for item in self.items:
            cell = self.cell(item)
            if cell.right() >= area.left() and cell.left() <= area.right():
                self._draw_cell(painter, item, cell)

    def _draw_cell(self, painter: QPainter, item: Item, cell: QRectF) -> None:
        theme = self.plot.theme
        ground = ground_of(theme, item)
        painter.setBrush(ground)
        chosen = item.id == self.chosen
        painter.setPen(QPen(theme.accent, 2) if chosen else QPen(theme.border, 1))
        painter.drawRoundedRect(cell, RADIUS_PX, RADIUS_PX)
        seen = cell & self.area
        room = seen.adjusted(PAD_PX, 0, -PAD_PX, 0)
        if room.width() < LEAST_PX:
            return
        painter.setFont(scaled(self.plot.small_font(), 1.0, bold=True))
        painter.setPen(text_on(ground))
        words = painter.fontMetrics().elidedText(item_words(item), Qt.TextElideMode.ElideRight, round(room.width()))
        painter.drawText(room, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, words)


def ground_of(theme: Theme, item: Item) -> QColor:
    """The colour of the first mode, weaker than a sure label's; the panel's where there is none."""
    if not item.modes:
        return theme.raised
    return mixed(label_colour(theme, "mode", item.modes[0]), theme.panel, STRENGTH)
