"""What is done with the recordings that are chosen: labelled, accepted, collected, taken off the list."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import partial

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtWidgets import QComboBox, QInputDialog, QMenu, QWidget

from persian_mir import plurals
from persian_mir.catalogue.catalogue import Row
from persian_mir.i18n import _, quoted
from persian_mir.labels import TASKS, label_ids, vocabulary
from persian_mir_gui.library import ledger_work as work
from persian_mir_gui.library.ledger import Ledger
from persian_mir_gui.widgets import formatting
from persian_mir_gui.widgets.label_dialog import LEAST_WIDTH, ask_label

Known = Callable[[str], tuple[str, ...]]  # the labels, or names, of a task


class RowActs(QObject):
    """Acts of a person, each a step to be undone. `labels` and `names` tell what recordings of the list hold."""

    told = Signal(str)  # what was done, where the list does not show it

    def __init__(
        self,
        ledger: Ledger,
        reviewer: Callable[[], str],
        chosen: Callable[[], tuple[Row, ...]],
        labels: Known,
        names: Known,
        window: QWidget,
    ) -> None:
        super().__init__(window)
        self._ledger, self._reviewer, self._chosen = ledger, reviewer, chosen
        self._labels, self._names, self._window = labels, names, window

    def accept(self) -> None:
        """Accept what machines say."""
        self._ledger.change(work.accept, self._chosen(), self._reviewer())

    def remove(self) -> None:
        """Take off the list, or put back what is off it."""
        self._ledger.change(work.remove, self._chosen(), not self._ledger.question.wanted.removed)

    def say(self, task: str, label: str) -> None:
        """Give all of them a label; an empty one says that there is none."""
        self._ledger.change(work.say, self._chosen(), task, label, self._reviewer())

    def label_menu(self) -> QMenu:
        """Return the menu of all labels."""
        menu = QMenu(self._window)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        for task in TASKS:
            if not vocabulary(task):
                menu.addAction(_("Artist…"), partial(self._ask_label, task))
                continue
            inner = menu.addMenu(formatting.task_name(task))
            for label in vocabulary(task):
                inner.addAction(formatting.in_script(label), partial(self.say, task, label.id))
            inner.addSeparator()
            inner.addAction(_("By name…"), partial(self._ask_label, task))
            inner.addAction(_("None of these"), partial(self.say, task, ""))
        return menu

    def _ask_label(self, task: str) -> None:
        question = _("{task} of the whole recording:").format(task=formatting.task_name(task))
        known = label_ids(task) or self._labels(task)
        ask_label(self._window, question, task, known, "", partial(self.say, task))

    def ask_collection(self) -> None:
        """Ask into which collection, an old one or a new."""
        rows, told = self._chosen(), _("Now in the collection {name}: {recordings}.")
        put = partial(self._change_members, work.collect, rows, told)
        self._ask_name(_("Put into the collection:"), self._names("collection"), put, new=True)

    def ask_leave(self) -> None:
        """Ask out of which of the collections that they are in."""
        rows = self._chosen()

        def ask(names: tuple[str, ...]) -> None:
            if not names:
                self.told.emit(_("None of those chosen is in a collection."))
                return
            leave = partial(
                self._change_members, work.leave, rows, _("No longer in the collection {name}: {recordings}.")
            )
            self._ask_name(_("Take out of the collection:"), names, leave)

        self._ledger.read(work.collections_among, rows).done.connect(ask)

    def _ask_name(self, asked: str, names: Iterable[str], take: Callable[[str], None], new: bool = False) -> None:
        dialog = QInputDialog(self._window)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.setWindowTitle(_("Collection"))
        dialog.setLabelText(asked)
        dialog.setComboBoxItems(list(names) or [""])
        dialog.setComboBoxEditable(new)
        dialog.findChildren(QComboBox)[0].setMinimumWidth(LEAST_WIDTH)
        dialog.textValueSelected.connect(take)
        dialog.open()

    def _change_members(self, change: Callable[..., None], rows: tuple[Row, ...], told: str, name: str) -> None:
        if name := name.strip():
            number = formatting.digits(plurals.recordings(len(rows)))
            done = self._ledger.change(change, rows, name).done
            done.connect(lambda _done: self.told.emit(told.format(name=quoted(name), recordings=number)))
