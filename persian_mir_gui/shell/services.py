"""All services, made and wired."""

from __future__ import annotations

import time
from dataclasses import dataclass

from PySide6.QtCore import QObject

from persian_mir_gui.archive.batch_desk import BatchDesk
from persian_mir_gui.archive.keep import KeepLabelled
from persian_mir_gui.archive.similar_desk import SimilarDesk
from persian_mir_gui.core.jobs import JobRunner
from persian_mir_gui.core.messages import Messages
from persian_mir_gui.core.settings import Settings
from persian_mir_gui.core.timeline import Timeline
from persian_mir_gui.labelling.label_work import Maker
from persian_mir_gui.labelling.labelling import AT_ONCE, RESTING, Labelling
from persian_mir_gui.labelling.models import Models
from persian_mir_gui.labelling.predictors import make_predictor
from persian_mir_gui.library.ledger import Ledger
from persian_mir_gui.library.session import Session
from persian_mir_gui.live.input import Inputs
from persian_mir_gui.live.live import Live
from persian_mir_gui.live.reference import Reference
from persian_mir_gui.live.tuner import Tuner
from persian_mir_gui.modal.nearest_gushehs import NearestGushehs
from persian_mir_gui.modal.reading import Readings
from persian_mir_gui.playback.excerpts import Excerpts
from persian_mir_gui.playback.loop_ramp import LoopRamp
from persian_mir_gui.playback.player import Player
from persian_mir_gui.playback.tones import Tones
from persian_mir_gui.quiz.quiz_desk import QuizDesk
from persian_mir_gui.review.retrain import Retrain
from persian_mir_gui.review.review import Review
from persian_mir_gui.score.score_desk import ScoreDesk
from persian_mir_gui.shell.place import remember_open, remember_place
from persian_mir_gui.shell.wiring import Wiring
from persian_mir_gui.timeline.track_items import TrackItems
from persian_mir_gui.training.state.result_services import ResultServices, build_result_services
from persian_mir_gui.training.state.training import Training

IO_WORKERS = 6  # one computes a waveform, one opens files, others what is looked at meanwhile


@dataclass(frozen=True, slots=True)
class Services:
    """Known to what puts the program together, never to a view. `runner` labels, `io` opens files."""

    runner: JobRunner
    io: JobRunner
    settings: Settings
    messages: Messages
    timeline: Timeline
    session: Session
    labelling: Labelling
    models: Models
    player: Player
    ramp: LoopRamp
    readings: Readings
    gushehs: NearestGushehs
    live: Live
    reference: Reference
    tones: Tones
    excerpts: Excerpts
    review: Review
    retrain: Retrain
    training: Training
    study: ResultServices
    ledger: Ledger
    batch: BatchDesk
    items: TrackItems
    similar: SimilarDesk
    score: ScoreDesk
    tuner: Tuner
    quiz: QuizDesk

    @property
    def runners(self) -> tuple[JobRunner, ...]:
        """Everything that runs jobs."""
        return (
            self.runner,
            self.io,
            self.models.runner,
            self.tones.runner,
            self.batch.runner,
            self.score.runner,
            self.quiz.runner,
        )


def build_services(parent: QObject | None = None, make: Maker = make_predictor) -> Services:
    """Make all services, children of `parent`, on the GUI thread. Starts threads: see `close_services`."""
    # One more, for pitch and tonic.
    runner, io = JobRunner(parent, AT_ONCE + RESTING + 1), JobRunner(parent, IO_WORKERS)
    settings, messages, timeline = Settings(parent), Messages(parent), Timeline(parent)
    session = Session(io, settings, messages, parent)
    labelling = Labelling(runner, io, settings, messages, session, parent, make)
    models = Models(messages, parent)
    models.installed.connect(labelling.predictors.refresh)
    player = Player(io, parent)
    Wiring(settings, messages, timeline, session, player)
    readings = Readings(io, runner, session, timeline, messages, parent, settings)
    live = Live(io, Inputs(player.sound), parent)
    tones = Tones(player.sound, settings, messages, parent)
    excerpts = Excerpts(io, player, settings, parent)
    review = Review(io, session, timeline, player, settings, messages, parent)
    training = Training(io, settings, labelling, parent)
    models.installed.connect(training.backbones_changed)
    retrain = Retrain(io, session, labelling, review, training, parent)
    study = build_result_services(io, settings, session, timeline, player, training, parent)
    ledger = Ledger(parent)
    KeepLabelled(session, ledger, ledger)
    reference = Reference(runner, session, parent)
    gushehs = NearestGushehs(io, readings, messages, parent)
    heard = (player, LoopRamp(settings, player, parent), readings, gushehs, live, reference, tones, excerpts)
    taught = (review, retrain, training, study, ledger, BatchDesk(ledger, parent))
    items = TrackItems(ledger, session, timeline, parent)
    return Services(
        runner,
        io,
        settings,
        messages,
        timeline,
        session,
        labelling,
        models,
        *heard,
        *taught,
        items,
        SimilarDesk(parent),
        ScoreDesk(session, timeline, readings, tones, player, settings, parent),
        Tuner(settings, session, live, readings, tones, parent),
        QuizDesk(ledger, tones, excerpts, parent),
    )


def close_services(services: Services, timeout_s: float = 1.0) -> bool:
    """Remember what is open, end all work and wait for it at most `timeout_s` seconds.

    False if something would not stop: then end the process with `os._exit`, for Python itself waits for its threads.
    """
    remember_place(services.settings, services.session, services.timeline)
    remember_open(services.settings, services.session)
    deadline = time.monotonic() + timeout_s
    ended = [services.review.statements.close(timeout_s)]  # what a person said, before work is stopped
    services.player.stop()
    services.live.stop()
    for runner in services.runners:
        runner.stop()
    ended += [one.close(timeout_s) for one in (services.player, services.excerpts, services.live)]
    ended += [
        one.close(max(0.0, deadline - time.monotonic())) for one in (services.batch, services.similar, services.ledger)
    ]
    ended += [services.training.close(), services.retrain.close(), services.study.close()]
    ended += [runner.close(max(0.0, deadline - time.monotonic())) for runner in services.runners]
    return all(ended)
