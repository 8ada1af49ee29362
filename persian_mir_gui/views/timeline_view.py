"""The middle of the window: one time axis for the waveform and every lane below it."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from persian_mir_gui.services.context import Services
from persian_mir_gui.views.theme import Theme


class TimelineView(QWidget):
    """Header, overview, ruler, waveform and lanes of the session's current recording, on one time axis."""

    def __init__(self, services: Services, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._services = services
        self._theme = theme

    def set_theme(self, theme: Theme) -> None:
        """Paint in other colours from now on."""
        self._theme = theme
        self.update()
