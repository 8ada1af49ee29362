"""The nearest gushehs over time: a weak guess, each stretch a row that leads there."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHeaderView, QWidget

from persian_mir.i18n import _
from persian_mir_gui.inspector.stretches_table import StretchesTable
from persian_mir_gui.widgets import formatting
from persian_mir_gui.widgets.table import ROW_PX, Cell

if TYPE_CHECKING:
    from persian_mir.modal.gushehs import GushehStretch

TIMES, MODE, NEAREST = range(3)  # columns
MODE_PX, NEAREST_PX = 56, 130  # of a mode, cut where it has no more, and of the gushehs beside it: at least
HIGHEST_PX = 10 * ROW_PX  # what is below is scrolled to


class GushehsTable(StretchesTable):
    """From when to when, the mode of the nearest gusheh where there is room for it, the three nearest, how probable."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(_("Nearest gushehs"), (_("From – to"), _("Mode"), _("Nearest")), parent=parent)
        self.stretches: tuple[GushehStretch, ...] = ()
        self.wrap(NEAREST)
        self.horizontalHeader().setSectionResizeMode(TIMES, QHeaderView.ResizeMode.ResizeToContents)
        self.horizontalHeader().setSectionResizeMode(MODE, QHeaderView.ResizeMode.Fixed)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)

    def show_stretches(self, stretches: tuple[GushehStretch, ...]) -> None:
        """Show these, from the first."""
        if stretches != self.stretches:
            self.stretches = stretches
            self.show_rows([_cells(one) for one in stretches])
            self._fit_mode()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit_mode()

    def _fit_mode(self) -> None:
        header = self.horizontalHeader()
        times, asked = (max(self.sizeHintForColumn(k), header.sectionSizeHint(k)) for k in (TIMES, MODE))
        room = self.viewport().width() - times - NEAREST_PX
        self.setColumnHidden(MODE, room < min(asked, MODE_PX))
        header.resizeSection(MODE, min(asked, max(room, 1)))

    def _fit_rows(self, resized: int = -1, before: int = 0, width: int = 0) -> None:
        super()._fit_rows(resized, before, width)
        self.setFixedHeight(self.sizeHint().height())

    def sizeHint(self) -> QSize:
        rows = max(self.verticalHeader().length(), ROW_PX)
        return QSize(240, self.horizontalHeader().sizeHint().height() + min(rows, HIGHEST_PX) + 2)

    def stretch(self, row: int) -> tuple[float, float]:
        return self.stretches[row].start_s, self.stretches[row].stop_s


def _cells(one: GushehStretch) -> tuple[Cell, ...]:
    times = f"\u2066{formatting.clock(one.start_s)} – {formatting.clock(one.stop_s)}\u2069"
    names = [f"{formatting.isolated(gusheh.spoken)} ({formatting.percent(share)})" for gusheh, share in one.nearest]
    nearest = Cell(_(", ").join(names) or _("no mode heard"))
    modes = [
        f"{formatting.isolated(gusheh.spoken)} · {formatting.label_name('mode', gusheh.mode)} · "
        f"{formatting.percent(share)}"
        for gusheh, share in one.nearest
    ]
    mode = Cell(formatting.label_name("mode", one.nearest[0][0].mode) if one.nearest else "")
    for cell in (mode, nearest):
        cell.setToolTip("\n".join(modes))
    return Cell(times, one.start_s), mode, nearest
