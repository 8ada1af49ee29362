"""What people said of the segments of the recordings that are open."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal

from persian_mir.catalogue.corrections import Correction, Corrections, login_name
from persian_mir.errors import PersianMirError
from persian_mir.prediction import Prediction
from persian_mir_gui.core.jobs import JobRunner
from persian_mir_gui.core.messages import Messages
from persian_mir_gui.core.settings import Settings
from persian_mir_gui.library.session import Item
from persian_mir_gui.review.segments import NOTHING, LaneKey, Marks, load, marks_of


class Statements(QObject):
    """The store of corrections for the window. A statement is on the disk before `changed` says so."""

    changed = Signal()

    def __init__(self, io: JobRunner, settings: Settings, messages: Messages, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._settings, self._messages = settings, messages
        self._store: Corrections | None = None
        self._marks: dict[tuple[int, LaneKey], tuple[Prediction, Marks]] = {}
        job = io.start("", load)
        job.done.connect(self._loaded)
        job.failed.connect(messages.error)

    @property
    def store(self) -> Corrections | None:
        """Everything that was ever said; None until it has been read."""
        return self._store

    @property
    def reviewer(self) -> str:
        """Who reviews: the name in the settings, or else the login name."""
        return str(self._settings.get("reviewer")).strip() or login_name()

    def marks(self, item: Item | None, lane: LaneKey) -> Marks:
        """What people said of the segments of a lane, by their place. A rejection of another label says nothing."""
        said = item.predictions.get(lane) if item else None
        if item is None or item.recording is None or said is None or self._store is None:
            return NOTHING
        known = self._marks.get((item.key, lane))
        if known is None or known[0] is not said:
            known = said, marks_of(said, self._store.of(item.recording.content_hash))
            self._marks[item.key, lane] = known
        return known[1]

    def teachable(self, task: str) -> tuple[Correction, ...]:
        """The accepted and corrected labels of a task, of all recordings: what a probe can learn from."""
        return tuple(one for one in self._store.in_force() if one.task == task and one.label) if self._store else ()

    def write(self, statement: Correction, undo: bool = False) -> bool:
        """Add a statement or take it back. Whether it is on the disk; if not, a message has said why."""
        if self._store is None:
            return False
        try:
            if undo:
                self._store.undo(statement, self.reviewer)
            else:
                self._store.add(statement)
        except PersianMirError as error:
            self._messages.error(error)
            return False
        self._marks.clear()
        self.changed.emit()
        return True

    def refresh(self) -> None:
        """Read what other programs wrote meanwhile."""
        if self._store is not None:
            try:
                if self._store.refresh():
                    self._marks.clear()
            except PersianMirError as error:
                self._messages.error(error)

    def _loaded(self, store: Corrections) -> None:
        self._store = store
        self._marks.clear()
        self.changed.emit()
