"""The waveform of the recording that is shown, computed while it is shown."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from persian_mir.audio import open_audio
from persian_mir.audio.pyramid import Pyramid, build_pyramid
from persian_mir.i18n import _
from persian_mir.progress import Progress
from persian_mir_gui.core.jobs import Job, JobRunner
from persian_mir_gui.core.messages import Messages
from persian_mir_gui.library.remarks import remarks_on


def build(path: Path, progress: Progress) -> Pyramid:
    """The waveform of one recording, published as it grows; then the `Remarks` on it."""
    with open_audio(path) as source:
        pyramid = build_pyramid(source, progress)
        progress.publish(remarks_on(source))
        return pyramid


class WaveformBuilder(QObject):
    """At most one at a time; it is begun again when its recording is shown again."""

    news = Signal(object, object)  # path; its Pyramid as far as it is, or its Remarks

    def __init__(self, runner: JobRunner, messages: Messages, parent: QObject) -> None:
        super().__init__(parent)
        self._runner, self._messages = runner, messages
        self._path: Path | None = None
        self._job: Job | None = None

    def build(self, path: Path) -> None:
        """Compute this one, if it is not being computed already, and no other."""
        self.stop_other(path)
        if self._job is not None:
            return
        name = _("Waveform of {name}").format(name=path.name)
        self._path, self._job = path, self._runner.start(name, build, path)
        for signal in (self._job.published, self._job.done):
            signal.connect(partial(self.news.emit, path))
        self._job.failed.connect(lambda error: self._messages.error(error, name))
        self._job.finished.connect(partial(self._ended, self._job))

    def stop_other(self, path: Path | None) -> None:
        """Compute none but this one."""
        if self._job is not None and self._path != path:
            self._job.cancel()
            self._job = None

    def _ended(self, job: Job) -> None:
        if self._job is job:
            self._job = None
