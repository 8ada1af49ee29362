"""What is known of one recording, as a form: each field is written to the catalogue when it is left."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import QSignalBlocker, Qt, Signal
from PySide6.QtGui import QFocusEvent
from PySide6.QtWidgets import QPlainTextEdit, QPushButton, QScrollArea, QVBoxLayout, QWidget

from persian_mir.catalogue.model import Carrier, Described, Programme
from persian_mir.i18n import _
from persian_mir.visible import visible
from persian_mir_gui.archive.fields_form import FieldsForm
from persian_mir_gui.archive.record_fields import carrier_fields, programme_fields
from persian_mir_gui.labelling.predictors import MODAL
from persian_mir_gui.widgets import formatting
from persian_mir_gui.widgets.credits_table import credit_words
from persian_mir_gui.widgets.fold import Fold
from persian_mir_gui.widgets.message_bar import breakable
from persian_mir_gui.widgets.widget_factories import heading, lead, quiet, scaled, space_out
from persian_mir_gui.widgets.wrapped_label import WrappedLabel


class NotesField(QPlainTextEdit):
    """Several lines of text that say when they are left."""

    left = Signal()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.left.emit()


class RecordForm(QScrollArea):
    """Shows a recording, or says that none or several are chosen."""

    programme_changed = Signal(str, object)  # content hash, Programme
    carrier_changed = Signal(str, object)  # content hash, Carrier
    notes_changed = Signal(str, object)  # content hash, a tuple of texts
    people_wanted = Signal(object)  # Described, to be told who takes part
    file_wanted = Signal()  # whose file is gone

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("inspector")
        self.setAccessibleName(_("The recording"))
        self.setWidgetResizable(True)
        self.setFrameShape(QScrollArea.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._shown: Described | None = None
        self.name = lead(WrappedLabel())
        self.name.setFont(scaled(self.font(), 1.15, bold=True))
        self.place = lead(quiet(wrap=True))
        self.gone = quiet(_("Its file is not there any more."), role="warning", wrap=True)
        self.find_file = QPushButton(_("Find the file…"))
        self.programme = FieldsForm(Programme(), programme_fields())
        self.carrier = FieldsForm(Carrier(), carrier_fields())
        self.people = quiet(wrap=True)
        self.give_people = QPushButton(_("People…"))
        self.collection = quiet(wrap=True)
        self.notes = NotesField(tabChangesFocus=True)
        self.notes.setAccessibleName(_("Notes"))
        self.notes.setMaximumHeight(96)
        self.said = quiet(wrap=True)
        self._lay_out()
        self.show_record(None)

    def _lay_out(self) -> None:
        inner = QWidget()
        layout = space_out(QVBoxLayout(inner), margins=(14, 14, 14, 14), spacing=10)
        layout.addWidget(self.name)
        layout.addWidget(self.place)
        layout.addWidget(self.gone)
        layout.addWidget(self.find_file, 0, Qt.AlignmentFlag.AlignLeading)
        self.body = QWidget()
        body = space_out(QVBoxLayout(self.body), spacing=10)
        body.addWidget(heading(_("What was said of it")))
        body.addWidget(self.said)
        body.addWidget(heading(_("The recording")))
        body.addWidget(self.programme)
        body.addWidget(self.collection)
        body.addWidget(heading(_("People")))
        body.addWidget(self.people)
        body.addWidget(self.give_people, 0, Qt.AlignmentFlag.AlignLeading)
        self.carrier_fold = Fold(_("Carrier"), self.carrier, False)
        body.addWidget(self.carrier_fold)
        body.addWidget(heading(_("Notes")))
        body.addWidget(self.notes)
        layout.addWidget(self.body)
        layout.addStretch(1)
        self.setWidget(inner)
        self.notes.left.connect(self._say_notes)
        self.programme.changed.connect(self._say_programme)
        self.carrier.changed.connect(self._say_carrier)
        self.find_file.clicked.connect(self.file_wanted)
        self.give_people.clicked.connect(lambda: self.people_wanted.emit(self._shown))

    def show_record(self, described: Described | None, number: int = 0, title: str = "") -> None:
        """Show this one, under the title that the list has for it; None: say how many are chosen."""
        self.save()
        again = described is not None and self._shown is not None and described.content_hash == self._shown.content_hash
        self._shown = described
        self.body.setVisible(described is not None)
        if not again:
            self.show_gone(False)
            self.verticalScrollBar().setValue(0)
        if described is None:
            chosen = _("{number} recordings are chosen.").format(number=formatting.digits(str(number)))
            self.name.setText(chosen if number > 1 else "")
            self.place.setText("" if number else _("Choose a recording to see and describe it."))
            return
        programme = described.programme
        path = Path(described.path)
        self.name.setText(visible(programme.title_fa or programme.title_latin or title or path.stem))
        self.place.setText(breakable(visible(described.path)))
        self.programme.show_value(programme, again)
        self.carrier.show_value(described.carrier or Carrier(), again)
        self.people.setText("\n".join(map(credit_words, described.credits)) or _("Nobody is named yet."))
        self.collection.setText(collection_text(described))
        self.collection.setVisible(described.collection is not None)
        with QSignalBlocker(self.notes):
            self.notes.setPlainText("\n".join(described.notes))
        self.said.setText(statements_text(described))

    @property
    def collection_name(self) -> str:
        """The collection of the one that is shown."""
        collection = self._shown.collection if self._shown is not None else None
        return collection.name if collection is not None else ""

    def show_gone(self, gone: bool) -> None:
        """Say that the file of the one that is shown is gone, and offer to find it."""
        self.gone.setVisible(gone)
        self.find_file.setVisible(gone)

    def save(self) -> None:
        """Write what was typed and not yet written."""
        if self._shown is not None:
            self.programme.say()
            self.carrier.say()
            self._say_notes()

    def _say_programme(self, told: Programme) -> None:
        if self._shown is not None:
            self._shown = replace(self._shown, programme=told)
            self.programme_changed.emit(self._shown.content_hash, told)

    def _say_carrier(self, told: Carrier) -> None:
        if self._shown is not None:
            self._shown = replace(self._shown, carrier=told)
            self.carrier_changed.emit(self._shown.content_hash, told)

    def _say_notes(self) -> None:
        if self._shown is None:
            return
        typed = tuple(line.strip() for line in self.notes.toPlainText().splitlines() if line.strip())
        if typed != self._shown.notes:
            self._shown = replace(self._shown, notes=typed)
            self.notes_changed.emit(self._shown.content_hash, typed)


def collection_text(described: Described) -> str:
    """In which collection it is."""
    name = described.collection.name if described.collection is not None else ""
    return _("In the collection {name}").format(name=formatting.isolated(visible(name)))


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
    return "\n".join(dict.fromkeys(lines)) or _("Nothing yet.")  # each opening reads, and says, the same again
