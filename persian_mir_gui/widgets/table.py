"""A plain table that reads well: rows selected whole, nothing edited, numbers sorted as numbers."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QRect, QSize, Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableWidget, QTableWidgetItem, QWidget

from persian_mir_gui.widgets.widget_factories import scaled, set_role

ROW_PX = 24
LEAST_PX, LAST_PX = 48, 60  # of a column that gives way, and of the last one, which has what is left: at least
CLOSER_PX = 10  # by which a column is narrower in a dense table, in the style sheet
PADDING_PX = 24  # of a cell, left and right, and what a style adds


class Cell(QTableWidgetItem):
    """A cell that knows what it is sorted by."""

    def __init__(self, text: str, key: float | str | None = None, number: bool = False) -> None:
        super().__init__(text)
        self.key = text if key is None else key
        right = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignAbsolute  # digits run to the right in Persian, too
        side = right if number else Qt.AlignmentFlag.AlignLeading
        self.side = side | Qt.AlignmentFlag.AlignVCenter
        self.setTextAlignment(self.side)

    def __lt__(self, other: QTableWidgetItem) -> bool:
        theirs = other.key if isinstance(other, Cell) else other.text()
        if isinstance(self.key, str) or isinstance(theirs, str):
            return str(self.key) < str(theirs)
        return self.key < theirs


class HeadingCell(Cell):
    """Alone in its row it stands over all columns, and says what the rows below it are of."""

    def __init__(self, text: str) -> None:
        super().__init__(text)
        self.setFlags(Qt.ItemFlag.ItemIsEnabled)
        self.setSizeHint(QSize(0, ROW_PX))  # it does not ask the first column for its width


class PlainTable(QTableWidget):
    """Columns named by `titles`; `hints` say more about them."""

    left_out_changed = Signal()  # other columns are hidden

    def __init__(
        self, name: str, titles: Sequence[str], hints: Sequence[str] = (), parent: QWidget | None = None
    ) -> None:
        super().__init__(0, len(titles), parent)
        self.setObjectName("plain")
        self._wrapped: tuple[int, ...] = ()  # the columns whose text may have several lines
        self._yielding: tuple[int, ...] = ()  # the columns whose text is cut where not all have room
        self._spare: tuple[int, ...] = ()  # those that are left out, the first one first, where not all have room
        self.setFont(scaled(self.font(), 0.92))
        self.set_titles(titles, hints)
        self.horizontalHeader().setFont(self.font())
        self.verticalHeader().hide()
        self.verticalHeader().setDefaultSectionSize(ROW_PX)
        self.setShowGrid(False)
        self.setFrameShape(QTableWidget.Shape.NoFrame)
        self.setWordWrap(False)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setTabKeyNavigation(False)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setAccessibleName(name)

    def set_titles(self, titles: Sequence[str], hints: Sequence[str] = ()) -> None:
        """Name the columns anew, as many as there are titles."""
        self.setColumnCount(len(titles))
        for column, text in enumerate(titles):
            title = QTableWidgetItem(text)
            title.setToolTip(hints[column] if column < len(hints) else "")
            title.setTextAlignment(Qt.AlignmentFlag.AlignLeading | Qt.AlignmentFlag.AlignVCenter)
            self.setHorizontalHeaderItem(column, title)
        header = self.horizontalHeader()
        header.setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        header.setHighlightSections(False)

    def wrap(self, *columns: int) -> None:
        """Give the rows the lines that `columns`, which share the room that is left, need from now on."""
        self._wrapped = columns
        self.setWordWrap(True)
        for column in columns:
            self.horizontalHeader().setSectionResizeMode(column, QHeaderView.ResizeMode.Stretch)
        self.horizontalHeader().sectionResized.connect(self._fit_rows)

    def give_way(self, *columns: int) -> None:
        """Have the text of these columns and of the last cut, and told by a tip, rather than others out of sight.

        Before that all columns come closer together; then the longest texts give way first.
        """
        self._yielding = columns
        for column in columns:
            self.horizontalHeader().setSectionResizeMode(column, QHeaderView.ResizeMode.Interactive)

    def leave_out(self, *columns: int) -> None:
        """Have these columns hidden, the first one first, rather than the others scrolled sideways: see `left_out`.

        Before that all columns come closer together.
        """
        self._spare = columns

    def left_out(self, row: int) -> str:
        """What stands in the columns of `row` that are hidden, each with its title."""
        each = []
        for column in range(self.columnCount()):
            title, cell = self.horizontalHeaderItem(column), self.item(row, column)
            if self.isColumnHidden(column) and title is not None and cell is not None:
                each.append(f"{title.text().replace(chr(10), ' ')}: \u2068{cell.text()}\u2069")
        return " · ".join(each)

    def _fit_columns(self) -> None:
        if not self._yielding and not self._spare:
            return
        before = [self.isColumnHidden(column) for column in self._spare]
        for column in self._spare:
            self.setColumnHidden(column, False)
        self._fit_density()
        self._fit_spare()
        self._fit_yielding()
        if before != [self.isColumnHidden(column) for column in self._spare]:
            self.left_out_changed.emit()

    def _fit_density(self) -> None:
        """Have the columns come closer together where they have no room apart."""
        dense = bool(self.property("dense"))
        apart = sum(self._wide()) + CLOSER_PX * (self.columnCount() - 1) * dense
        if (apart + self._last_px() > self.viewport().width()) != dense:
            for part in (self, self.horizontalHeader()):
                set_role(part, "dense", "" if dense else "true")
            for column in range(self.columnCount() - 1):
                self.resizeColumnToContents(column)

    def _fit_spare(self) -> None:
        last = self.columnCount() - 1
        wide = dict(enumerate((*self._wide(), self._asked_px(last))))
        for column in self._spare:
            if sum(wide.values()) <= self.viewport().width():
                break
            self.setColumnHidden(column, True)
            del wide[column]

    def _fit_yielding(self) -> None:
        header, wide, last = self.horizontalHeader(), self._wide(), self.columnCount() - 1
        asked = {column: wide[column] for column in self._yielding} | {last: max(self._last_px(), self._asked_px(last))}
        room = self.viewport().width() - sum(wide) + sum(wide[column] for column in self._yielding)
        for left, column in enumerate(sorted(asked, key=lambda one: asked[one])):
            least = max(LEAST_PX, header.sectionSizeHint(column))
            given = max(least, min(asked[column], room // (len(asked) - left)))
            room -= given
            if column != last:  # which has what is left
                header.resizeSection(column, given)

    def _last_px(self) -> int:
        """What the last column has at least, so that nothing is scrolled sideways: its title stays whole."""
        return max(LAST_PX, self.horizontalHeader().sectionSizeHint(self.columnCount() - 1))

    def _wide(self) -> list[int]:
        """What each column but the last asks for."""
        return [self._asked_px(column) for column in range(self.columnCount() - 1)]

    def _asked_px(self, column: int) -> int:
        return max(self.sizeHintForColumn(column), self.horizontalHeader().sectionSizeHint(column))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit_columns()
        self._fit_last()

    def _fit_last(self) -> None:
        """Qt has the last column keep the width of a larger window, and empty room is scrolled through."""
        header = self.horizontalHeader()
        last = max(column for column in range(self.columnCount()) if not self.isColumnHidden(column))
        if header.stretchLastSection() and not self._yielding:
            least = self._asked_px(last)
            header.resizeSection(last, max(least, self.viewport().width() - header.sectionPosition(last)))

    def _fit_rows(self, resized: int = -1, _before: int = 0, width: int = 0) -> None:
        """Qt's own measure forgets the padding of a cell: what was just longer than its line was cut.

        `resized` has a new `width`; while that is told, the column still gives its old one.
        """
        if self._wrapped:
            for row in range(self.rowCount()):
                high = max(
                    self._lines_px(row, column, width if column == resized else self.columnWidth(column))
                    for column in self._wrapped
                )
                self.setRowHeight(row, max(ROW_PX, high + ROW_PX // 3))

    def _lines_px(self, row: int, column: int, width: int) -> int:
        room = QRect(0, 0, width - PADDING_PX, 0)
        text = str(self.model().index(row, column).data() or "")
        return self.fontMetrics().boundingRect(room, Qt.TextFlag.TextWordWrap, text).height()

    def show_rows(self, rows: Sequence[Sequence[Cell]]) -> None:
        """Show these rows in place of the others."""
        sorting = self.isSortingEnabled()
        self.setSortingEnabled(False)
        self.clearContents()
        self.clearSpans()
        self.setRowCount(len(rows))
        for place, cells in enumerate(rows):
            if len(cells) == 1 and isinstance(cells[0], HeadingCell):
                cells[0].setFont(scaled(self.font(), 1.0, bold=True))
                self.setSpan(place, 0, 1, self.columnCount())
            for column, cell in enumerate(cells):
                self.setItem(place, column, cell)
                if column in (*self._yielding, len(cells) - 1):
                    cell.setToolTip(cell.toolTip() or cell.text())
                title = self.horizontalHeaderItem(column)
                if title is not None and not isinstance(cell, HeadingCell):
                    title.setTextAlignment(cell.side)
        self.setSortingEnabled(sorting)
        self._fit_columns()
        self._fit_rows()
