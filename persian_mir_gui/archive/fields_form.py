"""A value of the catalogue as a form: a line of text or a choice for each field, told anew when one is left."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QComboBox, QFormLayout, QLineEdit, QWidget

from persian_mir.catalogue.model import Carrier, Collection, Programme
from persian_mir.i18n import _
from persian_mir_gui.widgets.typed_words import LastWord, words
from persian_mir_gui.widgets.widget_factories import quiet

Told = Carrier | Collection | Programme


def as_text(value: object) -> str:
    """A text as it is, several parted by commas."""
    return _(", ").join(value) if isinstance(value, tuple) else str(value)


def one_line(text: str) -> str:
    """What was typed, without blanks around it."""
    return text.strip()


def nothing(_text: str) -> str:
    """No doubt about what was typed."""
    return ""


def several(text: str) -> tuple[str, ...]:
    """What was typed, parted at commas."""
    return tuple(dict.fromkeys(words(text)))


@dataclass(frozen=True, slots=True)
class Field:
    """How a field is called, shown and read; `names` complete what is typed, `choices` are all that there is, `doubt`
    says what is odd about a text that is kept all the same.
    """

    title: str
    show: Callable[[Any], str] = as_text
    read: Callable[[str], object] = one_line  # raises ValueError with what it does not know
    names: Sequence[str] = ()
    choices: Mapping[str, str] = field(default_factory=dict)
    doubt: Callable[[str], str] = nothing


class FieldsForm(QWidget):
    """Shows a value; `changed` has it with what was typed. What cannot be read is named below its field, and left."""

    changed = Signal(object)

    def __init__(self, empty: Told, fields: Mapping[str, Field], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._told, self._fields = empty, fields
        self.lines: dict[str, QLineEdit] = {}
        self.choices: dict[str, QComboBox] = {}
        self.wrong = quiet(role="warning", wrap=True)
        self.wrong.hide()
        form = QFormLayout(self)
        form.setContentsMargins(0, 0, 0, 0)
        form.setRowWrapPolicy(QFormLayout.RowWrapPolicy.WrapAllRows)
        form.setVerticalSpacing(4)
        for key, one in fields.items():
            form.addRow(quiet(one.title), self._choice(key, one) if one.choices else self._line(key, one))
        form.addRow(self.wrong)
        self.show_value(empty)

    def _line(self, key: str, one: Field) -> QLineEdit:
        line = self.lines[key] = QLineEdit()
        line.setAccessibleName(one.title)
        line.editingFinished.connect(self.say)
        if one.names:
            line.setCompleter(LastWord(list(one.names)))
        return line

    def _choice(self, key: str, one: Field) -> QComboBox:
        choice = self.choices[key] = QComboBox()
        choice.setAccessibleName(one.title)
        choice.addItem("–", "")
        for term, name in one.choices.items():
            choice.addItem(name, term)
        choice.activated.connect(self.say)
        return choice

    def show_value(self, told: Told, again: bool = False) -> None:
        """Show this one; where it is the same `again`, the line that is being typed in stays as it is."""
        self._told = told
        for key, line in self.lines.items():
            text = self._fields[key].show(getattr(told, key))
            if not (again and line.hasFocus() and line.isModified()) and line.text() != text:
                line.setText(text)
                line.setCursorPosition(0)
        for key, choice in self.choices.items():
            term = getattr(told, key)
            if choice.findData(term) < 0:  # another program's
                choice.addItem(term, term)
            choice.setCurrentIndex(choice.findData(term))
        self._warn([])

    def say(self, *_news: object) -> None:
        """Tell what was typed and not yet told."""
        typed: dict[str, Any] = {key: choice.currentData() for key, choice in self.choices.items()}
        unread = []
        for key, line in self.lines.items():
            try:
                typed[key] = self._fields[key].read(line.text())
            except ValueError as error:
                unread.append(_("{text} is not known: it is not kept.").format(text=f"“{error}”"))
        self._warn(unread)
        told = replace(self._told, **typed)
        if told != self._told:
            self._told = told
            self.changed.emit(told)

    def _warn(self, unread: list[str]) -> None:
        """Show what could not be read, and what is odd in what could."""
        doubts = filter(None, (self._fields[key].doubt(line.text()) for key, line in self.lines.items()))
        self.wrong.setText("\n".join((*unread, *doubts)))
        self.wrong.setVisible(bool(self.wrong.text()))
