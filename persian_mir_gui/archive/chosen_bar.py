"""What can be done with the recordings that are chosen in the list, and how many are listed."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtGui import QAction, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QMenu, QPushButton, QWidget

from persian_mir import plurals
from persian_mir.catalogue.catalogue import Row
from persian_mir.i18n import _
from persian_mir.visible import visible
from persian_mir_gui.archive.exchange_acts import ExchangeActs
from persian_mir_gui.archive.liked_menu import LikedMenu
from persian_mir_gui.archive.priors_dialog import PriorsDialog
from persian_mir_gui.archive.relink_acts import RelinkActs
from persian_mir_gui.archive.row_acts import RowActs
from persian_mir_gui.archive.tags_dialog import TagsDialog
from persian_mir_gui.library.ledger import Ledger
from persian_mir_gui.library.question import hashes
from persian_mir_gui.widgets import formatting
from persian_mir_gui.widgets.widget_factories import quiet, set_name, space_out

MARGIN_PX, GAP_PX = 10, 8
NAMED = 2  # recordings by their titles; more are counted


class ChosenBar(QWidget):
    """Buttons for what is done often, a menu behind ⋯ for the rest; a right click on the list has all of it."""

    open_wanted = Signal(object)  # a list of paths
    alike_wanted = Signal(object, str)  # a tuple of content hashes, and what these recordings are called
    collection_wanted = Signal()

    def __init__(
        self,
        ledger: Ledger,
        chosen: Callable[[], tuple[Row, ...]],
        acts: RowActs,
        relink: RelinkActs,
        exchange: ExchangeActs,
        window: QWidget,
    ) -> None:
        super().__init__(window)
        self._ledger, self._chosen, self._acts, self._window = ledger, chosen, acts, window
        self.open, self.label = QPushButton(_("Open")), QPushButton(_("Label…"))
        self.accept, self.rest = QPushButton(_("Accept")), QPushButton("⋯")
        self.alike, self.export = QPushButton(_("More like this")), QPushButton(_("Export…"))
        self.tags, self.number = QPushButton(_("Tags…")), quiet()
        self._buttons = (self.open, self.label, self.accept, self.alike, self.export, self.tags)
        self._behind: dict[QWidget, QAction] = {}  # what the menu has of a button that has no room
        self.open.setProperty("role", "primary")
        set_name(self.rest, _("What else can be done"))
        line = space_out(QHBoxLayout(self), margins=(MARGIN_PX, 8, MARGIN_PX, 8), spacing=GAP_PX)
        for button in (*self._buttons, self.rest):
            line.addWidget(button)
        line.addStretch(1)
        line.addWidget(self.number)
        self._going = (self.number, self.tags, self.export, self.alike)  # in this order where there is no room
        self._fill_rest(relink)
        self.open.clicked.connect(self.open_chosen)
        self.label.clicked.connect(lambda: acts.label_menu().popup(self.label.mapToGlobal(QPoint(0, 0))))
        self.accept.clicked.connect(acts.accept)
        self.alike.clicked.connect(lambda: self.alike_wanted.emit(hashes(chosen()), called(chosen())))
        self.export.clicked.connect(lambda: exchange.show_formats(self.export.mapToGlobal(QPoint(0, 0))))
        self.tags.clicked.connect(lambda: TagsDialog(ledger, chosen(), window).open())

    def _fill_rest(self, relink: RelinkActs) -> None:
        """What is done seldom."""
        menu = QMenu(self)
        self.rest.setMenu(menu)
        self.collect = menu.addAction(_("To a collection…"), self._acts.ask_collection)
        self.leave = menu.addAction(_("Out of a collection…"), self._acts.ask_leave)
        self.remove = menu.addAction("", self._acts.remove)
        self.liked = LikedMenu(self._ledger, lambda: hashes(self._chosen()), self._window)
        self.liked.wanted.connect(self.alike_wanted)
        menu.addMenu(self.liked)
        self.seek = menu.addAction(_("Look for missing files in a folder…"), relink.ask_folder)
        for button in (self.alike, self.export, self.tags):
            self._behind[button] = menu.addAction(button.text(), button.click)
        menu.addAction(_("About a collection…"), self.collection_wanted.emit)
        menu.addAction(_("Shares of the modes in a collection…"), self._show_priors)

    def show_number(self, text: str) -> None:
        """Say how many are listed."""
        self.number.setText(text)
        self._fit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        """Cut nothing: where there is no room, leave the number out, then have the last buttons behind ⋯ alone."""
        shown = [*self._going, self.open, self.label, self.accept, self.rest]
        while shown[0] in self._going and self._width_of(shown) > self.width():
            del shown[0]
        for part in self._going:
            part.setVisible(part in shown)
        for button, action in self._behind.items():
            action.setVisible(button not in shown)

    def _width_of(self, parts: list[QWidget]) -> int:
        for part in parts:
            part.ensurePolished()  # the sheet's padding counts
        return sum(part.sizeHint().width() + GAP_PX for part in parts) + 2 * MARGIN_PX

    def offer(self, rows: tuple[Row, ...]) -> None:
        """Let what can be done with these be done."""
        for button in (*self._buttons, self.collect, self.leave, self.remove, self.seek):
            button.setEnabled(bool(rows))
        for action in self._behind.values():
            action.setEnabled(bool(rows))
        removed = self._ledger.question.wanted.removed
        self.remove.setText(_("Put back on the list") if removed else _("Remove from the list"))

    def open_chosen(self) -> None:
        """Have them opened in the main window."""
        self.open_wanted.emit([Path(row.path) for row in self._chosen()])

    def show_menu(self, point: QPoint) -> None:
        """Show all that can be done, and the labels to give, at a point of the screen."""
        menu = self._acts.label_menu()
        first = menu.actions()[0]
        for button in (self.open, self.accept):
            action = menu.addAction(button.text(), button.click)
            menu.insertAction(first, action)
        menu.insertSeparator(first)
        menu.addSeparator()
        for button in (self.alike, self.export, self.tags):
            menu.addAction(button.text(), button.click)
        menu.addActions([self.collect, self.leave, self.remove, self.seek])
        menu.popup(point)

    def _show_priors(self) -> None:
        dialog = PriorsDialog(self._ledger, self._window)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.open()


def called(rows: tuple[Row, ...]) -> str:
    """What recordings are called together: by the titles of the first ones, and how many more there are."""
    names = [formatting.isolated(visible(row.title)) for row in rows[:NAMED]]
    more = len(rows) - len(names)
    return _(", ").join(names + [formatting.digits(plurals.more_recordings(more))] * (more > 0))
