"""What happens once a recording is open: it is labelled, or a stretch of it is selected."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QObject

from persian_mir_gui.core.settings import Settings
from persian_mir_gui.core.timeline import Timeline
from persian_mir_gui.labelling.labelling import Labelling
from persian_mir_gui.library.session import Item, Session
from persian_mir_gui.playback.player import Player
from persian_mir_gui.playback.seeking import seek


class LabelOnOpen(QObject):
    """Labels each recording once when it has been opened, unless the user does not want that."""

    def __init__(self, session: Session, labelling: Labelling, settings: Settings, parent: QObject) -> None:
        super().__init__(parent)
        self._session, self._labelling, self._settings = session, labelling, settings
        self._seen: set[int] = set()
        session.changed.connect(self._look)
        labelling.stopped.connect(self._let_be)

    def _let_be(self) -> None:
        """Who cancels while a folder is being opened wants no labels of the rest of it either."""
        self._seen |= {item.key for item in self._session.items if item.state == "opening"}

    def _look(self, item: Item) -> None:
        if item.state != "ready" or item.key in self._seen:
            return
        self._seen.add(item.key)
        chosen = any(choice.chosen for choice in self._labelling.predictors.all)  # else each of them would say so
        if item.labelling == "none" and chosen and self._settings.get("label_on_open"):
            self._labelling.label([item])


class OpenAt(QObject):
    """Opens a file and selects a stretch of it as soon as it is shown.

    What a person selected in it stays, as with a click on a row of sections: then it leads there alone.
    """

    def __init__(self, session: Session, timeline: Timeline, player: Player, parent: QObject) -> None:
        super().__init__(parent)
        self._session, self._timeline, self._player = session, timeline, player
        self._wanted: tuple[Path, tuple[float, float]] | None = None
        self._selected: tuple[int, int] | None = None  # by this, not by a person
        session.current_changed.connect(self._look)

    def open(self, path: Path, span: tuple[float, float]) -> None:
        """Show seconds `span` of the file."""
        self._wanted = path, span
        self._session.open_paths([path])
        self._look(self._session.current)

    def _look(self, item: Item | None) -> None:
        if item is None or item.recording is None or self._wanted is None or item.path != self._wanted[0]:
            return
        start, stop = (round(at * item.recording.rate) for at in self._wanted[1])
        self._wanted = None
        if (start, stop) != (0, item.recording.frames) and self._timeline.selection in (None, self._selected):
            self._timeline.select(start, stop)
            self._selected = self._timeline.selection
        seek(self._timeline, self._player, start)
