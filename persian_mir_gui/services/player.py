"""Playback, as the window sees it."""

from __future__ import annotations

from typing import Literal

from PySide6.QtCore import QObject, Signal

from persian_mir.recording import Recording

PlayState = Literal["stopped", "playing", "paused"]


class Player(QObject):
    """Plays one recording or a range of it. Without a sound card everything but `play` works, and `reason` says why.

    Signals come from the GUI thread.
    """

    availability_changed = Signal()
    state_changed = Signal(str)  # stopped, playing, paused
    moved = Signal(object)  # the source sample that is heard now
    failed = Signal(object)  # Message

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._state: PlayState = "stopped"

    @property
    def available(self) -> bool:
        """Whether sound can be played, as far as is known yet."""
        return False

    @property
    def reason(self) -> str:
        """Why not, and the cure."""
        return ""

    @property
    def state(self) -> PlayState:
        """What the player is doing."""
        return self._state

    @property
    def position(self) -> int:
        """The source sample that is heard, or from which `play` goes on."""
        return 0

    @property
    def looping(self) -> bool:
        """Whether the range, or the recording, is repeated."""
        return False

    def load(self, recording: Recording | None) -> None:
        """Be ready to play `recording` from its start."""

    def play(self) -> None:
        """Play the range if one is set, else from the position on."""

    def pause(self) -> None:
        """Stop for a while; `play` goes on from here."""

    def stop(self) -> None:
        """Stop; the position stays."""

    def toggle(self) -> None:
        """Play or pause."""

    def seek(self, sample: int) -> None:
        """Go to a sample, playing on if it plays. Outside the range, the range is forgotten."""

    def set_range(self, span: tuple[int, int] | None) -> None:
        """Play only this part from now on."""

    def set_loop(self, loop: bool) -> None:
        """Repeat, without a gap."""

    def set_volume(self, volume: float) -> None:
        """Loudness, 0 to 1; 1 leaves the samples as they are."""

    def devices(self) -> list[str]:
        """Names of the outputs that the system offers."""
        return []

    def close(self, timeout_s: float = 1.5) -> bool:
        """Stop and end the thread; False if it would not end in time."""
        return True
