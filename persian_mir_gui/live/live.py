"""Live listening, as the window sees it."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace
from queue import Empty

from PySide6.QtCore import QObject, Qt, QTimer, Signal

from persian_mir.errors import PersianMirError
from persian_mir.i18n import _
from persian_mir.modal.names import NoteName
from persian_mir_gui.core.jobs import JobRunner
from persian_mir_gui.core.messages import Message, message_of
from persian_mir_gui.live.input import Input, Inputs, plugged
from persian_mir_gui.live.listener import Listener, LiveNews, Phase
from persian_mir_gui.live.take import TakeError, takes_dir

POLL_MS = 8
WATCH_MS = 2000
TELL_S = 0.05  # 20 times a second, as long as the same note sounds


class Live(QObject):
    """Listens to one input. No signal comes from the thread that listens: a timer looks at what it left."""

    heard = Signal(object)  # LiveNews: at once when another note sounds, else 20 times a second; at last "stopped"
    devices_changed = Signal()
    taken = Signal(object)  # Path of a take that has been written
    failed = Signal(object)  # Message

    def __init__(self, runner: JobRunner, inputs: Inputs, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._runner, self._inputs = runner, inputs
        self._devices: tuple[str, ...] = ()
        self._reason = ""
        self._looking = self._looked = False
        self._listener: Listener | None = None
        self._news = LiveNews("stopped")
        self._told_at = 0.0
        self._timer = QTimer(self, interval=POLL_MS, timerType=Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self._poll)
        self._plugged: object = None
        self._watch = QTimer(self, interval=WATCH_MS)
        self._watch.timeout.connect(self._look_again)

    @property
    def phase(self) -> Phase:
        """What it is at."""
        return self._news.phase

    @property
    def recording(self) -> bool:
        """Whether a take is being recorded, or will be as soon as sound comes."""
        return self._listener is not None and self._listener.recording

    @property
    def busy(self) -> bool:
        """Whether it listens, or has not quite stopped yet."""
        return self._listener is not None

    @property
    def reason(self) -> str:
        """Why nothing can be listened to, and the cure; empty as long as nothing is known to be wrong."""
        return self._reason

    def devices(self) -> tuple[str, ...]:
        """Names of the inputs that `look` found; the system's own default comes first."""
        return self._devices

    def look(self) -> None:
        """Find out, off the GUI thread, what inputs there are; `devices_changed` says that it is known."""
        if not self._looking and self._listener is None:
            self._looking, self._plugged = True, plugged()
            job = self._runner.start("", self._inputs.look)
            job.done.connect(lambda devices: self._found(devices, ""))
            job.failed.connect(lambda error: self._found((), _sentence(error)))

    def watch(self, on: bool) -> None:
        """Whether to notice, while nothing is listened to, that an input comes or goes."""
        if on:
            self._watch.start()
            self.look()
        else:
            self._watch.stop()

    def start(self, device: str = "", record: bool = False) -> None:
        """Listen to the input of that name, the default one for an empty name. Nothing happens if it already does."""
        if self._listener is not None:
            return
        self._listener = Listener(_opener(self._inputs, device), takes_dir())
        self._listener.recording = record
        self._timer.start()
        self._poll()

    def record(self, on: bool) -> None:
        """Begin a take, or end it; `taken` follows."""
        if self._listener is not None:
            self._listener.recording = on

    def stop(self) -> None:
        """Listen no more. `taken`, if there is a take, and the last `heard` follow."""
        if self._listener is not None:
            self._listener.stop()

    def close(self, timeout_s: float = 1.5) -> bool:
        """Stop and end the thread; False if it would not end in time. The take is finished, and nothing is told."""
        self._timer.stop()
        self._watch.stop()
        if self._listener is None:
            return True
        self._listener.stop()
        return self._listener.join(timeout_s)

    def _look_again(self) -> None:
        now = plugged()
        if now is None or now != self._plugged:
            self.look()

    def _poll(self) -> None:
        listener = self._listener
        if listener is None:
            return
        ended = not listener.alive  # asked first: what it left after that is complete
        news = listener.news
        if news is not self._news and (ended or self._urgent(news)):
            self._news, self._told_at = news, time.monotonic()
            self.heard.emit(news)
        while True:
            try:
                self._tell(*listener.events.get_nowait())
            except Empty:
                break
        if ended and self._listener is listener:
            self._listener = None
            self._timer.stop()
            self.heard.emit(self._news)

    def _urgent(self, news: LiveNews) -> bool:
        """Whether it is to be told at once: the eye follows the note, the rest may wait for its turn."""
        return time.monotonic() - self._told_at >= TELL_S or _changes(news) != _changes(self._news)

    def _tell(self, kind: str, what: object) -> None:
        if kind == "taken":
            self.taken.emit(what)
        elif kind == "back":
            self.failed.emit(Message("info", _("The sound input {name} is back.").format(name=what)))
        elif isinstance(what, PersianMirError):
            message = message_of(what)
            if kind == "lost":
                message = replace(message, level="warning")
            self.failed.emit(message)
            if kind == "failed" and not isinstance(what, TakeError):
                self._reason = _sentence(what)
                self.devices_changed.emit()

    def _found(self, devices: tuple[str, ...], reason: str) -> None:
        self._looking = False
        if not self._looked or (devices, reason) != (self._devices, self._reason):
            self._looked, self._devices, self._reason = True, devices, reason
            self.devices_changed.emit()


def _changes(news: LiveNews) -> tuple[Phase, bool, NoteName | None]:
    note = news.state.pitch.name if news.state is not None and news.state.pitch is not None else None
    return news.phase, news.take_s is not None, note


def _opener(inputs: Inputs, device: str) -> Callable[[bool], Input]:
    return lambda anew: inputs.open(device, anew)


def _sentence(error: Exception) -> str:
    return f"{error.what} {error.cure}".strip() if isinstance(error, PersianMirError) else str(error)
