"""Correct, retrain, see the gain: a probe is fitted again with what people said, and both are judged alike."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Literal

from PySide6.QtCore import QObject, Signal

from persian_mir.checked_json import RecordError
from persian_mir.i18n import _
from persian_mir.predictors import PROBE
from persian_mir_gui.core.jobs import Job, JobRunner
from persian_mir_gui.core.messages import Message, message_of
from persian_mir_gui.labelling.labelling import Labelling
from persian_mir_gui.library.session import Session
from persian_mir_gui.review.compare_probes import (
    Before,
    Comparison,
    LockedEvaluation,
    lock,
    look_up,
    predictor_of,
    taught,
    worth,
)
from persian_mir_gui.review.review import Review
from persian_mir_gui.training.state.child import Child
from persian_mir_gui.training.state.events import JUDGED
from persian_mir_gui.training.state.runs import Run
from persian_mir_gui.training.state.training import Training

Phase = Literal["idle", "looking", "asking", "fitting", "judging", "done", "failed"]
LOCKED = "locked.csv"  # beside the new probe: the segments that both are judged on


class Retrain(QObject):
    """One retraining at a time; what it is doing is its `phase`."""

    changed = Signal()

    def __init__(
        self,
        io: JobRunner,
        session: Session,
        labelling: Labelling,
        review: Review,
        training: Training,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._io, self._session, self._labelling = io, session, labelling
        self._review, self.training = review, training
        self.phase: Phase = "idle"
        self.before: Before | None = None
        self.run: Run | None = None  # the fit
        self.comparison: Comparison | None = None
        self.message = ""  # why it failed
        self.remarks: tuple[str, ...] = ()  # what was not known of the old fit; what the new one added and left out
        self._job: Job | None = None
        self._child: Child | None = None
        self._wanted = ""  # the predictor that is to label once it is known
        self._gone = ""  # the one whose place it takes
        training.ended.connect(self._fitted)
        training.advanced.connect(self._advanced)
        labelling.predictors.changed.connect(self._label_anew)
        labelling.finished.connect(self._labelled)

    @property
    def task(self) -> str:
        """The task of the probe."""
        return self.before.plan.task if self.before else ""

    @property
    def alone(self) -> bool:
        """Whether the corrections hold two labels or more, so that a probe can be fitted from them alone."""
        return len({one.label for one in self._review.statements.teachable(self.task)}) > 1

    def probe_of(self, predictor: str) -> Path | None:
        """The file of a probe, which can be retrained; None for what is none."""
        path = next((one.path for one in self._labelling.predictors.all if one.id == predictor), None)
        return path if path is not None and path.suffix == PROBE else None

    # What is done, in order

    def begin(self, predictor: str) -> None:
        """Look up how the probe was fitted, and on what; fit if that is known, else ask."""
        path = self.probe_of(predictor)
        if path is None or self.phase in ("looking", "fitting", "judging"):
            return
        self.before = self.run = self.comparison = None
        self.remarks = ()
        self._turn("looking")
        self._job = self._io.start("", look_up, predictor, path)
        self._job.done.connect(self._found)
        self._job.failed.connect(self._failed)

    def fit_on(self, data: Path) -> None:
        """Fit on `data`, to whose training part the corrections are added."""
        self._fit(data, with_added=True)

    def fit_alone(self) -> None:
        """Fit on the corrections alone."""
        if self._review.statements.store is not None:
            self._fit(None, with_added=False)

    def stop(self) -> None:
        """Give up, or stop the fit with the best so far."""
        if self.phase == "fitting" and self.training.running:
            self.training.stop()
        else:
            self.keep()

    def keep(self) -> None:
        """The probe that was in use stays in use."""
        self._drop_child()
        if self._job is not None:
            self._job.cancel()
            self._job = None
        self._turn("idle")

    def use(self) -> None:
        """The new probe takes the old one's place, and labels the recording that is shown."""
        if self.run is None or self.before is None or not self.run.probe.exists():
            return
        self._labelling.predictors.choose(self.before.predictor, False)
        self._gone = self.before.predictor
        job = self._io.start("", predictor_of, self.run.probe)
        job.done.connect(self._use)
        job.failed.connect(self._failed)
        self._turn("idle")

    def close(self) -> bool:
        """For the end of the program."""
        child, self._child = self._child, None
        return child is None or child.close()

    def _found(self, before: Before) -> None:
        self._job = None
        self.before = before
        if before.unknown:
            text = _("The probe's file does not tell how these were chosen; the usual is taken: {names}.")
            self.remarks = (text.format(names=", ".join(before.unknown)),)
        if before.data is None:
            self._turn("asking")
        elif self._review.statements.store is not None and before.data == self._review.statements.store.path.with_name(
            f"training-{before.plan.task}.csv"
        ):
            self._fit(before.data, with_added=False)
        else:
            self._fit(before.data, with_added=True)

    def _fit(self, data: Path | None, with_added: bool) -> None:
        store, before = self._review.statements.store, self.before
        if store is None or before is None:
            return
        if self.training.running:
            self._fail(_("Another probe is being fitted. Wait for it, or stop it in the trainer."))
            return
        self._turn("looking")
        self._job = self._io.start("", taught, store.path, before.plan.task)
        self._job.done.connect(lambda added: self._launch(data, added, with_added))
        self._job.failed.connect(self._failed)

    def _launch(self, data: Path | None, added: Path, with_added: bool) -> None:
        self._job = None
        if self.before is None:
            return
        chosen, name = data or added, self.before.dataset
        self.run = self.training.start_on(chosen, name or chosen.name, self.before.plan, added if with_added else None)
        if self.run is None:
            self._fail(_("The run could not be written."))
        else:
            self._turn("fitting")

    def _advanced(self) -> None:
        if self.phase == "fitting":
            self.changed.emit()

    def _fitted(self, run: Run) -> None:
        if self.phase != "fitting" or self.run is None or run.folder != self.run.folder:
            return
        self.run = run
        if not run.probe.exists():
            self._fail(run.message or _("Stopped before there was anything to keep."))
        else:
            self._turn("judging")
            self._job = self._io.start("", lock, run.probe, run.judged, run.folder / LOCKED)
            self._job.done.connect(self._locked)
            self._job.failed.connect(self._failed)

    def _locked(self, found: LockedEvaluation) -> None:
        """What the new probe is worth is known: the old one is judged on the same segments."""
        self._job = None
        self.remarks += found.remarks
        if found.after is None or self.before is None or self.run is None:
            self._turn("done")
            return
        child = Child(["evaluate", "--probe", str(self.before.probe), "--data", str(self.run.folder / LOCKED)], self)
        child.done.connect(lambda event: self._judged(event, found))
        child.stopped.connect(lambda _kept: self._fail(_("Judging was stopped.")))
        child.failed.connect(lambda message: self._fail(_sentence(message)))
        self._child = child
        child.start()

    def _judged(self, event: Mapping[str, Any], found: LockedEvaluation) -> None:
        self._drop_child()
        try:
            if found.after is not None:
                JUDGED(event, "")
                self.comparison = Comparison(found.part, worth(event["judgement"]), found.after)
        except RecordError:
            self._fail(_("The judgement cannot be read."))
            return
        self._turn("done")

    def _use(self, predictor: str) -> None:
        if self.run is not None:
            if predictor == self._gone:  # nothing was learnt: it is the same probe
                self._gone = ""
            self._wanted = predictor
            self._labelling.predictors.add_probe(self.run.probe)

    def _label_anew(self) -> None:
        """Once the new probe is among the chosen ones, it labels what is shown."""
        chosen = [one.id for one in self._labelling.predictors.all if one.chosen]
        if self._wanted and self._wanted in chosen:
            self._wanted = ""
            if self._session.current is not None:
                self._labelling.label([self._session.current])

    def _labelled(self, _item: object) -> None:
        if self._gone and not self._wanted:
            gone, self._gone = self._gone, ""
            self._session.forget(gone)

    # How it went

    def _failed(self, error: Exception) -> None:
        self._fail(_sentence(message_of(error)))

    def _fail(self, message: str) -> None:
        self._drop_child()
        self._job = None
        self.message = message
        self._turn("failed")

    def _drop_child(self) -> None:
        child, self._child = self._child, None
        if child is not None:
            child.abandon()

    def _turn(self, phase: Phase) -> None:
        self.phase = phase
        self.changed.emit()


def _sentence(message: Message) -> str:
    return f"{message.what} {message.cure}".strip()
