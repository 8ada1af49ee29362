"""Playback, as the window sees it."""

from __future__ import annotations

from typing import Literal

from PySide6.QtCore import QObject, Qt, QTimer, Signal

from persian_mir.errors import PersianMirError
from persian_mir.recording import Recording
from persian_mir_gui.core.jobs import JobRunner
from persian_mir_gui.core.messages import message_of
from persian_mir_gui.playback.engine import Engine
from persian_mir_gui.playback.playback_request import Plan
from persian_mir_gui.playback.sound import Sound, SoundError
from persian_mir_gui.playback.tempo import FASTEST, SLOWEST
from persian_mir_gui.playback.voice import Voice

PlayState = Literal["stopped", "playing", "paused"]
POLL_MS = 33


class Player(QObject):
    """Plays one recording or a range of it. Without a sound card everything but `play` works, and `reason` says why.

    The window asks for the position while it plays; no signal comes from the thread that plays.
    """

    availability_changed = Signal()
    state_changed = Signal(str)  # stopped, playing, paused
    moved = Signal(object)  # the source sample that is heard now
    speed_changed = Signal(object)  # float, 1.0 for full speed
    loop_changed = Signal()  # whether something is repeated, or what
    repeated = Signal(object)  # int: how many times the loop's end was passed just now
    failed = Signal(object)  # Message

    def __init__(self, runner: JobRunner, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.sound = Sound()
        self._engine = Engine(self.sound)
        self._recording: Recording | None = None
        self._plan: Plan | None = None
        self._range: tuple[int, int] | None = None  # what playing is limited to while it is within
        self._span: tuple[int, int] | None = None
        self._position = self._laps = 0
        self._speed = 1.0
        self._state: PlayState = "stopped"
        self._reason = ""
        self._devices: tuple[str, ...] = ()
        self._timer = QTimer(self, interval=POLL_MS, timerType=Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self._poll)
        job = runner.start("", self.sound.look)
        job.done.connect(self._found)
        job.failed.connect(self._found_nothing)

    @property
    def available(self) -> bool:
        """Whether sound can be played, as far as is known yet."""
        return not self._reason

    @property
    def reason(self) -> str:
        """Why not, and the cure."""
        return self._reason

    @property
    def state(self) -> PlayState:
        """What the player is doing."""
        return self._state

    @property
    def position(self) -> int:
        """The source sample that is heard, or from which `play` goes on."""
        return self._position

    @property
    def span(self) -> tuple[int, int] | None:
        """The range to which playing is limited now; None outside it."""
        return self._span

    @property
    def looping(self) -> bool:
        """Whether the range, or the recording, is repeated."""
        return self._engine.looping

    @property
    def repeating(self) -> bool:
        """Whether what plays, or would play now, is repeated: not while one listens outside a loop."""
        return self.looping and self._span == self._range

    @property
    def speed(self) -> float:
        """How many times as fast as it was played; the pitch stays."""
        return self._speed

    def devices(self) -> list[str]:
        """Names of the outputs that were there at the start; the system's own default comes first and is used."""
        return list(self._devices)

    # What to play

    def load(self, recording: Recording | None) -> None:
        """Be ready to play `recording` from its start; the loop and the speed of the one before end with it."""
        self.stop()
        self._recording, self._range, self._span, self._position = recording, None, None, 0
        self._engine.looping = False
        self.set_voice(None)
        self.loop_changed.emit()
        self.set_speed(1.0)

    def seek(self, sample: int) -> None:
        """Go to a sample, playing on if it plays.

        Outside the range playing goes on to the recording's end, unless it runs into a loop; the range stays for when
        it is come back to.
        """
        if self._recording is None:
            return
        self._position = min(max(int(sample), 0), self._recording.frames)
        self._limit(self._limits())
        self.moved.emit(self._position)
        if self._state == "playing":
            self._start()

    def set_range(self, span: tuple[int, int] | None) -> None:
        """Play only these samples from now on. The position goes to the start of the range if it is not within."""
        if self._recording is None or span == self._range == self._span:
            return
        if span is not None:
            start, stop = (min(max(int(at), 0), self._recording.frames) for at in span)
            span = (start, stop) if stop > start else None
        self._range = span
        self._enter()
        self.loop_changed.emit()

    def play_range(self, start: int, stop: int) -> None:
        """Play these samples from the first one."""
        if self._recording is None:
            return
        self._halt("paused")
        self.set_range((start, stop))
        if self._span is not None:
            self.seek(self._span[0])
            self.play()

    def set_loop(self, loop: bool) -> None:
        """Repeat, without a gap: the range, to which it goes where it is elsewhere, or the recording."""
        if loop == self.looping:
            return
        self._engine.looping = loop
        if loop and self._span != self._range:
            self._enter()
        elif not loop and self._span is not None and self._position < self._span[0]:
            self._span = None  # it ran into the loop, and does not any more
            self._go_on()
        self.loop_changed.emit()

    def set_volume(self, volume: float) -> None:
        """Loudness, 0 to 1; 1 leaves the samples as they are."""
        self._engine.set_volume(min(max(float(volume), 0.0), 1.0))

    def set_speed(self, speed: float) -> None:
        """Play `speed` times as fast, 0.25 to 2, with the pitch kept; while playing, from the moment after next on."""
        speed = min(max(float(speed), SLOWEST), FASTEST)
        if speed != self._speed:
            self._speed = speed
            self._engine.set_speed(speed)
            self.speed_changed.emit(speed)

    def set_voice(self, voice: Voice | None) -> None:
        """Have notes sound with the recording, in its time; while playing, from the moment after next on."""
        self._engine.set_voice(voice)

    # Playing

    def play(self) -> None:
        """Play from the position on to the end of the range, or from its start when the position is at the end."""
        if self._recording is not None and self._recording.frames and self._state != "playing":
            self._start()

    def pause(self) -> None:
        """Stop for a while; `play` goes on from here."""
        if self._state == "playing":
            self._halt("paused")

    def stop(self) -> None:
        """Stop; the position stays."""
        self._halt("stopped")

    def toggle(self) -> None:
        """Play or pause."""
        (self.pause if self._state == "playing" else self.play)()

    def close(self, timeout_s: float = 1.5) -> bool:
        """Stop and end the thread; False if it would not end in time."""
        self.stop()
        return self._engine.close(timeout_s)

    def _limits(self) -> tuple[int, int] | None:
        """The range, where playing from the position is limited to it."""
        limits = self._range
        if limits is None or self._position >= limits[1]:
            return None
        return limits if self._position >= limits[0] or self.looping else None

    def _limit(self, span: tuple[int, int] | None) -> None:
        if span != self._span:
            self._span = span
            self.loop_changed.emit()

    def _enter(self) -> None:
        """Be within the range from now on."""
        self._span = self._range
        if self._span is not None and not self._span[0] <= self._position < self._span[1]:
            self._position = self._span[0]
            self.moved.emit(self._position)
        self._go_on()

    def _go_on(self) -> None:
        if self._state == "playing":
            self._start()

    def _start(self) -> None:
        if self._recording is None:
            return
        if self._span is None and self._position >= self._recording.frames:
            self._position = 0
            self._limit(self._limits())
        start, stop = self._span or (0, self._recording.frames)
        at = self._position if self._position < stop and (self._position >= start or self.looping) else start
        self._plan, self._laps = Plan(self._recording, at, start, stop, self._span == self._range), 0
        self._engine.play(self._plan)
        self._timer.start()
        self._state_is("playing")

    def _halt(self, state: PlayState) -> None:
        if self._state == "playing" and self._plan is not None:
            self._move(self._engine.status(self._plan).sample)
        self._engine.stop()
        self._plan = None
        self._timer.stop()
        self._state_is(state)

    def _poll(self) -> None:
        if self._plan is None:
            return
        status = self._engine.status(self._plan)
        self._move(status.sample)
        if status.phase == "playing":
            self._set_reason("")
            self._count(status.laps)
        elif status.phase in ("ended", "failed"):
            self._halt_at(status.sample)
            if status.error is not None:
                self._tell(status.error)

    def _count(self, laps: int) -> None:
        passed, self._laps = laps - self._laps, laps
        if passed > 0 and self.looping:
            self.repeated.emit(passed)

    def _halt_at(self, sample: int) -> None:
        self._plan = None
        self._timer.stop()
        self._position = sample
        self._state_is("stopped")

    def _tell(self, error: Exception) -> None:
        if isinstance(error, SoundError):
            self._set_reason(_sentence(error))
        self.failed.emit(message_of(error))

    def _move(self, sample: int) -> None:
        if sample != self._position:
            self._position = sample
            self.moved.emit(sample)

    def _state_is(self, state: PlayState) -> None:
        if state != self._state:
            self._state = state
            self.state_changed.emit(state)

    # The sound card

    def _found(self, devices: tuple[str, ...]) -> None:
        self._devices = devices
        self._set_reason("")

    def _found_nothing(self, error: Exception) -> None:
        self._set_reason(_sentence(error))

    def _set_reason(self, reason: str) -> None:
        if reason != self._reason:
            self._reason = reason
            self.availability_changed.emit()


def _sentence(error: Exception) -> str:
    return f"{error.what} {error.cure}".strip() if isinstance(error, PersianMirError) else str(error)
