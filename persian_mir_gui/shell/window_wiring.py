"""The connections between the window and the services that neither of them can make alone."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtWidgets import QApplication

from persian_mir.i18n import _
from persian_mir.progress import Progress
from persian_mir_gui.core.settings import Settings
from persian_mir_gui.library.session import Item
from persian_mir_gui.shell.main_window import MainWindow
from persian_mir_gui.shell.services import Services
from persian_mir_gui.widgets.theme import apply_theme, theme_for


class Colours(QObject):
    """The theme that the setting asks for, and the system's where it asks for that; followed while running."""

    changed = Signal(object)  # Theme

    def __init__(self, app: QApplication, settings: Settings) -> None:
        super().__init__(app)
        self._app, self._settings = app, settings
        self._ask_system_for(str(settings.get("theme")))
        self.theme = theme_for(str(settings.get("theme")))
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
            self.theme = theme
            apply_theme(self._app, theme)
            self.changed.emit(theme)


class LabelOnOpen(QObject):
    """Labels each recording once when it has been opened, unless the user does not want that."""

    def __init__(self, services: Services, parent: QObject) -> None:
        super().__init__(parent)
        self._services = services
        self._seen: set[int] = set()
        services.session.added.connect(self._look)
        services.session.changed.connect(self._look)

    def _look(self, item: Item) -> None:
        if item.state != "ready" or item.key in self._seen:
            return
        self._seen.add(item.key)
        if item.labelling == "none" and self._services.settings.get("label_on_open"):
            self._services.labelling.label([item])


def connect_pane_signals(window: MainWindow, services: Services) -> None:
    """What the window wishes, done."""

    def set_language(language: str) -> None:
        services.settings.set("language", language)
        services.messages.info(_("The language changes at the next start."))

    def try_again(item: Item) -> None:
        if item.state == "failed":
            services.session.retry(item)
        else:
            services.labelling.label([item])

    services.timeline.selection_settled.connect(services.player.set_range)
    window.theme_wanted.connect(lambda theme: services.settings.set("theme", theme))
    window.language_wanted.connect(set_language)
    window.retry_wanted.connect(try_again)
    services.live.failed.connect(services.messages.post)
    services.training.said.connect(
        lambda message: None if window.trainer.isVisible() else services.messages.post(message)
    )
    services.live.taken.connect(lambda path: services.session.open_paths([path]))
    window.examples_wanted.connect(lambda: show_examples(services))


def show_examples(services: Services) -> None:
    """Make the example recordings on the worker, if they are not there, and open them."""
    text = _("Making the example recordings")
    job = services.io.start(text, make_examples)
    job.done.connect(services.session.open_paths)
    job.failed.connect(lambda error: services.messages.error(error, text))


def make_examples(progress: Progress) -> list[Path]:
    """Runs on the worker: the paths of the examples, made if they are not there."""
    from persian_mir.examples.examples import ensure_examples

    return ensure_examples(progress=progress)
