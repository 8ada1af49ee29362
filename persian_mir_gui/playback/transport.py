"""Playing: buttons, the time code one reads from across a room, lengths, volume."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QFont, QFontDatabase, QFontMetrics
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSizePolicy, QSlider, QWidget

from persian_mir.i18n import _
from persian_mir_gui.core.settings import Settings
from persian_mir_gui.core.timeline import Timeline
from persian_mir_gui.library.session import Session
from persian_mir_gui.playback.loop_ramp import LoopRamp
from persian_mir_gui.playback.loop_ramp_button import LoopRampButton
from persian_mir_gui.playback.player import Player
from persian_mir_gui.playback.seeking import seek
from persian_mir_gui.playback.speed_button import SpeedButton
from persian_mir_gui.widgets import formatting
from persian_mir_gui.widgets.icons import icon
from persian_mir_gui.widgets.theme import Theme
from persian_mir_gui.widgets.theme_source import ThemeSource
from persian_mir_gui.widgets.widget_factories import quiet, scaled, set_name, set_role, space_out, tool_button

NARROW, ROOMY = 1000, 1200  # px; below it only what one cannot do without; from it with all words


class Transport(QWidget):
    """Buttons and figures of playback; time runs left to right in both languages."""

    def __init__(
        self,
        settings: Settings,
        timeline: Timeline,
        session: Session,
        player: Player,
        ramp: LoopRamp,
        themes: ThemeSource,
        jobs: QWidget,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setObjectName("transport")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._theme, self._settings = themes.theme, settings
        self._narrow, self._roomy = False, True
        self._timeline, self._session, self._player, self._ramp = timeline, session, player, ramp
        self.to_start = tool_button("icon", _("To the start"))
        self.play = tool_button("icon", _("Play"), 20)
        self.to_end = tool_button("icon", _("To the end"))
        self.loop = tool_button("icon", _("Loop"))
        self.loop.setCheckable(True)
        self.rising = LoopRampButton(ramp, settings)
        self.speed = SpeedButton(player)
        self.speed.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
        self.speed.setMinimumWidth(1)  # it gives way before the window does; see `fit_to`
        set_role(self.play, "role", "primary")
        self.time = QLabel(formatting.timecode(0))
        self.length, self.selected, self._reason = quiet(), quiet(), quiet(role="faint")
        self.volume = self._make_volume()
        self._speaker = QLabel()
        self._lay_out(jobs)
        self._connect()
        themes.follow(self.set_theme)
        self._show_recording()

    def _make_volume(self) -> QSlider:
        slider = QSlider(Qt.Orientation.Horizontal)
        slider.setRange(0, 100)
        slider.setLayoutDirection(Qt.LayoutDirection.LeftToRight)
        slider.setMinimumWidth(60)
        slider.setMaximumWidth(100)
        slider.setAccessibleName(_("Volume"))
        slider.setToolTip(_("Volume"))
        slider.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        slider.setValue(round(100 * float(self._settings.get("volume"))))
        return slider

    def _lay_out(self, jobs: QWidget) -> None:
        fixed = QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont)
        large = scaled(fixed, 1.9)
        large.setStyleHint(QFont.StyleHint.Monospace)
        self.time.setFont(large)
        self.time.setMinimumWidth(QFontMetrics(large).horizontalAdvance(formatting.timecode(0)) + 4)
        self.time.setAccessibleName(_("Position"))
        self._buttons = QWidget(layoutDirection=Qt.LayoutDirection.LeftToRight)
        buttons = space_out(QHBoxLayout(self._buttons), spacing=6)
        for button in (self.to_start, self.play, self.to_end, self.loop, self.rising, self.speed):
            buttons.addWidget(button)
        layout = space_out(QHBoxLayout(self), margins=(16, 9, 16, 9), spacing=14)
        layout.addWidget(self._buttons)
        for label in (self.time, self.length, self.selected, self._reason):
            layout.addWidget(label)
        for label in (self.selected, self._reason):
            label.setMinimumWidth(1)  # they give way, too
        layout.addStretch(1)
        layout.addWidget(self._speaker)
        layout.addWidget(self.volume)
        layout.addWidget(jobs)

    def _connect(self) -> None:
        player, timeline = self._player, self._timeline
        self.to_start.clicked.connect(self.go_to_start)
        self.to_end.clicked.connect(self.go_to_end)
        self.play.clicked.connect(player.toggle)
        self.loop.toggled.connect(player.set_loop)
        self.volume.valueChanged.connect(self._set_volume)
        player.state_changed.connect(self._show_state)
        timeline.playhead_changed.connect(self._show_time)
        timeline.selection_changed.connect(self._show_selection)
        timeline.recording_changed.connect(self._show_recording)
        self._session.shown_changed.connect(self._show_recording)
        player.availability_changed.connect(self._show_recording)
        player.speed_changed.connect(self._show_speeds)
        player.loop_changed.connect(self._show_loop)
        player.loop_changed.connect(self._show_selection)
        self._ramp.changed.connect(self._show_speeds)

    def set_theme(self, theme: Theme) -> None:
        """Paint in other colours from now on."""
        self._theme = theme
        for button, name in ((self.to_start, "to-start"), (self.to_end, "to-end")):
            button.setIcon(icon(name, theme.text))
        self._show_loop()
        self._speaker.setPixmap(icon("volume", theme.text_dim).pixmap(QSize(16, 16)))
        self._show_state(self._player.state)

    def go_to_start(self) -> None:
        """Put the playhead, and the player, at the first sample."""
        seek(self._timeline, self._player, 0)

    def go_to_end(self) -> None:
        """Put the playhead, and the player, at the end."""
        seek(self._timeline, self._player, self._timeline.frames)

    def _set_volume(self, value: int) -> None:
        self._settings.set("volume", value / 100)

    def _show_state(self, state: str) -> None:
        playing = state == "playing"
        colour = self._theme.accent_text if self.play.isEnabled() else self._theme.text_faint
        self.play.setIcon(icon("pause" if playing else "play", colour))
        set_name(self.play, _("Pause") if playing else _("Play"))

    def _rate(self) -> int:
        return self._timeline.rate or 1

    def _show_time(self) -> None:
        self.time.setText(formatting.timecode(self._timeline.playhead / self._rate()))

    def _show_selection(self) -> None:
        selection = self._timeline.selection
        length = (selection[1] - selection[0]) / self._rate() if selection else 0.0
        words = _("Selection {length}").format(length=seconds(length)) if selection else ""
        waits = selection is not None and self._player.looping and not self._player.repeating
        self.selected.setText(f"{words} · {_('loop waits')}" if waits else words)
        self.selected.setToolTip(_("A click into the selection repeats it again.") if waits else "")
        self.selected.setVisible(selection is not None and not self._narrow)

    def _show_recording(self) -> None:
        frames, player = self._timeline.frames, self._player
        # The stroke stands beside the position, which in Persian is to the right of the length.
        isolate = "\u2067" if self.layoutDirection() == Qt.LayoutDirection.RightToLeft else "\u2066"
        self.length.setText(f"{isolate}/ {formatting.timecode(frames / self._rate())}\u2069" if frames else "")
        usable = bool(frames) and player.available
        for button in (self.play, self.loop, self.rising, self.speed):
            button.setEnabled(usable)
        self._show_loop()
        for button in (self.to_start, self.to_end):
            button.setEnabled(bool(frames))
        self._show_state(player.state)
        self._reason.setVisible(not player.available)
        self.volume.setVisible(player.available)  # where it sets nothing, its place is for the reason
        self._show_speaker()
        self._reason.setText("" if player.available else _("No playback"))
        self._reason.setToolTip(player.reason)
        self._show_time()
        self._show_selection()

    def fit_to(self, width: int) -> None:
        """Leave out what a window of this width, in pixels, has no room for."""
        self._narrow, self._roomy = width < NARROW, width >= ROOMY
        self.rising.shorten(not self._roomy)
        self._show_speaker()
        self._show_speeds()
        self._show_selection()

    def _show_speaker(self) -> None:
        self._speaker.setVisible(self._player.available and not self._narrow)

    def _show_loop(self) -> None:
        looping = self._player.looping
        self.loop.setChecked(looping)
        lit = looping and self.loop.isEnabled()
        self.loop.setIcon(icon("loop", self._theme.accent_text if lit else self._theme.text))

    def _show_speeds(self, *_news: object) -> None:
        self.rising.setVisible(not self._narrow or self._ramp.wanted)
        slow = self._player.speed != 1.0
        self.speed.setVisible(not self._narrow or slow)
        self.speed.setMinimumWidth(self.speed.sizeHint().width() if slow else 1)  # else one would wonder why
        self.length.setVisible(self._roomy or not slow)  # in its place: the window can be made as small


def seconds(length: float) -> str:
    """A short length: `5.0 s`; a long one as a clock."""
    if length >= 60:
        return formatting.clock(length)
    return _("{number} s").format(number=formatting.digits(f"{length:.1f}"))
