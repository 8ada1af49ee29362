"""What the actions do: each a short call of a service."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtWidgets import QAbstractButton, QApplication, QFileDialog, QMenu, QWidget

from persian_mir.i18n import _
from persian_mir_gui.core.messages import Message, Messages
from persian_mir_gui.core.settings import Settings
from persian_mir_gui.core.timeline import Timeline
from persian_mir_gui.labelling.labelling import Labelling
from persian_mir_gui.library.session import Session
from persian_mir_gui.playback.player import Player
from persian_mir_gui.playback.tones import Tones
from persian_mir_gui.widgets import formatting


class Commands:
    """The actions that need no pane of the window; `window` is what dialogs stand in front of."""

    def __init__(
        self,
        settings: Settings,
        messages: Messages,
        timeline: Timeline,
        session: Session,
        labelling: Labelling,
        player: Player,
        tones: Tones,
        window: QWidget,
        restart: Callable[[], None],
    ) -> None:
        self._restart = restart
        self._window, self._settings, self._messages = window, settings, messages
        self._timeline, self._session, self._labelling = timeline, session, labelling
        self._player, self._tones = player, tones

    def open(self) -> None:
        """Let the user choose recordings."""
        names, _kind = QFileDialog.getOpenFileNames(
            self._window,
            _("Open recordings"),
            self._folder(),
            _file_kinds(),
            options=QFileDialog.Option.HideNameFilterDetails,  # 44 suffixes are no words, and the field cuts them
        )
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
        self._settings.set("last_folder", str(first if first.is_dir() else first.parent))
        self._session.open_paths(paths)

    def _folder(self) -> str:
        folder = str(self._settings.get("last_folder"))
        return folder if folder and Path(folder).is_dir() else str(Path.home())

    def choose(self, setting: str, value: object) -> None:
        """Set a setting by hand; what takes effect later is told."""
        before = self._settings.get(setting)
        self._settings.set(setting, value)
        if setting == "language" and value != before:
            what, cure = _("The language changes when the program starts again."), _("What is open stays open.")
            self._messages.post(Message("info", what, cure, offer=_("Start again"), accept=self._restart))

    def fill_recent(self, menu: QMenu) -> None:
        """Make the menu of recent paths anew; those that are gone stay listed, opening them says what is wrong."""
        menu.clear()
        for name in self._settings.get("recent"):
            path = Path(name)
            # Isolated: else the first slash stood at the other end in Persian.
            told = f"{formatting.isolated(path.name)}  –  \u2066{path.parent}\u2069"
            action = menu.addAction(told.replace("&", "&&"))
            action.triggered.connect(lambda _checked, chosen=path: self.open_paths([chosen]))
        if menu.isEmpty():
            menu.addAction(_("Nothing yet")).setEnabled(False)
        else:
            menu.addSeparator()
            menu.addAction(_("Forget these"), lambda: self._settings.set("recent", []))

    def close(self) -> None:
        """Close the current recording."""
        if self._session.current:
            self._session.close(self._session.current)

    def label(self) -> None:
        """Label the current recording with the chosen predictors."""
        if self._session.current:
            self._labelling.label([self._session.current])

    def label_all(self) -> None:
        """Label everything that is open."""
        ready = [item for item in self._session.items if item.state == "ready"]
        self._labelling.label(ready)

    def play(self) -> None:
        """Space: play or pause; but a button that has the keyboard is pressed, as everywhere else."""
        focused = QApplication.focusWidget()
        if isinstance(focused, QAbstractButton):
            focused.click()
        elif self._player.available:
            self._player.toggle()

    def play_selection(self) -> None:
        """Hear what is selected, from its start."""
        selection = self._timeline.selection
        if selection is not None:
            self._player.play_range(*selection)

    def cancel(self) -> None:
        """Esc: silence first; where it is silent, no more labelling."""
        if self._tones.playing:
            self._tones.stop()
        else:
            self._labelling.cancel(None)

    def step(self, by: int) -> None:
        """Go to the next recording of the list, or to the one before."""
        session = self._session
        if session.current in session.items:
            place = session.items.index(session.current) + by
            if 0 <= place < len(session.items):
                session.select(session.items[place])


def _file_kinds() -> str:
    suffixes = "wav w64 rf64 flac aif aiff ogg oga opus mp3 m4a aac mp4 wma mka mkv webm mov avi au caf"
    both = " ".join(f"*.{suffix} *.{suffix.upper()}" for suffix in suffixes.split())
    return f"{_('Recordings')} ({both});;{_('All files')} (*)"
