"""The trainer, as the window sees it: the data, the child process that fits, the runs."""

from __future__ import annotations

import json
import logging
import time
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject, QTimer, Signal

from persian_mir.i18n import _
from persian_mir_gui.core.jobs import JobRunner
from persian_mir_gui.core.messages import Message, message_of
from persian_mir_gui.core.settings import Settings
from persian_mir_gui.labelling.labelling import Labelling
from persian_mir_gui.training.state.child import Child
from persian_mir_gui.training.state.dataset_selection import DataChoice, DatasetSelection
from persian_mir_gui.training.state.fit_progress import Course
from persian_mir_gui.training.state.run_store import RunStore
from persian_mir_gui.training.state.runs import Result, Run, State, read_result
from trainer.fitting.fit_options import FitOptions

log = logging.getLogger(__name__)

NEWS_MS = 60  # at most one `advanced` in this time, however many events come
SAVE_EVERY_S = 2.0  # of the epochs; all of them are written when the fit ends


class Training(QObject):
    """Owns what the trainer's window shows. The work is done by `python -m trainer … --json`, one fit at a time."""

    data_changed = Signal()
    runs_changed = Signal()
    backbones_changed = Signal()  # another model is installed
    models_wanted = Signal()  # the user looks for one that is not
    run_chosen = Signal(object)  # Run: the one whose results are to be shown
    advanced = Signal()  # the fit that is going on has news
    ended = Signal(object)  # Run: it is done, was stopped, or failed; its results have been read
    message_posted = Signal(object)  # Message: what went wrong, or news
    message_withdrawn = Signal(object)  # Message: one of `message_posted` that is no longer so

    def __init__(self, io: JobRunner, settings: Settings, labelling: Labelling, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._io, self._settings, self._labelling = io, settings, labelling
        self.desk = DatasetSelection(settings, self)
        self.desk.changed.connect(self.data_changed)
        self.desk.failed.connect(self.message_posted)
        self.shelf = RunStore(io, self)
        self.shelf.changed.connect(self.runs_changed)
        self.shelf.message_posted.connect(self.message_posted)
        self.active: Run | None = None  # the one that is fitted, or was last
        self.course = Course()  # of the fit that is going on, or was last
        self._child: Child | None = None
        self._trouble: Message | None = None  # why the last fit broke off
        self._saved_at = 0.0
        self._news = QTimer(self, singleShot=True, interval=NEWS_MS)
        self._news.timeout.connect(self.advanced)

    # What there is

    @property
    def data(self) -> DataChoice | None:
        """The data chosen."""
        return self.desk.data

    @property
    def running(self) -> bool:
        """Whether something is being fitted."""
        return self._child is not None

    @property
    def plan(self) -> FitOptions:
        """How it was fitted last, or as usual."""
        try:
            return FitOptions.from_dict(json.loads(str(self._settings.get("trainer_plan"))))
        except (ValueError, TypeError, AttributeError, RecursionError):
            return FitOptions()

    def choose(self, run: Run) -> None:
        """Have the results of `run` shown."""
        self.run_chosen.emit(run)

    # Fitting

    def start(self, plan: FitOptions, add: Path | None = None) -> None:
        """Fit on the data chosen, and on the corrections `add`, if given."""
        if self.data is None or self.running:
            return
        self._settings.set("trainer_plan", json.dumps(plan.as_dict()))
        self.start_on(self.data.path, self.data.name, plan, add)

    def start_on(self, data: Path, name: str, plan: FitOptions, add: Path | None = None) -> Run | None:
        """Fit on other data than those chosen, called `name`.

        None while something is being fitted and, with news, where the run cannot be written.
        """
        if self.running:
            return None
        run = self.shelf.new(data, name, plan, add)
        if run is not None:
            self._launch(run)
        return run

    def resume(self, run: Run) -> None:
        """Go on with a run that was broken off."""
        if not self.running and run.can_go_on:
            self._launch(replace(run, state="running", message="", notes={}))

    def stop(self) -> None:
        """Stop with the best so far; said twice, at once."""
        if self._child is None:
            return
        if self._child.stopping:
            self._child.end()
        else:
            self._child.stop()
            self.advanced.emit()

    @property
    def stopping(self) -> bool:
        """Whether it was asked to stop."""
        return self._child is not None and self._child.stopping

    def _launch(self, run: Run) -> None:
        if self._trouble is not None:
            self.message_withdrawn.emit(self._trouble)
            self._trouble = None
        child = Child(run.arguments, self)
        child.event_received.connect(self._told)
        child.done.connect(self._done)
        child.stopped.connect(self._stopped)
        child.failed.connect(self._broke_off)
        self._child, self.course = child, Course(reading=True)
        self._put(run)
        self._save()
        child.start()

    def _told(self, event: Mapping[str, Any]) -> None:
        if self.active is None:
            return
        try:
            run = self.course.take(event, self.active)
        except (KeyError, TypeError, ValueError):
            log.warning("the trainer said what makes no sense: %r", str(event)[:200])
            return
        learnt = run.epochs != self.active.epochs
        self._change(run)
        if learnt and time.monotonic() - self._saved_at > SAVE_EVERY_S:
            self._save()
        if not self._news.isActive():
            self._news.start()

    def _done(self, _event: Mapping[str, Any]) -> None:
        self._end("done", "")

    def _stopped(self, kept: object) -> None:
        self._end("stopped", "" if kept else _("Stopped before there was anything to keep."))

    def _broke_off(self, message: Message) -> None:
        if self._child is not None and self._child.killed:
            message = replace(message, cure=_("What was learnt is kept: press Resume to go on where it was."))
        self._end("failed", message.what)
        self._trouble = message
        self.message_posted.emit(message)

    def _end(self, state: State, message: str) -> None:
        """The process has ended; the run has when its results have been read."""
        run = self.active
        if run is None:
            return
        if self._child is not None:
            self._child.deleteLater()
        self._child, self.course.seconds_left = None, None
        self._put(replace(run, state=state, message=message))
        self._save()
        job = self._io.start("", read_result, run.judged)
        job.done.connect(lambda result: self._judged(run.folder, result))
        job.failed.connect(lambda error: self._unread(run.folder, error))

    def _judged(self, folder: Path, result: Result | None) -> None:
        run = self.shelf.find(folder)
        if run is not None:
            run = replace(run, result=result or run.result)
            if self.active is not None and self.active.folder == folder:
                self._change(run)  # else another was begun meanwhile, and goes on being the one that is fitted
            self.shelf.put(run)
            self.shelf.save(run)
            self.runs_changed.emit()
            self.advanced.emit()
            self.ended.emit(run)
            self.choose(run)

    def _unread(self, folder: Path, error: Exception) -> None:
        self.message_posted.emit(message_of(error))
        self._judged(folder, None)

    # Runs

    def delete(self, run: Run) -> None:
        """Put a run that is not going on aside; the shelf can bring it back."""
        if self.running and self.active is not None and run.folder == self.active.folder:
            return
        if self.shelf.delete(run) and self.active is not None and self.active.folder == run.folder:
            self.active = None
            self.advanced.emit()

    def use(self, run: Run) -> None:
        """Put its probe among the predictors of the main window, choose it, and label with it what is shown there."""
        if run.probe.exists():
            self._labelling.predictors.add_probe(run.probe, at_once=True)
            self.message_posted.emit(Message("info", _("The main window labels with this probe from now on.")))

    def close(self) -> bool:
        """For the end of the program: a fit that is going on is broken off, and can go on later. Whether all ended."""
        self._news.stop()
        child, self._child = self._child, None
        ended = [self.desk.close(), child is None or child.close()]
        if child is not None and self.active is not None:
            self.active = replace(self.active, state="interrupted")
            self._save()
        return all(ended)

    def _change(self, run: Run) -> None:
        self.active = run
        self.shelf.put(run)

    def _put(self, run: Run) -> None:
        self._change(run)
        self.runs_changed.emit()
        self.advanced.emit()

    def _save(self) -> None:
        if self.active is not None:
            self._saved_at = time.monotonic()
            self.shelf.save(self.active)
