"""Live: what is being played now, heard through the microphone; it can be recorded meanwhile."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QSize
from PySide6.QtGui import QCloseEvent, QFontMetrics, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLayout, QVBoxLayout, QWidget

from persian_mir.i18n import _
from persian_mir.modal.live import FIRST_ANSWER_S, WINDOW_S, LiveState
from persian_mir_gui.core.messages import Message
from persian_mir_gui.live.listener import LiveNews
from persian_mir_gui.live.live import Live
from persian_mir_gui.live.ranking import Ranking
from persian_mir_gui.live.reference import Reference
from persian_mir_gui.plots.live_meters import LevelMeter, Needle
from persian_mir_gui.widgets import formatting
from persian_mir_gui.widgets.icons import dot
from persian_mir_gui.widgets.note_signs import SignedLabel, signed
from persian_mir_gui.widgets.pitch_words import cents_words, hz_words
from persian_mir_gui.widgets.side_window import SideWindow
from persian_mir_gui.widgets.theme import Theme
from persian_mir_gui.widgets.theme_source import ThemeSource
from persian_mir_gui.widgets.widget_factories import (
    TurnButton,
    lead,
    quiet,
    resize_within_screen,
    scaled,
    set_role,
    space_out,
)

if TYPE_CHECKING:
    from persian_mir_gui.live.live_plots import LivePlots

WIDTH, HEIGHT = 860, 620  # at first; twice as large, everything is written twice as large
LEAST_WIDTH, LEAST_HEIGHT = 560, 440
LARGEST = 3.0
NOTE_SIZE = 5.6
DOT_PX = 16  # of the button that records


class LiveWindow(SideWindow):
    """A window of its own beside the main one. Closing it ends the listening, and the take."""

    def __init__(self, live: Live, reference: Reference, themes: ThemeSource, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(_("Live – Persian MIR"))
        self._live, self._theme = live, themes.theme
        self._make_plots = partial(_plots, reference, themes)
        self.plots: LivePlots | None = None
        self.devices = QComboBox()
        self.devices.setAccessibleName(_("Input"))
        self.devices.setToolTip(_("Input: microphone or line"))
        self.devices.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.listen = TurnButton(_("Listen"), _("Stop listening"))
        self.record = TurnButton(_("Record"), _("Stop recording"))
        self.record.setCheckable(True)
        self.level, self.needle = LevelMeter(themes), Needle(themes)
        self.ranking = Ranking(themes)
        self.note, self.off = SignedLabel(), quiet(factor=1.1)
        lead(self.note)
        self.time = quiet(factor=1.0)
        self.status = quiet(wrap=True, factor=1.0)
        self._scale = 0.0
        self._said = ""  # the last message, until it is over
        self._lay_out()
        self._connect(reference)
        self._fill_devices()
        themes.follow(self.set_theme)
        self._show(LiveNews("stopped"))

    def _lay_out(self) -> None:
        self.note.setAccessibleName(_("Note"))
        above = space_out(QHBoxLayout(), spacing=10)
        above.addWidget(self.devices, 1)
        above.addWidget(self.listen)
        above.addWidget(self.record)
        level = space_out(QHBoxLayout(), spacing=14)
        level.addWidget(self.level, 1)
        level.addWidget(self.time)
        pitch = space_out(QVBoxLayout(), spacing=6)
        pitch.addWidget(self.note)
        pitch.addWidget(self.off)
        pitch.addWidget(self.needle)
        pitch.addStretch()
        middle = space_out(QHBoxLayout(), spacing=28)
        middle.addLayout(pitch, 1)
        middle.addWidget(self.ranking, 1)
        layout = self._column = space_out(QVBoxLayout(self), margins=(18, 16, 18, 14), spacing=14)
        layout.addLayout(above)
        layout.addLayout(level)
        layout.addLayout(middle)
        layout.addStretch(1)
        layout.addWidget(self.status)
        layout.setSizeConstraint(QLayout.SizeConstraint.SetNoConstraint)  # large writing must not keep the window large
        self.setMinimumSize(LEAST_WIDTH, LEAST_HEIGHT)
        resize_within_screen(self, WIDTH, HEIGHT)
        self._set_scale(1.0)

    def _connect(self, reference: Reference) -> None:
        self._live.heard.connect(self._show)
        self._live.devices_changed.connect(self._fill_devices)
        self._live.failed.connect(self._say)
        self._live.taken.connect(self._say_taken)
        reference.failed.connect(self._say)
        self.listen.clicked.connect(self._toggle)
        self.record.clicked.connect(self._record)

    def set_theme(self, theme: Theme) -> None:
        """Paint in other colours from now on."""
        self._theme = theme
        self.record.setIcon(dot(theme.error))

    def _set_scale(self, scale: float) -> None:
        """As large as the window allows: it is read across a room."""
        if scale == self._scale:
            return
        self._scale = scale
        self.note.setFont(scaled(self.font(), NOTE_SIZE * scale, bold=True))
        metrics = QFontMetrics(self.note.font())
        self.note.setMinimumHeight(metrics.height())
        self.note.setMinimumWidth(metrics.horizontalAdvance("Solm 4") + 8)
        self.off.setFont(scaled(self.font(), 1.1 * scale))
        for written in (self.time, self.status, self.devices, self.listen, self.record):
            written.setFont(scaled(self.font(), scale, bold=written.property("role") == "primary"))
        self.record.setIconSize(QSize(round(DOT_PX * scale), round(DOT_PX * scale)))
        for part in (self.level, self.needle, self.ranking, self.plots):
            if part is not None:
                part.set_scale(scale)

    # What the user does

    def appear(self) -> None:
        """Come to the front."""
        self.come_forward()

    def _toggle(self) -> None:
        if self._live.busy:
            self._live.stop()
        else:
            self._said = ""
            self._live.start(str(self.devices.currentData() or ""))

    def _record(self, on: bool) -> None:
        if not self._live.busy:
            self._said = ""
            self._live.start(str(self.devices.currentData() or ""), record=on)
        else:
            self._live.record(on)
            self._show_recording(on)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if self.plots is None:
            self.plots = self._make_plots()
            self.plots.set_scale(self._scale)
            self._column.insertWidget(self._column.count() - 1, self.plots, 8)
        self._live.watch(True)
        self.listen.setFocus()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        # In steps, so that dragging the edge does not lay everything out at each pixel.
        scale = round(10 * min(self.width() / WIDTH, self.height() / HEIGHT)) / 10
        self._set_scale(min(max(scale, 1.0), LARGEST))

    def closeEvent(self, event: QCloseEvent) -> None:
        self._live.stop()
        self._live.watch(False)
        super().closeEvent(event)

    # What there is to see

    def _fill_devices(self) -> None:
        chosen = self.devices.currentData()
        names = self._live.devices()
        self.devices.clear()
        self.devices.addItem(_("System's default input"), "")
        for name in names:
            self.devices.addItem(name, name)
        self.devices.setCurrentIndex(max(0, self.devices.findData(chosen)))
        if self._live.reason:
            self._said = self._live.reason
        self._show_status(LiveNews(self._live.phase))

    def _show(self, news: LiveNews) -> None:
        busy = self._live.busy
        self.listen.setText(_("Stop listening") if busy else _("Listen"))
        set_role(self.listen, "role", "" if busy else "primary")
        self.devices.setEnabled(not busy)
        self._show_recording(self._live.recording)
        state = news.state
        sounding = state if news.phase == "listening" else None
        self.level.show_state(sounding)
        self.needle.show_state(sounding)
        self._show_pitch(sounding)
        if self.plots is not None:
            self.plots.show_state(state)
        self.ranking.show_reading(None if state is None else state.reading)
        self.time.setText("" if news.take_s is None else _("Take {time}").format(time=formatting.clock(news.take_s)))
        self.time.setVisible(news.take_s is not None)  # else its gap keeps the meter short
        self._show_status(news)

    def _show_recording(self, on: bool) -> None:
        self.record.setChecked(on)
        self.record.setText(_("Stop recording") if on else _("Record"))

    def _show_pitch(self, state: LiveState | None) -> None:
        pitch = None if state is None else state.pitch
        if pitch is None:
            self.note.show_text("–", "–")
            self.off.setText(" ")
            return
        octave = formatting.digits(str(pitch.name.octave))
        self.note.show_text(f"{pitch.name.text} {octave}", f"{signed(pitch.name)} {octave}")
        nearest = _("off the degree") if pitch.of_mode else _("off the quarter tone")
        self.off.setText(f"{hz_words(pitch.hz)} · {cents_words(pitch.cents)} {nearest}")

    def _show_status(self, news: LiveNews) -> None:
        lines = [self._said] if self._said else [status_words(news)]
        if self._said and news.phase == "listening":
            lines.append(status_words(news))
        if news.dropped_s > 0:
            lost = formatting.digits(f"{news.dropped_s:.1f}")
            lines.append(_("{number} s of sound were lost: this machine is too busy.").format(number=lost))
        self.status.setText("\n".join(lines))

    def _say(self, message: Message) -> None:
        self._said = f"{message.what} {message.cure}".strip() if message.level != "info" else ""
        self._show_status(LiveNews(self._live.phase))

    def _say_taken(self, path: Path) -> None:
        self._said = _("The take is kept as {name} and opened in the main window.").format(name=path.name)
        self._show_status(LiveNews(self._live.phase))


def _plots(reference: Reference, themes: ThemeSource) -> LivePlots:
    from persian_mir_gui.live.live_plots import LivePlots  # pyqtgraph takes 0.15 s to import

    return LivePlots(reference, themes)


def status_words(news: LiveNews) -> str:
    """What it is at, and when the first answer comes."""
    first = formatting.digits(str(round(FIRST_ANSWER_S)))
    if news.phase == "stopped":
        return _("Press Listen, then play or sing: the first answer comes after {number} s of music.").format(
            number=first
        )
    if news.phase == "starting":
        return _("Opening the input…")
    if news.phase == "lost":
        return _("The input has gone; listening goes on as soon as it is back.")
    state = news.state
    if state is None or state.reading is None:
        heard = formatting.digits(str(int(state.heard_s if state is not None else 0)))
        return _("Listening: first answer after {number} s of music; {heard} s so far.").format(
            number=first, heard=heard
        )
    if not state.reading.heard:
        return state.reading.reason
    span = formatting.digits(str(round(min(state.seconds, WINDOW_S))))
    return _("Listening: read anew twice a second from the last {number} s.").format(number=span)
