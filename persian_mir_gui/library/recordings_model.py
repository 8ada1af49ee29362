"""The session's recordings as a Qt list, and the search over them."""

from __future__ import annotations

import unicodedata
from typing import Any

from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, QPersistentModelIndex, QSortFilterProxyModel, Qt

from persian_mir.i18n import _
from persian_mir_gui.library import item_text
from persian_mir_gui.library.session import Item, Session
from persian_mir_gui.widgets import formatting

ITEM = Qt.ItemDataRole.UserRole
Index = QModelIndex | QPersistentModelIndex


class RecordingsModel(QAbstractListModel):
    """One row a recording, in the order of opening."""

    def __init__(self, session: Session, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._items: list[Item] = list(session.items)
        session.added.connect(self._add)
        session.removed.connect(self._remove)
        session.changed.connect(self._change)
        session.predicted.connect(self._change)

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 (Qt's own signature)
        return 0 if parent.isValid() else len(self._items)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid():
            return None
        item = self._items[index.row()]
        if role == ITEM:
            return item
        if role == Qt.ItemDataRole.DisplayRole:
            return item_text.title(item)
        if role == Qt.ItemDataRole.ToolTipRole:
            return f"{item.path}\n{item.error.what} {item.error.cure}" if item.error else str(item.path)
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return f"{item_text.title(item)}, {status(item)}"
        return None

    def row_of(self, item: Item | None) -> int:
        """The row of a recording, or -1."""
        return next((row for row, known in enumerate(self._items) if known is item), -1)

    def _add(self, item: Item) -> None:
        row = len(self._items)
        self.beginInsertRows(QModelIndex(), row, row)
        self._items.append(item)
        self.endInsertRows()

    def _remove(self, item: Item) -> None:
        row = self.row_of(item)
        if row >= 0:
            self.beginRemoveRows(QModelIndex(), row, row)
            del self._items[row]
            self.endRemoveRows()

    def _change(self, item: Item) -> None:
        row = self.row_of(item)
        if row >= 0:
            self.dataChanged.emit(self.index(row), self.index(row))


class Search(QSortFilterProxyModel):
    """Keeps the rows whose title or path holds every word that was typed, however its letters are written."""

    def __init__(self, source: RecordingsModel, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._wanted: list[str] = []
        self.setSourceModel(source)

    def look_for(self, text: str) -> None:
        """Show what holds every word of `text`."""
        self._wanted = folded(text).split()
        self.invalidate()

    def filterAcceptsRow(self, source_row: int, source_parent: Index) -> bool:
        item: Item = self.sourceModel().index(source_row, 0, source_parent).data(ITEM)
        text = folded(f"{item_text.title(item)} {item.path.name} {status(item)}")
        return all(word in text for word in self._wanted)


def folded(text: str) -> str:
    """Text as it is compared: without case, accents, zero-width joiners, Arabic kaf and yeh as the Persian ones."""
    plain = unicodedata.normalize("NFKD", text.casefold()).replace("ك", "ک").replace("ي", "ی")
    return "".join(c for c in plain if not unicodedata.combining(c) and c not in "\u200b\u200c\u200d")


def status(item: Item) -> str:
    """The second line of a row: its verdict, or how far it is."""
    if item.state == "failed":
        return item.error.what if item.error else _("cannot be opened")
    if item.state == "opening":
        return _("opening…")
    verdict = item_text.main_verdict(item)
    text = formatting.verdict_words(verdict) if verdict else _waiting(item)
    return _("{status} · synthesised").format(status=text) if item.synthesised else text


def _waiting(item: Item) -> str:
    waiting = {
        "queued": _("queued"),
        "running": _("labelling…"),
        "failed": _("labelling failed"),
        "cancelled": _("cancelled"),
        "done": _("no label"),
    }
    return waiting.get(item.labelling, _("not labelled"))
