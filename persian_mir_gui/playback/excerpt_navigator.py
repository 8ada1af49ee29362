"""An excerpt shown where it belongs: its recording opened in the main window, the stretch selected."""

from __future__ import annotations

import os
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from persian_mir_gui.core.timeline import Timeline
from persian_mir_gui.library.session import Item, Session
from persian_mir_gui.playback.excerpts import Excerpt
from persian_mir_gui.playback.player import Player
from persian_mir_gui.playback.seeking import seek


class ExcerptNavigator(QObject):
    """Waits until the recording is open, unless another one is chosen meanwhile."""

    wanted = Signal()  # the main window should come to the front

    def __init__(self, session: Session, timeline: Timeline, player: Player, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session, self._timeline, self._player = session, timeline, player
        self._excerpt: Excerpt | None = None
        session.current_changed.connect(self._look)

    def show(self, excerpt: Excerpt) -> None:
        """Open the excerpt's recording and select the stretch."""
        path = Path(os.path.abspath(excerpt.path))  # noqa: PTH100 - no link resolved, as in the session
        self._excerpt = Excerpt(path, excerpt.start_s, excerpt.stop_s)
        self.wanted.emit()
        current = self._session.current
        if current is not None and current.path == path:
            self._look(current)
        else:
            self._session.open_paths([path])

    def _look(self, item: Item | None) -> None:
        excerpt = self._excerpt
        if excerpt is None or item is None or item.path != excerpt.path or item.recording is None:
            return
        self._excerpt = None
        rate = item.recording.rate
        start, stop = round(excerpt.start_s * rate), round(excerpt.stop_s * rate)
        self._timeline.select(start, stop)
        seek(self._timeline, self._player, start)
