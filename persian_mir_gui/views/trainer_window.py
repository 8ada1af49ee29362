"""The trainer: a window of its own beside the main one, a page for each step from data to probe."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QHBoxLayout, QListWidget, QStackedWidget, QWidget

from persian_mir.i18n import _
from persian_mir_gui.services.context import Services
from persian_mir_gui.views.small import space_out
from persian_mir_gui.views.theme import Theme


class TrainerWindow(QWidget):
    """Pages and the list of their names. They are made when the window is first shown: start-up does not wait."""

    def __init__(self, services: Services, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent, Qt.WindowType.Window)
        self.setWindowTitle(_("Trainer – Persian MIR"))
        self.setObjectName("trainer")
        self._services, self._theme = services, theme
        self.names, self.pages = QListWidget(), QStackedWidget()
        self.names.setAccessibleName(_("Pages"))
        self.names.currentRowChanged.connect(self.pages.setCurrentIndex)
        layout = space_out(QHBoxLayout(self), spacing=0)
        layout.addWidget(self.names)
        layout.addWidget(self.pages, 1)
        QShortcut(QKeySequence("Esc"), self).activated.connect(self.close)
        self.resize(1120, 760)

    def _build(self) -> None:
        """All pages, in the order of the work. A new page is a new line here."""

    def add_page(self, name: str, widget: QWidget) -> None:
        """Put a page behind the others. Its `set_theme(theme)`, if it has one, is called when colours change."""
        self.names.addItem(name)
        self.pages.addWidget(widget)

    def set_theme(self, theme: Theme) -> None:
        """Paint in other colours from now on."""
        self._theme = theme
        for place in range(self.pages.count()):
            change = getattr(self.pages.widget(place), "set_theme", None)
            if change is not None:
                change(theme)

    def appear(self) -> None:
        """Come to the front."""
        if not self.pages.count():
            self._build()
        self.show()
        self.raise_()
        self.activateWindow()
