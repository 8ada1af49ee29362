"""The session's recordings as a Qt list, and the search over them."""

from __future__ import annotations

import time
from bisect import bisect
from collections import deque
from typing import Any

from PySide6.QtCore import QModelIndex, QObject, QPersistentModelIndex, QStringListModel, Qt, QTimer, Signal

from persian_mir.i18n import _
from persian_mir.labels import describe
from persian_mir.names import search_key
from persian_mir_gui.library import item_text
from persian_mir_gui.library.namesakes import Namesakes
from persian_mir_gui.library.session import Item, Session
from persian_mir_gui.widgets import formatting

ITEM = Qt.ItemDataRole.UserRole
STATUS = Qt.ItemDataRole.UserRole + 1  # the second line of a row
SLICE_S = 0.01  # of adding rows in one turn of the event loop; the window answers between them
Index = QModelIndex | QPersistentModelIndex


class RecordingsModel(QStringListModel):
    """One row a recording, in the order of opening, of those that hold every word searched for.

    The rows are counted by Qt: a view that lays out 20,000 of them asks at every one, and Python would take long.
    """

    searched = Signal()  # every recording was looked at

    def __init__(self, session: Session, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._wanted: list[str] = []
        self._items: list[Item] = []
        self._rows: dict[int, int] = {}  # by the item's key
        self._namesakes = Namesakes(session, self)
        self._namesakes.changed.connect(self._repaint)
        self._texts: dict[int, str] = {}  # what is searched, as far as it was asked for
        self._waiting = deque(session.items)  # to be looked at
        self._timer = QTimer(self, singleShot=True, interval=0)
        self._timer.timeout.connect(self._take)
        session.added.connect(self._add)
        session.removed.connect(self._remove)
        session.changed.connect(self._change)
        session.predicted.connect(self._change)
        self._take()

    @property
    def searching(self) -> bool:
        """Whether only some of the recordings are wanted."""
        return bool(self._wanted)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid() or index.row() >= len(self._items):
            return None
        item = self._items[index.row()]
        if role == ITEM:
            return item
        if role == STATUS:
            return self._status(item)
        if role == Qt.ItemDataRole.DisplayRole:
            return item_text.title(item)
        if role == Qt.ItemDataRole.ToolTipRole:
            told = f"{item.error.what} {item.error.cure}" if item.error else item_text.reviewed_words(item)
            return "\n".join(filter(None, (str(item.path), told, *item.problems)))
        if role == Qt.ItemDataRole.AccessibleTextRole:
            parts = item_text.title(item), self._status(item), item_text.reviewed_words(item), *item.problems
            return ", ".join(filter(None, parts))
        return None

    def _status(self, item: Item) -> str:
        """How it stands with a recording; and which file it is, where another one has the same title."""
        return status(item, formatting.isolated(item_text.file_words(item)) if self._namesakes.has(item) else "")

    def row_of(self, item: Item | None) -> int:
        """The row of a recording, or -1."""
        return -1 if item is None else self._rows.get(item.key, -1)

    def look_for(self, text: str) -> None:
        """Show what holds every word of `text`, in whatever script and however its letters are written."""
        wanted = [key for word in text.split() if (key := search_key(word))]
        if wanted != self._wanted:
            self._wanted = wanted
            self._begin()

    def _begin(self) -> None:
        self._items, self._rows = [], {}
        self._waiting = deque(self._session.items)
        self.setStringList([])
        self._take()

    def _add(self, items: tuple[Item, ...]) -> None:
        self._waiting.extend(items)
        self._take()

    def _take(self) -> None:
        """Look at those that wait, for a moment, and show which of them are wanted."""
        deadline = time.monotonic() + SLICE_S
        shown: list[Item] = []
        while self._waiting and time.monotonic() < deadline:
            item = self._waiting.popleft()
            if not item.closed and self._holds(item):
                shown.append(item)
        first = len(self._items)
        if shown:
            self._items += shown
            self._rows |= {item.key: row for row, item in enumerate(shown, first)}
            self.insertRows(first, len(shown))
        if self._waiting:
            self._timer.start()
        else:
            self.searched.emit()

    def _holds(self, item: Item) -> bool:
        if not self._wanted:
            return True
        if item.key not in self._texts:
            self._texts[item.key] = searched_text(item)
        text = self._texts[item.key]
        return all(word in text for word in self._wanted)

    def _remove(self, items: tuple[Item, ...]) -> None:
        for item in items:
            self._texts.pop(item.key, None)
        rows = sorted(row for item in items if (row := self.row_of(item)) >= 0)
        if len(rows) > 1:
            self._begin()
        elif rows:
            del self._items[rows[0]]
            self._number()
            self.removeRows(rows[0], 1)

    def _number(self) -> None:
        self._rows = {item.key: row for row, item in enumerate(self._items)}

    def _change(self, item: Item) -> None:
        self._texts.pop(item.key, None)
        if self.row_of(item) >= 0:
            self._repaint(item)
        elif self._wanted and self._looked_at(item) and not item.closed and self._holds(item):
            row = bisect(self._items, item.key, key=lambda one: one.key)  # it has become what is searched for
            self._items.insert(row, item)
            self._number()
            self.insertRows(row, 1)
            self.searched.emit()

    def _looked_at(self, item: Item) -> bool:
        """Whether its turn is past; those that wait do so in the order of their keys."""
        return not self._waiting or item.key < self._waiting[0].key

    def _repaint(self, item: Item) -> None:
        row = self.row_of(item)
        if row >= 0:
            self.dataChanged.emit(self.index(row), self.index(row))


def searched_text(item: Item) -> str:
    """What the search looks at: title, tags, name of the file, state; what was heard, by its names in both scripts."""
    tags = item.recording.tags.values() if item.recording else ()
    verdicts = [rows[0][1].verdict() for rows in item_text.by_task(item).values()]
    labels = [describe(said.task, said.label) for said in verdicts]
    labels += [describe(said.task, said.runner_up) for said in verdicts if not said.sure]
    labels += [describe(said.task, label) for said in verdicts for label, _share in said.shares if label]
    labels += [describe(task, said.label) for task, said in item.said.items() if said.label]
    names = [name for label in labels for name in (label.name, label.persian)]
    return search_key(" | ".join((item_text.title(item), item.path.name, status(item), *tags, *names)))


def status(item: Item, file: str = "") -> str:
    """The second line of a row: its verdict, or how far it is; and which `file` it is."""
    if item.state == "failed":
        text = item.error.what if item.error else _("cannot be opened")
    elif item.state == "opening":
        text = _("opening…")
    else:
        text = item_text.main_words(item) or _waiting(item)
    text = " · ".join(filter(None, (text, file)))
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
