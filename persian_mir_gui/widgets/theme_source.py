"""The theme that is in use, and the one signal by which everything that paints learns of another."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtWidgets import QApplication

from persian_mir_gui.core.settings import Settings
from persian_mir_gui.widgets.theme import Theme, apply_theme, theme_for


class ThemeSource(QObject):
    """Holds the theme in use; views read it when they are made and follow `changed`."""

    changed = Signal(object)  # Theme

    def __init__(self, theme: Theme, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.theme = theme

    def set(self, theme: Theme) -> None:
        """Use another theme from now on."""
        if theme is not self.theme:
            self.theme = theme
            self.changed.emit(theme)

    def follow(self, show: Callable[[Theme], None]) -> None:
        """Call `show`, a method of a widget, with the theme now and whenever it changes."""
        show(self.theme)
        self.changed.connect(show)


class SystemThemes(ThemeSource):
    """The theme that the setting asks for, and the system's where it asks for that; followed while running."""

    def __init__(self, app: QApplication, settings: Settings) -> None:
        self._app, self._settings = app, settings
        self._ask_system_for(str(settings.get("theme")))
        super().__init__(theme_for(str(settings.get("theme"))), app)
        apply_theme(app, self.theme)
        settings.changed.connect(self._setting_changed)
        app.styleHints().colorSchemeChanged.connect(self._update)

    def _setting_changed(self, key: str, value: object) -> None:
        if key == "theme":
            self._ask_system_for(str(value))
            self._update()

    def _ask_system_for(self, setting: str) -> None:
        """Have title bars and the system's own dialogs in the same colours."""
        schemes = {"dark": Qt.ColorScheme.Dark, "light": Qt.ColorScheme.Light}
        self._app.styleHints().setColorScheme(schemes.get(setting, Qt.ColorScheme.Unknown))

    def _update(self) -> None:
        theme = theme_for(str(self._settings.get("theme")))
        if theme is not self.theme:
            apply_theme(self._app, theme)
            self.set(theme)
