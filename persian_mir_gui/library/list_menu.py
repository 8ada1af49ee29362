"""What can be done with the recordings that are chosen in the list."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import QObject, Qt, QUrl, Signal
from PySide6.QtGui import QDesktopServices, QGuiApplication
from PySide6.QtWidgets import QMenu, QWidget

from persian_mir.i18n import _
from persian_mir.labels import vocabulary
from persian_mir_gui.library import item_text
from persian_mir_gui.library.session import Item, Session
from persian_mir_gui.widgets import formatting


class ListMenu(QObject):
    """Makes the menu; what rooms above this one have to do is a signal. Items are a list of them."""

    retry_wanted = Signal(object)  # Item: open it, or label it, once more
    accepted = Signal(object)  # Items whose verdicts are right
    labelled = Signal(object, str, str)  # Items, task, label; an empty one rejects the machine's
    name_wanted = Signal(object, str)  # Items, task: ask for a label by its name
    taken_back = Signal(object)  # Items about which nothing is to hold any more

    def __init__(self, session: Session, parent: QWidget) -> None:
        super().__init__(parent)
        self._session, self._window = session, parent

    def menu_for(self, items: Sequence[Item]) -> QMenu:
        """What can be done with these."""
        menu = QMenu(self._window)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        ready = [item for item in items if item.state == "ready"]
        if ready:
            self._add_answers(menu, ready)
            menu.addSeparator()
        again = _("Open again") if items[0].state == "failed" else _("Label again")
        menu.addAction(again, lambda: self._retry(items))
        if len(items) == 1:
            path = items[0].path
            folder = QUrl.fromLocalFile(str(path.parent))
            menu.addAction(_("Show in folder"), lambda: QDesktopServices.openUrl(folder))
            menu.addAction(_("Copy path"), lambda: QGuiApplication.clipboard().setText(str(path)))
        menu.addSeparator()
        menu.addAction(_("Close"), lambda: self._session.close(*items))
        return menu

    def _retry(self, items: Sequence[Item]) -> None:
        for item in items:
            self.retry_wanted.emit(item)

    def _add_answers(self, menu: QMenu, items: list[Item]) -> None:
        verdicts = [verdict for item in items if (verdict := item_text.main_verdict(item)) and not verdict.nothing]
        if verdicts:
            name = formatting.in_line(verdicts[0].task, verdicts[0].label)
            single = len(items) == 1
            text = _("Accept {label}").format(label=name) if single else _("Accept the verdicts")
            menu.addAction(text, lambda: self.accepted.emit(items))
            if single:
                task = verdicts[0].task
                menu.addAction(_("Reject {label}").format(label=name), lambda: self.labelled.emit(items, task, ""))
        as_menu = menu.addMenu(_("The whole recording is") if len(items) == 1 else _("These recordings are"))
        for task in formatting.MAIN_TASKS:
            labels = vocabulary(task)
            if not labels:
                as_menu.addAction(_("Artist…"), lambda: self.name_wanted.emit(items, "artist"))
                continue
            inner = as_menu.addMenu(formatting.task_name(task))
            for label in labels:
                inner.addAction(formatting.in_script(label), partial(self.labelled.emit, items, task, label.id))
        if any(said.id for item in items for said in item.said.values()):
            menu.addAction(_("Take back what was said"), lambda: self.taken_back.emit(items))
