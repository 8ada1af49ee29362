"""A list of excerpts to listen to: one press plays exactly that stretch."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt, Signal
from PySide6.QtGui import QHideEvent, QIcon, QKeyEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHBoxLayout,
    QHeaderView,
    QPushButton,
    QTableView,
    QVBoxLayout,
    QWidget,
)

from persian_mir.i18n import _
from persian_mir_gui.core.messages import Message
from persian_mir_gui.playback.excerpts import Excerpt, Excerpts
from persian_mir_gui.training.state.result_services import ResultServices
from persian_mir_gui.widgets import formatting
from persian_mir_gui.widgets.icons import icon
from persian_mir_gui.widgets.theme import Theme
from persian_mir_gui.widgets.theme_source import ThemeSource
from persian_mir_gui.widgets.time_text import time_text
from persian_mir_gui.widgets.widget_factories import quiet, scaled, select_rows, space_out

Index = QModelIndex | QPersistentModelIndex
ROW_PX = 24
PLAY_KEYS = (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space)


@dataclass(frozen=True, slots=True)
class ExcerptRow:
    """An excerpt and what is said of it, a text a column; file and time come first by themselves."""

    excerpt: Excerpt
    cells: tuple[str, ...]


class ExcerptModel(QAbstractTableModel):
    """The rows, and which of them is heard."""

    def __init__(self, titles: Sequence[str], parent: QWidget) -> None:
        super().__init__(parent)
        self._titles = (_("File"), _("Time"), *titles)
        self.rows: tuple[ExcerptRow, ...] = ()
        self.playing: Excerpt | None = None
        self.mark = QIcon()

    def set_rows(self, rows: Sequence[ExcerptRow]) -> None:
        """Show these."""
        self.beginResetModel()
        self.rows = tuple(rows)
        self.endResetModel()

    def set_playing(self, excerpt: Excerpt | None) -> None:
        """Mark what is heard."""
        self.playing = excerpt
        if self.rows:
            self.dataChanged.emit(self.index(0, 0), self.index(len(self.rows) - 1, 0))

    def place(self, excerpt: Excerpt | None) -> int | None:
        """The row of an excerpt."""
        return next((k for k, row in enumerate(self.rows) if row.excerpt is excerpt), None)

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - as Qt declares it
        return 0 if parent.isValid() else len(self.rows)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else len(self._titles)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if orientation == Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole:
            return self._titles[section]
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return Qt.AlignmentFlag.AlignLeading | Qt.AlignmentFlag.AlignVCenter
        return None

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        row = self.rows[index.row()]
        if role == Qt.ItemDataRole.DisplayRole:
            return (f"\u2066{row.excerpt.path.name}\u2069", span_words(row.excerpt), *row.cells)[index.column()]
        if role == Qt.ItemDataRole.ToolTipRole and index.column() == 0:
            return str(row.excerpt.path)
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return Qt.AlignmentFlag.AlignLeading | Qt.AlignmentFlag.AlignVCenter
        if role == Qt.ItemDataRole.DecorationRole and index.column() == 0 and row.excerpt is self.playing:
            return self.mark
        return None


class _Table(QTableView):
    """Enter and Space play, as a press does."""

    wanted = Signal(int)  # row

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in PLAY_KEYS and self.currentIndex().isValid():
            self.wanted.emit(self.currentIndex().row())
        else:
            super().keyPressEvent(event)


class ExcerptList(QWidget):
    """The table with its buttons: play, before, next, all of them one after another, show in the main window."""

    def __init__(
        self,
        excerpts: Excerpts,
        study: ResultServices,
        themes: ThemeSource,
        titles: Sequence[str],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._excerpts, self._showing = excerpts, study.showing
        self.model = ExcerptModel(titles, self)
        self.table = _Table()
        self.title, self.trouble = quiet(wrap=True, factor=1.0), quiet(role="warning", wrap=True, factor=1.0)
        self.play, self.all = QPushButton(_("Play")), QPushButton(_("Play all"))
        self.before, self.after = QPushButton(_("Previous")), QPushButton(_("Next"))
        self.show_there = QPushButton(_("Show in the main window"))
        self._lay_out()
        self._connect()
        themes.follow(self.set_theme)
        self.show_rows((), "")

    def _lay_out(self) -> None:
        table = self.table
        table.setModel(self.model)
        table.setFont(scaled(self.font(), 0.92))
        table.setShowGrid(False)
        table.setFrameShape(QTableView.Shape.NoFrame)
        table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        table.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        table.setTabKeyNavigation(False)
        table.setAccessibleName(_("Excerpts"))
        table.verticalHeader().hide()
        table.verticalHeader().setDefaultSectionSize(ROW_PX)
        header = table.horizontalHeader()
        header.setHighlightSections(False)
        header.setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        header.setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        header.setResizeContentsPrecision(50)
        buttons = space_out(QHBoxLayout(), spacing=6)
        buttons.addWidget(self.title, 1)
        for button in (self.play, self.before, self.after, self.all, self.show_there):
            button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
            buttons.addWidget(button)
        layout = space_out(QVBoxLayout(self), margins=(0, 8, 0, 0), spacing=6)
        layout.addLayout(buttons)
        layout.addWidget(self.trouble)
        layout.addWidget(table, 1)

    def _connect(self) -> None:
        self.table.clicked.connect(self._pressed)
        self.table.wanted.connect(self.play_row)
        self.table.selectionModel().currentRowChanged.connect(self._offer)
        self.model.modelReset.connect(self._offer)
        self.play.clicked.connect(self._play_current)
        self.before.clicked.connect(lambda: self._step(-1))
        self.after.clicked.connect(lambda: self._step(1))
        self.all.clicked.connect(self._play_all)
        self.show_there.clicked.connect(self._show_current)
        self._excerpts.changed.connect(self._mark)
        self._excerpts.failed.connect(self._say)

    def set_theme(self, theme: Theme) -> None:
        """Paint in other colours from now on."""
        self.model.mark = icon("play", theme.accent)

    def show_rows(self, rows: Sequence[ExcerptRow], title: str) -> None:
        """Show these excerpts under a title."""
        self.trouble.hide()
        self.title.setText(title)
        self.model.set_rows(rows)
        self._mark()

    @property
    def heard(self) -> int | None:
        """The row that is playing."""
        return self.model.place(self._excerpts.playing)

    def play_row(self, row: int) -> None:
        """Play the stretch of a row; the one that is playing falls silent."""
        self.trouble.hide()
        if row == self.heard:
            self._excerpts.stop()
        else:
            select_rows(self.table, [row])
            self._excerpts.play([self.model.rows[row].excerpt])

    def hideEvent(self, event: QHideEvent) -> None:
        """Another page, or the window closed: silence."""
        super().hideEvent(event)
        if self.heard is not None:
            self._excerpts.stop()

    def _pressed(self, index: QModelIndex) -> None:
        self.play_row(index.row())

    def _play_current(self) -> None:
        if self.heard is not None:
            self._excerpts.stop()
        elif self.model.rows:
            self.play_row(max(self.table.currentIndex().row(), 0))

    def _step(self, by: int) -> None:
        row = self.table.currentIndex().row() + by
        if 0 <= row < len(self.model.rows):
            select_rows(self.table, [row])
            self.play_row(row)

    def _play_all(self) -> None:
        self.trouble.hide()
        self._excerpts.play([row.excerpt for row in self.model.rows])

    def _show_current(self) -> None:
        row = self.table.currentIndex().row()
        if row >= 0:
            self._excerpts.stop()
            self._showing.show(self.model.rows[row].excerpt)

    def _mark(self) -> None:
        heard = self.heard
        self.model.set_playing(self._excerpts.playing)
        if heard is not None and heard != self.table.currentIndex().row():
            select_rows(self.table, [heard])
        self._offer()

    def _offer(self, *_news: object) -> None:
        row, count = self.table.currentIndex().row(), len(self.model.rows)
        self.play.setText(_("Stop") if self.heard is not None else _("Play"))
        self.play.setEnabled(count > 0)
        self.all.setEnabled(count > 0)
        self.before.setEnabled(row > 0)
        self.after.setEnabled(-1 <= row < count - 1)
        self.show_there.setEnabled(row >= 0)

    def _say(self, message: Message) -> None:
        if self.isVisible():
            where = f"\u2066{message.path.name}\u2069:" if message.path is not None else ""
            self.trouble.setText(" ".join(filter(None, (where, message.what, message.cure))))
            self.trouble.show()


def span_words(excerpt: Excerpt) -> str:
    """`01:05.0–01:10.0`, from left to right in both languages."""
    times = (formatting.digits(time_text(at, 1)) for at in (excerpt.start_s, excerpt.stop_s))
    return "\u2066" + "–".join(times) + "\u2069"
