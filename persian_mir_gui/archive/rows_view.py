"""The table of the catalogue's recordings: columns to choose, sorting, several chosen at once."""

from __future__ import annotations

from PySide6.QtCore import QItemSelectionModel, QModelIndex, QPoint, Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QLabel, QMenu, QTableView, QVBoxLayout, QWidget

from persian_mir.catalogue.catalogue import Row
from persian_mir.i18n import _
from persian_mir_gui.archive.rows_model import RowsModel
from persian_mir_gui.core.settings import Settings
from persian_mir_gui.library.ledger import Ledger
from persian_mir_gui.widgets.table import ROW_PX
from persian_mir_gui.widgets.widget_factories import quiet, scaled, space_out

WIDTHS = {
    "title": 250,
    "folder": 180,
    "tag_artist": 140,
    "confidence": 64,
    "duration": 64,
    "status": 110,
} | dict.fromkeys(("date", "differs"), 88)
WIDTH = 108  # px of the other columns
NARROWEST_PX = 24
GROWING = {"title": (0.75, 520), "tag_artist": (0.25, 260)}  # the share of the room to spare, and px at most
FOLDING = ("folder", "differs", "tag_artist", "date", "status", "duration", "confidence")  # the first to give way


class RowsView(QWidget):
    """A table, or a sentence where there is nothing to show."""

    chosen_changed = Signal(object)  # a tuple of Rows
    opened = Signal(object)  # the same
    menu_wanted = Signal(object)  # where on the screen

    def __init__(self, ledger: Ledger, settings: Settings, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._ledger, self._settings = ledger, settings
        self.model = RowsModel(ledger, self)
        self.table = self._make_table()
        self.nothing: QLabel = quiet(wrap=True)
        self.nothing.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.nothing.hide()
        layout = space_out(QVBoxLayout(self), spacing=0)
        layout.addWidget(self.nothing, 1)
        layout.addWidget(self.table, 1)
        self._kept: set[str] = set()
        self._folded, self._pinned = set[int](), set[int]()
        self._grown: dict[int, int] = {}  # the columns as wide as there was room for, not as somebody drew them
        self._asked, self._top = ledger.question, 0
        self.model.modelAboutToBeReset.connect(self._keep_chosen)
        self.model.modelReset.connect(self._choose_kept)
        self.model.dataChanged.connect(lambda: self.chosen_changed.emit(self.chosen()))

    def _make_table(self) -> QTableView:
        table = QTableView()
        table.setObjectName("plain")
        table.setModel(self.model)
        table.setFont(scaled(table.font(), 0.95))
        table.setAccessibleName(_("Recordings of the catalogue"))
        table.setShowGrid(False)
        table.setWordWrap(False)
        table.setFrameShape(QTableView.Shape.NoFrame)
        table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        table.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        table.setTabKeyNavigation(False)
        table.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        table.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        table.verticalHeader().hide()
        table.verticalHeader().setDefaultSectionSize(ROW_PX)
        table.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)  # else it measures every row
        self._prepare_header(table)
        table.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        table.customContextMenuRequested.connect(self._ask_for_menu)
        table.activated.connect(lambda _index: self.opened.emit(self.chosen()))
        table.selectionModel().selectionChanged.connect(lambda _new, _old: self.chosen_changed.emit(self.chosen()))
        return table

    def _prepare_header(self, table: QTableView) -> None:
        header = table.horizontalHeader()
        header.setHighlightSections(False)
        header.setSectionsMovable(True)
        header.setStretchLastSection(True)
        for place, column in enumerate(self.model.columns):
            header.resizeSection(place, self._usual_px(place))
            header.setSectionHidden(place, not column.shown)
        self._restore_columns(header)
        header.setSortIndicator(self._place("folder"), Qt.SortOrder.AscendingOrder)
        header.setSortIndicatorShown(True)
        header.setSectionsClickable(True)
        header.sortIndicatorChanged.connect(self._sort)
        header.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        header.customContextMenuRequested.connect(lambda at: self.columns_menu().popup(header.mapToGlobal(at)))

    def _place(self, column: str) -> int:
        return next(place for place, one in enumerate(self.model.columns) if one.id == column)

    def _sort(self, place: int, order: Qt.SortOrder) -> None:
        self.model.sort(place, order)

    def _restore_columns(self, header: QHeaderView) -> None:
        """Show the columns that were shown before; what a newer program has beside them stays hidden."""
        ids = [column.id for column in self.model.columns]
        told = [entry.partition(" ")[::2] for entry in self._settings.get("catalogue_columns")]
        kept = [(ids.index(id_), int(px)) for id_, px in told if id_ in ids and px.isdecimal()]
        if ids.index("title") not in [place for place, _px in kept]:
            return
        for place in range(len(ids)):
            header.setSectionHidden(place, True)
        for at, (place, px) in enumerate(kept):
            header.setSectionHidden(place, False)
            header.resizeSection(place, max(px, NARROWEST_PX))
            header.moveSection(header.visualIndex(place), at)

    def keep_columns(self) -> None:
        """Remember which columns are shown, in which order, how wide."""
        header = self.table.horizontalHeader()
        places = [header.logicalIndex(at) for at in range(header.count())]
        shown = [place for place in places if not header.isSectionHidden(place) or place in self._folded]
        told = [f"{self.model.columns[place].id} {self._drawn_px(place) or self._usual_px(place)}" for place in shown]
        self._settings.set("catalogue_columns", told)

    def columns_menu(self) -> QMenu:
        """Which columns are shown."""
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        header = self.table.horizontalHeader()
        for place, column in enumerate(self.model.columns):
            action = menu.addAction(column.title)
            action.setCheckable(True)
            action.setChecked(not header.isSectionHidden(place))
            action.setEnabled(column.id != "title")
            action.toggled.connect(lambda shown, place=place: self._show_column(place, shown))
        return menu

    def _show_column(self, place: int, shown: bool) -> None:
        """Show a column, which then gives way to none, or hide it."""
        self._folded.discard(place)
        (self._pinned.add if shown else self._pinned.discard)(place)
        self.table.horizontalHeader().setSectionHidden(place, not shown)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        header = self.table.horizontalHeader()
        for place in self._folded:
            header.setSectionHidden(place, False)
        self._folded.clear()
        shown = [place for place in range(header.count()) if not header.isSectionHidden(place)]
        wide = {
            place: min(header.sectionSize(place), self._usual_px(place)) for place in shown
        }  # the last is stretched
        over = sum(wide.values()) + self.table.verticalScrollBar().sizeHint().width() - self.table.width()
        for place in map(self._place, FOLDING):
            if over > 0 and place in shown and place not in self._pinned:
                over -= wide[place]
                self._folded.add(place)
                header.setSectionHidden(place, True)
        self._share(max(0, -over))

    def _share(self, spare: int) -> None:
        """Have what is cut most often use the room that no column asks for."""
        header = self.table.horizontalHeader()
        for id_, (part, most) in GROWING.items():
            place = self._place(id_)
            if not header.isSectionHidden(place) and self._drawn_px(place) == self._usual_px(place):
                self._grown[place] = min(most, self._usual_px(place) + round(part * spare))
                header.resizeSection(place, self._grown[place])

    def _drawn_px(self, place: int) -> int:
        """How wide a column is by itself or by hand, whatever room there is beside it."""
        px = self.table.horizontalHeader().sectionSize(place)
        return self._usual_px(place) if px == self._grown.get(place) else px

    def _usual_px(self, place: int) -> int:
        return WIDTHS.get(self.model.columns[place].id, WIDTH)

    def chosen(self) -> tuple[Row, ...]:
        """The recordings that are selected, from top to bottom."""
        places = sorted(index.row() for index in self.table.selectionModel().selectedRows())
        return tuple(self.model.rows[place] for place in places)

    def tell(self, text: str) -> None:
        """Say this in place of the table; empty: show the table."""
        self.nothing.setText(text)
        self.nothing.setVisible(bool(text))
        self.table.setVisible(not text)

    def _keep_chosen(self) -> None:
        self._kept = {row.content_hash for row in self.chosen()}
        self._top = self.table.verticalScrollBar().value()

    def _choose_kept(self) -> None:
        """Choose again what was chosen before the same question was asked once more."""
        flags = QItemSelectionModel.SelectionFlag.Select | QItemSelectionModel.SelectionFlag.Rows
        first = QModelIndex()
        for place, row in enumerate(self.model.rows):
            if row.content_hash in self._kept:
                index = self.model.index(place, 0)
                first = first if first.isValid() else index
                self.table.selectionModel().select(index, flags)
        if first.isValid():
            self.table.selectionModel().setCurrentIndex(first, QItemSelectionModel.SelectionFlag.NoUpdate)
        if self._asked == self._ledger.question:
            self.table.verticalScrollBar().setValue(self._top)
        self._asked = self._ledger.question
        self.chosen_changed.emit(self.chosen())

    def _ask_for_menu(self, at: QPoint) -> None:
        if self.chosen():
            self.menu_wanted.emit(self.table.viewport().mapToGlobal(at))
