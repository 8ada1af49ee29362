"""Stretches of files to listen to, without opening the files in the window."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, QTimer, Signal

from persian_mir.recording import Recording
from persian_mir_gui.core.jobs import Job, JobRunner
from persian_mir_gui.core.messages import message_of
from persian_mir_gui.core.settings import Settings
from persian_mir_gui.library.opening import Opened, Refused, open_file
from persian_mir_gui.playback.engine import Engine
from persian_mir_gui.playback.playback_request import Plan
from persian_mir_gui.playback.player import POLL_MS, Player
from persian_mir_gui.playback.sound import SoundError

KEPT = 64  # recordings whose files are not looked at again


@dataclass(frozen=True, slots=True)
class Excerpt:
    """A stretch of a file, in seconds."""

    path: Path
    start_s: float
    stop_s: float


class Excerpts(QObject):
    """Plays excerpts one after another beside the player, which pauses meanwhile; when it plays, they fall silent.

    A file that cannot be opened is told once and left out.
    """

    changed = Signal()  # what is playing
    failed = Signal(object)  # Message

    def __init__(self, runner: JobRunner, player: Player, settings: Settings, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._runner, self._player, self._settings = runner, player, settings
        self._engine = Engine(player.sound)
        self._known: dict[Path, Recording] = {}
        self._refused: set[Path] = set()
        self._waiting: list[Excerpt] = []
        self._playing: Excerpt | None = None
        self._plan: Plan | None = None
        self._job: Job | None = None
        self._timer = QTimer(self, interval=POLL_MS)
        self._timer.timeout.connect(self._poll)
        player.state_changed.connect(self._give_way)
        settings.changed.connect(self._setting_changed)
        self._engine.set_volume(float(settings.get("volume")))

    @property
    def playing(self) -> Excerpt | None:
        """What is heard, or about to be."""
        return self._playing

    def play(self, excerpts: Sequence[Excerpt]) -> None:
        """Play these, one after another, instead of what is playing."""
        self._halt()
        self._player.pause()
        self._refused.clear()
        self._waiting = list(excerpts)
        self._next()

    def stop(self) -> None:
        """Fall silent."""
        self._halt()
        self._now(None)

    def close(self, timeout_s: float = 1.5) -> bool:
        """Stop and end the thread; False if it would not end in time."""
        self.stop()
        return self._engine.close(timeout_s)

    def _next(self) -> None:
        self._plan = None
        if not self._waiting:
            self.stop()
            return
        excerpt = self._waiting.pop(0)
        self._now(excerpt)
        recording = self._known.get(excerpt.path)
        if recording is not None:
            self._start(excerpt, recording)
            return
        self._job = self._runner.start("", open_file, excerpt.path)
        self._job.done.connect(partial(self._opened, excerpt))
        self._job.failed.connect(self._broken)

    def _opened(self, excerpt: Excerpt, found: Opened | Refused) -> None:
        if excerpt is not self._playing:
            return
        self._job = None
        if isinstance(found, Opened):
            self._known[excerpt.path] = found.recording
            if len(self._known) > KEPT:
                del self._known[next(iter(self._known))]
            self._start(excerpt, found.recording)
            return
        if excerpt.path not in self._refused:
            self._refused.add(excerpt.path)
            self._tell(found.error)
        self._next()

    def _broken(self, error: Exception) -> None:
        self._tell(error)
        self._next()

    def _start(self, excerpt: Excerpt, recording: Recording) -> None:
        start = min(max(round(excerpt.start_s * recording.rate), 0), recording.frames - 1)
        stop = min(max(round(excerpt.stop_s * recording.rate), start + 1), recording.frames)
        self._plan = Plan(recording, start, start, stop)
        self._engine.play(self._plan)
        self._timer.start()

    def _poll(self) -> None:
        if self._plan is None:
            return
        status = self._engine.status(self._plan)
        if status.phase == "ended":
            self._next()
        elif status.phase == "failed" and status.error is not None:
            self._known.pop(self._plan.recording.path, None)
            self._tell(status.error)
            if isinstance(status.error, SoundError):
                self.stop()
            else:
                self._next()

    def _halt(self) -> None:
        self._waiting = []
        if self._job is not None:
            self._job.cancel()
            self._job = None
        self._plan = None
        self._timer.stop()
        self._engine.stop()

    def _now(self, excerpt: Excerpt | None) -> None:
        if excerpt is not self._playing:
            self._playing = excerpt
            self.changed.emit()

    def _tell(self, error: Exception) -> None:
        self.failed.emit(message_of(error))

    def _give_way(self, state: str) -> None:
        if state == "playing":
            self.stop()

    def _setting_changed(self, key: str, value: object) -> None:
        if key == "volume" and isinstance(value, float):
            self._engine.set_volume(value)
