"""The runs of the trainer that are known, and those put aside."""

from __future__ import annotations

import logging
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from persian_mir.i18n import _
from persian_mir_gui.core.jobs import JobRunner
from persian_mir_gui.core.messages import Message, message_of
from persian_mir_gui.training.state.runs import Run, bring_back, load_runs, new_run, put_aside, save_run
from trainer.fitting.fit_options import FitOptions

log = logging.getLogger(__name__)


class RunStore(QObject):
    """Keeps the list like the folder of runs. What the disk refuses is said."""

    changed = Signal()
    message_posted = Signal(object)  # Message

    def __init__(self, io: JobRunner, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._io = io
        self.runs: tuple[Run, ...] = ()  # newest first
        self.deleted: tuple[Run, ...] = ()  # put aside since the program began, last one last
        self._loaded = False

    def load(self) -> None:
        """Read, once and off the GUI thread, the runs of earlier days; `changed` says that they are known."""
        if not self._loaded:
            self._loaded = True
            job = self._io.start("", load_runs)
            job.published.connect(self._put_aside)
            job.done.connect(self._take)
            job.failed.connect(lambda error: self.message_posted.emit(message_of(error)))

    def _put_aside(self, record: Path) -> None:
        what = _("The record of a run was damaged, and is put aside: {folder} is not listed any more.")
        self.message_posted.emit(Message("warning", what.format(folder=record.parent.name), path=record.parent))

    def _take(self, found: list[Run]) -> None:
        here = {run.folder for run in self.runs}
        self.runs = (*self.runs, *(run for run in found if run.folder not in here))
        self.changed.emit()

    def new(self, data: Path, name: str, plan: FitOptions, add: Path | None) -> Run | None:
        """A run with a folder of its own, first in the list; None where it cannot be written."""
        try:
            run = new_run(data, name, plan, add)
        except OSError as error:
            self._refused(error)
            return None
        self.runs = (run, *self.runs)
        return run

    def find(self, folder: Path) -> Run | None:
        """The run of a folder, as it is known now."""
        return next((run for run in self.runs if run.folder == folder), None)

    def put(self, run: Run) -> None:
        """Know a run of the list as it is now. Neither written nor told yet: its epochs come many a second."""
        self.runs = tuple(run if other.folder == run.folder else other for other in self.runs)

    def save(self, run: Run) -> None:
        """Write it down."""
        try:
            save_run(run)
        except OSError as error:
            self._refused(error)

    def delete(self, run: Run) -> bool:
        """Put a run aside, whether it could be; `undo_delete` brings it back."""
        try:
            self.deleted = (*self.deleted, put_aside(run))
        except OSError as error:
            self._refused(error)
            return False
        self.runs = tuple(other for other in self.runs if other.folder != run.folder)
        self.changed.emit()
        return True

    def undo_delete(self) -> None:
        """Bring back the run that was put aside last."""
        if not self.deleted:
            return
        *others, last = self.deleted
        try:
            run = bring_back(last)
        except OSError as error:
            self._refused(error)
            return
        self.deleted = tuple(others)
        self.runs = tuple(sorted((*self.runs, run), key=lambda one: (one.when, one.folder.name), reverse=True))
        self.changed.emit()

    def _refused(self, error: OSError) -> None:
        log.info("a run could not be written: %s", error)
        what = _("The run could not be written: {reason}.").format(reason=error.strerror)
        path = Path(str(error.filename)) if error.filename else None
        self.message_posted.emit(Message("error", what, _("Free some space, then go on."), path))
