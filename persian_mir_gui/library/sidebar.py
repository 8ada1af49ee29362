"""What is open, each recording with its verdict; the search over it."""

from __future__ import annotations

from PySide6.QtCore import QItemSelectionModel, QModelIndex, QPoint, Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QLineEdit, QListView, QVBoxLayout, QWidget

from persian_mir.i18n import _
from persian_mir_gui.library.list_menu import ListMenu
from persian_mir_gui.library.recordings_delegate import RecordingsDelegate
from persian_mir_gui.library.recordings_model import ITEM, RecordingsModel
from persian_mir_gui.library.session import Item, Session
from persian_mir_gui.widgets.theme import Theme
from persian_mir_gui.widgets.theme_source import ThemeSource
from persian_mir_gui.widgets.widget_factories import heading, quiet, space_out


class Sidebar(QWidget):
    """Search and list. Moving along the list shows a recording; several can be chosen; Delete closes them."""

    def __init__(self, session: Session, themes: ThemeSource, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("sidebar")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._session = session
        self._model = RecordingsModel(session, self)
        self.search = QLineEdit(placeholderText=_("Search recordings"), clearButtonEnabled=True)
        self.search.setAcceptDrops(False)  # what is dropped on the window is opened
        self.search.setAccessibleName(_("Search recordings"))
        self.search.textChanged.connect(self._model.look_for)
        self.list = self._make_list()
        self.menu = ListMenu(session, self)
        layout = space_out(QVBoxLayout(self), margins=(10, 12, 10, 8), spacing=8)
        layout.addWidget(self.search)
        layout.addSpacing(4)
        opened = heading(_("Recordings"))
        opened.setIndent(6)
        layout.addWidget(opened)
        self.nothing = quiet(wrap=True)
        self.nothing.setIndent(6)
        self.nothing.hide()
        layout.addWidget(self.nothing)
        layout.addWidget(self.list, 1)
        themes.follow(self.set_theme)
        self._model.searched.connect(self._tell)
        session.current_changed.connect(self._follow_session)
        self._follow_session(session.current)

    def _make_list(self) -> QListView:
        listed = QListView(uniformItemSizes=True, spacing=1)
        listed.setMouseTracking(True)
        listed.setAccessibleName(_("Recordings"))
        listed.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        listed.setVerticalScrollMode(QListView.ScrollMode.ScrollPerPixel)
        self._delegate = RecordingsDelegate(listed)
        listed.setEditTriggers(QListView.EditTrigger.NoEditTriggers)
        listed.setSelectionMode(QListView.SelectionMode.ExtendedSelection)
        listed.setItemDelegate(self._delegate)
        listed.setModel(self._model)
        listed.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        listed.customContextMenuRequested.connect(self._open_menu)
        listed.selectionModel().currentChanged.connect(self._choose)
        listed.activated.connect(self._choose)
        delete = QShortcut(QKeySequence(QKeySequence.StandardKey.Delete), listed)
        delete.setContext(Qt.ShortcutContext.WidgetShortcut)
        delete.activated.connect(self._close_chosen)
        return listed

    def set_theme(self, theme: Theme) -> None:
        """Paint in other colours from now on."""
        self._delegate.theme = theme
        self.list.viewport().update()

    def _tell(self) -> None:
        """Say that nothing was found; show where in the list the current recording is, if that was lost."""
        none = self._model.searching and not self._model.rowCount()
        self.nothing.setText(_("Nothing found for “{words}”.").format(words=self.search.text().strip()) if none else "")
        self.nothing.setVisible(none)
        if not self.list.currentIndex().isValid():
            self._follow_session(self._session.current)

    def _choose(self, index: QModelIndex) -> None:
        item = index.data(ITEM)
        if item is not None and item is not self._session.current:
            self._session.select(item)

    def _follow_session(self, item: Item | None) -> None:
        index = self._model.index(self._model.row_of(item))
        if index == self.list.currentIndex() and index.isValid():
            return  # more may be chosen beside it
        if index.isValid():
            flag = QItemSelectionModel.SelectionFlag.ClearAndSelect
            self.list.selectionModel().setCurrentIndex(index, flag)
        else:
            self.list.clearSelection()

    def chosen(self) -> list[Item]:
        """The recordings that are selected in the list, from top to bottom."""
        return [index.data(ITEM) for index in sorted(self.list.selectedIndexes(), key=lambda index: index.row())]

    def _close_chosen(self) -> None:
        self._session.close(*self.chosen())

    def _open_menu(self, point: QPoint) -> None:
        if self.chosen():
            self.menu.menu_for(self.chosen()).popup(self.list.viewport().mapToGlobal(point))
