"""A loop whose speed rises: it begins slowly, and after some repeats is a little faster, up to full speed."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QObject, Signal

from persian_mir_gui.core.settings import Settings
from persian_mir_gui.playback.player import Player


@dataclass(frozen=True, slots=True)
class Ramp:
    """From speed `start` by `step` after every `repeats` repeats, up to `end`; 1.0 is the speed of the recording."""

    start: float
    step: float
    repeats: int
    end: float

    def after(self, speed: float) -> float:
        """The speed that follows `speed`; one at the end or beyond it stays."""
        return speed if speed >= self.end else round(min(speed + self.step, self.end), 2)


class LoopRamp(QObject):
    """Sets the player's speed while a loop is repeated. What was set by hand meanwhile is where it goes on from."""

    changed = Signal()

    def __init__(self, settings: Settings, player: Player, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._settings, self._player = settings, player
        self._before: float | None = None  # the speed outside the loop, while one is repeated
        self.done = 0  # repeats at this speed
        player.loop_changed.connect(self._begin_anew)
        player.repeated.connect(self._count)
        settings.changed.connect(self._setting_changed)

    @property
    def ramp(self) -> Ramp:
        """How it rises."""
        get = self._settings.get
        return Ramp(get("loop_start"), get("loop_step"), get("loop_repeats"), get("loop_end"))

    @property
    def wanted(self) -> bool:
        """Whether loops are to begin slowly."""
        return bool(self._settings.get("loop_rises"))

    @property
    def running(self) -> bool:
        """Whether a loop is repeated that began slowly."""
        return self._before is not None

    @property
    def speed(self) -> float:
        """How fast it is now."""
        return self._player.speed

    def _begin_anew(self) -> None:
        """Another range, another loop, none any more, or one that is come back to."""
        self.done = 0
        if self.wanted and self._player.repeating:
            if self._before is None:
                self._before = self._player.speed
            self._player.set_speed(self.ramp.start)
        elif self._before is not None:
            self._player.set_speed(self._before)
            self._before = None
        self.changed.emit()

    def _count(self, times: int) -> None:
        if not self.running:
            return
        self.done += times
        if self.done >= self.ramp.repeats:
            self.done = 0
            self._player.set_speed(self.ramp.after(self._player.speed))
        self.changed.emit()

    def _setting_changed(self, key: str, _value: object) -> None:
        if key in ("loop_rises", "loop_start"):
            self._begin_anew()
        elif key.startswith("loop_"):
            self.changed.emit()
