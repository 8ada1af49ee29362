"""Table of the data's hours by instrument and Dastgah."""

from __future__ import annotations

from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHeaderView, QWidget

from persian_mir.i18n import _
from persian_mir.labels import label_ids
from persian_mir_gui.training.data.wording import LITTLE_H, hours_in_all
from persian_mir_gui.training.state.dataset_selection import CheckResult
from persian_mir_gui.training.wording import number
from persian_mir_gui.widgets import formatting
from persian_mir_gui.widgets.table import Cell, PlainTable

UNKNOWN = "?"  # recordings without the label
LEAST_PX = 190


class HoursTable(PlainTable):
    """Instruments down, Dastgahs across, both with their sums; minutes where there is less than an hour in all."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(_("Hours by instrument and Dastgah"), ("",), parent=parent)
        self.setSelectionMode(self.SelectionMode.NoSelection)

    def show_result(self, result: CheckResult) -> None:
        """Show what the check found; the accessible name says what the figures are."""
        across = [d for d in (*label_ids("dastgah"), UNKNOWN) if any(d in cells for cells in result.hours.values())]
        down = [i for i in (*label_ids("instrument"), UNKNOWN) if i in result.hours]
        down += [i for i in result.hours if i not in down]
        little = hours_in_all(result) < LITTLE_H
        times, places = (60, 1) if little else (1, 2)

        def row(name: str, hours: list[float]) -> tuple[Cell, ...]:
            return (Cell(name), *(Cell(number(times * one, places), one, True) for one in (*hours, sum(hours))))

        rows = [
            row(_name("instrument", instrument), [result.hours[instrument].get(dastgah, 0.0) for dastgah in across])
            for instrument in down
        ]
        sums = [sum(cells.get(dastgah, 0.0) for cells in result.hours.values()) for dastgah in across]
        self.set_titles(("", *(_name("dastgah", dastgah) for dastgah in across), _("Sum")))
        self.setAccessibleName(
            _("Minutes by instrument and Dastgah") if little else _("Hours by instrument and Dastgah")
        )
        self.show_rows([*rows, row(_("Sum"), sums)])
        height = self.verticalHeader().length() + self.horizontalHeader().sizeHint().height() + 4
        self.setMinimumHeight(min(height, LEAST_PX))
        self._spread()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._spread()

    def _spread(self) -> None:
        """Use the whole width where every title has room in its share of it."""
        header, columns = self.horizontalHeader(), range(1, self.columnCount())
        room = self.viewport().width() - self.sizeHintForColumn(0)
        wide = all(header.sectionSizeHint(column) * len(columns) <= room for column in columns)
        mode = QHeaderView.ResizeMode.Stretch if wide else QHeaderView.ResizeMode.ResizeToContents
        for column in columns:
            header.setSectionResizeMode(column, mode)


def _name(task: str, label: str) -> str:
    return formatting.label_name(task, label) if label != UNKNOWN else _("no label")
