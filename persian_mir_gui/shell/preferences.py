"""The preferences: every setting that has words here, grouped; each takes effect at once."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QDialog,
    QDialogButtonBox,
    QGridLayout,
    QLineEdit,
    QSlider,
    QVBoxLayout,
    QWidget,
)

from persian_mir.i18n import _
from persian_mir_gui.core.settings import SETTINGS, Setting, Settings
from persian_mir_gui.labelling.device_menu import device_name, precision_name
from persian_mir_gui.widgets import formatting
from persian_mir_gui.widgets.widget_factories import (
    GapArea,
    heading,
    lead,
    quiet,
    resize_within_screen,
    space_out,
)

FORM_PX, TITLES_PX = 760, 190  # the latter so that the fields of all groups stand in one column
Choose = Callable[[str, Any], None]


@dataclass(frozen=True, slots=True)
class Words:
    """What a setting is called, what it does, and what its choices are called."""

    title: str
    hint: str = ""
    choices: Callable[[Any], str] = str


def seconds(value: int) -> str:
    """`30 s`."""
    return _("{number} s").format(number=formatting.digits(str(value)))


def setting_words() -> dict[str, dict[str, Words]]:
    """Return the words of the settings that a user may change, by group; a setting without words is not shown."""
    languages = {"": _("As the system"), "en": "English", "fa": "فارسی"}
    themes = {"system": _("As the system"), "light": _("Light"), "dark": _("Dark")}
    engines = {"auto": _("Automatic"), "torch": "PyTorch", "openvino": "OpenVINO"}
    orders = {"doubt": _("The least certain first"), "time": _("In the order of time")}
    return {
        _("Look"): {
            "language": Words(_("Language"), "", languages.__getitem__),
            "theme": Words(_("Colours"), "", themes.__getitem__),
            "sidebar_visible": Words(_("Show the list of recordings")),
            "inspector_visible": Words(_("Show the details")),
            "pitch_visible": Words(_("Show the pitch below the waveform")),
            "notes_over_pitch": Words(_("Draw the notes of a score over the pitch")),
        },
        _("Labelling"): {
            "label_on_open": Words(_("Label a recording when it is opened")),
            "modal_window": Words(
                _("Window of the modal reading"),
                _("How long a stretch each segment hears; from the next labelling on"),
                seconds,
            ),
            "csv_for_excel": Words(
                _("Mark exported tables for Excel"), _("So that it shows Persian letters as they are")
            ),
            "device": Words(_("Device"), _("What the models compute on"), device_name),
            "precision": Words(
                _("Precision"),
                _("Fast is bfloat16. Whether a probe then says the same is checked in the menu of the device"),
                precision_name,
            ),
            "engine": Words(_("Engine"), _("What computes on the CPU"), engines.__getitem__),
        },
        _("Review"): {
            "reviewer": Words(_("Reviewer’s name"), _("Written beside every statement; empty: your login name")),
            "review_order": Words(_("Next segment"), "", orders.__getitem__),
            "review_heard": Words(_("Play each segment that is reviewed")),
        },
        _("Playback"): {"volume": Words(_("Volume"))},
    }  # fmt: skip


class Preferences(QDialog):
    """A form made from the declared settings. It follows them, whoever changes them."""

    def __init__(self, settings: Settings, choose: Choose, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(_("Preferences"))
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._settings, self._choose = settings, choose
        self.fields: dict[str, QWidget] = {}
        declared = {setting.key: setting for setting in SETTINGS}
        inner = QWidget()
        column = space_out(QVBoxLayout(inner), margins=(4, 4, 4, 4), spacing=8)
        for group, rows in setting_words().items():
            column.addWidget(heading(group))
            form = QGridLayout()  # a QFormLayout is too high for lines that wrap
            form.setHorizontalSpacing(18)
            form.setVerticalSpacing(6)
            form.setColumnMinimumWidth(0, TITLES_PX)
            form.setColumnStretch(1, 1)
            for key, words in rows.items():
                self._add_row(form, declared[key], words)
            column.addLayout(form)
            column.addSpacing(10)
        column.addStretch()
        area = GapArea(inner, 8, FORM_PX)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        buttons.rejected.connect(self.reject)
        layout = space_out(QVBoxLayout(self), margins=(16, 14, 16, 14), spacing=10)
        layout.addWidget(area, 1)
        layout.addWidget(buttons)
        settings.changed.connect(self._follow)
        resize_within_screen(self, 560, 620)

    def _add_row(self, form: QGridLayout, setting: Setting, words: Words) -> None:
        field = self._field(setting, words)
        field.setAccessibleName(words.title)
        field.setToolTip(words.hint)
        self.fields[setting.key] = field
        self._follow(setting.key, self._settings.get(setting.key))
        row, tick = form.rowCount(), isinstance(field, QCheckBox)
        if not tick:
            form.addWidget(quiet(words.title, role="", factor=1.0), row, 0)
        form.addWidget(field, row, 0 if tick else 1, 1, 2 if tick else 1)
        if words.hint:
            form.addWidget(lead(quiet(words.hint, role="faint", wrap=True)), row + 1, 1)

    def _field(self, setting: Setting, words: Words) -> QWidget:
        """A box for choices, a tick for yes or no, a slider for 0 to 1, a line for text."""
        key = setting.key
        if setting.choices:
            box = QComboBox()
            for value in setting.choices:
                box.addItem(words.choices(value), value)
            box.activated.connect(lambda _place: self._choose(key, box.currentData()))
            return box
        if setting.kind is bool:
            tick = QCheckBox(words.title)
            tick.clicked.connect(lambda on: self._choose(key, on))
            return tick
        if setting.kind is float:
            slider = QSlider(Qt.Orientation.Horizontal)
            slider.setRange(0, 100)
            slider.valueChanged.connect(lambda value: self._choose(key, value / 100))
            return slider
        line = QLineEdit()
        line.editingFinished.connect(lambda: self._choose(key, line.text().strip()))
        return line

    def _follow(self, key: str, value: Any) -> None:
        field = self.fields.get(key)
        if isinstance(field, QComboBox):
            field.setCurrentIndex(max(0, field.findData(value)))
        elif isinstance(field, QCheckBox):
            field.setChecked(bool(value))
        elif isinstance(field, QSlider) and field.value() != round(100 * value):
            field.setValue(round(100 * value))
        elif isinstance(field, QLineEdit) and field.text() != value:
            field.setText(str(value))
