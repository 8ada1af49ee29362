"""Play, and what it plays: the recording, the notes of its score, or both in a balance; a score alone by itself."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QSlider, QWidget

from persian_mir.i18n import _
from persian_mir_gui.core.settings import Settings
from persian_mir_gui.playback.player import Player
from persian_mir_gui.playback.player_words import player_marks
from persian_mir_gui.score.score_desk import ScoreDesk
from persian_mir_gui.widgets.widget_factories import TurnButton, quiet, space_out


class SoundingBar(QWidget):
    """The one player's button, with a choice of what is heard where a recording has a score."""

    def __init__(self, desk: ScoreDesk, settings: Settings, player: Player) -> None:
        super().__init__()
        self._desk, self._settings, self._player = desk, settings, player
        self.play = TurnButton(_("Play"), _("Pause"), _("Stop"))
        self.what = QComboBox()
        for words, what in ((_("The recording"), "recording"), (_("The notes"), "notes"), (_("Both"), "both")):
            self.what.addItem(words, what)
        self.what.setAccessibleName(_("What sounds"))
        self.what.setToolTip(_("What sounds"))
        self.balance = QSlider(Qt.Orientation.Horizontal)
        self.balance.setRange(0, 100)
        self.balance.setFixedWidth(110)
        self.balance.setAccessibleName(_("Balance of recording and notes"))
        self.balance.setToolTip(_("Balance of recording and notes"))
        self.marks = quiet()  # the main window, where both are set, may be out of sight
        self.ends = quiet(_("The recording")), quiet(_("The notes"))
        row = space_out(QHBoxLayout(self), spacing=8)
        for widget in (self.play, self.marks, self.what, self.ends[0], self.balance, self.ends[1]):
            row.addWidget(widget)
        self.play.clicked.connect(self._toggle)
        self.what.activated.connect(lambda _row: desk.sound(self.what.currentData()))
        self.balance.valueChanged.connect(lambda value: settings.set("score_balance", value / 100))
        for signal in (desk.changed, desk.written, player.state_changed, player.availability_changed):
            signal.connect(self.refresh)
        for signal in (player.loop_changed, player.speed_changed):
            signal.connect(self.refresh)
        self.refresh()

    def _toggle(self) -> None:
        if self._desk.playing:
            self._desk.stop()
        elif self._desk.alone:
            self._desk.play(0)
        else:
            self._player.toggle()

    def refresh(self, *_news: object) -> None:
        """Offer what can be heard now."""
        desk, draft, player = self._desk, self._desk.draft, self._player
        heard = desk.playing if desk.alone else player.state == "playing"
        self.play.setText(_("Pause") if heard and not desk.alone else _("Stop") if heard else _("Play"))
        self.play.setEnabled((desk.alone or desk.item is not None) and player.available)
        self.marks.setText("" if desk.alone else " · ".join(player_marks(player)))
        self.marks.setVisible(bool(self.marks.text()))
        beside = draft is not None and draft.path is not None and draft.count > 0
        self.what.setVisible(beside)
        self.what.setCurrentIndex(self.what.findData(desk.sounding))
        for widget in (*self.ends, self.balance):
            widget.setVisible(beside and desk.sounding == "both")
        self.balance.setValue(round(100 * float(self._settings.get("score_balance"))))
