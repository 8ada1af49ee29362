"""Sets of liked recordings: kept under a name, asked for others like them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QInputDialog, QMenu, QWidget

from persian_mir.catalogue.catalogue import Catalogue
from persian_mir.i18n import _
from persian_mir.progress import Progress
from persian_mir.visible import visible
from persian_mir_gui.library.ledger import Ledger
from persian_mir_gui.widgets import formatting

Sets = tuple[tuple[str, int], ...]  # names, and how many recordings each has


class LikedMenu(QMenu):
    """Lists the sets; `chosen` returns the content hashes of the recordings that are chosen in the list."""

    wanted = Signal(object, str)  # the content hashes of a set, like which others are to be found, and its name

    def __init__(self, ledger: Ledger, chosen: Callable[[], Sequence[str]], parent: QWidget) -> None:
        super().__init__(_("Liked sets"), parent)
        self._ledger, self._chosen, self._window = ledger, chosen, parent
        self._names: tuple[str, ...] = ()
        self._fill(())
        ledger.answered.connect(lambda _answer: self.refresh())

    def refresh(self) -> None:
        """Ask which there are."""
        self._ledger.read(liked_sets).done.connect(self._fill)

    def _fill(self, sets: Sets) -> None:
        self.clear()
        self._names = tuple(name for name, _number in sets)
        self.addAction(_("Keep those chosen in a set…"), self.ask_name)
        self.addSeparator()
        for name, number in sets:
            told = f"{formatting.isolated(visible(name))} ({formatting.digits(str(number))})".replace("&", "&&")
            inner = self.addMenu(told)  # else & were a mnemonic
            inner.addAction(_("More like this"), partial(self.ask, name))
            inner.addAction(_("Take those chosen out"), partial(self.put, name, False))

    def ask_name(self) -> None:
        """Ask into which set, an old one or a new."""
        dialog = QInputDialog(self._window)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.setWindowTitle(_("Liked sets"))
        dialog.setLabelText(_("Keep in the set:"))
        dialog.setComboBoxItems([*self._names] or [""])
        dialog.setComboBoxEditable(True)
        dialog.textValueSelected.connect(lambda name: self.put(name.strip(), True))
        dialog.open()

    def put(self, name: str, liked: bool) -> None:
        """Put the recordings that are chosen into a set, or take them out; a step that can be undone."""
        chosen = tuple(self._chosen())
        if name and chosen:
            self._ledger.change(put_liked, name, chosen, liked)

    def ask(self, name: str) -> None:
        """Look for recordings like those of a set."""
        self._ledger.read(liked, name).done.connect(partial(self._want, name))

    def _want(self, name: str, content_hashes: tuple[str, ...]) -> None:
        self.wanted.emit(content_hashes, _("those of the set {name}").format(name=formatting.isolated(visible(name))))


def liked_sets(catalogue: Catalogue, _progress: Progress) -> Sets:
    """All sets."""
    return catalogue.liked_sets()


def liked(catalogue: Catalogue, name: str, _progress: Progress) -> tuple[str, ...]:
    """The recordings of a set."""
    return catalogue.liked(name)


def put_liked(catalogue: Catalogue, name: str, chosen: Sequence[str], liked: bool, _progress: Progress) -> None:
    """Change a set, as one step."""
    with catalogue.step("like"):
        catalogue.put_liked(name, chosen, liked)
