"""One command of the trainer in a process of its own, so that it can neither freeze nor take down the window."""

from __future__ import annotations

import logging
import os
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject, QProcess, QProcessEnvironment, QTimer, Signal

from persian_mir.app_paths import data_dir
from persian_mir.errors import PersianMirError
from persian_mir.i18n import _
from persian_mir_gui.core.messages import Message, message_of
from persian_mir_gui.training.state.events import EventReader

log = logging.getLogger(__name__)

NICENESS = 10  # the window comes first
STOPPED = 130  # the trainer's exit code when there was nothing to keep
KILL_AFTER_MS = 2000  # a process that was told to end has this long
LAST_WORDS = 4000  # characters of standard error kept for the message


class Child(QObject):
    """Runs `python -m trainer COMMAND … --json` once. Exactly one of `done`, `stopped`, `failed` is emitted.

    After `close` nothing is emitted.
    """

    event_received = Signal(object)  # dict: an event that is neither `done` nor `error`
    done = Signal(object)  # dict: the event `done`
    stopped = Signal(object)  # the event `done` with what was kept, or None
    failed = Signal(object)  # Message

    def __init__(self, arguments: Sequence[str], parent: QObject | None = None, program: str = sys.executable) -> None:
        super().__init__(parent)
        self._reader = EventReader()
        self._done: dict[str, Any] | None = None
        self._error: dict[str, Any] | None = None
        self._last_words = ""
        self._ending = self._over = False
        self.stopping = False  # it was asked to stop
        self.killed = False  # it was ended by somebody else
        self._process = QProcess(self)
        self._process.setProgram(program)
        self._process.setArguments(["-m", "trainer", *arguments, "--json"])
        self._process.setProcessEnvironment(_environment())
        self._process.setWorkingDirectory(str(data_dir()))  # nothing that lies about is imported
        self._process.started.connect(self._be_nice)
        self._process.readyReadStandardOutput.connect(self._read)
        self._process.readyReadStandardError.connect(self._hear)
        self._process.errorOccurred.connect(self._went_wrong)
        self._process.finished.connect(self._ended)
        self._kill = QTimer(self, singleShot=True, interval=KILL_AFTER_MS)
        self._kill.timeout.connect(self._process.kill)
        self._waited = QTimer(self, singleShot=True)
        self._waited.timeout.connect(self.end)

    def start(self) -> None:
        """Connect to its signals first."""
        self._process.start()

    @property
    def pid(self) -> int:
        """The process's number; 0 when it does not run."""
        return int(self._process.processId())

    def stop(self, wait_ms: int | None = None) -> None:
        """Ask it to stop with what it has so far; with `wait_ms`, end it when it has not answered by then."""
        self.stopping = True
        self._process.write(b"stop\n")
        if wait_ms is not None:
            self._waited.start(wait_ms)

    def end(self) -> None:
        """End it now: ask the system first, then insist."""
        self._ending = True
        self._process.terminate()
        self._kill.start()

    def abandon(self) -> None:
        """End it now; nothing more is emitted, and it goes when its process has gone."""
        self._over = True
        if self.running:
            self._process.finished.connect(self.deleteLater)
            self.end()
        else:
            self.deleteLater()

    @property
    def running(self) -> bool:
        """Whether there is a process."""
        return self._process.state() != QProcess.ProcessState.NotRunning

    def close(self, grace_ms: int = 700) -> bool:
        """For the end of the program: ask, then terminate, then kill; nothing is emitted. Whether it has ended."""
        self._over = True
        self._kill.stop()
        self._waited.stop()
        process = self._process
        if not self.running:
            return True
        process.write(b"stop\n")
        if not process.waitForFinished(grace_ms):
            process.terminate()
            if not process.waitForFinished(grace_ms // 2):
                process.kill()
                return process.waitForFinished(grace_ms)
        return True

    # News of the process

    def _be_nice(self) -> None:
        if hasattr(os, "setpriority"):
            try:
                os.setpriority(os.PRIO_PROCESS, self.pid, min(19, os.getpriority(os.PRIO_PROCESS, 0) + NICENESS))
            except OSError as error:  # it has ended already
                log.info("the trainer's priority was not changed: %s", error)

    def _read(self) -> None:
        for event in self._reader.feed(bytes(self._process.readAllStandardOutput().data())):
            self._take(event)

    def _take(self, event: dict[str, Any]) -> None:
        if self._over:
            return
        if event["event"] == "done":
            self._done = event
        elif event["event"] == "error":
            self._error = event
        else:
            self.event_received.emit(event)

    def _hear(self) -> None:
        text = bytes(self._process.readAllStandardError().data()).decode("utf-8", "replace")
        if text.strip():
            log.info("trainer: %s", text.rstrip())
        self._last_words = (self._last_words + text)[-LAST_WORDS:]

    def _went_wrong(self, error: QProcess.ProcessError) -> None:
        if error == QProcess.ProcessError.FailedToStart and not self._over:
            self._over = True
            what = _("The trainer could not be started.")
            cure = _("Is the program installed as a whole? {reason}").format(reason=self._process.errorString())
            self.failed.emit(Message("error", what, cure))

    def _ended(self, code: int, status: QProcess.ExitStatus) -> None:
        self._kill.stop()
        self._waited.stop()
        self._read()
        self._hear()
        for event in self._reader.end():
            self._take(event)
        if self._over:
            return
        self._over = True
        by_itself = status == QProcess.ExitStatus.NormalExit
        if by_itself and code in (0, 1) and self._done is not None:
            (self.stopped if self._done.get("stopped") else self.done).emit(self._done)
        elif self._ending or (by_itself and code == STOPPED):
            self.stopped.emit(None)
        else:
            self.killed = not by_itself
            self.failed.emit(self._why(by_itself, code))

    def _why(self, by_itself: bool, code: int) -> Message:
        if by_itself and self._error is not None:
            return _message(self._error, self._last_words)
        log.warning("the trainer ended without a result, exit code %d", code)
        if by_itself:
            what = _("The trainer ended without a result.")
            return Message("error", what, _("Try again; the log has the details."), None, self._last_words)
        what = _("The trainer was ended from outside, or ran out of memory.")
        return Message("error", what, _("What was finished is kept. Try again."), None, self._last_words)


def _message(event: Mapping[str, Any], details: str) -> Message:
    path = Path(str(event["path"])) if event.get("path") else None
    error = PersianMirError(str(event.get("what", "")), path=path, cure=str(event.get("cure", "")))
    plain = message_of(error)
    return Message(plain.level, plain.what, plain.cure, plain.path, details.strip())


def _environment() -> QProcessEnvironment:
    """That of the window, with its module path: the child finds the same packages, however they were installed."""
    environment = QProcessEnvironment.systemEnvironment()
    environment.insert("PYTHONPATH", os.pathsep.join(filter(None, sys.path)))
    environment.insert("PYTHONUNBUFFERED", "1")
    return environment
