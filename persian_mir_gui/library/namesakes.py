"""Which of the open recordings have the same title, as a damaged copy and its original have."""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtCore import QObject, Signal

from persian_mir_gui.library import item_text
from persian_mir_gui.library.session import Item, Session


class Namesakes(QObject):
    """Counts the titles of what is open. `changed` tells of each recording that gained or lost a namesake."""

    changed = Signal(object)  # Item

    def __init__(self, session: Session, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._titles: dict[int, str] = {}  # by the item's key
        self._items: dict[str, dict[int, Item]] = {}  # by title, then by key
        session.added.connect(self._note)
        session.removed.connect(self._forget)
        session.changed.connect(lambda item: self._note((item,)))
        self._note(session.items)

    def has(self, item: Item) -> bool:
        """Whether another open recording has the title of this one."""
        return len(self._items.get(self._titles.get(item.key, ""), ())) > 1

    def _note(self, items: Iterable[Item]) -> None:
        for item in items:
            title = item_text.title(item)
            if item.closed or self._titles.get(item.key) == title:
                continue
            self._forget((item,))
            self._titles[item.key] = title
            alike = self._items.setdefault(title, {})
            alike[item.key] = item
            self._tell(alike, 2)

    def _forget(self, items: Iterable[Item]) -> None:
        for item in items:
            title = self._titles.pop(item.key, "")
            alike = self._items.get(title, {})
            alike.pop(item.key, None)
            self._tell(alike, 1)
            if not alike:
                self._items.pop(title, None)

    def _tell(self, alike: dict[int, Item], number: int) -> None:
        if len(alike) == number:  # among more, nothing has changed for the others
            for item in list(alike.values()):
                self.changed.emit(item)
