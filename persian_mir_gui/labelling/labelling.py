"""Labelling: recordings wait in a queue, each is read by every chosen predictor in turn."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from PySide6.QtCore import QObject, Signal

from persian_mir.embeddings.utilisation import Utilisation
from persian_mir.i18n import _
from persian_mir.prediction import Prediction, joined
from persian_mir.side_by_side import files_at_once
from persian_mir.time_left import TimeLeft
from persian_mir_gui.core.jobs import Job, JobRunner
from persian_mir_gui.core.messages import Messages, message_of
from persian_mir_gui.core.settings import Settings
from persian_mir_gui.labelling.fast_check import FastCheck
from persian_mir_gui.labelling.label_work import Answer, Caveat, Failure, Maker, Part, Workbench, label_file
from persian_mir_gui.labelling.predictor_choices import PredictorChoices
from persian_mir_gui.labelling.predictors import computing, make_predictor
from persian_mir_gui.library.remarks import Remarks
from persian_mir_gui.library.session import Item, LabellingState, Session

AT_ONCE = files_at_once()
RESTING = 3  # recordings that may rest beside those worked on, when others were looked at


@dataclass(slots=True, eq=False)
class _Run:
    """One recording that was begun."""

    item: Item
    job: Job
    growing: dict[tuple[str, str], Prediction] = field(default_factory=dict)
    answered: int = 0


class Labelling(QObject):
    """The queue of recordings to be labelled by the predictors that are chosen.

    `worker` runs the predictors, on as many recordings at a time as a batch, whose windows then go into one call; `io`
    looks at files meanwhile. The recording that is shown comes first and alone: those that were begun rest until it is
    done. What was finished before a cancel or an error stays.
    """

    started = Signal(object)  # Item
    advanced = Signal(object, float, object)  # Item, 0 to 1, seconds left or None
    finished = Signal(object)  # Item; its `labelling` says how it ended
    stopped = Signal()  # everything was cancelled: nobody wishes any more labels just now

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
        self.predictors = PredictorChoices(io, settings, messages, self)
        self._worker = worker
        self._settings, self._messages, self._session = settings, messages, session
        self._bench = Workbench(make)
        self.fast_check = FastCheck(worker, settings, messages, session, self.predictors, self._bench, self)
        self._queue: dict[int, Item] = {}  # by key, the first comes first
        self._runs: list[_Run] = []  # those that were begun; some rest
        self._batch: dict[int, float] = {}  # seconds of sound of all that was asked for since it was idle, by key
        self._ended: dict[int, float] = {}  # of those that need no more work
        self._time_left = TimeLeft()
        self._used = Utilisation(lambda: self._bench.made)
        self._told: set[str] = set()
        self._caveats: set[str] = set()  # told once: the same disk is as full for the next recording
        session.removed.connect(self._forget)
        session.current_changed.connect(self._go_on)
        self.predictors.added.connect(self._label_shown)

    def set_device(self, device: str) -> None:
        """Where models run from the next recording on: auto, cpu, cuda or mps."""
        self._settings.set("device", device)

    # The queue

    @property
    def running(self) -> bool:
        """Whether something is being labelled or waits for it."""
        return bool(self._runs or self._queue)

    @property
    def progress(self) -> tuple[int, int]:
        """How many of the recordings that were asked for since it was idle are done, and how many they are."""
        return len(self._ended), len(self._batch)

    @property
    def fraction(self) -> float:
        """How much of their sound is done, 0 to 1."""
        return self._seconds_done() / (sum(self._batch.values()) or 1.0)

    def _seconds_done(self) -> float:
        begun = (run.job.fraction * self._batch.get(run.item.key, 0.0) for run in self._runs)
        return sum(self._ended.values()) + sum(begun)

    @property
    def seconds_left(self) -> float | None:
        """How long all of it will still take, or None while that cannot be said."""
        return self._time_left.seconds

    @property
    def utilisation(self) -> float | None:
        """The share of the time in which models computed since it was idle; None while none does."""
        return self._used.share()

    def label(self, items: Iterable[Item]) -> None:
        """Label the items that are ready, after those that wait already; but first of all the one that is shown."""
        if not self.predictors.chosen:
            self._messages.info(_("No predictor is chosen."), _("Choose at least one, then label again."))
            return
        for item in items:
            if item.recording and item.state == "ready" and not item.closed and not self._waits(item):
                self._queue[item.key] = item
                self._batch[item.key] = item.recording.duration_s
                self._ended.pop(item.key, None)
                self._session.set_labelling(item, "queued")
        self._go_on()

    def _label_shown(self) -> None:
        if self._session.current is not None:
            self.label([self._session.current])

    def _waits(self, item: Item) -> bool:
        return item.key in self._queue or any(run.item is item for run in self._runs)

    def cancel(self, item: Item | None = None) -> None:
        """Stop labelling an item, or everything."""
        self._stop([*self._queue.values()] if item is None else [item])
        for run in self._runs:
            if item is None or run.item is item:
                run.job.cancel()
        if item is None:
            self.stopped.emit()

    def _forget(self, items: tuple[Item, ...]) -> None:
        self._stop(items)
        for run in self._runs:
            if run.item.closed:
                run.job.cancel()

    def _stop(self, items: Iterable[Item]) -> None:
        for waiting in items:
            if self._queue.pop(waiting.key, None) is not None:
                self._batch.pop(waiting.key, None)
                self._session.set_labelling(waiting, "cancelled")
                self.finished.emit(waiting)

    def _go_on(self, *_shown: object) -> None:
        """Let what is shown work alone, if it waits; else as many as are best worked on: those that rest come first."""
        shown = self._session.current
        alone = next((run for run in self._runs if run.item is shown), None)
        if alone is None and shown is not None and shown.key in self._queue and len(self._runs) < AT_ONCE + RESTING:
            alone = self._begin(shown)
        if alone is not None:
            for run in self._runs:
                self._let(run, run is alone)
            return
        for run in reversed(self._runs):
            self._let(run, True)
        while self._queue and len(self._runs) < AT_ONCE:
            self._begin(next(iter(self._queue.values())))
        if not self._runs:
            self._told.clear()
            self._batch.clear()
            self._ended.clear()
            self._time_left = TimeLeft()
            self._used = Utilisation(lambda: self._bench.made)

    def _let(self, run: _Run, work: bool) -> None:
        """Let one go on or rest."""
        if work is run.job.held:
            (run.job.go_on if work else run.job.hold)()
            self._session.set_labelling(run.item, "running" if work else "queued")

    def _begin(self, item: Item) -> _Run:
        del self._queue[item.key]
        title = _("Labelling {name}").format(name=item.path.name)
        chosen, how = self.predictors.chosen, computing(self._settings)
        run = _Run(item, self._worker.start(title, label_file, item.recording, chosen, how, self._bench))
        run.job.progressed.connect(partial(self._advance, run))
        run.job.published.connect(partial(self._take, run))
        run.job.done.connect(partial(self._done, run))
        run.job.failed.connect(partial(self._failed, run))
        run.job.cancelled.connect(partial(self._end, run, "cancelled"))
        self._runs.append(run)
        self._session.set_labelling(item, "running")
        self.started.emit(item)
        return run

    # News of the work

    def _advance(self, run: _Run, fraction: float, _note: str) -> None:
        self._time_left.update(self._seconds_done(), sum(self._batch.values()))
        self.advanced.emit(run.item, fraction, run.job.seconds_left)

    def _take(self, run: _Run, news: Any) -> None:
        match news:
            case Part(predictor=predictor, name=name, prediction=prediction):
                key = (predictor, prediction.task)
                before = run.growing.get(key)
                run.growing[key] = prediction if before is None else joined([before, prediction])
                self._session.put_prediction(run.item, predictor, name, run.growing[key])
            case Answer(predictor=predictor, name=name, predictions=predictions):
                run.answered += 1
                for whole in predictions:
                    self._session.put_prediction(run.item, predictor, name, whole)
            case Remarks():
                self._session.put_remarks(run.item, news)
            case Failure(name=name, error=error):
                self._tell(error, name)
            case Caveat(text=text) if text not in self._caveats:
                self._caveats.add(text)
                self._messages.warning(_("The labels are there, but not all is as it should be."), text)

    def _done(self, run: _Run, _result: object) -> None:
        self._end(run, "done" if run.answered else "failed")

    def _failed(self, run: _Run, error: Exception) -> None:
        self._tell(error, run.item.path.name)
        self._end(run, "failed")

    def _end(self, run: _Run, state: LabellingState) -> None:
        self._runs.remove(run)
        self._ended[run.item.key] = self._batch.get(run.item.key, 0.0)
        self._session.set_labelling(run.item, state)
        self.finished.emit(run.item)
        self._go_on()

    def _tell(self, error: Exception, title: str) -> None:
        """Say what went wrong, once: a missing model would be told for every recording of a folder."""
        message = message_of(error, title)
        key = f"{message.what} {message.path}"
        if key not in self._told:
            self._told.add(key)
            self._messages.error(error, title)
