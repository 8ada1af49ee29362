"""Labelling: recordings wait in a queue, each is read by every chosen predictor in turn."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject, Signal

from persian_mir.i18n import _
from persian_mir.prediction import Prediction, joined
from persian_mir_gui.core.jobs import Job, JobRunner
from persian_mir_gui.core.messages import Messages, message_of
from persian_mir_gui.core.settings import Settings
from persian_mir_gui.labelling.label_work import Answer, Failure, Maker, Part, Unkept, Workbench, label_file
from persian_mir_gui.labelling.predictors import (
    MODAL,
    Inventory,
    PredictorChoice,
    add_probe,
    make_predictor,
    modal_choice,
    take_stock,
)
from persian_mir_gui.library.session import Item, LabellingState, Session


class Labelling(QObject):
    """The queue of recordings to be labelled, and the choice of predictors.

    `worker` runs the predictors, one recording at a time; `io` looks at files meanwhile. What was finished before a
    cancel or an error stays.
    """

    choices_changed = Signal()
    started = Signal(object)  # Item
    advanced = Signal(object, float, object)  # Item, 0 to 1, seconds left or None
    finished = Signal(object)  # Item; its `labelling` says how it ended

    def __init__(
        self,
        worker: JobRunner,
        io: JobRunner,
        settings: Settings,
        messages: Messages,
        session: Session,
        parent: QObject | None = None,
        make: Maker = make_predictor,
    ) -> None:
        super().__init__(parent)
        self._worker, self._io = worker, io
        self._settings, self._messages, self._session = settings, messages, session
        self._bench = Workbench(make)
        self._known: tuple[PredictorChoice, ...] = (modal_choice(),)
        self._missing_mert = False
        self._at_once, self._added = False, False  # whether to label with a probe once it is known; that it is
        self._queue: deque[Item] = deque()
        self._job: Job | None = None
        self._item: Item | None = None
        self._growing: dict[tuple[str, str], Prediction] = {}
        self._answered = 0
        self._told: set[str] = set()
        self._unkept: set[str] = set()  # told once: the same disk is as full for the next recording
        session.removed.connect(self.cancel)
        settings.changed.connect(self._setting_changed)
        self.refresh()

    # The choice

    @property
    def missing_mert(self) -> bool:
        """Whether no MERT model is installed, as far as is known yet."""
        return self._missing_mert

    def choices(self) -> list[PredictorChoice]:
        """All predictors known so far, the modal reading first."""
        chosen = self._settings.get("predictors")
        window = float(self._settings.get("modal_window"))
        return [
            replace(
                choice,
                chosen=choice.id in chosen and not choice.problem,
                window_s=window if choice.id == MODAL else None,
            )
            for choice in self._known
        ]

    def set_chosen(self, predictor: str, chosen: bool) -> None:
        """Choose a predictor or leave it out."""
        ids = [known for known in self._settings.get("predictors") if known != predictor]
        self._settings.set("predictors", [*ids, predictor] if chosen else ids)
        self.choices_changed.emit()

    def _setting_changed(self, key: str, _value: object) -> None:
        if key == "modal_window":
            self.choices_changed.emit()

    def set_device(self, device: str) -> None:
        """Where models run from the next recording on: auto, cpu, cuda or mps."""
        self._settings.set("device", device)

    def add_probe(self, path: Path, at_once: bool = False) -> None:
        """Take a probe file among the user's own and choose it; a message says why if it is refused.

        `at_once`: the recording that is shown is labelled with it as soon as it is known.
        """
        self._at_once = at_once
        job = self._io.start(_("Adding {name}").format(name=path.name), add_probe, path)
        job.done.connect(self._probe_added)
        job.failed.connect(self._messages.error)

    def refresh(self) -> None:
        """Look again for probes and models."""
        job = self._io.start("", take_stock)
        job.done.connect(self._take_inventory)
        job.failed.connect(self._messages.error)

    def _take_inventory(self, inventory: Inventory) -> None:
        self._known, self._missing_mert = inventory.choices, inventory.missing_mert
        self.choices_changed.emit()
        if self._added and self._session.current is not None:
            self.label([self._session.current])
        self._added = False

    def _probe_added(self, predictor: str) -> None:
        self.set_chosen(predictor, True)
        self._added, self._at_once = self._at_once, False
        self.refresh()

    # The queue

    @property
    def running(self) -> bool:
        """Whether something is being labelled or waits for it."""
        return self._job is not None or bool(self._queue)

    def label(self, items: Iterable[Item]) -> None:
        """Label the items that are ready, after those that wait already."""
        if not any(choice.chosen for choice in self.choices()):
            self._messages.info(_("No predictor is chosen."), _("Choose at least one, then label again."))
            return
        for item in items:
            if item.state == "ready" and not item.closed and item.labelling not in ("queued", "running"):
                self._queue.append(item)
                self._session.set_labelling(item, "queued")
        self._next()

    def cancel(self, item: Item | None = None) -> None:
        """Stop labelling an item, or everything."""
        for waiting in [entry for entry in self._queue if item is None or entry is item]:
            self._queue.remove(waiting)
            self._session.set_labelling(waiting, "cancelled")
            self.finished.emit(waiting)
        if self._job is not None and (item is None or item is self._item):
            self._job.cancel()

    def _next(self) -> None:
        if self._job is not None:
            return
        if not self._queue:
            self._told.clear()
            return
        item = self._queue.popleft()
        chosen = [choice for choice in self.choices() if choice.chosen]
        self._item, self._answered = item, 0
        self._growing.clear()
        self._job = self._start(item, chosen)
        self._session.set_labelling(item, "running")
        self.started.emit(item)

    def _start(self, item: Item, chosen: Sequence[PredictorChoice]) -> Job:
        title = _("Labelling {name}").format(name=item.path.name)
        recording, device = item.recording, self._settings.get("device")
        job = self._worker.start(title, label_file, recording, chosen, device, self._bench)
        job.progressed.connect(self._advance)
        job.published.connect(self._take)
        job.done.connect(self._done)
        job.failed.connect(self._failed)
        job.cancelled.connect(self._cancelled)
        return job

    # News of the work

    def _advance(self, fraction: float, _note: str) -> None:
        if self._item is not None and self._job is not None:
            self.advanced.emit(self._item, fraction, self._job.seconds_left)

    def _take(self, news: Any) -> None:
        item = self._item
        if item is None:
            return
        match news:
            case Part(predictor=predictor, name=name, prediction=prediction):
                key = (predictor, prediction.task)
                before = self._growing.get(key)
                self._growing[key] = prediction if before is None else joined([before, prediction])
                self._session.put_prediction(item, predictor, name, self._growing[key])
            case Answer(predictor=predictor, name=name, predictions=predictions):
                self._answered += 1
                for whole in predictions:
                    self._session.put_prediction(item, predictor, name, whole)
            case Failure(name=name, error=error):
                self._tell(error, name)
            case Unkept(why=why) if why not in self._unkept:
                self._unkept.add(why)
                self._messages.warning(_("The labels are there, but the features are not kept."), why)

    def _done(self, _result: object) -> None:
        self._end("done" if self._answered else "failed")

    def _failed(self, error: Exception) -> None:
        self._tell(error, "" if self._item is None else self._item.path.name)
        self._end("failed")

    def _cancelled(self) -> None:
        self._end("cancelled")

    def _end(self, state: LabellingState) -> None:
        item, self._item, self._job = self._item, None, None
        if item is not None:
            self._session.set_labelling(item, state)
            self.finished.emit(item)
        self._next()

    def _tell(self, error: Exception, title: str) -> None:
        """Say what went wrong, once: a missing model would be told for every recording of a folder."""
        message = message_of(error, title)
        key = f"{message.what} {message.path}"
        if key not in self._told:
            self._told.add(key)
            self._messages.error(error, title)
