"""Keys and gestures of the timeline: what they do, and the rows that Help prints."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QObject, Qt
from PySide6.QtGui import QShortcut
from PySide6.QtWidgets import QWidget

from persian_mir.i18n import _
from persian_mir_gui.core.keyboard import sequences
from persian_mir_gui.core.timeline import Timeline
from persian_mir_gui.playback.player import Player
from persian_mir_gui.playback.seeking import seek

ZOOM_STEP = 1.5
SECONDS, MORE_SECONDS = 1, 5


def timeline_help() -> list[tuple[str, str]]:
    """Rows of (keys or gesture, what it does), in the user's language."""
    return [
        ("← →", _("Go 1 second back or on")),
        ("Shift+← →", _("Go 5 seconds back or on")),
        ("Home, End", _("Go to the beginning, to the end")),
        ("Page Up, Page Down", _("Show the stretch before, after")),
        ("+ −", _("Zoom in, out around the playhead")),
        ("F", _("Show the whole recording")),
        ("Z", _("Zoom to the selection")),
        ("[ ]", _("Begin, end the selection at the playhead")),
        ("Esc", _("Clear the selection")),
        ("↑ ↓ Enter", _("In the lanes: choose a lane, select its segment under the playhead")),
        (_("Click"), _("Put the playhead there")),
        (_("Drag, Shift+click"), _("Select a stretch; extend it")),
        (_("Double click on a segment"), _("Select the segment")),
        (_("Ctrl+wheel, pinch"), _("Zoom at the pointer")),
        (_("Wheel, middle drag"), _("Move along the recording")),
        (_("Alt+wheel on the pitch"), _("Show fewer or more notes; double click on their names shows all")),
    ]


class TimelineKeys(QObject):
    """Shortcuts, valid while the timeline or a part of it has the focus; letters work with a Persian layout too.

    `without`: keys that mean something else there.
    """

    def __init__(self, timeline: Timeline, player: Player, view: QWidget, without: Sequence[str] = ()) -> None:
        super().__init__(view)
        self._timeline, self._player = timeline, player
        keys: dict[str, Callable[[], None]] = {
            "Left": self._back,
            "Right": self._on,
            "Shift+Left": self._far_back,
            "Shift+Right": self._far_on,
            "Home": self._to_beginning,
            "End": self._to_end,
            "PgUp": self._page_back,
            "PgDown": self._page_on,
            "+": self._zoom_in,
            "=": self._zoom_in,
            "-": self._zoom_out,
            "F": self._timeline.fit,
            "Z": self._timeline.zoom_to_selection,
            "[": self._begin_selection,
            "]": self._end_selection,
        }
        for key, action in keys.items():
            if key in without:
                continue
            shortcut = QShortcut(view)
            shortcut.setKeys(sequences(key))
            shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            shortcut.activated.connect(action)

    def _seek(self, sample: int) -> None:
        if self._timeline.frames:
            seek(self._timeline, self._player, sample)

    def _step(self, seconds: int) -> None:
        self._seek(self._timeline.playhead + seconds * self._timeline.rate)

    def _back(self) -> None:
        self._step(-SECONDS)

    def _on(self) -> None:
        self._step(SECONDS)

    def _far_back(self) -> None:
        self._step(-MORE_SECONDS)

    def _far_on(self) -> None:
        self._step(MORE_SECONDS)

    def _to_beginning(self) -> None:
        self._seek(0)

    def _to_end(self) -> None:
        self._seek(self._timeline.frames)

    def _page(self, direction: int) -> None:
        if self._timeline.frames:
            start, stop = self._timeline.view
            self._timeline.show_from(start + direction * (stop - start))

    def _page_back(self) -> None:
        self._page(-1)

    def _page_on(self) -> None:
        self._page(1)

    def _zoom(self, factor: float) -> None:
        timeline = self._timeline
        if timeline.frames:
            start, stop = timeline.view
            inside = start <= timeline.playhead <= stop
            timeline.zoom(factor, timeline.playhead if inside else (start + stop) / 2)

    def _zoom_in(self) -> None:
        self._zoom(ZOOM_STEP)

    def _zoom_out(self) -> None:
        self._zoom(1 / ZOOM_STEP)

    def _begin_selection(self) -> None:
        timeline = self._timeline
        stop = timeline.selection[1] if timeline.selection else timeline.frames
        if timeline.playhead < stop:
            timeline.select(timeline.playhead, stop)

    def _end_selection(self) -> None:
        timeline = self._timeline
        start = timeline.selection[0] if timeline.selection else 0
        if timeline.playhead > start:
            timeline.select(start, timeline.playhead)
