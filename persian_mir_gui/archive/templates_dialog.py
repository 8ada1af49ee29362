"""A profile of tags: which field of a file gets what, as templates to be written in and kept under a name."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QCheckBox, QDialog, QGridLayout, QHBoxLayout, QLineEdit, QPushButton, QVBoxLayout, QWidget

from persian_mir.errors import PersianMirError
from persian_mir.i18n import _
from persian_mir.tags.fields import FIELDS
from persian_mir.tags.profiles import LONGEST, NAMES, PROFILES, Templates, forget_profile, keep_profile
from persian_mir_gui.core.messages import line_of
from persian_mir_gui.widgets.widget_factories import quiet, space_out

WIDTH_PX = 560


class TemplatesDialog(QDialog):
    """A line a field. `profile` is the name under which it was kept; empty where that was forgotten."""

    def __init__(self, profile: str, chosen: Templates, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(_("Templates of the tags"))
        self.profile = profile
        own = profile not in PROFILES
        self.name = QLineEdit(profile if own else "", placeholderText=_("Name of a profile of your own"))
        self.name.setAccessibleName(_("Name"))
        self.written = {field: QCheckBox(field) for field in FIELDS}
        self.templates = {field: _line(field, chosen.get(field, "")) for field in FIELDS}
        self.said = quiet(wrap=True)
        self.save, self.forget = QPushButton(_("Keep")), QPushButton(_("Forget"))
        self.save.setProperty("role", "primary")
        self.forget.setEnabled(own)
        self._lay_out()
        self.setMinimumWidth(WIDTH_PX)
        for field, box in self.written.items():
            box.setChecked(field in chosen)
            self.templates[field].setEnabled(field in chosen)
            box.toggled.connect(self.templates[field].setEnabled)
        self.save.clicked.connect(self._keep)
        self.forget.clicked.connect(self._forget)

    def _lay_out(self) -> None:
        form = QGridLayout()
        form.setHorizontalSpacing(12)
        for row, field in enumerate(FIELDS):
            form.addWidget(self.written[field], row, 0)
            form.addWidget(self.templates[field], row, 1)
        names = quiet(" ".join(f"{{{name}}}" for name in NAMES), wrap=True)
        names.setLayoutDirection(Qt.LayoutDirection.LeftToRight)
        hint = _("What is ticked is written; an empty line takes the field out of the file. In braces may stand:")
        foot = space_out(QHBoxLayout(), spacing=8)
        close = QPushButton(_("Cancel"))
        close.clicked.connect(self.reject)
        foot.addWidget(self.forget)
        foot.addWidget(self.name, 1)
        foot.addWidget(self.save)
        foot.addWidget(close)
        layout = space_out(QVBoxLayout(self), margins=(16, 16, 16, 16), spacing=10)
        layout.addWidget(quiet(hint, wrap=True))
        layout.addWidget(names)
        layout.addLayout(form)
        layout.addWidget(self.said)
        layout.addLayout(foot)

    def _keep(self) -> None:
        chosen = {field: self.templates[field].text() for field, box in self.written.items() if box.isChecked()}
        name = self.name.text().strip()
        self._end(name, partial(keep_profile, chosen=chosen), name)

    def _forget(self) -> None:
        self._end(self.profile, forget_profile, "")

    def _end(self, name: str, act: Callable[[str], None], then: str) -> None:
        try:
            act(name)
        except PersianMirError as error:
            self.said.setText(line_of(error))
            return
        self.profile = then
        self.accept()


def _line(field: str, template: str) -> QLineEdit:
    line = QLineEdit(template, maxLength=LONGEST)
    line.setAccessibleName(field)
    line.setLayoutDirection(Qt.LayoutDirection.LeftToRight)
    return line
