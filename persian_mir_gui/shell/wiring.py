"""What one service has to know of another."""

from __future__ import annotations

from PySide6.QtCore import QObject

from persian_mir_gui.core.messages import Messages
from persian_mir_gui.core.settings import Settings
from persian_mir_gui.core.timeline import Timeline
from persian_mir_gui.library.session import Item, Session
from persian_mir_gui.playback.player import Player


class Wiring(QObject):
    """Timeline and player follow the current item; the playhead follows the player; the player the volume."""

    def __init__(
        self, settings: Settings, messages: Messages, timeline: Timeline, session: Session, player: Player
    ) -> None:
        super().__init__(session)
        self._timeline, self._player = timeline, player
        self._shown: object = None
        session.current_changed.connect(self._show)
        player.moved.connect(timeline.set_playhead)
        player.failed.connect(messages.post)
        settings.changed.connect(self._setting_changed)
        player.set_volume(settings.get("volume"))

    def _show(self, item: Item | None) -> None:
        recording = None if item is None else item.recording
        if recording is not self._shown:
            self._shown = recording
            self._player.load(recording)
            self._timeline.set_recording(*((1, 0) if recording is None else (recording.rate, recording.frames)))

    def _setting_changed(self, key: str, value: object) -> None:
        if key == "volume" and isinstance(value, float):
            self._player.set_volume(value)
