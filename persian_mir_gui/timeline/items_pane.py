"""The items of the recording on the time axis: chosen by a click, their boundaries drawn by hand."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QSize, Qt, Signal
from PySide6.QtGui import QContextMenuEvent, QKeyEvent, QMouseEvent
from PySide6.QtWidgets import QWidget

from persian_mir.catalogue.model import Item
from persian_mir.i18n import _
from persian_mir_gui.core.timeline import Timeline
from persian_mir_gui.playback.player import Player
from persian_mir_gui.plots.item_cells import CELL_PX, ItemCells
from persian_mir_gui.plots.time_scale import GUTTER
from persian_mir_gui.timeline.pane import EDGE_PX, TimePane
from persian_mir_gui.timeline.track_items import TrackItems
from persian_mir_gui.widgets import formatting
from persian_mir_gui.widgets.item_words import item_words
from persian_mir_gui.widgets.theme_source import ThemeSource
from persian_mir_gui.widgets.time_text import time_text

Edge = tuple[Item | None, Item | None]  # the item that ends there, the one that begins


class ItemsPane(TimePane):
    """A row of cells; hidden while a recording has no items."""

    framed = False
    menu_wanted = Signal(object)  # where on the screen; the item is chosen
    form_wanted = Signal()

    def __init__(
        self,
        items: TrackItems,
        timeline: Timeline,
        player: Player,
        themes: ThemeSource,
        parent: QWidget | None = None,
    ) -> None:
        self._items = items
        self._held: Edge | None = None
        super().__init__(_("Items of the recording"), timeline, player, themes, parent=parent)
        self.cells = ItemCells(self, _("Items"))
        items.changed.connect(self._show)
        self._show()

    def sizeHint(self) -> QSize:
        return QSize(400, CELL_PX)

    def _show(self) -> None:
        self.cells.items = self._items.items
        chosen = self._items.chosen
        self.cells.chosen = chosen.id if chosen else ""
        self.setVisible(bool(self._items.items))
        self.setFixedHeight(CELL_PX)
        self.cells.refresh()

    def describe_at(self, x: float, _y: float) -> str:
        item = self._items.at(self.time_scale.position(x)) if x >= GUTTER else None
        return self.describe(item) if item else ""

    def describe(self, item: Item) -> str:
        """An item in words: what it is, its extent, its note."""
        rate = self._timeline.rate
        extent = formatting.digits(f"{time_text(item.start / rate, 3)} – {time_text(item.stop / rate, 3)}")
        return "\n".join(filter(None, (item_words(item), extent, item.note)))

    def edge_at(self, x: float) -> Edge | None:
        """The items that end and begin under a pixel; None where no boundary is."""
        near = EDGE_PX * self.time_scale.samples_per_pixel
        at = self.time_scale.position(x)
        ends = [item for item in self._items.items if abs(item.stop - at) <= near]
        begins = [item for item in self._items.items if abs(item.start - at) <= near]
        ending = ends[-1] if ends else None
        beginning = begins[0] if begins else None
        if ending is None and beginning is None:
            return None
        if ending is not None and beginning is not None and ending.stop != beginning.start:
            return (ending, None) if abs(ending.stop - at) <= abs(beginning.start - at) else (None, beginning)
        return ending, beginning

    def mousePressEvent(self, event: QMouseEvent) -> None:
        x = event.position().x()
        left = event.button() == Qt.MouseButton.LeftButton
        self._held = self.edge_at(x) if left and self.plot.contains(event.position()) else None
        if self._held is None:
            super().mousePressEvent(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._held is not None:
            sample = self._sample(event.position().x())
            self._timeline.select(*self._extent(self._held, sample), settled=False)
            return
        super().mouseMoveEvent(event)
        if self.edge_at(event.position().x()) is not None:
            self.viewport().setCursor(Qt.CursorShape.SplitHCursor)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        held, self._held = self._held, None
        if held is None:
            super().mouseReleaseEvent(event)
            return
        self._timeline.clear_selection()
        self._move(held, self._sample(event.position().x()))
        self.viewport().unsetCursor()

    def _extent(self, held: Edge, sample: int) -> tuple[int, int]:
        """What the item would be whose boundary is drawn."""
        ending, beginning = held
        if ending is not None:
            return ending.start, sample
        return (sample, beginning.stop) if beginning is not None else (sample, sample)

    def _move(self, held: Edge, sample: int) -> None:
        ending, beginning = held
        if ending is not None and beginning is not None:
            self._items.move_boundary(ending, beginning, sample)
        elif ending is not None:
            self._items.move(ending, ending.start, sample)
        elif beginning is not None:
            self._items.move(beginning, sample, beginning.stop)

    def clicked(self, where: QPointF) -> None:
        super().clicked(where)
        self._items.choose(self._items.at(self.time_scale.position(where.x())))

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        item = self._items.at(self.time_scale.position(event.position().x()))
        if item is not None:
            self._items.choose(item)
            self._timeline.select(item.start, item.stop)
            self.form_wanted.emit()

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        by_key = event.reason() == QContextMenuEvent.Reason.Keyboard
        sample = self._timeline.playhead if by_key else self.time_scale.position(event.pos().x())
        item = self._items.at(sample)
        if item is not None:
            self._items.choose(item)
            where = event.pos() if not by_key else QPointF(self.time_scale.x(sample), CELL_PX).toPoint()
            self.menu_wanted.emit(self.mapToGlobal(where))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        step = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1}.get(Qt.Key(event.key()), 0)
        items = self._items.items
        if step and items:
            places = [item.id for item in items]
            chosen = self._items.chosen
            at = places.index(chosen.id) + step if chosen else 0
            self._items.choose(items[min(max(at, 0), len(items) - 1)])
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self._items.chosen:
            self.form_wanted.emit()
        elif event.key() == Qt.Key.Key_Delete:
            self._items.delete()
        else:
            super().keyPressEvent(event)
