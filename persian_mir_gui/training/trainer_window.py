"""The trainer: a window of its own beside the main one, a page for each step from data to probe."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QListWidget, QStackedWidget, QVBoxLayout, QWidget

from persian_mir.i18n import _
from persian_mir_gui.core.jobs import JobRunner
from persian_mir_gui.core.settings import Settings
from persian_mir_gui.playback.excerpts import Excerpts
from persian_mir_gui.training.state.result_services import ResultServices
from persian_mir_gui.training.state.training import Training
from persian_mir_gui.widgets.message_bar import MessageBar
from persian_mir_gui.widgets.side_window import SideWindow
from persian_mir_gui.widgets.theme_source import ThemeSource
from persian_mir_gui.widgets.widget_factories import resize_within_screen, space_out

NAMES_PX = 150


class TrainerWindow(SideWindow):
    """Pages and the list of their names. They are made when the window is first shown: start-up does not wait."""

    def __init__(
        self,
        io: JobRunner,
        settings: Settings,
        excerpts: Excerpts,
        training: Training,
        study: ResultServices,
        themes: ThemeSource,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setWindowTitle(_("Trainer"))  # Qt adds the name of the program
        self._make_pages: Callable[[], None] = lambda: self._build(io, settings, excerpts, training, study, themes)
        self.messages = MessageBar(themes)
        self.names, self.pages = QListWidget(), QStackedWidget()
        self.names.setObjectName("trainerPages")
        self.names.setAccessibleName(_("Pages"))
        self.names.setFrameShape(QListWidget.Shape.NoFrame)
        self.names.setFixedWidth(NAMES_PX)
        self.names.currentRowChanged.connect(self.pages.setCurrentIndex)
        right = space_out(QVBoxLayout(), spacing=0)
        right.addWidget(self.pages, 1)
        right.addLayout(self.messages.with_margins())
        layout = space_out(QHBoxLayout(self), spacing=0)
        layout.addWidget(self.names)
        layout.addLayout(right, 1)
        training.message_posted.connect(self.messages.post)
        training.message_withdrawn.connect(self.messages.withdraw)
        resize_within_screen(self, 1120, 760)

    def _build(
        self,
        io: JobRunner,
        settings: Settings,
        excerpts: Excerpts,
        training: Training,
        study: ResultServices,
        themes: ThemeSource,
    ) -> None:
        """Make all pages, in the order of the work. A new page is a new line here."""
        # pyqtgraph, which they draw with, takes 0.15 s to import.
        from persian_mir_gui.training.confusion.page import ConfusionView
        from persian_mir_gui.training.data.page import DataPage
        from persian_mir_gui.training.experiments.page import ExperimentsPage
        from persian_mir_gui.training.fit.run_page import RunPage
        from persian_mir_gui.training.fit.settings_page import SettingsPage
        from persian_mir_gui.training.map.page import EmbeddingMap
        from persian_mir_gui.training.pretrain.page import PretrainPage
        from persian_mir_gui.training.runs.page import RunsPage

        self.data, self.settings = DataPage(training), SettingsPage(io, training)
        self.run, self.runs = RunPage(training, themes), RunsPage(io, training, themes)
        self.add_page(_("Data"), self.data)
        self.add_page(_("Settings"), self.settings)
        self.add_page(_("Run"), self.run)
        self.add_page(_("Runs"), self.runs)
        self.add_page(_("Confusion"), ConfusionView(io, excerpts, training, study, themes))
        self.add_page(_("Map"), EmbeddingMap(io, excerpts, training, study, themes))
        self.add_page(_("Experiments"), ExperimentsPage(io, settings, training, study, themes))
        self.pretrain = PretrainPage(io, study.pretraining, themes)
        self.add_page(_("Pre-training"), self.pretrain)
        self.pretrain.probe_wanted.connect(self._fit_on)
        self.data.next_wanted.connect(lambda: self.show_page(self.settings))
        self.settings.started.connect(lambda: self.show_page(self.run))
        self.settings.data_wanted.connect(lambda: self.show_page(self.data))
        self.runs.resumed.connect(lambda: self.show_page(self.run))
        study.showing.wanted.connect(self._show_main)
        training.shelf.load()
        training.desk.recall()

    def _fit_on(self, model: str) -> None:
        self.settings.backbone.want(model)
        self.show_page(self.settings)

    def _show_main(self) -> None:
        if (main := self.parentWidget()) is not None:
            main.raise_()
            main.activateWindow()

    def show_page(self, page: QWidget) -> None:
        """Turn to `page`."""
        self.names.setCurrentRow(self.pages.indexOf(page))
        page.setFocus(Qt.FocusReason.OtherFocusReason)

    def add_page(self, name: str, widget: QWidget) -> None:
        """Put a page behind the others."""
        self.names.addItem(name)
        self.pages.addWidget(widget)

    def appear(self) -> None:
        """Come to the front."""
        if not self.pages.count():
            self._make_pages()
            self.names.setCurrentRow(0)
        self.come_forward()
