"""What can be done with items and steps, as actions: the Edit menu, and the menu of an item."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from PySide6.QtCore import QObject, QPoint, Signal
from PySide6.QtWidgets import QMenu, QWidget

from persian_mir.catalogue.catalogue import Catalogue
from persian_mir.catalogue.step_names import StepName, step_text
from persian_mir.i18n import _
from persian_mir.progress import Progress
from persian_mir_gui.core.timeline import Timeline
from persian_mir_gui.library import ledger_work as work
from persian_mir_gui.library.ledger import Ledger
from persian_mir_gui.shell.actions import Action, Row, Separator
from persian_mir_gui.timeline.item_form import ItemForm
from persian_mir_gui.timeline.track_items import TrackItems


class ItemActions(QObject):
    """Knows which steps can be undone; opens the form of an item."""

    similar_wanted = Signal(str)  # by what

    def __init__(self, ledger: Ledger, items: TrackItems, timeline: Timeline, window: QWidget) -> None:
        super().__init__(window)
        self._ledger, self._items, self._timeline, self._window = ledger, items, timeline, window
        self.undo_name: StepName | None = None
        self.redo_name: StepName | None = None
        self.refreshed: Callable[[], object] = lambda: None
        ledger.wrote.connect(self.look)
        items.changed.connect(lambda: self.refreshed())
        timeline.selection_settled.connect(lambda _selection: self.refreshed())

    def look(self) -> None:
        """Ask which steps there are."""
        self._ledger.read(step_names).done.connect(self._take)

    def _take(self, names: tuple[StepName | None, StepName | None]) -> None:
        self.undo_name, self.redo_name = names
        self.refreshed()

    def rows(self) -> Iterator[Row]:
        """Return the rows of the Edit menu."""
        items, ledger = self._items, self._ledger
        yield Action("edit", "undo", _("&Undo"), ledger.undo, ("Ctrl+Z",), lambda: self.undo_name is not None)
        redo_keys = ("Ctrl+Shift+Z", "Ctrl+Y")
        yield Action("edit", "redo", _("&Redo"), ledger.redo, redo_keys, lambda: self.redo_name is not None)
        yield Separator("edit")
        drawable = lambda: self._timeline.selection is not None  # noqa: E731
        yield Action("edit", "draw_item", _("&Make the selection an item"), items.draw, ("Ctrl+I",), drawable)
        yield Action(
            "edit", "draw_sections", _("Make items of the &sections"), items.draw_sections,
            enabled=lambda: bool(items.sections()),
        )  # fmt: skip
        chosen = lambda: items.chosen is not None  # noqa: E731
        yield Action("edit", "describe_item", _("&Describe the item…"), self.describe, ("Ctrl+D",), chosen)
        yield Action("edit", "split_item", _("S&plit at the playhead"), items.split, ("Ctrl+K",), self._inside)
        yield Action("edit", "join_item", _("&Join with the next item"), items.join, ("Ctrl+J",), self._followed)
        yield Action("edit", "delete_item", _("De&lete the item"), items.delete, enabled=chosen)
        yield Separator("edit")
        ask = self.similar_wanted.emit
        found, heard = _("&Find similar passages"), _("Find passages of s&imilar sound")
        yield Action("edit", "similar", found, lambda: ask("melody"), ("Ctrl+Shift+F",), drawable)
        yield Action("edit", "similar_sound", heard, lambda: ask("embedding"), enabled=drawable)
        yield Action("edit", "similar_words", _("Find passages by &words…"), lambda: ask("words"))

    def texts(self) -> dict[str, str]:
        """What undo and redo are called now: `Undo: splitting an item`."""
        told = {"undo": (_("&Undo"), self.undo_name), "redo": (_("&Redo"), self.redo_name)}
        named = _("{verb}: {step}")
        return {
            key: named.format(verb=verb, step=step_text(name)) if name else verb for key, (verb, name) in told.items()
        }

    def _inside(self) -> bool:
        return self._items.at(self._timeline.playhead) is not None

    def _followed(self) -> bool:
        item = self._items.chosen
        return item is not None and self._items.next_of(item) is not None

    def describe(self) -> None:
        """Open the form of the chosen item."""
        item = self._items.chosen
        if item is not None:
            job = self._ledger.read(work.people_names)
            job.done.connect(lambda names: ItemForm(item, names, self._items.describe, self._window).open())

    def show_menu(self, where: QPoint) -> None:
        """Open the menu of the chosen item."""
        menu = QMenu(self._window)
        for action in list(self.rows())[5:9]:
            if isinstance(action, Action):
                menu.addAction(action.text, action.run).setEnabled(action.enabled())
        menu.aboutToHide.connect(menu.deleteLater)
        menu.popup(where)


def step_names(catalogue: Catalogue, _progress: Progress) -> tuple[StepName | None, StepName | None]:
    """What can be undone and done again."""
    return catalogue.undo_name(), catalogue.redo_name()
