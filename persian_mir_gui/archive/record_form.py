"""What is known of one recording, as a form: each field is written to the catalogue when it is left."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

from PySide6.QtCore import QSignalBlocker, Qt, Signal
from PySide6.QtGui import QFocusEvent
from PySide6.QtWidgets import QFormLayout, QLabel, QLineEdit, QPlainTextEdit, QScrollArea, QVBoxLayout, QWidget

from persian_mir.catalogue.model import Described
from persian_mir.i18n import _
from persian_mir.visible import visible
from persian_mir_gui.labelling.predictors import MODAL
from persian_mir_gui.widgets import formatting
from persian_mir_gui.widgets.message_bar import breakable
from persian_mir_gui.widgets.widget_factories import heading, lead, quiet, scaled, space_out


def field_names() -> dict[str, str]:
    """Return the fields of a programme that are one line of text, with what they are called."""
    return {
        "title_fa": _("Title in Persian"),
        "title_latin": _("Title in Latin letters"),
        "number": _("Number"),
        "date_jalali": _("Date, Jalali"),
        "date_gregorian": _("Date, Gregorian"),
        "place": _("Place"),
        "orchestra": _("Orchestra"),
        "leader": _("Leader"),
        "language": _("Language"),
    }


class NotesField(QPlainTextEdit):
    """Several lines of text that say when they are left."""

    left = Signal()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.left.emit()


class RecordForm(QScrollArea):
    """Shows a recording, or says that none or several are chosen."""

    programme_changed = Signal(str, object)  # content hash, Programme
    notes_changed = Signal(str, object)  # content hash, a tuple of texts

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("inspector")
        self.setAccessibleName(_("The recording"))
        self.setWidgetResizable(True)
        self.setFrameShape(QScrollArea.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._shown: Described | None = None
        self.name = lead(QLabel(wordWrap=True, textFormat=Qt.TextFormat.PlainText))
        self.name.setFont(scaled(self.font(), 1.15, bold=True))
        self.place = lead(quiet(wrap=True))
        self.fields = {key: QLineEdit() for key in field_names()}
        self.notes = NotesField(tabChangesFocus=True)
        self.notes.setAccessibleName(_("Notes"))
        self.notes.setMaximumHeight(96)
        self.said = quiet(wrap=True)
        self._lay_out()
        self.show_record(None)

    def _lay_out(self) -> None:
        inner = QWidget()
        inner.setObjectName("inspectorBody")
        layout = space_out(QVBoxLayout(inner), margins=(14, 14, 14, 14), spacing=10)
        layout.addWidget(self.name)
        layout.addWidget(self.place)
        self.body = QWidget()
        body = space_out(QVBoxLayout(self.body), spacing=10)
        body.addWidget(heading(_("What was said of it")))
        body.addWidget(self.said)
        form = QFormLayout()
        form.setRowWrapPolicy(QFormLayout.RowWrapPolicy.WrapAllRows)
        form.setVerticalSpacing(4)
        for key, title in field_names().items():
            field = self.fields[key]
            field.setAccessibleName(title)
            field.editingFinished.connect(self._say_programme)
            form.addRow(quiet(title), field)
        body.addWidget(heading(_("The recording")))
        body.addLayout(form)
        body.addWidget(heading(_("Notes")))
        body.addWidget(self.notes)
        layout.addWidget(self.body)
        layout.addStretch(1)
        self.setWidget(inner)
        self.notes.left.connect(self._say_notes)

    def show_record(self, described: Described | None, number: int = 0, title: str = "") -> None:
        """Show this one, under the title that the list has for it; None: say how many are chosen."""
        self.save()
        self._shown = described
        self.body.setVisible(described is not None)
        if described is None:
            chosen = _("{number} recordings are chosen.").format(number=formatting.digits(str(number)))
            self.name.setText(chosen if number > 1 else "")
            self.place.setText("" if number else _("Choose a recording to see and describe it."))
            return
        programme = described.programme
        path = Path(described.path)
        self.name.setText(visible(programme.title_fa or programme.title_latin or title or path.stem))
        self.place.setText(breakable(visible(described.path)))
        for key, field in self.fields.items():
            if not field.hasFocus() or field.text() != getattr(programme, key):
                field.setText(getattr(programme, key))
                field.setCursorPosition(0)
        with QSignalBlocker(self.notes):
            self.notes.setPlainText("\n".join(described.notes))
        self.said.setText(statements_text(described))

    def save(self) -> None:
        """Write what was typed and not yet written."""
        self._say_programme()
        self._say_notes()

    def _say_programme(self) -> None:
        if self._shown is None:
            return
        told: dict[str, Any] = {key: field.text().strip() for key, field in self.fields.items()}
        typed = replace(self._shown.programme, **told)
        if typed != self._shown.programme:
            self._shown = replace(self._shown, programme=typed)
            self.programme_changed.emit(self._shown.content_hash, typed)

    def _say_notes(self) -> None:
        if self._shown is None:
            return
        typed = tuple(line.strip() for line in self.notes.toPlainText().splitlines() if line.strip())
        if typed != self._shown.notes:
            self._shown = replace(self._shown, notes=typed)
            self.notes_changed.emit(self._shown.content_hash, typed)


def statements_text(described: Described) -> str:
    """Who said what of the whole recording, the newest last."""
    lines = []
    for one in described.statements:
        if one.start == 0 and one.stop >= described.frames:
            label = formatting.in_line(one.task, one.label) if one.label else formatting.nothing_words(one.task)
            sure = f" {formatting.percent(one.probability)}" if one.probability is not None else ""
            who = _("Modal reading") if one.who == MODAL else formatting.isolated(visible(one.who))
            when = formatting.isolated(formatting.digits(one.when[:10]))
            lines.append(f"{formatting.task_name(one.task)}: {label}{sure} · {who}{_(', ')}{when}")
    return "\n".join(lines) or _("Nothing yet.")
