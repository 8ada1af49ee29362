"""Who takes part, a line each: a name, a role, and an instrument or a form of verse."""

from __future__ import annotations

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

from persian_mir.catalogue.model import CERTAINTIES, ROLES, Credit, Person
from persian_mir.i18n import _
from persian_mir.labels import vocabulary
from persian_mir.names import name_key
from persian_mir_gui.widgets import formatting
from persian_mir_gui.widgets.widget_factories import keep_place, space_out

LETTERS = 10  # of a choice that are seen at least


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


def form_names() -> dict[str, str]:
    """Return what the forms of verse are called."""
    return {
        "ghazal": _("Ghazal"),
        "robai": _("Robai"),
        "dobeiti": _("Dobeiti"),
        "qaside": _("Qaside"),
        "masnavi": _("Masnavi (verse)"),
        "tarji-band": _("Tarji-band"),
        "tarkib-band": _("Tarkib-band"),
        "saqi-name": _("Saqi-name"),
        "mosammat": _("Mosammat"),
        "qete": _("Qete"),
        "mostazad": _("Mostazad"),
        "mokhammas": _("Mokhammas"),
    }


def certainty_names() -> dict[str, str]:
    """Return how sure a credit is, in words."""
    return {
        "documented": _("documented"),
        "attributed": _("attributed"),
        "heard": _("heard"),
        "machine": _("said by a machine"),
    }


def credit_words(credit: Credit) -> str:
    """`Ahmad Ebadi: instrumentalist, Setar`."""
    detail = formatting.in_line("instrument", credit.instrument) if credit.instrument else form_name(credit.form)
    told = _(", ").join(filter(None, (role_names().get(credit.role, credit.role), detail)))
    return f"{formatting.isolated(person_name(credit.person))}: {told}"


class CreditsTable(QScrollArea):
    """Lines to be written in; a new empty one at a button. A line without a name is none."""

    def __init__(self, given: tuple[Credit, ...], people: tuple[str, ...], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWidgetResizable(True)
        self.setAccessibleName(_("People"))
        self._people = people
        self.lines: list[CreditLine] = []
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
        return tuple(credit for line in self.lines if (credit := line.credit()) is not None)

    def _add(self, credit: Credit | None) -> CreditLine:
        line = CreditLine(credit, self._people)
        line.remove.clicked.connect(lambda: self._remove(line))
        self.lines.append(line)
        self._column.insertWidget(len(self.lines) - 1, line)
        return line

    def _remove(self, line: CreditLine) -> None:
        self.lines.remove(line)
        self._column.removeWidget(line)
        line.hide()
        line.deleteLater()


class CreditLine(QWidget):
    """One credit. The name is Persian or Latin; what else is known of the person stays."""

    def __init__(self, credit: Credit | None, people: tuple[str, ...]) -> None:
        super().__init__()
        self._given = credit
        self.name = QLineEdit(person_name(credit.person) if credit else "", placeholderText=_("Name"))
        self.name.setAccessibleName(_("Name"))
        self.name.setCompleter(_anywhere(list(people)))
        self.role, self.detail, self.certainty = QComboBox(), QComboBox(editable=True), QComboBox()
        self.role.setAccessibleName(_("Role"))
        self.detail.setAccessibleName(_("Instrument or form"))
        self.certainty.setAccessibleName(_("How sure"))
        names = role_names()
        for role in ROLES:
            self.role.addItem(names[role], role)
        for certainty in CERTAINTIES:
            self.certainty.addItem(certainty_names()[certainty], certainty)
        self.remove = QPushButton(_("Remove"))
        self.remove.setProperty("role", "quiet")
        row = space_out(QHBoxLayout(self), spacing=6)
        row.addWidget(self.name, 2)
        for combo in (self.role, self.detail, self.certainty):
            combo.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
            combo.setMinimumContentsLength(LETTERS)  # so that those of all lines stand below each other
            row.addWidget(combo, 1)
        keep_place(self.detail)
        row.addWidget(self.remove)
        self.role.currentIndexChanged.connect(self._offer)
        self.role.setCurrentIndex(ROLES.index(credit.role) if credit and credit.role in ROLES else 0)
        self._offer()
        if credit is not None:
            self.certainty.setCurrentIndex(CERTAINTIES.index(credit.certainty))
            self.detail.setCurrentText(
                formatting.label_name("instrument", credit.instrument) if credit.instrument else form_name(credit.form)
            )

    def credit(self) -> Credit | None:
        """What the line says; None without a name."""
        name = " ".join(self.name.text().split())
        if not name:
            return None
        person = self._given.person if self._given and person_name(self._given.person) == name else _person(name)
        role, detail = str(self.role.currentData()), self.detail.currentText().strip()
        instrument = instrument_of(detail) if role == "instrumentalist" else ""
        form = form_of(detail) if role.startswith("poet") else ""
        return Credit(person, role, instrument, form, self.certainty.currentData())

    def _offer(self) -> None:
        """Instruments to an instrumentalist, forms of verse to a poet, nothing to others; typed in either script."""
        role = str(self.role.currentData())
        self.detail.clear()
        shown, typed = list[str](), list[str]()
        if role == "instrumentalist":
            shown = [formatting.in_script(one) for one in vocabulary("instrument")]
            typed = [name for one in vocabulary("instrument") for name in (one.name, one.persian)]
        elif role.startswith("poet"):
            shown = list(form_names().values())
            typed = [*shown, *form_names()]
        self.detail.addItems(["", *shown])
        self.detail.setCompleter(_anywhere(typed))
        self.detail.setVisible(bool(shown))


def _anywhere(names: list[str]) -> QCompleter:
    """Completes what stands anywhere in a name."""
    completer = QCompleter(list(dict.fromkeys(names)))
    completer.setFilterMode(Qt.MatchFlag.MatchContains)
    completer.setCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
    return completer


def instrument_of(text: str) -> str:
    """The id of an instrument that the vocabulary knows, else the words themselves."""
    typed = name_key(text)
    for label in vocabulary("instrument"):
        if typed in map(name_key, (label.id, label.name, label.persian)):
            return label.id
    return text


def form_name(form: str) -> str:
    """A form of verse in the user's language; as it is where it is another."""
    return form_names().get(form, form)


def form_of(text: str) -> str:
    """The term of a form of verse that is so called, else the words themselves."""
    typed = name_key(text)
    return next((form for form, name in form_names().items() if typed in (name_key(form), name_key(name))), text)


def person_name(person: Person) -> str:
    """Somebody in one script, Persian first; an unknown by the number."""
    unknown = "" if person.unknown is None else _("unknown {number}").format(number=person.unknown)
    return person.name_fa or person.name_latin or formatting.digits(unknown)


def _person(name: str) -> Person:
    """Somebody of this name; `unknown 2`, in either script, is the second of those whom nobody knows."""
    word, _blank, number = name.rpartition(" ")
    if number.isdecimal() and word.casefold() in ("unknown", "ناشناخته"):
        return Person(unknown=int(number))
    return Person(name_latin=name) if name.isascii() else Person(name_fa=name)
