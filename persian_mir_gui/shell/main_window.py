"""The window: its panes put together, its actions connected to the services."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QAction, QCloseEvent, QDragEnterEvent, QDropEvent, QResizeEvent
from PySide6.QtWidgets import QMainWindow, QSplitter, QStackedWidget, QVBoxLayout, QWidget

from persian_mir_gui.inspector.inspector import Inspector
from persian_mir_gui.labelling.mert_card import MertCard
from persian_mir_gui.library.sidebar import Sidebar
from persian_mir_gui.library.welcome import Welcome
from persian_mir_gui.live.live_window import LiveWindow
from persian_mir_gui.playback.transport import Transport
from persian_mir_gui.review.review_bar import ReviewBar
from persian_mir_gui.review.review_keys import ReviewKeys
from persian_mir_gui.shell import window_state
from persian_mir_gui.shell.actions import build_menus
from persian_mir_gui.shell.commands import Commands
from persian_mir_gui.shell.exports import Exports
from persian_mir_gui.shell.jobs_bar import JobsBar
from persian_mir_gui.shell.message_bar import MessageBar
from persian_mir_gui.shell.services import Services
from persian_mir_gui.shell.top_bar import TopBar
from persian_mir_gui.teacher.teacher_screen import TeacherScreen
from persian_mir_gui.timeline.view import TimelineView
from persian_mir_gui.training.trainer_window import TrainerWindow
from persian_mir_gui.widgets.theme import Theme
from persian_mir_gui.widgets.widget_factories import dropped_paths, space_out, take_copy

INSPECTOR_FROM, SIDEBAR_FROM = 1000, 760  # px of window width below which the pane folds away by itself


class MainWindow(QMainWindow):
    """All panes. Holds no truth: what is open, heard and chosen, the services know."""

    closed = Signal()
    examples_wanted = Signal()
    theme_wanted = Signal(str)
    language_wanted = Signal(str)
    retry_wanted = Signal(object)

    def __init__(self, services: Services, theme: Theme) -> None:
        super().__init__()
        self.setWindowTitle("Persian MIR")
        self.setAcceptDrops(True)
        self.services = services
        self.top = TopBar(services, theme)
        self.messages = MessageBar(theme)
        self.sidebar = Sidebar(services, theme)
        self.timeline = TimelineView(services, theme)
        self.review = ReviewBar(services, theme)
        self.card = MertCard(services, theme)
        self.welcome = Welcome()
        self.inspector = Inspector(services, theme)
        self.jobs = JobsBar(services, theme)
        self.transport = Transport(services, theme, self.jobs)
        self.live = LiveWindow(services, theme, self)
        self.teacher = TeacherScreen(services, self)
        self.trainer = TrainerWindow(services, theme, self)
        self.commands = Commands(services, self)
        self.exports = Exports(services, self, self.timeline, self.inspector.why.profile)
        guests = {"predictors": self.top.predictors.menu, "device": self.top.devices}
        self.actions_by_id, self.menus = build_menus(self.menuBar(), self, self._handlers(), guests)
        self._lay_out()
        self._connect()
        self._wanted = {
            "sidebar": bool(services.settings.get("sidebar_visible")),
            "inspector": bool(services.settings.get("inspector_visible")),
        }
        window_state.recall(services.settings, self, self.panes)
        self._mark_settings()
        self.refresh()

    def _handlers(self) -> dict[str, Callable[..., object]]:
        return {
            **self.commands.handlers(),
            "examples": self.examples_wanted.emit,
            "theme": self.theme_wanted.emit,
            "language": self.language_wanted.emit,
            "export": self.exports.ask,
            "sidebar": lambda on: self.show_pane("sidebar", on),
            "inspector": lambda on: self.show_pane("inspector", on),
            "pitch_pane": self.show_pitch,
            "full_screen": lambda on: self.showFullScreen() if on else self.showNormal(),
            "search": self.look_for,
            "review": self.review_segments,
            "give_label": self.give_label,
            "reviewer": self.review.ask_who,
            "live": self.live.appear,
            "teacher": self.teacher.appear,
            "trainer": self.trainer.appear,
            "to_start": self.transport.go_to_start,
            "to_end": self.transport.go_to_end,
            "loop": self.transport.loop.setChecked,
            "add_probe": self.top.predictors.ask_for_probe,
        }

    def _mark_settings(self) -> None:
        settings = self.services.settings
        self.action(f"theme:{settings.get('theme')}").setChecked(True)
        self.action(f"language:{settings.get('language')}").setChecked(True)
        self.show_pitch(bool(settings.get("pitch_visible")))
        self.action("label_on_open").setChecked(bool(settings.get("label_on_open")))

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
        self.panes = QSplitter(Qt.Orientation.Horizontal, handleWidth=1, childrenCollapsible=False)
        for pane, least, stretch in ((self.sidebar, 170, 0), (around, 320, 1), (self.inspector, 240, 0)):
            pane.setMinimumWidth(least)
            self.panes.addWidget(pane)
            self.panes.setStretchFactor(self.panes.indexOf(pane), stretch)
        whole = QWidget()
        layout = space_out(QVBoxLayout(whole), spacing=0)
        layout.addWidget(self.top)
        layout.addWidget(self.messages)
        layout.addWidget(self.panes, 1)
        layout.addWidget(self.transport)
        self.setCentralWidget(whole)

    def _connect(self) -> None:
        session, labelling = self.services.session, self.services.labelling
        commands, actions = self.commands, self.actions_by_id
        self.services.messages.posted.connect(self.messages.post)
        for signal in (session.added, session.removed, session.changed, session.current_changed):
            signal.connect(self.refresh)
        for signal in (labelling.started, labelling.finished, self.services.player.availability_changed):
            signal.connect(self.refresh)
        self.top.open.clicked.connect(actions["open"].trigger)
        self.top.label.clicked.connect(actions["label_current"].trigger)
        self.top.cancel.clicked.connect(lambda: labelling.cancel(None))
        self.services.tones.playing_changed.connect(self.refresh)
        self.services.readings.changed.connect(self._offer_exports)
        self.top.show_sidebar.clicked.connect(actions["sidebar"].trigger)
        self.top.show_inspector.clicked.connect(actions["inspector"].trigger)
        self.transport.loop.toggled.connect(actions["loop"].setChecked)
        self.teacher.loop_wanted.connect(self.transport.loop.setChecked)
        self.welcome.open_wanted.connect(actions["open"].trigger)
        self.welcome.examples_wanted.connect(self.examples_wanted)
        self.sidebar.retry_wanted.connect(self.retry_wanted)
        ReviewKeys(self.services.review, self).listen_at(self.timeline)
        self.services.review.active_changed.connect(self.fold_panes)
        self.services.review.active_changed.connect(lambda on: self.timeline.lanes.setFocus() if on else None)
        self.top.review.clicked.connect(actions["review"].trigger)
        session.predicted.connect(self._offer_review)
        session.predicted.connect(self._offer_exports)
        recent = self.menus["file.recent"]
        recent.aboutToShow.connect(lambda: commands.fill_recent(recent))

    def set_theme(self, theme: Theme) -> None:
        """Paint in other colours from now on."""
        panes = (self.sidebar, self.timeline, self.inspector, self.transport, self.jobs)
        for pane in (*panes, self.messages, self.card, self.top, self.review):
            pane.set_theme(theme)
        self.live.set_theme(theme)
        self.trainer.set_theme(theme)

    def refresh(self, *_news: object) -> None:
        """Show what is open, and offer what can be done with it."""
        item = self.services.session.current
        shown = self.timeline if self.services.session.items else self.welcome
        if shown is not self.middle.currentWidget():
            self.middle.setCurrentWidget(shown)
            shown.setFocus()  # else the first button of the bar had it, and Space pressed that
        self.setWindowTitle(f"{item.path.name} – Persian MIR" if item else "Persian MIR")
        self.top.refresh()
        ready = item is not None and item.state == "ready"
        for name in (
            "label_current",
            "read_pitch",
            "zoom_in",
            "zoom_out",
            "zoom_fit",
            "zoom_selection",
            "to_start",
            "to_end",
        ):
            self.action(name).setEnabled(ready)
        for name in ("play_pause", "play_selection"):
            self.action(name).setEnabled(ready and self.services.player.available)
        for name in ("close", "close_all", "label_all", "previous", "next"):
            self.action(name).setEnabled(bool(self.services.session.items))
        self._offer_exports()
        self._offer_review()
        self.action("cancel").setEnabled(self.services.labelling.running or bool(self.services.tones.playing))

    def _offer_exports(self, *_news: object) -> None:
        rows = {name: action for name, action in self.actions_by_id.items() if name.startswith("export:")}
        for name, action in rows.items():
            action.setEnabled(self.exports.can(name.removeprefix("export:")))
        self.menus["file.export"].setEnabled(any(action.isEnabled() for action in rows.values()))

    def _offer_review(self, *_news: object) -> None:
        there_is = bool(self.services.review.lanes())
        self.action("review").setEnabled(there_is)
        self.action("give_label").setEnabled(there_is)
        self.top.review.setEnabled(there_is)

    def review_segments(self) -> None:
        """Begin a review; where one goes on, end it."""
        review = self.services.review
        (review.leave if review.active else review.start)()

    def give_label(self) -> None:
        """Let a label be chosen by name, for the segment under review; begin one where none goes on."""
        review = self.services.review
        if not review.active:
            review.start()
        if review.active:
            self.review.labels.ask()

    def show_pane(self, name: str, wanted: bool) -> None:
        """Fold the `sidebar` or the `inspector` away, or back, at the user's wish; on a small window for now only."""
        if self.width() >= self._room_for(name):
            self._wanted[name] = wanted
            self.services.settings.set(f"{name}_visible", wanted)
        self._pane(name).setVisible(wanted)
        self.actions_by_id[name].setChecked(wanted)

    def show_pitch(self, wanted: bool) -> None:
        """Fold the pitch below the waveform away, or back."""
        self.services.settings.set("pitch_visible", wanted)
        self.timeline.show_pitch(wanted)
        self.action("pitch_pane").setChecked(wanted)

    def _pane(self, name: str) -> QWidget:
        return self.sidebar if name == "sidebar" else self.inspector

    def _room_for(self, name: str) -> int:
        """The width of the window, in pixels, from which a pane has room. A review asks for more of it."""
        return SIDEBAR_FROM if name == "sidebar" and not self.services.review.active else INSPECTOR_FROM

    def fold_panes(self, *_news: object) -> None:
        """Show the panes that are wanted and that the window has room for."""
        for name in ("sidebar", "inspector"):
            shown = self._wanted[name] and self.width() >= self._room_for(name)
            self._pane(name).setVisible(shown)
            self.actions_by_id[name].setChecked(shown)
        self.top.fit_to(self.width())
        self.transport.fit_to(self.width())
        self.card.fit_to(self.height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.fold_panes()

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if dropped_paths(event):
            take_copy(event)

    def dropEvent(self, event: QDropEvent) -> None:
        paths = dropped_paths(event)
        take_copy(event)
        self.commands.open_paths(paths)

    def closeEvent(self, event: QCloseEvent) -> None:
        window_state.remember(self.services.settings, self, self.panes)
        for other in (self.teacher, self.live, self.trainer):
            other.close()  # else it stays, with nothing behind it, and the program does not end
        event.accept()
        self.closed.emit()

    def action(self, name: str) -> QAction:
        """An action by its id in the table."""
        return self.actions_by_id[name]

    def look_for(self) -> None:
        """Put the keyboard into the search field."""
        self.show_pane("sidebar", True)
        self.sidebar.search.setFocus(Qt.FocusReason.ShortcutFocusReason)
