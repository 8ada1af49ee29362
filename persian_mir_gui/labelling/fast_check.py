"""Finding out whether the chosen probes say the same when they compute fast, on the recordings that are open."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject

from persian_mir.computing import Computing
from persian_mir.i18n import _
from persian_mir.predictors import PROBE
from persian_mir.progress import Progress
from persian_mir_gui.core.jobs import JobRunner
from persian_mir_gui.core.messages import Messages
from persian_mir_gui.core.settings import Settings
from persian_mir_gui.labelling.label_work import Workbench
from persian_mir_gui.labelling.predictor_choices import PredictorChoices
from persian_mir_gui.labelling.predictors import computing
from persian_mir_gui.library.session import Session


@dataclass(frozen=True, slots=True)
class FastCheckResult:
    """What was found, in two sentences: the figures, and what follows from them."""

    figures: str
    conclusion: str


def check_probe(path: Path, recordings: list[Path], computing: Computing, progress: Progress) -> FastCheckResult:
    """Measure and keep how far a probe agrees with itself. Runs on the worker. Raises PersianMirError and Cancelled."""
    from persian_mir.probes.agreement import conclusion, in_words
    from persian_mir.probes.agreement_check import measure_agreement

    found = measure_agreement(path, recordings, computing, progress)
    return FastCheckResult(in_words(found), conclusion(found))


class FastCheck(QObject):
    """Labels what is open twice with each chosen probe, on the worker that labels, and tells how far the two agree."""

    def __init__(
        self,
        worker: JobRunner,
        settings: Settings,
        messages: Messages,
        session: Session,
        predictors: PredictorChoices,
        bench: Workbench,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._worker, self._settings, self._messages = worker, settings, messages
        self._session, self._predictors, self._bench = session, predictors, bench

    def start(self) -> None:
        """Check the chosen probes, one after the other."""
        chosen = self._predictors.chosen
        probes = [(one.name, one.path) for one in chosen if one.path is not None and one.path.suffix == PROBE]
        recordings = [item.path for item in self._session.items if item.state == "ready"]
        if not probes or not recordings:
            cure = _("Choose a probe and open recordings of your own, then check again.")
            self._messages.info(_("There is nothing to check."), cure)
            return
        for name, path in probes:
            title = _("Checking {name}").format(name=name)
            job = self._worker.start(title, check_probe, path, recordings, computing(self._settings))
            job.done.connect(partial(self._tell, name))
            job.failed.connect(partial(self._messages.error, title=title))

    def _tell(self, name: str, told: FastCheckResult) -> None:
        self._bench.forget()  # what is made next computes as was found
        self._messages.info(f"{name}: {told.figures}", told.conclusion)
