"""The melody that a player follows: the pitch of a recording that is open."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from persian_mir.i18n import _
from persian_mir.progress import Progress
from persian_mir_gui.core.jobs import Job, JobRunner
from persian_mir_gui.core.messages import message_of
from persian_mir_gui.library.session import Item, Session
from persian_mir_gui.plots.melody import Melody, melody


class Reference(QObject):
    """Reads one recording's pitch on a worker; from the cache where it is there."""

    changed = Signal()  # the melody, or whether one is being read
    failed = Signal(object)  # Message

    def __init__(self, runner: JobRunner, session: Session, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._runner, self._session = runner, session
        self._job: Job | None = None
        self.item: Item | None = None
        self.melody: Melody | None = None
        session.removed.connect(self._gone)

    def items(self) -> tuple[Item, ...]:
        """Return what is open and can be read."""
        return tuple(item for item in self._session.items if item.state == "ready")

    @property
    def reading(self) -> bool:
        """Whether the melody is on its way."""
        return self._job is not None

    def choose(self, item: Item | None) -> None:
        """Follow the melody of `item`, or none."""
        if item is self.item:
            return
        if self._job is not None:
            self._job.cancel()
        self.item, self.melody, self._job = item, None, None
        if item is not None:
            job = self._job = self._runner.start(_("Pitch of {name}").format(name=item.path.name), read, item.path)
            job.done.connect(partial(self._done, job))
            job.failed.connect(partial(self._failed, job))
        self.changed.emit()

    def _done(self, job: Job, found: Melody) -> None:
        if job is self._job:
            self._job, self.melody = None, found
            self.changed.emit()

    def _failed(self, job: Job, error: Exception) -> None:
        if job is self._job:
            self._job = self.item = None
            self.failed.emit(message_of(error))
            self.changed.emit()

    def _gone(self, items: tuple[Item, ...]) -> None:
        if self.item in items:
            self.choose(None)


def read(path: Path, progress: Progress) -> Melody:
    """Runs on the worker: return the pitch of a recording above its tonic. Raises PersianMirError."""
    from persian_mir.audio import open_audio
    from persian_mir.modal.pitch import track_pitch
    from persian_mir.modal.reading import read_mode

    with open_audio(path, progress) as source:
        track = track_pitch(source, progress)
    return melody(track, read_mode(track))
