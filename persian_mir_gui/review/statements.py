"""What people said of the recordings that are open, of their segments and of the whole."""

from __future__ import annotations

from collections.abc import Sequence
from types import MappingProxyType

from PySide6.QtCore import QObject, Signal

from persian_mir.catalogue.corrections import Correction, Corrections, login_name, taken_back
from persian_mir.catalogue.statements import is_whole, of_segments, of_whole
from persian_mir.errors import PersianMirError
from persian_mir.prediction import Prediction
from persian_mir_gui.core.jobs import JobRunner
from persian_mir_gui.core.messages import Messages
from persian_mir_gui.core.settings import Settings
from persian_mir_gui.core.soon import Soon
from persian_mir_gui.library import item_text
from persian_mir_gui.library.session import Item, Session
from persian_mir_gui.review.segments import NOTHING, LaneKey, Marks, Subject, add_all, load, statement_of, whole_of
from persian_mir_gui.widgets.formatting import MAIN_TASKS

AT_ONCE = 100  # recordings looked at in one turn: some 20 ms


class Statements(QObject):
    """The store of corrections for the window. A statement is on the disk before `changed` says so."""

    changed = Signal()

    def __init__(
        self,
        io: JobRunner,
        session: Session,
        settings: Settings,
        messages: Messages,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._session, self._settings, self._messages = session, settings, messages
        self._store: Corrections | None = None
        self._unseen: list[Item] = []  # after many statements, the last one first
        self._next = Soon(self._look_on, self)
        self._writer = JobRunner(self)  # one thread: in the order in which things were said
        self._marks: dict[tuple[int, LaneKey], tuple[Prediction, Marks]] = {}
        session.predicted.connect(self._look)
        session.changed.connect(self._look)
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
            statements = self._store.of(item.recording)
            known = said, MappingProxyType(of_segments(said, item.recording, statements))
            self._marks[item.key, lane] = known
        return known[1]

    def teachable(self, task: str) -> tuple[Correction, ...]:
        """The accepted and corrected labels of a task, of all recordings: what a probe can learn from."""
        return tuple(one for one in self._store.in_force() if one.task == task and one.label) if self._store else ()

    def known(self, item: Item, subject: Subject) -> Correction | None:
        """What is in force about exactly this subject."""
        if self._store is None or item.recording is None:
            return None
        key = item.recording.content_hash, subject.task, subject.start, subject.stop
        one = self._store.of(item.recording).get(key)
        return one if one is not None and (one.label or one.was == subject.was) else None

    def say(self, item: Item, subject: Subject, label: str) -> Correction | None:
        """Keep what the reviewer says. None where that is what holds already, or where it could not be kept."""
        statement = self._new(item, subject, label, self.reviewer)
        return statement if statement is not None and self._write(statement) else None

    def _new(self, item: Item, subject: Subject, label: str, by: str) -> Correction | None:
        known = self.known(item, subject)
        if item.recording is None or (known is not None and known.label == label) or not (label or subject.was):
            return None
        return statement_of(item.recording, subject, label, by)

    def say_whole(self, items: Sequence[Item], task: str, label: str) -> None:
        """Give a label to whole recordings; an empty one rejects the machine's."""
        self._say_all([(item, subject, label) for item in items if (subject := whole_of(item, task))])

    def accept_whole(self, items: Sequence[Item]) -> None:
        """Accept the verdicts that the list shows."""
        told = [(item, whole_of(item, item_text.main_task(item))) for item in items]
        self._say_all([(item, subject, subject.was) for item, subject in told if subject and subject.was])

    def _say_all(self, told: Sequence[tuple[Item, Subject, str]]) -> None:
        by = self.reviewer  # asked once: the system is slow to tell it
        self._write_later([statement for row in told if (statement := self._new(*row, by))])

    def forget_whole(self, items: Sequence[Item]) -> None:
        """Take back what was said of whole recordings."""
        whole = [(item, whole_of(item, task)) for item in items for task in MAIN_TASKS]
        known = [self.known(item, subject) for item, subject in whole if subject]
        by = self.reviewer
        self._write_later([taken_back(one, by) for one in known if one is not None])

    def undo(self, statement: Correction) -> bool:
        """Take a statement back. False if that could not be kept: then a message has said why."""
        return self._write(taken_back(statement, self.reviewer))

    def _write(self, statement: Correction) -> bool:
        """Keep a statement at once; while others are being written, after them."""
        if self._store is None:
            return False
        if self._writer.jobs:
            self._write_later([statement])
            return True
        try:
            self._store.add(statement)
        except PersianMirError as error:
            self._messages.error(error)
            return False
        self._tell()
        return True

    def _write_later(self, statements: Sequence[Correction]) -> None:
        """Keep many statements on a worker, those of one call after those of the call before."""
        if statements and self._store is not None:
            job = self._writer.start("", add_all, statements, self._store.path)
            job.done.connect(self._written)
            job.failed.connect(self._messages.error)

    def _written(self, store: Corrections) -> None:
        """Take the store that the worker has read and added to, with what others added meanwhile."""
        self._store = store
        try:
            store.refresh()
        except PersianMirError as error:
            self._messages.error(error)
        self._marks.clear()
        self._unseen = list(reversed(self._session.items))
        self._look_on()

    def _look_on(self) -> None:
        """Look at some recordings, and soon at the next ones: the window answers meanwhile."""
        some, self._unseen = self._unseen[-AT_ONCE:], self._unseen[:-AT_ONCE]
        for item in reversed(some):
            self._look(item)
        if self._unseen:
            self._next.ask()
        else:
            self.changed.emit()

    def _tell(self) -> None:
        self._marks.clear()
        for item in self._session.items:
            self._look(item)
        self.changed.emit()

    def _look(self, item: Item) -> None:
        """Have the session know what holds of the whole recording."""
        if self._store is None or item.recording is None:
            return
        said = self._store.of(item.recording)
        if not said and not item.said:
            return
        whole = {one.task: one for one in said.values() if one.label and is_whole(one, item.recording)}
        tasks = item_text.by_task(item)
        for task, rows in tasks.items():
            whole.pop(task, None)
            if (holds := of_whole(rows[0][1], item.recording, said)) is not None:
                whole[task] = holds
        first = next(iter(tasks.values()), None)
        marks = self.marks(item, (first[0][0], first[0][1].task)) if first else NOTHING
        self._session.set_said(item, whole, (len(marks), len(first[0][1].starts) if first else 0))

    def refresh(self) -> bool:
        """Read what other programs wrote meanwhile. Whether there was anything."""
        try:
            if self._store is None or not self._store.refresh():
                return False
        except PersianMirError as error:
            self._messages.error(error)
            return False
        self._tell()
        return True

    def close(self, timeout_s: float) -> bool:
        """For the end of the program: what was said is written still. Whether all of it was."""
        return self._writer.finish(timeout_s)

    def _loaded(self, store: Corrections) -> None:
        self._store = store
        self._tell()
