"""Where the user was: the recording that was looked at, the stretch of it, playhead and selection."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QObject

from persian_mir_gui.core.settings import Settings
from persian_mir_gui.core.timeline import Timeline
from persian_mir_gui.library.session import Item, Session
from persian_mir_gui.playback.player import Player
from persian_mir_gui.playback.seeking import seek

KEY = "place"


def remember_open(settings: Settings, session: Session) -> None:
    """Write down what is open, onto the disk."""
    settings.set("open_files", [str(item.path) for item in session.items])
    settings.save()


def remember_place(settings: Settings, session: Session, timeline: Timeline) -> None:
    """Write down what is looked at, in samples; nothing where nothing is open."""
    item = session.current
    place: dict[str, object] = {}
    if item is not None and item.recording is not None:
        place = {
            "path": str(item.path),
            "frames": item.recording.frames,
            "view": list(timeline.view),
            "playhead": timeline.playhead,
            "selection": list(timeline.selection or ()),
        }
    settings.set(KEY, json.dumps(place))


@dataclass(frozen=True, slots=True)
class Place:
    """What `remember_place` wrote."""

    path: str
    frames: int
    view: tuple[float, float]
    playhead: int
    selection: tuple[int, ...]


class ReturnToPlace(QObject):
    """Goes back, once, to where the user was when that recording is open again."""

    def __init__(
        self, settings: Settings, session: Session, timeline: Timeline, player: Player, parent: QObject
    ) -> None:
        super().__init__(parent)
        self._session, self._timeline, self._player = session, timeline, player
        self._place = read_place(str(settings.get(KEY)))
        if self._place is not None:
            session.added.connect(self._select)
            timeline.recording_changed.connect(self._look)

    def _select(self, items: Sequence[Item]) -> None:
        place = self._place
        found = next((item for item in items if place is not None and str(item.path) == place.path), None)
        if found is not None:
            self._session.select(found)

    def _look(self) -> None:
        place, item = self._place, self._session.current
        recording = None if item is None else item.recording
        if place is None or item is None or recording is None:
            return
        self._place = None  # another recording: the user has gone elsewhere
        if str(item.path) == place.path and recording.frames == place.frames:
            if place.selection:
                self._timeline.select(*place.selection)
            seek(self._timeline, self._player, place.playhead)  # after it: a selection draws the player into it
            self._timeline.set_view(*place.view)


def read_place(text: str) -> Place | None:
    """Return what `remember_place` wrote; None for anything else."""
    try:
        said = json.loads(text or "null")
        start, stop = (float(edge) for edge in said["view"])
        numbers = [int(said["frames"]), int(said["playhead"]), *(int(edge) for edge in said["selection"])]
        place = Place(str(said["path"]), numbers[0], (start, stop), numbers[1], tuple(numbers[2:]))
    except (ValueError, TypeError, KeyError, OverflowError, RecursionError):
        return None
    sound = all(0 <= number < 2**62 for number in (*numbers, start, stop)) and len(place.selection) in (0, 2)
    return place if sound else None
