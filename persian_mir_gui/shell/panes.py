"""The parts that the main window is put together from, each made with the services that it needs."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QWidget

from persian_mir_gui.archive.archive_window import ArchiveWindow
from persian_mir_gui.archive.batch_window import BatchWindow
from persian_mir_gui.archive.similar_window import SimilarWindow
from persian_mir_gui.core.settings import Settings
from persian_mir_gui.inspector.inspector import Inspector
from persian_mir_gui.labelling.mert_card import MertCard
from persian_mir_gui.labelling.models_window import ModelsWindow
from persian_mir_gui.library.sidebar import Sidebar
from persian_mir_gui.library.welcome import Welcome
from persian_mir_gui.live.live_window import LiveWindow
from persian_mir_gui.live.tuner_window import TunerWindow
from persian_mir_gui.playback.loop_ramp_button import LoopRampButton
from persian_mir_gui.playback.speed_button import SpeedButton, step_speed
from persian_mir_gui.playback.transport import Transport
from persian_mir_gui.quiz.quiz_window import QuizWindow
from persian_mir_gui.review.review import Review
from persian_mir_gui.review.review_bar import ReviewBar
from persian_mir_gui.score.score_desk import ScoreDesk
from persian_mir_gui.score.score_window import ScoreWindow
from persian_mir_gui.shell.jobs_bar import JobsBar
from persian_mir_gui.shell.services import Services
from persian_mir_gui.shell.top_bar import TopBar
from persian_mir_gui.teacher.teacher_screen import TeacherScreen
from persian_mir_gui.timeline.view import TimelineView
from persian_mir_gui.training.trainer_window import TrainerWindow
from persian_mir_gui.widgets.message_bar import MessageBar
from persian_mir_gui.widgets.theme_source import ThemeSource

if TYPE_CHECKING:
    from persian_mir_gui.timeline.panes import TimelinePanes


@dataclass(frozen=True, slots=True)
class Panes:
    """The panes of the main window, and the other windows beside it."""

    top: TopBar
    messages: MessageBar
    sidebar: Sidebar
    timeline: TimelineView
    review: ReviewBar
    card: MertCard
    welcome: Welcome
    inspector: Inspector
    jobs: JobsBar
    transport: Transport
    live: LiveWindow
    teacher: TeacherScreen
    trainer: TrainerWindow
    models: ModelsWindow
    archive: ArchiveWindow
    batch: BatchWindow
    similar: SimilarWindow
    score: ScoreWindow
    tuner: TunerWindow
    quiz: QuizWindow


def build_panes(s: Services, themes: ThemeSource) -> Panes:
    """Make all panes. Only this function and its callers see all services; a pane is given those it names."""
    jobs = JobsBar(s.labelling, s.batch, s.runners, themes)
    messages = MessageBar(themes)
    s.messages.posted.connect(messages.post)
    timeline = build_timeline(s, themes)
    return Panes(
        top=TopBar(s.io, s.settings, s.session, s.labelling, themes),
        messages=messages,
        sidebar=Sidebar(s.session, themes),
        timeline=timeline,
        review=ReviewBar(s.settings, s.messages, s.timeline, s.session, s.labelling, s.review, s.retrain, themes),
        card=MertCard(s.settings, s.labelling, themes),
        welcome=Welcome(),
        inspector=Inspector(
            s.settings, s.messages, s.timeline, s.session, s.player, s.readings, s.gushehs, s.tones, s.review, themes
        ),
        jobs=jobs,
        transport=Transport(s.settings, s.timeline, s.session, s.player, s.ramp, themes, jobs),
        live=LiveWindow(s.live, s.reference, themes),
        teacher=build_teacher(s),
        trainer=TrainerWindow(s.io, s.settings, s.excerpts, s.training, s.study, themes),
        models=ModelsWindow(s.models),
        archive=ArchiveWindow(s.ledger, lambda: s.review.statements.reviewer, s.settings, themes),
        similar=SimilarWindow(s.similar, s.excerpts, themes),
        score=ScoreWindow(s.score, s.settings, s.timeline, s.player, themes),
        tuner=TunerWindow(s.tuner, themes),
        quiz=QuizWindow(s.quiz, themes),
        batch=BatchWindow(s.batch, s.labelling.predictors, s.settings, themes),
    )


def build_timeline(s: Services, themes: ThemeSource) -> TimelineView:
    """Make the middle of the window, and later its plots; it shows what is reviewed."""

    def make_panes() -> TimelinePanes:
        from persian_mir_gui.timeline.panes import TimelinePanes  # it imports pyqtgraph

        marks = s.review.statements.marks
        return TimelinePanes(s.io, s.timeline, s.session, s.player, s.readings, marks, s.items, themes)

    made = TimelineView(s.timeline, s.session, s.player, themes, make_panes)
    show_review(made, s.review)
    show_score(made, s.score, s.settings)
    return made


def build_teacher(s: Services) -> TeacherScreen:
    """Make the teacher's screen, and later what it shows of the sound."""

    def stage(screen: TeacherScreen) -> QWidget:
        from persian_mir_gui.timeline.large_panes import LargePanes  # it imports pyqtgraph

        large = LargePanes(s.io, s.timeline, s.session, s.player, s.readings, screen.themes, screen)
        screen.revealed_changed.connect(large.reveal)
        return large

    speed, rising = SpeedButton(s.player), LoopRampButton(s.ramp, s.settings)
    return TeacherScreen(s.timeline, s.session, s.player, speed, rising, partial(step_speed, s.player), stage)


def show_score(timeline: TimelineView, score: ScoreDesk, settings: Settings) -> None:
    """Draw the notes of the score over the pitch of its recording, where they are wanted."""

    def show_notes() -> None:
        wanted = score.draft is not None and score.draft.path is not None and settings.get("notes_over_pitch")
        timeline.show_notes(score.draft.over_pitch() if wanted and score.draft is not None else ())

    score.written.connect(show_notes)
    settings.changed.connect(lambda key, _value: show_notes() if key == "notes_over_pitch" else None)


def show_review(timeline: TimelineView, review: Review) -> None:
    """Frame the segment under review in its lane; a click on another goes there, or says where one is to begin."""

    def show_target() -> None:
        target = review.target
        timeline.show_target((target.lane, target.index) if target else None)

    review.changed.connect(show_target)
    timeline.segment_clicked.connect(review.point_at)
