"""Searches that are kept: asked again with one choice."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QInputDialog, QMenu, QWidget

from persian_mir.catalogue.catalogue import Catalogue
from persian_mir.catalogue.filters import Filter
from persian_mir.i18n import _
from persian_mir.progress import Progress
from persian_mir.visible import visible
from persian_mir_gui.library.ledger import Ledger
from persian_mir_gui.widgets import formatting

Searches = tuple[tuple[str, str, Filter], ...]  # name, words, filter


class SearchesMenu(QMenu):
    """Lists them by name; keeps the search of the moment, and forgets others."""

    chosen = Signal(str, object)  # words, Filter

    def __init__(self, ledger: Ledger, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._ledger = ledger
        ledger.answered.connect(lambda _answer: self.refresh())

    def refresh(self) -> None:
        """Ask which there are."""
        self._ledger.read(saved_searches).done.connect(self._fill)

    def _fill(self, searches: Searches) -> None:
        self.clear()
        for name, text, wanted in searches:
            self.addAction(_shown(name), partial(self.chosen.emit, text, wanted))
        self.addSeparator()
        self.addAction(_("Keep this search…"), self._ask_name)
        if searches:
            forget = self.addMenu(_("Forget"))
            for name, _text, _wanted in searches:
                forget.addAction(_shown(name), partial(self.forget, name))

    def _ask_name(self) -> None:
        name, given = QInputDialog.getText(self, _("Keep this search"), _("Name"), text=self._ledger.question.text)
        if given:
            self.keep(name)

    def keep(self, name: str) -> None:
        """Keep what is asked now, over one of the same name."""
        asked = self._ledger.question
        if name.strip():
            self._ledger.read(save_search, name.strip(), asked.text, asked.wanted).done.connect(self._kept)

    def forget(self, name: str) -> None:
        """Take one off the list."""
        self._ledger.read(remove_search, name).done.connect(self._kept)

    def _kept(self, _result: object) -> None:
        self.refresh()


def _shown(name: str) -> str:
    return formatting.isolated(visible(name)).replace("&", "&&")  # else a mnemonic


def saved_searches(catalogue: Catalogue, _progress: Progress) -> Searches:
    """All that are kept."""
    return catalogue.saved_searches()


def save_search(catalogue: Catalogue, name: str, text: str, wanted: Filter, _progress: Progress) -> None:
    """Keep one."""
    catalogue.save_search(name, text, wanted)


def remove_search(catalogue: Catalogue, name: str, _progress: Progress) -> None:
    """Forget one."""
    catalogue.remove_search(name)
