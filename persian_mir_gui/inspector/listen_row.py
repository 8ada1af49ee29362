"""Buttons that let one hear the scale as played, the scale of theory, and a drone."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QToolButton, QVBoxLayout, QWidget

from persian_mir.i18n import _
from persian_mir.modal.degrees import Degree
from persian_mir.modal.profile import OCTAVE_CENTS
from persian_mir.modal.reading import ModalReading
from persian_mir_gui.modal.reading import Readings
from persian_mir_gui.playback.player import Player
from persian_mir_gui.playback.tones import Tones
from persian_mir_gui.widgets.pitch_words import LEAST_LINE
from persian_mir_gui.widgets.widget_factories import quiet, space_out


class ListenRow(QWidget):
    """What can be heard of a reading. Without a sound card: why not, instead of the buttons."""

    def __init__(self, player: Player, readings: Readings, tones: Tones, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._player, self._readings, self._tones = player, readings, tones
        self._reason = quiet(role="faint", wrap=True)
        self._buttons = QWidget()
        row = space_out(QHBoxLayout(self._buttons), spacing=4)
        self.played, self.theory, self.drone = QToolButton(), QToolButton(), QToolButton()
        for button, name, hint, slot in (
            (self.played, _("As played"), _("Hear the scale as it is played here"), self.play_measured),
            (self.theory, _("In theory"), _("Hear the scale of Farhat's frets, or of quarter tones"), self.play_theory),
            (self.drone, _("Drone"), _("Hear the tonic until you press again, or Esc"), self.play_drone),
        ):
            button.setText(name)
            button.setToolTip(hint)
            button.setProperty("role", "link")
            button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
            button.clicked.connect(slot)
            row.addWidget(button)
        row.addStretch()
        self.drone.setCheckable(True)
        layout = space_out(QVBoxLayout(self), spacing=2)
        layout.addWidget(self._buttons)
        layout.addWidget(self._reason)
        player.availability_changed.connect(self.refresh)
        tones.playing_changed.connect(self.refresh)
        self.refresh()

    def refresh(self) -> None:
        """Offer what can be heard."""
        player = self._player
        self._buttons.setVisible(player.available)
        self._reason.setVisible(not player.available)
        self._reason.setText(player.reason)
        self.drone.setChecked(self._tones.playing == "drone")

    def play_degree(self, cents: float) -> None:
        """One degree, as played."""
        tonic = self._tonic()
        if tonic is not None:
            self._tones.play("degree", (tonic * 2 ** (cents / OCTAVE_CENTS),))

    def play_measured(self) -> None:
        """The scale as it is played, from the tonic to its octave; again: silence."""
        self._play("played", [degree.cents for degree in self._degrees()])

    def play_theory(self) -> None:
        """The same degrees where theory has them."""
        self._play("theory", [degree.theory_cents for degree in self._degrees()])

    def play_drone(self) -> None:
        """The tonic, until it is stopped."""
        tonic = self._tonic()
        if tonic is not None:
            self._tones.drone(tonic)

    def _play(self, what: str, cents: list[float]) -> None:
        tonic = self._tonic()
        if tonic is not None:
            rising = sorted({0.0, *(value for value in cents if 25 < value < OCTAVE_CENTS - 25), OCTAVE_CENTS})
            self._tones.play(what, tuple(tonic * 2 ** (value / OCTAVE_CENTS) for value in rising))

    def _whole(self) -> ModalReading | None:
        return self._readings.known.whole

    def _degrees(self) -> list[Degree]:
        whole = self._whole()
        return [] if whole is None else [degree for degree in whole.degrees if degree.weight >= LEAST_LINE]

    def _tonic(self) -> float | None:
        whole = self._whole()
        return None if whole is None or not self._player.available else whole.tonic_hz
