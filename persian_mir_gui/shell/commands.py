"""What the actions do: each a short call of a service."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QAbstractButton, QApplication, QFileDialog, QMenu, QWidget

from persian_mir.app_paths import log_dir
from persian_mir.i18n import _
from persian_mir_gui.playback.speed_button import step_speed
from persian_mir_gui.shell.help_dialog import about_dialog, keys_dialog
from persian_mir_gui.shell.services import Services

ZOOM_STEP = 1.6


class Commands:
    """The actions that need no pane of the window; `window` is what dialogs stand in front of."""

    def __init__(self, services: Services, window: QWidget) -> None:
        self._services, self._window = services, window

    def handlers(self) -> dict[str, Callable[..., object]]:
        """What to call for each of these actions, by its id."""
        timeline = self._services.timeline
        return {
            "open": self.open,
            "open_folder": self.open_folder,
            "close": self.close,
            "close_all": self._services.session.close_all,
            "quit": self._window.close,
            "label_current": self.label,
            "label_all": self.label_all,
            "read_pitch": self._services.readings.compute,
            "cancel": self.cancel,
            "play_pause": self.play,
            "play_selection": self.play_selection,
            "loop": self._services.player.set_loop,
            "slower": lambda: step_speed(self._services.player, -1),
            "faster": lambda: step_speed(self._services.player, 1),
            "zoom_in": lambda: timeline.zoom(ZOOM_STEP, timeline.playhead),
            "zoom_out": lambda: timeline.zoom(1 / ZOOM_STEP, timeline.playhead),
            "zoom_fit": timeline.fit,
            "zoom_selection": timeline.zoom_to_selection,
            "previous": lambda: self.step(-1),
            "next": lambda: self.step(1),
            "label_on_open": lambda on: self._services.settings.set("label_on_open", on),
            "keys": lambda: keys_dialog(self._window).show(),
            "about": lambda: about_dialog(self._window).show(),
            "log": lambda: QDesktopServices.openUrl(QUrl.fromLocalFile(str(log_dir()))),
        }

    def open(self) -> None:
        """Let the user choose recordings."""
        names, _kind = QFileDialog.getOpenFileNames(self._window, _("Open recordings"), self._folder(), _file_kinds())
        self.open_paths([Path(name) for name in names])

    def open_folder(self) -> None:
        """Let the user choose a folder; all recordings below it are opened."""
        name = QFileDialog.getExistingDirectory(self._window, _("Open a folder"), self._folder())
        if name:
            self.open_paths([Path(name)])

    def open_paths(self, paths: list[Path]) -> None:
        """Open files and folders, and remember where they were."""
        if not paths:
            return
        first = paths[0]
        self._services.settings.set("last_folder", str(first if first.is_dir() else first.parent))
        self._services.session.open_paths(paths)

    def _folder(self) -> str:
        folder = str(self._services.settings.get("last_folder"))
        return folder if folder and Path(folder).is_dir() else str(Path.home())

    def fill_recent(self, menu: QMenu) -> None:
        """Make the menu of recent paths anew; those that are gone stay listed, opening them says what is wrong."""
        menu.clear()
        for name in self._services.settings.get("recent"):
            path = Path(name)
            action = menu.addAction(f"{path.name}  –  {path.parent}".replace("&", "&&"))
            action.triggered.connect(lambda _checked, chosen=path: self.open_paths([chosen]))
        if menu.isEmpty():
            menu.addAction(_("Nothing yet")).setEnabled(False)
        else:
            menu.addSeparator()
            menu.addAction(_("Forget these"), lambda: self._services.settings.set("recent", []))

    def close(self) -> None:
        """Close the current recording."""
        if self._services.session.current:
            self._services.session.close(self._services.session.current)

    def label(self) -> None:
        """Label the current recording with the chosen predictors."""
        if self._services.session.current:
            self._services.labelling.label([self._services.session.current])

    def label_all(self) -> None:
        """Label everything that is open."""
        ready = [item for item in self._services.session.items if item.state == "ready"]
        self._services.labelling.label(ready)

    def play(self) -> None:
        """Space: play or pause; but a button that has the keyboard is pressed, as everywhere else."""
        focused = QApplication.focusWidget()
        if isinstance(focused, QAbstractButton):
            focused.click()
        elif self._services.player.available:
            self._services.player.toggle()

    def play_selection(self) -> None:
        """Hear what is selected, from its start."""
        selection = self._services.timeline.selection
        if selection is not None:
            self._services.player.play_range(*selection)

    def cancel(self) -> None:
        """Esc: silence first; where it is silent, no more labelling."""
        if self._services.tones.playing:
            self._services.tones.stop()
        else:
            self._services.labelling.cancel(None)

    def step(self, by: int) -> None:
        """Go to the next recording of the list, or to the one before."""
        session = self._services.session
        if session.current in session.items:
            place = session.items.index(session.current) + by
            if 0 <= place < len(session.items):
                session.select(session.items[place])


def _file_kinds() -> str:
    suffixes = "wav w64 rf64 flac aif aiff ogg oga opus mp3 m4a aac mp4 wma mka mkv webm mov avi au caf"
    both = " ".join(f"*.{suffix} *.{suffix.upper()}" for suffix in suffixes.split())
    return f"{_('Recordings')} ({both});;{_('All files')} (*)"
