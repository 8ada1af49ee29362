"""How to tune for a Dastgah: the strings with their notes, each to be heard, and measured while it is plucked."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from PySide6.QtGui import QCloseEvent, QHideEvent, QResizeEvent, QShortcut
from PySide6.QtWidgets import (
    QComboBox,
    QDoubleSpinBox,
    QFormLayout,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from persian_mir.i18n import _
from persian_mir.modal.names import NoteName
from persian_mir.modal.string_tunings import INSTRUMENTS, note
from persian_mir_gui.core.keyboard import sequences
from persian_mir_gui.core.messages import Message
from persian_mir_gui.live import tuner_words as words
from persian_mir_gui.live.tuner import LEAST_A, MOST_A, MOST_TRANSPOSED, TENTHS, Tuner
from persian_mir_gui.live.tuner_strings import Strings
from persian_mir_gui.plots.live_meters import LevelMeter, Needle
from persian_mir_gui.widgets import formatting
from persian_mir_gui.widgets.note_signs import SignedLabel, signed
from persian_mir_gui.widgets.pitch_words import hz_words
from persian_mir_gui.widgets.side_window import SideWindow
from persian_mir_gui.widgets.theme_source import ThemeSource
from persian_mir_gui.widgets.widget_factories import (
    TurnButton,
    quiet,
    resize_within_screen,
    scaled,
    set_name,
    set_role,
    space_out,
    stand_in,
)

WIDTH, HEIGHT, LARGEST = 860, 640, 1.8
CALLED = tuple(
    f"{name} 4" for name in ("Do", "Re", "Mi-koron", "Mi", "Fa", "Sol", "La-koron", "La", "Si-flat", "Si-koron", "Si")
)
STRING_KEYS = 9


class TunerWindow(SideWindow):
    """Digits play the strings, with Shift they measure one alone; L listens, A plays all, Esc closes."""

    def __init__(self, tuner: Tuner, themes: ThemeSource, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(_("Tuning – Persian MIR"))
        self._tuner, self._mine = tuner, False  # whether this window began to listen
        self.instrument, self.mode, self.choice = QComboBox(), QComboBox(), QComboBox()
        self.reference = QDoubleSpinBox(minimum=LEAST_A, maximum=MOST_A, decimals=1, singleStep=0.5)
        self.transposed, self.recording = QComboBox(), QComboBox()
        self.strings = Strings(tuner, themes)
        self.listen, self.all = TurnButton(_("Listen"), _("Stop listening")), QPushButton(_("Play all strings"))
        self.level, self.needle = LevelMeter(themes), Needle(themes)
        self.heard, self.advice = SignedLabel(), QLabel()
        self.source, self.state = quiet(role="faint", wrap=True), quiet(wrap=True)
        self._lay_out()
        self._connect()
        self._bind_keys()
        self._refresh()
        resize_within_screen(self, WIDTH, HEIGHT)

    def _lay_out(self) -> None:
        buttons = space_out(QHBoxLayout(), spacing=10)
        buttons.addWidget(self.listen)
        buttons.addWidget(self.all)
        buttons.addWidget(self.level, 1)
        column = space_out(QVBoxLayout(self), margins=(18, 14, 18, 10), spacing=10)
        column.addLayout(self._choices())
        column.addWidget(self.strings, 1000)
        column.addStretch(1)
        column.addLayout(buttons)
        column.addLayout(self._meters())
        column.addWidget(self.state)
        column.addWidget(self.source)

    def _choices(self) -> QHBoxLayout:
        """What is tuned, for which mode, and how high it sounds: two forms side by side."""
        fields = (
            (self.instrument, _("Instrument")), (self.mode, _("Dastgah or avaz")), (self.choice, _("Tuning")),
            (self.reference, _("La (A) sounds at")), (self.transposed, _("Sounding")),
            (self.recording, _("The recording’s tonic is")),
        )  # fmt: skip
        forms = (QFormLayout(), QFormLayout())
        # That grow with the window; with a style sheet, a number field does not hand its font on.
        self._words: list[QWidget] = [self.listen, self.all, self.reference.lineEdit()]
        for place, (field, name) in enumerate(fields):
            field.setAccessibleName(name)
            field.setToolTip(name)
            title = quiet(name, factor=1.0)
            forms[place // 3].addRow(title, field)
            self._words += (title, field)
        stand_in(self.reference)
        self.reference.setSuffix(" " + _("{number} Hz").format(number="").strip())
        line = space_out(QHBoxLayout(), spacing=32)
        for form in forms:
            form.setVerticalSpacing(6)
            form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
            line.addLayout(form, 1)
        return line

    def _meters(self) -> QGridLayout:
        """The string that sounds, what to do with it, and the needle."""
        self.heard.setAccessibleName(_("String"))
        grid = QGridLayout()
        grid.setHorizontalSpacing(20)
        grid.addWidget(self.heard, 0, 0)
        grid.addWidget(self.advice, 0, 1)
        grid.addWidget(self.needle, 1, 0, 1, 2)
        grid.setColumnStretch(1, 1)
        return grid

    def _connect(self) -> None:
        tuner = self._tuner
        for box, key in ((self.instrument, "instrument"), (self.mode, "mode"), (self.choice, "choice")):
            box.activated.connect(partial(self._choose, box, key))
        self.transposed.activated.connect(partial(self._choose, self.transposed, "transposed"))
        self.reference.valueChanged.connect(lambda value: tuner.choose("a", round(value * TENTHS)))
        self.recording.activated.connect(self._follow)
        self.listen.clicked.connect(self._toggle)
        self.all.clicked.connect(tuner.play_all)
        tuner.changed.connect(self._refresh)
        tuner.measured.connect(self._measure)
        tuner.live.failed.connect(self._say)
        tuner.live.devices_changed.connect(self._show_state)

    def _bind_keys(self) -> None:
        for key, act in {"L": self._toggle, "A": self._tuner.play_all}.items():
            for sequence in sequences(key):
                QShortcut(sequence, self).activated.connect(act)
        for place in range(STRING_KEYS):
            QShortcut(str(place + 1), self).activated.connect(partial(self._string, place, False))
            QShortcut(f"Ctrl+{place + 1}", self).activated.connect(partial(self._string, place, True))

    # What the user does

    def appear(self) -> None:
        """Come to the front."""
        self._tuner.take_mode()
        self.come_forward()
        self._tuner.live.look()
        self._refresh()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        scale = min(max(min(self.width() / WIDTH, self.height() / HEIGHT), 1.0), LARGEST)
        self.heard.setFont(scaled(self.font(), 2.6 * scale, bold=True))
        self.heard.setMinimumWidth(round(170 * scale))
        self.advice.setFont(scaled(self.font(), 1.3 * scale))
        for label in (self.state, self.source):
            label.setFont(scaled(self.font(), 0.9 * scale))
        for widget in self._words:
            widget.setFont(scaled(self.font(), scale, bold=widget.property("role") == "primary"))
        for part in (self.level, self.needle, self.strings):
            part.set_scale(scale)

    def closeEvent(self, event: QCloseEvent) -> None:
        self._stop()
        super().closeEvent(event)

    def hideEvent(self, event: QHideEvent) -> None:
        self._stop()
        super().hideEvent(event)

    def _stop(self) -> None:
        if self._mine:
            self._mine = False
            self._tuner.live.stop()

    def _toggle(self) -> None:
        live = self._tuner.live
        if live.busy:
            self._mine = False
            live.stop()
        else:
            self._mine = True
            live.start()
        self._show_state()

    def _choose(self, box: QComboBox, key: str, _place: int) -> None:
        value = box.currentIndex() if key == "choice" else box.currentData()
        self._tuner.choose(key, value)

    def _follow(self, _place: int) -> None:
        called = self.recording.currentData()
        if isinstance(called, NoteName):
            self._tuner.follow_recording(called)

    def _string(self, place: int, pin: bool) -> None:
        if place < len(self.strings.buttons):
            button = self.strings.buttons[place]
            (button.toggle_pin if pin else button.click)()

    # What there is to see

    def _refresh(self) -> None:
        tuner = self._tuner
        instruments = [(words.instrument_name(one), one) for one in INSTRUMENTS]
        _fill(self.instrument, instruments, tuner.instrument)
        _fill(self.mode, [(words.mode_name(one), one) for one in tuner.modes()], tuner.mode)
        tunings = tuner.tunings()
        _fill(self.choice, [(words.tuning_words(one), k) for k, one in enumerate(tunings)], tunings.index(tuner.tuning))
        self.choice.setEnabled(len(tunings) > 1)
        self.reference.blockSignals(True)
        self.reference.setValue(tuner.a4_hz)
        self.reference.blockSignals(False)
        higher = range(MOST_TRANSPOSED, -MOST_TRANSPOSED - 1, -1)
        _fill(self.transposed, [(words.transposed_words(one), one) for one in higher], tuner.transposed)
        self._fill_recording()
        self.source.setText(words.source_words(tuner.tuning))
        self.strings.refresh()
        self._measure()
        self._show_state()

    def _fill_recording(self) -> None:
        tonic = self._tuner.tonic
        self.recording.clear()
        self.recording.setEnabled(tonic is not None)
        if tonic is None:
            self.recording.addItem(_("No tonic is known: open and label a recording"))
            return
        hz, nearest = tonic
        self.recording.addItem(_("{hz}: choose what you call it").format(hz=hz_words(hz)))
        for called in (nearest, *(note(one) for one in CALLED)):
            self.recording.addItem(called.text, called)

    def _measure(self) -> None:
        tuner = self._tuner
        self.strings.refresh()
        place = tuner.pinned if tuner.sounding is None else tuner.sounding[0]
        cents = None if tuner.sounding is None else tuner.sounding[1]
        self.level.show_state(tuner.state)
        self.needle.show_cents(cents)
        if place is None:
            self.heard.show_text("–", "–")
        else:
            name = tuner.tuning.strings[place].note
            octave = formatting.digits(str(name.octave))
            self.heard.show_text(f"{name.text} {octave}", f"{signed(name)} {octave}")
        self.advice.setText(words.advice(cents))
        if tuner.live.busy:
            self._show_state()

    def _show_state(self, *_news: object) -> None:
        live = self._tuner.live
        self.listen.setText(_("Stop listening") if live.busy else _("Listen"))
        set_name(self.listen, self.listen.text())
        set_role(self.listen, "role", "" if live.busy else "primary")
        if live.reason:
            self.state.setText(live.reason)
        elif not live.busy:
            self.state.setText(
                _("A click or a digit plays a string. Press Listen, then pluck one string at a time; Ctrl and its "
                  "digit measure that string alone.")
            )  # fmt: skip
        elif self._tuner.pinned is not None:
            self.state.setText(_("Only this string is measured; press its digit with Ctrl again for the nearest one."))
        else:
            self.state.setText(_("The string nearest to what sounds is measured."))

    def _say(self, message: Message) -> None:
        if message.level != "info":
            self.state.setText(f"{message.what} {message.cure}".strip())


def _fill(box: QComboBox, rows: Sequence[tuple[str, object]], chosen: object) -> None:
    if [(box.itemText(k), box.itemData(k)) for k in range(box.count())] != list(rows):
        box.clear()
        for name, value in rows:
            box.addItem(name, value)
    box.setCurrentIndex(next((k for k, (_name, value) in enumerate(rows) if value == chosen), 0))
