"""One command of the trainer at a time, started, stopped and followed by a page."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from PySide6.QtCore import QObject, Signal

from persian_mir_gui.core.messages import Message
from persian_mir_gui.training.state.child import Child


class ChildWork(QObject):
    """Follows a child process. After `changed` has said that it began, one of `done`, `stopped`, `failed` comes."""

    changed = Signal()  # it began, is stopping, or has ended
    progressed = Signal(float, str)  # share of the work 0..1, what it is at
    event_received = Signal(object)  # dict: any other event
    done = Signal(object)  # the event `done`
    stopped = Signal()
    failed = Signal(object)  # Message

    def __init__(self, parent: QObject | None = None, wait_ms: int | None = None) -> None:
        """`wait_ms`: how long `stop` waits for an answer before the process is ended; None as long as it takes."""
        super().__init__(parent)
        self._wait_ms = wait_ms
        self._child: Child | None = None
        self.stopping = False
        self.fraction, self.note = 0.0, ""

    @property
    def running(self) -> bool:
        """Whether a command is at work."""
        return self._child is not None

    def start(self, arguments: Sequence[str]) -> None:
        """Run `python -m trainer` with these arguments. Does nothing while another command is at work."""
        if self._child is not None:
            return
        child = self._child = Child(arguments, self)
        self.stopping = False
        self.fraction, self.note = 0.0, ""
        child.event_received.connect(self._told)
        child.done.connect(self._done)
        child.stopped.connect(self._stopped)
        child.failed.connect(self._failed)
        child.start()
        self.changed.emit()

    def stop(self) -> None:
        """Ask it to stop at its next checkpoint; asked again, it is ended at once."""
        if self._child is None:
            return
        if self.stopping:
            self._child.end()
            return
        self.stopping = True
        self._child.stop(self._wait_ms)
        self.changed.emit()

    def close(self, timeout_s: float = 1.0) -> bool:
        """End it for good and say nothing more; False if it would not end in time."""
        child, self._child = self._child, None
        return child is None or child.close(round(1000 * timeout_s))

    def _told(self, event: Mapping[str, Any]) -> None:
        if event.get("event") == "progress":
            self.fraction, self.note = float(event.get("fraction", 0.0)), str(event.get("note", ""))
            self.progressed.emit(self.fraction, self.note)
        else:
            self.event_received.emit(event)

    def _done(self, event: Mapping[str, Any]) -> None:
        self._end()
        self.done.emit(event)

    def _stopped(self, _event: object) -> None:
        self._end()
        self.stopped.emit()

    def _failed(self, message: Message) -> None:
        self._end()
        self.failed.emit(message)

    def _end(self) -> None:
        child, self._child = self._child, None
        self.stopping = False
        if child is not None:
            child.deleteLater()
        self.changed.emit()
