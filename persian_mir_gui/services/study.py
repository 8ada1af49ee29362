"""What the trainer's window shows of results: judged segments, maps, experiments, and where they sound."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QObject

from persian_mir_gui.services.embedding_points import EmbeddingPoints
from persian_mir_gui.services.experiment_runs import ExperimentRuns
from persian_mir_gui.services.jobs import JobRunner
from persian_mir_gui.services.judged import JudgedFile
from persian_mir_gui.services.session import Session
from persian_mir_gui.services.showing import Showing
from persian_mir_gui.services.timeline import Timeline
from persian_mir_gui.services.training import Training
from persian_mir_gui.services.training_runs import Run


@dataclass(frozen=True, slots=True)
class Study:
    """The services behind the pages of results."""

    judged: JudgedFile
    points: EmbeddingPoints
    experiments: ExperimentRuns
    showing: Showing

    def close(self, timeout_s: float = 1.0) -> bool:
        """End what is at work; False if something would not end in time."""
        return all([self.points.close(timeout_s), self.experiments.close(timeout_s)])


def build_study(
    io: JobRunner, session: Session, timeline: Timeline, training: Training, parent: QObject | None = None
) -> Study:
    """Make them; the run that is chosen is the one whose judged segments are read."""
    judged = JudgedFile(io, parent)

    def open_judged(run: Run) -> None:
        judged.open(run.judged)

    training.run_chosen.connect(open_judged)
    showing = Showing(session, timeline, parent)
    return Study(judged, EmbeddingPoints(io, parent), ExperimentRuns(io, parent), showing)
