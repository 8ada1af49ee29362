"""The recordings of the catalogue as a Qt table that grows page by page as it is scrolled."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from persian_mir.catalogue.catalogue import Page, Row
from persian_mir.visible import visible
from persian_mir_gui.archive.columns import columns
from persian_mir_gui.library.ledger import Ledger
from persian_mir_gui.library.question import Answer

ROW = Qt.ItemDataRole.UserRole
Index = QModelIndex | QPersistentModelIndex


class RowsModel(QAbstractTableModel):
    """Shows what the ledger answers; a view that comes to its end asks for the page that follows."""

    def __init__(self, ledger: Ledger, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._ledger = ledger
        self.columns = columns()
        self.rows: list[Row] = []
        ledger.answered.connect(self._show)
        ledger.grew.connect(self._grow)

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else len(self.rows)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else len(self.columns)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        row, column = self.rows[index.row()], self.columns[index.column()]
        if role == Qt.ItemDataRole.DisplayRole:
            return column.text(row)
        if role == ROW:
            return row
        if role == Qt.ItemDataRole.ToolTipRole:
            return visible(str(row.path))
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return _side(column.number)
        return None

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if orientation != Qt.Orientation.Horizontal:
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return self.columns[section].title
        return _side(self.columns[section].number) if role == Qt.ItemDataRole.TextAlignmentRole else None

    def canFetchMore(self, parent: Index) -> bool:
        return not parent.isValid() and not self._ledger.all_here

    def fetchMore(self, _parent: Index) -> None:
        self._ledger.more()

    def sort(self, column: int, order: Qt.SortOrder = Qt.SortOrder.AscendingOrder) -> None:
        """Have the catalogue sort; what it has no key for stays in the order it is in."""
        if column >= 0 and (sort := self.columns[column].sort) is not None:
            self._ledger.sort_by(sort, order == Qt.SortOrder.DescendingOrder)

    def _show(self, answer: Answer) -> None:
        """Take over what is answered; where the lines are those of before, only what they say, and what follows."""
        rows, old = answer.page.rows, len(self.rows)
        if old and [row.id for row in rows[:old]] == [row.id for row in self.rows]:
            self.rows[:] = rows[:old]
            self.dataChanged.emit(self.index(0, 0), self.index(old - 1, len(self.columns) - 1))
            self._add(rows[old:])
        else:
            self.beginResetModel()
            self.rows = list(rows)
            self.endResetModel()

    def _grow(self, page: Page) -> None:
        self._add(page.rows)

    def _add(self, rows: tuple[Row, ...]) -> None:
        if rows:
            first = len(self.rows)
            self.beginInsertRows(QModelIndex(), first, first + len(rows) - 1)
            self.rows += rows
            self.endInsertRows()


def _side(number: bool) -> Qt.AlignmentFlag:
    right = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignAbsolute  # digits run to the right in Persian, too
    return (right if number else Qt.AlignmentFlag.AlignLeading) | Qt.AlignmentFlag.AlignVCenter
