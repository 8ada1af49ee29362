"""How the speed of a loop rises: a button beside the loop's, and the small form that it opens."""

from __future__ import annotations

from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QCheckBox, QFormLayout, QFrame, QSpinBox, QToolButton, QVBoxLayout, QWidget

from persian_mir.i18n import _
from persian_mir_gui.core.settings import Settings
from persian_mir_gui.playback.loop_ramp import LoopRamp
from persian_mir_gui.widgets import formatting
from persian_mir_gui.widgets.widget_factories import quiet, set_name, space_out, stand_in

APART_PX = 8  # from the window's end
SLOWEST, MOST_REPEATS = 25, 20  # per cent; the player's own limit


class LoopRampForm(QFrame):
    """Whether and how it rises; it says where the loop is. Esc or a click beside closes it."""

    def __init__(self, ramp: LoopRamp, settings: Settings, parent: QWidget) -> None:
        super().__init__(parent, Qt.WindowType.Popup)
        self.setObjectName("popup")
        self._ramp, self._settings = ramp, settings
        self.rises = QCheckBox(_("Loops begin slowly and speed up"))
        self.rises.clicked.connect(lambda on: settings.set("loop_rises", on))
        self.fields = {
            "loop_start": _percents(SLOWEST, 100),
            "loop_step": _percents(1, 50),
            "loop_repeats": QSpinBox(minimum=1, maximum=MOST_REPEATS),
            "loop_end": _percents(SLOWEST, 100),
        }
        names = (_("From"), _("Faster by"), _("After so many repeats"), _("Up to"))
        form = QFormLayout()
        form.setHorizontalSpacing(18)
        for (key, field), name in zip(self.fields.items(), names, strict=True):
            field.setAccessibleName(name)
            field.setToolTip(name)
            stand_in(field)
            field.valueChanged.connect(lambda value, key=key: self._keep(key, value))
            form.addRow(quiet(name, factor=1.0), field)
        self.state = quiet(role="faint", wrap=True)
        column = space_out(QVBoxLayout(self), margins=(14, 12, 14, 12), spacing=10)
        column.addWidget(self.rises)
        column.addLayout(form)
        column.addWidget(self.state)
        ramp.changed.connect(self.refresh)
        self.refresh()

    def _keep(self, key: str, value: int) -> None:
        self._settings.set(key, value if key == "loop_repeats" else value / 100)

    def refresh(self) -> None:
        """Show what is set, and where the loop is."""
        self.rises.setChecked(self._ramp.wanted)
        for key, field in self.fields.items():
            value = self._settings.get(key)
            field.blockSignals(True)
            field.setValue(value if key == "loop_repeats" else round(100 * value))
            field.blockSignals(False)
            field.setEnabled(self._ramp.wanted)
        self.state.setText(self._state())

    def _state(self) -> str:
        if not self._ramp.running:
            return _("Select a phrase and loop it: it begins slowly. The pitch stays.")
        return progress_words(self._ramp)


class LoopRampButton(QToolButton):
    """Opens the form; while a loop speeds up it says which repeat this is, before that how slowly loops begin."""

    def __init__(self, ramp: LoopRamp, settings: Settings, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._ramp, self._short = ramp, False
        self.setProperty("role", "quiet")
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.form = LoopRampForm(ramp, settings, self)
        self.clicked.connect(self.open)
        ramp.changed.connect(self.refresh)
        self.refresh()

    def refresh(self) -> None:
        """Say where the loop is."""
        ramp = self._ramp
        words = _signs(ramp) if self._short else _short_words(ramp)
        self.setText(f"↗ {words}" if words else "↗")
        set_name(self, _long_words(ramp))

    def shorten(self, short: bool) -> None:
        """Say it in signs, where there is no room for words; the tip and the spoken name have them."""
        if short != self._short:
            self._short = short
            self.refresh()

    def open(self) -> None:
        """Show the form above the button, or below it where there is no room; it stays within the window."""
        self.form.adjustSize()
        size, room = self.form.sizeHint(), self.screen().availableGeometry()
        corner = self.mapToGlobal(QPoint(0, -size.height() - 4))
        top = corner.y() if corner.y() > room.top() else self.mapToGlobal(QPoint(0, self.height() + 4)).y()
        end = min(self.window().mapToGlobal(QPoint(self.window().width(), 0)).x(), room.right())
        left = max(room.left(), min(corner.x(), end - size.width() - APART_PX))
        self.form.move(left, top)
        self.form.show()
        self.form.rises.setFocus(Qt.FocusReason.PopupFocusReason)


def progress_words(ramp: LoopRamp) -> str:
    """`Repeat 2 of 3 at 55%, up to 100%`."""
    text = _("Repeat {number} of {count} at {speed}, up to {end}")
    number, count = (formatting.digits(str(one)) for one in (ramp.done + 1, ramp.ramp.repeats))
    speed, end = formatting.percent(ramp.speed), formatting.percent(ramp.ramp.end)
    return text.format(number=number, count=count, speed=speed, end=end)


def _short_words(ramp: LoopRamp) -> str:
    """`Repeat 2 of 3`, `from 50%` before there is a loop; empty where loops do not speed up."""
    if ramp.running:
        number, count = (formatting.digits(str(one)) for one in (ramp.done + 1, ramp.ramp.repeats))
        return _("Repeat {number} of {count}").format(number=number, count=count)
    return _("from {percent}").format(percent=formatting.percent(ramp.ramp.start)) if ramp.wanted else ""


def _signs(ramp: LoopRamp) -> str:
    """The same where there is no room for words: `2/3`, `50%`."""
    if ramp.running:
        return formatting.digits(f"{ramp.done + 1}/{ramp.ramp.repeats}")
    return formatting.percent(ramp.ramp.start) if ramp.wanted else ""


def _long_words(ramp: LoopRamp) -> str:
    if ramp.running:
        return progress_words(ramp)
    if not ramp.wanted:
        return _("Loops that speed up")
    start, end = formatting.percent(ramp.ramp.start), formatting.percent(ramp.ramp.end)
    return _("Loops begin at {start} and speed up to {end}").format(start=start, end=end)


def _percents(least: int, most: int) -> QSpinBox:
    field = QSpinBox(minimum=least, maximum=most, singleStep=5)
    field.setSuffix(formatting.percent_suffix())
    return field
