"""What a person says to the verdict on the whole recording: that it is right, another label, or nothing any more."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QWidget

from persian_mir.i18n import _
from persian_mir_gui.library import item_text
from persian_mir_gui.library.session import Item
from persian_mir_gui.widgets.widget_factories import review_button, space_out


class AnswerRow(QWidget):
    """Beneath the large verdict. Several recordings at once are answered in the list."""

    accepted = Signal(object)  # Items, a list of the one that is shown
    name_wanted = Signal(object, str)  # Items, task: ask for a label by its name
    taken_back = Signal(object)  # Items

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._items: list[Item] = []
        self.accept = review_button(_("Accept"), lambda: self.accepted.emit(self._items))
        self.other = review_button(_("Other…"), self._ask)
        self.back = review_button(_("Take back"), lambda: self.taken_back.emit(self._items))
        row = space_out(QHBoxLayout(self), spacing=6)
        for button in (self.accept, self.other, self.back):
            row.addWidget(button)
        row.addStretch(1)

    def _ask(self) -> None:
        self.name_wanted.emit(self._items, item_text.main_task(self._items[0]))

    def show_item(self, item: Item | None) -> None:
        """Offer what can be said of `item`."""
        task = item_text.main_task(item) if item is not None else ""
        self._items = [item] if item is not None and task else []
        self.setVisible(bool(self._items))
        if item is not None and task:
            verdict, said = item_text.main_verdict(item), item.said.get(task)
            self.accept.setVisible(said is None and verdict is not None and not verdict.nothing)
            self.back.setVisible(said is not None and bool(said.id))
