"""The tonic: what it is, and the ways to set it."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QToolButton, QVBoxLayout, QWidget

from persian_mir.i18n import _
from persian_mir.modal.note_entry import PitchEntryError, parse_pitch
from persian_mir.modal.reading import ModalReading
from persian_mir_gui.core.messages import Messages
from persian_mir_gui.modal.reading import Readings
from persian_mir_gui.widgets.note_signs import SignedLabel, signed
from persian_mir_gui.widgets.pitch_words import cents_words, hz_words, off_cents, tonic_note
from persian_mir_gui.widgets.widget_factories import quiet, scaled, space_out


class TonicRow(QWidget):
    """The tonic in Hz and by name; whether it was set by hand; a field, and a button, that set it."""

    def __init__(self, messages: Messages, readings: Readings, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._messages, self._readings = messages, readings
        self.text, self.note = SignedLabel(), quiet(role="faint")
        self.text.setProperty("role", "dim")
        self.text.setFont(scaled(self.text.font(), 1.0))
        self.entry = QLineEdit(placeholderText=_("220 Hz, A3, E koron 4, auto"))
        self.entry.setAccessibleName(_("Tonic: a frequency, a note or auto"))
        self.entry.setToolTip(_("Type the tonic, then Enter: 220.5 Hz, A3, E koron 4, Sol 3 +12, auto"))
        self.wrong = quiet(role="warning", wrap=True)
        self.wrong.hide()
        self.take, self.reset = QToolButton(), QToolButton()
        for button, name in ((self.take, _("Take the pitch under the playhead")), (self.reset, _("Reset"))):
            button.setText(name)
            button.setProperty("role", "link")
            button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.take.clicked.connect(self.take_pitch)
        self.reset.clicked.connect(self._give_back)
        self.entry.returnPressed.connect(self.set_typed)
        self.entry.textEdited.connect(self.wrong.hide)
        hand = space_out(QHBoxLayout(), spacing=8)
        hand.addWidget(self.note)
        hand.addWidget(self.reset)
        hand.addStretch()
        layout = space_out(QVBoxLayout(self), spacing=4)
        layout.addWidget(self.text)
        layout.addLayout(hand)
        layout.addWidget(self.entry)
        layout.addWidget(self.wrong)
        layout.addWidget(self.take)

    def refresh(self) -> None:
        """Show the tonic as it is."""
        readings = self._readings
        whole = readings.known.whole
        self.text.show_text(*(("", "") if whole is None else tonic_words(whole)))
        self.note.setText(_("set by hand") if readings.tonic_hz is not None else "")
        for part in (self.note, self.reset):
            part.setVisible(readings.tonic_hz is not None)

    def set_typed(self) -> None:
        """Set the tonic to what the field says; what it cannot be is said below it."""
        whole = self._readings.known.whole
        try:
            hz = parse_pitch(self.entry.text(), None if whole is None else whole.tonic_hz)
        except PitchEntryError as error:
            self.wrong.setText(f"{error.what} {error.cure}")
            self.wrong.show()
            self.entry.selectAll()
            return
        self.wrong.hide()
        self.entry.clear()
        self._readings.set_tonic(hz)

    def take_pitch(self) -> None:
        """Set the tonic to what sounds at the playhead; a rest is said, and changes nothing."""
        hz = self._readings.pitch_at_playhead()
        if hz is None:
            self._messages.info(_("Nothing sounds under the playhead."), _("Move it onto the note that is the tonic."))
        else:
            self._readings.set_tonic(hz)

    def _give_back(self) -> None:
        self._readings.set_tonic(None)


def tonic_words(reading: ModalReading) -> tuple[str, str]:
    """`311.6 Hz · Mi koron (+4 ¢)`: the note it is written as, and how far off it lies for A = 440 Hz.

    In words, and with the signs for `SignedLabel`.
    """
    note = tonic_note(reading)
    if reading.tonic_hz is None or note is None:
        return "", ""
    hz, off = hz_words(reading.tonic_hz), cents_words(off_cents(reading.tonic_hz, note))
    return f"{hz} · {note.text} ({off})", f"{hz} · {signed(note)} ({off})"
