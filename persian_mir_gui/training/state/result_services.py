"""What the trainer's window shows of results: judged segments, maps, experiments, and where they sound."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QObject

from persian_mir_gui.core.jobs import JobRunner
from persian_mir_gui.core.settings import Settings
from persian_mir_gui.core.timeline import Timeline
from persian_mir_gui.library.session import Session
from persian_mir_gui.playback.excerpt_navigator import ExcerptNavigator
from persian_mir_gui.playback.player import Player
from persian_mir_gui.training.state.embedding_points import EmbeddingPoints
from persian_mir_gui.training.state.evaluated_segments import EvaluatedSegmentsFile
from persian_mir_gui.training.state.experiment_runs import ExperimentRuns
from persian_mir_gui.training.state.pretraining import Pretraining
from persian_mir_gui.training.state.runs import Run
from persian_mir_gui.training.state.training import Training


@dataclass(frozen=True, slots=True)
class ResultServices:
    """The services behind the pages of results."""

    judged: EvaluatedSegmentsFile
    other: EvaluatedSegmentsFile  # of the run that it is compared with
    points: EmbeddingPoints
    experiments: ExperimentRuns
    showing: ExcerptNavigator
    pretraining: Pretraining

    def close(self, timeout_s: float = 1.0) -> bool:
        """End what is at work; False if something would not end in time."""
        return all([self.points.close(timeout_s), self.experiments.close(timeout_s), self.pretraining.close(timeout_s)])


def build_result_services(
    io: JobRunner,
    settings: Settings,
    session: Session,
    timeline: Timeline,
    player: Player,
    training: Training,
    parent: QObject | None = None,
) -> ResultServices:
    """Make them; the run that is chosen is the one whose judged segments are read."""
    judged, other = EvaluatedSegmentsFile(io, parent), EvaluatedSegmentsFile(io, parent)

    def open_judged(run: Run) -> None:
        judged.open(run.judged)

    training.run_chosen.connect(open_judged)
    showing = ExcerptNavigator(session, timeline, player, parent)
    pretraining = Pretraining(io, settings, parent)
    pretraining.posted.connect(training.message_posted)
    pretraining.registered.connect(training.backbones_changed)
    runs = ExperimentRuns(io, parent)
    return ResultServices(judged, other, EmbeddingPoints(io, parent), runs, showing, pretraining)
