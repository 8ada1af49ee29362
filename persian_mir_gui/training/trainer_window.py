"""The trainer: a window of its own beside the main one, a page for each step from data to probe."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QHBoxLayout, QListWidget, QStackedWidget, QVBoxLayout, QWidget

from persian_mir.i18n import _
from persian_mir_gui.shell.message_bar import MessageBar
from persian_mir_gui.shell.services import Services
from persian_mir_gui.training.confusion.page import ConfusionView
from persian_mir_gui.training.data.page import DataPage
from persian_mir_gui.training.experiments.page import ExperimentsPage
from persian_mir_gui.training.fit.run_page import RunPage
from persian_mir_gui.training.fit.settings_page import SettingsPage
from persian_mir_gui.training.map.page import EmbeddingMap
from persian_mir_gui.training.runs.page import RunsPage
from persian_mir_gui.widgets.theme import Theme
from persian_mir_gui.widgets.widget_factories import space_out

NAMES_PX = 150


class TrainerWindow(QWidget):
    """Pages and the list of their names. They are made when the window is first shown: start-up does not wait."""

    def __init__(self, services: Services, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent, Qt.WindowType.Window)
        self.setWindowTitle(_("Trainer"))  # Qt adds the name of the program
        self.setObjectName("trainer")
        self._services, self._theme = services, theme
        self.messages = MessageBar(theme)
        self.names, self.pages = QListWidget(), QStackedWidget()
        self.names.setObjectName("trainerPages")
        self.names.setAccessibleName(_("Pages"))
        self.names.setFrameShape(QListWidget.Shape.NoFrame)
        self.names.setFixedWidth(NAMES_PX)
        self.names.currentRowChanged.connect(self.pages.setCurrentIndex)
        right = space_out(QVBoxLayout(), spacing=0)
        right.addWidget(self.messages)
        right.addWidget(self.pages, 1)
        layout = space_out(QHBoxLayout(self), spacing=0)
        layout.addWidget(self.names)
        layout.addLayout(right, 1)
        services.training.said.connect(self.messages.post)
        services.training.unsaid.connect(self.messages.withdraw)
        QShortcut(QKeySequence("Esc"), self).activated.connect(self.close)
        self.resize(1120, 760)

    def _build(self) -> None:
        """All pages, in the order of the work. A new page is a new line here."""
        services, theme = self._services, self._theme
        self.data, self.settings = DataPage(services), SettingsPage(services)
        self.run, self.runs = RunPage(services, theme), RunsPage(services, theme)
        self.add_page(_("Data"), self.data)
        self.add_page(_("Settings"), self.settings)
        self.add_page(_("Run"), self.run)
        self.add_page(_("Runs"), self.runs)
        self.add_page(_("Confusion"), ConfusionView(services, theme))
        self.add_page(_("Map"), EmbeddingMap(services, theme))
        self.add_page(_("Experiments"), ExperimentsPage(services, theme))
        self.data.next_wanted.connect(lambda: self.show_page(self.settings))
        self.settings.started.connect(lambda: self.show_page(self.run))
        self.settings.data_wanted.connect(lambda: self.show_page(self.data))
        self.runs.resumed.connect(lambda: self.show_page(self.run))
        services.study.showing.wanted.connect(self._show_main)
        services.training.shelf.load()

    def _show_main(self) -> None:
        if (main := self.parentWidget()) is not None:
            main.raise_()
            main.activateWindow()

    def show_page(self, page: QWidget) -> None:
        """Turn to `page`."""
        self.names.setCurrentRow(self.pages.indexOf(page))
        page.setFocus(Qt.FocusReason.OtherFocusReason)

    def add_page(self, name: str, widget: QWidget) -> None:
        """Put a page behind the others. Its `set_theme(theme)`, if it has one, is called when colours change."""
        self.names.addItem(name)
        self.pages.addWidget(widget)

    def set_theme(self, theme: Theme) -> None:
        """Paint in other colours from now on."""
        self._theme = theme
        self.messages.set_theme(theme)
        for place in range(self.pages.count()):
            change = getattr(self.pages.widget(place), "set_theme", None)
            if change is not None:
                change(theme)

    def appear(self) -> None:
        """Come to the front."""
        if not self.pages.count():
            self._build()
            self.names.setCurrentRow(0)
        self.show()
        if (handle := self.windowHandle()) is not None:
            handle.setTransientParent(None)  # type: ignore[arg-type]  # else some desktops keep it on top
        self.raise_()
        self.activateWindow()
