"""What is said of an item, as a form: kind, modes, gushehs, people, tuning, metre, a note."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QComboBox,
    QDialog,
    QDialogButtonBox,
    QFormLayout,
    QLineEdit,
    QPlainTextEdit,
    QVBoxLayout,
    QWidget,
)

from persian_mir.catalogue.model import Item
from persian_mir.i18n import _
from persian_mir_gui.widgets import formatting
from persian_mir_gui.widgets.credits_table import CreditsTable
from persian_mir_gui.widgets.item_words import kind_names
from persian_mir_gui.widgets.typed_words import LastWord, mode_names, mode_of, words
from persian_mir_gui.widgets.widget_factories import heading, quiet, resize_within_screen, space_out


class ItemForm(QDialog):
    """Gives the item, as it was described, to `take` when it is accepted. `people` are names to choose from."""

    def __init__(
        self, item: Item, people: tuple[str, ...], take: Callable[[Item], object], parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(_("Item"))
        self._item, self._take = item, take
        self.kind = QComboBox()
        self.kind.addItem("–", "")
        for kind, name in kind_names().items():
            self.kind.addItem(name, kind)
        self.kind.setCurrentIndex(max(self.kind.findData(item.kind), 0))
        self.modes = _line(_("Modes"), _(", ").join(formatting.label_name("mode", one) for one in item.modes))
        self.modes.setCompleter(LastWord(mode_names()))
        self.gushehs = _line(_("Gushehs, in their order"), _(", ").join(item.gushehs))
        self.version = _line(_("Version (whose radif)"), item.version)
        self.tuning, self.metre = _line(_("Tuning"), item.tuning), _line(_("Metre"), item.metre)
        self.note = QPlainTextEdit(item.note, tabChangesFocus=True)
        self.note.setAccessibleName(_("Note"))
        self.note.setMaximumHeight(72)
        self.credits = CreditsTable(item.credits, people)
        self.wrong = quiet(role="warning", wrap=True)
        self.wrong.hide()
        self._lay_out()
        resize_within_screen(self, 640, 620)

    def _lay_out(self) -> None:
        form = QFormLayout()
        form.setVerticalSpacing(8)
        form.addRow(quiet(_("Kind")), self.kind)
        self.kind.setAccessibleName(_("Kind"))
        for field in (self.modes, self.gushehs, self.version, self.tuning, self.metre):
            form.addRow(quiet(field.accessibleName()), field)
        form.addRow(quiet(_("Note")), self.note)
        buttons = QDialogButtonBox()
        ok = buttons.addButton(_("Save"), QDialogButtonBox.ButtonRole.AcceptRole)
        ok.setProperty("role", "primary")
        buttons.addButton(_("Cancel"), QDialogButtonBox.ButtonRole.RejectRole)
        buttons.accepted.connect(self._accept)
        buttons.rejected.connect(self.reject)
        layout = space_out(QVBoxLayout(self), margins=(16, 16, 16, 16), spacing=10)
        layout.addLayout(form)
        layout.addWidget(heading(_("People")))
        layout.addWidget(self.credits, 1)
        layout.addWidget(self.wrong)
        layout.addWidget(buttons)

    def described(self) -> Item:
        """The item as the form says it. Raises ValueError with the word that names no mode."""
        return replace(
            self._item,
            kind=str(self.kind.currentData()),
            modes=tuple(dict.fromkeys(mode_of(word) for word in words(self.modes.text()))),
            gushehs=tuple(words(self.gushehs.text())),
            version=self.version.text().strip(),
            tuning=self.tuning.text().strip(),
            metre=self.metre.text().strip(),
            note=self.note.toPlainText().strip(),
            credits=self.credits.credits(),
        )

    def _accept(self) -> None:
        try:
            item = self.described()
        except ValueError as error:
            self.wrong.setText(_("{text} is no mode that the program knows.").format(text=f"“{error}”"))
            self.wrong.show()
            self.modes.setFocus()
            return
        self.accept()
        self._take(item)


def _line(name: str, text: str) -> QLineEdit:
    field = QLineEdit(text)
    field.setAccessibleName(name)
    return field
