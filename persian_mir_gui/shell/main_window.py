"""The window: its panes put together, its actions connected to the services."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QAction, QCloseEvent, QDragEnterEvent, QDropEvent, QResizeEvent
from PySide6.QtWidgets import QMainWindow, QStackedWidget, QVBoxLayout, QWidget

from persian_mir_gui.core.settings import Settings
from persian_mir_gui.core.soon import Soon
from persian_mir_gui.labelling.labelling import Labelling
from persian_mir_gui.library.session import Session
from persian_mir_gui.modal.reading import Readings
from persian_mir_gui.playback.player import Player
from persian_mir_gui.playback.tones import Tones
from persian_mir_gui.review.review import Review
from persian_mir_gui.review.review_keys import ReviewKeys
from persian_mir_gui.shell import window_state
from persian_mir_gui.shell.actions import ActionSet
from persian_mir_gui.shell.panes import Panes
from persian_mir_gui.widgets.side_window import SideWindow
from persian_mir_gui.widgets.widget_factories import dropped_paths, space_out, splitter, take_copy

INSPECTOR_FROM, SIDEBAR_FROM = 1000, 760  # px of window width below which the pane folds away by itself


class MainWindow(QMainWindow):
    """All panes. Holds no truth: what is open, heard and chosen, the services know."""

    closed = Signal()
    examples_wanted = Signal()
    retry_wanted = Signal(object)
    restart_wanted = Signal()

    def __init__(
        self,
        panes: Panes,
        settings: Settings,
        session: Session,
        labelling: Labelling,
        player: Player,
        readings: Readings,
        tones: Tones,
        review: Review,
    ) -> None:
        super().__init__()
        self.setWindowTitle("Persian MIR")
        self.setAcceptDrops(True)
        self._settings, self._session, self._review = settings, session, review
        self.top, self.sidebar, self.timeline = panes.top, panes.sidebar, panes.timeline
        self.inspector = panes.inspector
        self.messages, self.review, self.card, self.welcome = panes.messages, panes.review, panes.card, panes.welcome
        self.jobs, self.transport = panes.jobs, panes.transport
        self.live, self.teacher = panes.live, panes.teacher
        self.trainer, self.models, self.archive = panes.trainer, panes.models, panes.archive
        self.batch, self.similar, self.score = panes.batch, panes.similar, panes.score
        self.tuner, self.quiz = panes.tuner, panes.quiz
        self._others = (
            self.live, self.teacher, self.trainer, self.models, self.archive, self.batch, self.similar, self.score,
            self.tuner, self.quiz,
        )  # fmt: skip
        for other in self._others:
            other.setParent(self, other.windowFlags())
            if isinstance(other, SideWindow):
                other.foot = self.transport
        self._lay_out()
        self.welcome.open.setFocus()  # else the bar's first button had the keyboard, and Space folded the list away
        window_state.recall(settings, self, self.panes)
        self._connect(labelling, player, readings, tones)

    def take_actions(self, actions: ActionSet, open_paths: Callable[[list[Path]], None]) -> None:
        """Use these menus; `open_paths` opens what is dropped."""
        self.actions_by_id, self._open_paths = actions, open_paths
        self.top.open.clicked.connect(actions["open"].trigger)
        self.top.label.clicked.connect(actions["label_current"].trigger)
        self.top.show_sidebar.clicked.connect(actions["sidebar"].trigger)
        self.top.show_inspector.clicked.connect(actions["inspector"].trigger)
        self.top.review.clicked.connect(actions["review"].trigger)
        self.welcome.open_wanted.connect(actions["open"].trigger)
        self.welcome.folder_wanted.connect(actions["open_folder"].trigger)
        self.transport.loop.toggled.connect(actions.refresh)
        self.timeline.show_pitch(bool(self._settings.get("pitch_visible")))
        self._settings.changed.connect(self._setting_changed)
        self.refresh()

    def _lay_out(self) -> None:
        self.middle = QStackedWidget()
        self.middle.addWidget(self.welcome)
        self.middle.addWidget(self.timeline)
        around = QWidget()
        around.setObjectName("middle")
        around.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        column = space_out(QVBoxLayout(around), margins=(0, 0, 0, 0), spacing=0)
        column.addWidget(self.middle, 1)
        column.addWidget(self.review)
        column.addWidget(self.card)
        self.panes = splitter(Qt.Orientation.Horizontal)
        # Together no wider than SIDEBAR_FROM: else a window that becomes small at once stops before they fold.
        for pane, least, stretch in ((self.sidebar, 195, 1), (around, 320, 5), (self.inspector, 240, 1)):
            pane.setMinimumWidth(least)
            self.panes.addWidget(pane)
            self.panes.setStretchFactor(self.panes.indexOf(pane), stretch)
        whole = QWidget()
        layout = space_out(QVBoxLayout(whole), spacing=0)
        layout.addWidget(self.top)
        layout.addWidget(self.panes, 1)
        layout.addWidget(self.transport)
        self.messages.lie_over(around, self.review)  # neither over the waveform nor the lanes
        self.setCentralWidget(whole)

    def _connect(self, labelling: Labelling, player: Player, readings: Readings, tones: Tones) -> None:
        session, review = self._session, self._review
        soon = Soon(self.refresh, self)
        for signal in (session.added, session.removed, session.changed, session.predicted):
            signal.connect(soon.ask)
        for signal in (labelling.started, labelling.finished):
            signal.connect(soon.ask)
        for signal in (session.current_changed, player.availability_changed):
            signal.connect(self.refresh)
        for signal in (tones.playing_changed, readings.changed, self._settings.changed):
            signal.connect(self.refresh)
        self.top.cancel.clicked.connect(lambda: labelling.cancel(None))
        self.teacher.loop_wanted.connect(self.transport.loop.setChecked)
        self.welcome.examples_wanted.connect(self.examples_wanted)
        self.sidebar.menu.retry_wanted.connect(self.retry_wanted)
        self._review_keys = ReviewKeys(review, self)
        review.active_changed.connect(self.fold_panes)
        review.active_changed.connect(self._take_review_keys)

    def _take_review_keys(self, reviewing: bool) -> None:
        if reviewing:
            self._review_keys.listen_at(self.timeline)
            self.timeline.panes.lanes.setFocus()

    def refresh(self, *_news: object) -> None:
        """Show what is open, and offer what can be done with it."""
        item = self._session.current
        shown = self.timeline if self._session.items else self.welcome
        if shown is not self.middle.currentWidget():
            self.middle.setCurrentWidget(shown)
            shown.setFocus()  # else the first button of the bar had it, and Space pressed that
        self.setWindowTitle(f"{item.path.name} – Persian MIR" if item else "Persian MIR")
        self.top.refresh()
        self.top.review.setEnabled(bool(self._review.lanes()))
        self.actions_by_id.refresh()

    def review_segments(self) -> None:
        """Begin a review; where one goes on, end it."""
        review = self._review
        (review.leave if review.active else review.start)()

    def give_label(self) -> None:
        """Let a label be chosen by name, for what is selected or the segment under review; else begin a review."""
        review = self._review
        if self.review.ask_selection():
            return
        if not review.active:
            review.start()
        if review.active:
            self.review.labels.ask()

    def show_pane(self, name: str, wanted: bool) -> None:
        """Fold the `sidebar` or the `inspector` away, or back, at the user's wish; on a small window for now only."""
        if self.width() >= self._room_for(name):
            self._settings.set(f"{name}_visible", wanted)
        self._pane(name).setVisible(wanted)
        self.actions_by_id.refresh()

    def shows_pane(self, name: str) -> bool:
        """Whether the `sidebar` or the `inspector` is there now."""
        return not self._pane(name).isHidden()

    def fill_screen(self, wanted: bool) -> None:
        """Take the whole screen, or give it back."""
        (self.showFullScreen if wanted else self.showNormal)()

    def show_pitch(self, wanted: bool) -> None:
        """Fold the pitch below the waveform away, or back."""
        self._settings.set("pitch_visible", wanted)

    def _setting_changed(self, key: str, value: object) -> None:
        if key == "pitch_visible":
            self.timeline.show_pitch(bool(value))
        elif key in ("sidebar_visible", "inspector_visible"):
            self.fold_panes()

    def _pane(self, name: str) -> QWidget:
        return self.sidebar if name == "sidebar" else self.inspector

    def _room_for(self, name: str) -> int:
        """The width of the window, in pixels, from which a pane has room. A review asks for more of it."""
        return SIDEBAR_FROM if name == "sidebar" and not self._review.active else INSPECTOR_FROM

    def fold_panes(self, *_news: object) -> None:
        """Show the panes that are wanted and that the window has room for."""
        for name in ("sidebar", "inspector"):
            shown = self._settings.get(f"{name}_visible") and self.width() >= self._room_for(name)
            self._pane(name).setVisible(shown)
        self.top.fit_to(self.width())
        self.transport.fit_to(self.width())
        self.card.fit_to(self.height())
        self.actions_by_id.refresh()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.fold_panes()

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if dropped_paths(event):
            take_copy(event)

    def dropEvent(self, event: QDropEvent) -> None:
        paths = dropped_paths(event)
        take_copy(event)
        self._open_paths(paths)

    def closeEvent(self, event: QCloseEvent) -> None:
        window_state.remember(self._settings, self, self.panes)
        for other in self._others:
            other.close()  # else it stays, with nothing behind it, and the program does not end
        event.accept()
        self.closed.emit()

    def action(self, name: str) -> QAction:
        """Return an action by its id."""
        return self.actions_by_id[name]

    def look_for(self) -> None:
        """Put the keyboard into the search field."""
        self.show_pane("sidebar", True)
        self.sidebar.search.setFocus(Qt.FocusReason.ShortcutFocusReason)
