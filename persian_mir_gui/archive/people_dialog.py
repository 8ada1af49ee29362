"""Who takes part in a whole recording, as lines to be written in."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QVBoxLayout, QWidget

from persian_mir.catalogue.model import Credit
from persian_mir.i18n import _
from persian_mir_gui.widgets.credits_table import CreditsTable
from persian_mir_gui.widgets.widget_factories import quiet, resize_within_screen, space_out


class PeopleDialog(QDialog):
    """Gives the credits to `take` when it is accepted. `people` are names to choose from."""

    def __init__(
        self,
        given: tuple[Credit, ...],
        people: tuple[str, ...],
        take: Callable[[tuple[Credit, ...]], object],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(_("People of the whole recording"))
        self._take = take
        self.credits = CreditsTable(given, people)
        buttons = QDialogButtonBox()
        buttons.addButton(_("Save"), QDialogButtonBox.ButtonRole.AcceptRole).setProperty("role", "primary")
        buttons.addButton(_("Cancel"), QDialogButtonBox.ButtonRole.RejectRole)
        buttons.accepted.connect(self._accept)
        buttons.rejected.connect(self.reject)
        layout = space_out(QVBoxLayout(self), margins=(16, 16, 16, 16), spacing=10)
        layout.addWidget(quiet(_("Who plays only in a part of it is written down with that item."), wrap=True))
        layout.addWidget(self.credits, 1)
        layout.addWidget(buttons)
        resize_within_screen(self, 760, 420)

    def _accept(self) -> None:
        self.accept()
        self._take(self.credits.credits())
