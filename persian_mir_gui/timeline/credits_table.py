"""Who takes part, a line each: a name, a role, and an instrument or a form of verse."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QComboBox,
    QCompleter,
    QHBoxLayout,
    QLineEdit,
    QPushButton,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from persian_mir.catalogue.model import ROLES, VERSE_FORMS, Credit, Person
from persian_mir.i18n import _
from persian_mir.labels import vocabulary
from persian_mir_gui.widgets import formatting
from persian_mir_gui.widgets.widget_factories import space_out


def role_names() -> dict[str, str]:
    """Return what the roles are called."""
    return {
        "instrumentalist": _("Instrumentalist"),
        "singer-avaz": _("Singer of the avaz"),
        "singer-tarane": _("Singer of the tarane"),
        "announcer": _("Announcer"),
        "poet-text": _("Poet of the text"),
        "poet-avaz": _("Poet of the avaz"),
        "composer": _("Composer"),
        "songwriter": _("Songwriter"),
        "arranger": _("Arranger"),
        "after": _("After (the version of)"),
        "orchestra": _("Orchestra"),
        "leader": _("Leader"),
    }


class CreditsTable(QScrollArea):
    """Lines to be written in; a new empty one at a button. A line without a name is none."""

    def __init__(self, given: tuple[Credit, ...], people: tuple[str, ...], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWidgetResizable(True)
        self.setAccessibleName(_("People"))
        self._people = people
        self._lines: list[CreditLine] = []
        self.add = QPushButton(_("Add a person"))
        self.add.clicked.connect(lambda: self._add(None).name.setFocus())
        inner = QWidget()
        self._column = space_out(QVBoxLayout(inner), spacing=6)
        self._column.addWidget(self.add, 0, Qt.AlignmentFlag.AlignLeading)
        self._column.addStretch(1)
        self.setWidget(inner)
        for credit in given:
            self._add(credit)

    def credits(self) -> tuple[Credit, ...]:
        """What the lines say."""
        return tuple(credit for line in self._lines if (credit := line.credit()) is not None)

    def _add(self, credit: Credit | None) -> CreditLine:
        line = CreditLine(credit, self._people)
        line.remove.clicked.connect(lambda: self._remove(line))
        self._lines.append(line)
        self._column.insertWidget(len(self._lines) - 1, line)
        return line

    def _remove(self, line: CreditLine) -> None:
        self._lines.remove(line)
        self._column.removeWidget(line)
        line.hide()
        line.deleteLater()


class CreditLine(QWidget):
    """One credit. The name is Persian or Latin; what else is known of the person stays."""

    def __init__(self, credit: Credit | None, people: tuple[str, ...]) -> None:
        super().__init__()
        self._given = credit
        self.name = QLineEdit(_name(credit.person) if credit else "", placeholderText=_("Name"))
        self.name.setAccessibleName(_("Name"))
        completer = QCompleter(list(people), self)
        completer.setFilterMode(Qt.MatchFlag.MatchContains)
        completer.setCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
        self.name.setCompleter(completer)
        self.role, self.detail = QComboBox(), QComboBox()
        self.role.setAccessibleName(_("Role"))
        self.detail.setAccessibleName(_("Instrument or form"))
        for role in ROLES:
            self.role.addItem(role_names()[role], role)
        self.remove = QPushButton(_("Remove"))
        self.remove.setProperty("role", "quiet")
        row = space_out(QHBoxLayout(self), spacing=6)
        row.addWidget(self.name, 2)
        for widget in (self.role, self.detail, self.remove):
            row.addWidget(widget)
        self.role.currentIndexChanged.connect(self._offer)
        self.role.setCurrentIndex(ROLES.index(credit.role) if credit and credit.role in ROLES else 0)
        self._offer()
        if credit is not None:
            self.detail.setCurrentText(self._detail_text(credit))

    def _detail_text(self, credit: Credit) -> str:
        return formatting.label_name("instrument", credit.instrument) if credit.instrument else credit.form

    def credit(self) -> Credit | None:
        """What the line says; None without a name."""
        name = " ".join(self.name.text().split())
        if not name:
            return None
        person = self._given.person if self._given and _name(self._given.person) == name else _person(name)
        role, detail = str(self.role.currentData()), self.detail.currentText().strip()
        instrument = instrument_of(detail) if role == "instrumentalist" else ""
        form = detail if role.startswith("poet") else ""
        told = self._given or Credit(person, role)
        return replace(told, person=person, role=role, instrument=instrument, form=form)

    def _offer(self) -> None:
        """Instruments to an instrumentalist, forms of verse to a poet, nothing to others."""
        role = str(self.role.currentData())
        self.detail.clear()
        self.detail.setEditable(True)
        names = [formatting.in_script(one) for one in vocabulary("instrument")]
        offered = names if role == "instrumentalist" else list(VERSE_FORMS) if role.startswith("poet") else []
        self.detail.addItems(["", *offered])
        self.detail.setVisible(bool(offered))


def instrument_of(text: str) -> str:
    """The id of an instrument that the vocabulary knows, else the words themselves."""
    for label in vocabulary("instrument"):
        if text.casefold() in (label.id, label.name.casefold(), label.persian):
            return label.id
    return text


def _name(person: Person) -> str:
    unknown = "" if person.unknown is None else _("unknown {number}").format(number=person.unknown)
    return person.name_fa or person.name_latin or formatting.digits(unknown)


def _person(name: str) -> Person:
    return Person(name_latin=name) if name.isascii() else Person(name_fa=name)
