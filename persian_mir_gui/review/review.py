"""Reviewing what the machine said: one segment of one lane at a time is accepted, corrected or rejected."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal

from persian_mir.catalogue.corrections import Correction
from persian_mir.i18n import _
from persian_mir.labels import label_ids
from persian_mir.prediction import Prediction, Verdict
from persian_mir_gui.core.jobs import JobRunner
from persian_mir_gui.core.messages import Messages
from persian_mir_gui.core.settings import Settings
from persian_mir_gui.core.timeline import Timeline
from persian_mir_gui.library.session import Item, Session
from persian_mir_gui.playback.player import Player
from persian_mir_gui.playback.seeking import seek
from persian_mir_gui.review.review_order import ReviewOrder
from persian_mir_gui.review.segments import (
    NOTHING,
    LaneKey,
    Marks,
    Subject,
    Target,
    around,
    exactly,
    holding,
    segment_of,
    stretch_of,
)
from persian_mir_gui.review.statements import Statements


class Review(QObject):
    """Owns the segment that is being looked at, which is also the timeline's selection, and what people said."""

    active_changed = Signal(bool)
    changed = Signal()  # the segment under review, or what was said of any

    def __init__(
        self,
        io: JobRunner,
        session: Session,
        timeline: Timeline,
        player: Player,
        settings: Settings,
        messages: Messages,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._session, self._timeline, self._player = session, timeline, player
        self._settings, self._messages = settings, messages
        self.statements = Statements(io, session, settings, messages, self)
        self.statements.changed.connect(self.changed)
        self._order = ReviewOrder(session, settings, self.statements)
        self._target: Target | None = None
        self._pointed: Target | None = None  # what was clicked last in the lanes of the current recording
        self._said: list[tuple[Item, Target, Correction]] = []  # in this review, last one last
        session.current_changed.connect(self._current_changed)
        session.predicted.connect(self._predicted)

    # What is known

    @property
    def active(self) -> bool:
        """Whether segments are being reviewed."""
        return self._target is not None

    @property
    def target(self) -> Target | None:
        """The segment under review."""
        return self._target

    def lanes(self) -> list[LaneKey]:
        """The lanes of the current recording that have segments, in the order of the lanes."""
        item = self._session.current
        return [key for key, said in item.predictions.items() if len(said.starts)] if item else []

    def prediction(self) -> Prediction | None:
        """What the lane under review says."""
        item = self._session.current
        return item.predictions.get(self._target.lane) if item and self._target else None

    def verdict(self) -> Verdict | None:
        """What the machine said of the segment under review."""
        said = self.prediction()
        return said.segment(self._target.index) if said and self._target else None

    def statement(self) -> Correction | None:
        """What a person said of the segment under review."""
        return self._marks().get(self._target.index) if self._target else None

    def labels(self) -> tuple[str, ...]:
        """The labels that may be given here: the vocabulary, or the predictor's own where that has none."""
        said = self.prediction()
        return (label_ids(said.task) or said.labels) if said else ()

    def progress(self) -> tuple[int, int]:
        """How many segments of the lane are reviewed, and how many there are."""
        said = self.prediction()
        return (len(self._marks()), len(said.starts)) if said else (0, 0)

    @property
    def done(self) -> bool:
        """Whether every segment of the lane is reviewed."""
        reviewed, total = self.progress()
        return 0 < total == reviewed

    def next_recording(self) -> Item | None:
        """The next one of the list, after the last the first, in which something of this task is left to review."""
        return self._order.next_recording(self._target.lane) if self._target else None

    def _marks(self) -> Marks:
        return self.statements.marks(self._session.current, self._target.lane) if self._target else NOTHING

    # Going about

    def start(self) -> None:
        """Begin with the segment that was clicked or is selected, else with the first in the order wanted."""
        lanes = self.lanes()
        if not lanes:
            self._messages.info(_("There is nothing to review yet."), _("Label the recording first."))
        elif not self.active:
            at = self._pointed or self._selected(lanes)
            lane = at.lane if at else lanes[0]
            self.choose(lane, at.index if at else self._order.first(lane))

    def point_at(self, lane: LaneKey, index: int) -> None:
        """A segment was clicked: while a review goes on it is the next to look at; else one begins with it."""
        self._pointed = Target(lane, index)
        if self.active:
            self.choose(lane, index)

    def _selected(self, lanes: list[LaneKey]) -> Target | None:
        """The segment that is exactly what is selected."""
        item, selection = self._session.current, self._timeline.selection
        if item is None or selection is None:
            return None
        for lane in lanes:
            place = exactly(item.predictions[lane], *selection)
            if place is not None:
                return Target(lane, place)
        return None

    def leave(self) -> None:
        """End the review. What was said stays."""
        if self.active:
            self._set(None)
            self._said.clear()
            self._timeline.clear_selection()

    def choose(self, lane: LaneKey, index: int) -> None:
        """Look at a segment: it is selected, the playhead goes to it, and it is heard if that is wanted."""
        self._set(Target(lane, index))
        said = self.prediction()
        if said is None:
            return
        start, stop = int(said.starts[index]), int(said.stops[index])
        self._timeline.select(start, stop)
        seek(self._timeline, self._player, start)
        if self._settings.get("review_heard"):
            self.play()

    def play(self) -> None:
        """Hear the segment from its start."""
        selection = self._timeline.selection
        if self._target and selection and self._player.available:
            self._player.set_range(selection)
            self._player.seek(selection[0])
            if self._player.state != "playing":
                self._player.play()

    def next(self) -> None:
        """Go to the next segment that nobody has reviewed, in the order wanted; after the last comes the first.

        Where none is left, go to the next recording in which there is one.
        """
        if self._target is None:
            return
        after = self._order.after(self._target.lane, self._target.index)
        if after is not None:
            self.choose(self._target.lane, after)
        elif self.done and (item := self.next_recording()) is not None:
            self._session.select(item)

    def step(self, by: int) -> None:
        """Go to a neighbour in time, reviewed or not."""
        said = self.prediction()
        if said is not None and self._target and 0 <= self._target.index + by < len(said.starts):
            self.choose(self._target.lane, self._target.index + by)

    def change_lane(self, by: int) -> None:
        """Go to the segment of another lane that holds this one's middle."""
        lanes, said, item = self.lanes(), self.prediction(), self._session.current
        if self._target is None or said is None or item is None or self._target.lane not in lanes:
            return
        place = lanes.index(self._target.lane) + by
        if 0 <= place < len(lanes):
            here = segment_of(said, self._target)
            self.choose(lanes[place], around(item.predictions[lanes[place]], here.start, here.stop))

    def set_order(self, order: str) -> None:
        """`doubt`: the least sure first; `time`."""
        self._settings.set("review_order", order)
        self.changed.emit()

    # Saying something

    def accept(self) -> None:
        """The machine's label is right; where it heard nothing there is none to accept."""
        verdict = self.verdict()
        if verdict is not None and not verdict.nothing:
            self.assign(verdict.label)

    def reject(self) -> None:
        """The machine's label is wrong; which is right is not said."""
        self.assign("")

    def assign(self, label: str) -> None:
        """This is the right label: the machine's own is accepted, any other corrects it. Then go on to the next.

        What holds already is not written again.
        """
        said, target = self.prediction(), self._target
        if said is None or target is None or not (label or not said.segment(target.index).nothing):
            return
        known = self.statement()
        if self._say(segment_of(said, target), label, target) or (known is not None and known.label == label):
            if self.done:
                self.changed.emit()
            else:
                self.next()

    def assign_place(self, place: int) -> None:
        """The same by the label's place in `labels`."""
        if 0 <= place < len(self.labels()):
            self.assign(self.labels()[place])

    def segment(self, lane: LaneKey, index: int) -> Subject | None:
        """A segment of the current recording, to be spoken of."""
        item = self._session.current
        said = item.predictions.get(lane) if item else None
        return segment_of(said, Target(lane, index)) if said is not None and index < len(said.starts) else None

    def selection(self) -> Subject | None:
        """What the user selected, where that is no segment: to be spoken of beside the lane that was clicked."""
        lanes, item, span = self.lanes(), self._session.current, self._timeline.selection
        if self.active or item is None or span is None or not lanes or self._selected(lanes):
            return None
        lane = self._pointed.lane if self._pointed and self._pointed.lane in lanes else lanes[0]
        return stretch_of(item.predictions[lane], lane[0], *span)

    def known(self, subject: Subject) -> Correction | None:
        """What a person said of exactly this."""
        item = self._session.current
        return self.statements.known(item, subject) if item is not None else None

    def say(self, subject: Subject, label: str) -> bool:
        """Give a label to a segment or stretch of the current recording, in a review or not; an empty one rejects."""
        return self._say(subject, label, None)

    def undo(self) -> None:
        """Take back what was said last in this review; where nothing was, what was ever said of this segment."""
        mine = [row for row in self._said if row[0] is self._session.current]
        if mine:
            _item, target, statement = mine[-1]
            if self.statements.undo(statement):
                self._said.remove(mine[-1])
                self.choose(target.lane, target.index)
        elif (statement_here := self.statement()) is not None:
            self.statements.undo(statement_here)

    def _say(self, subject: Subject, label: str, target: Target | None) -> bool:
        item = self._session.current
        statement = self.statements.say(item, subject, label) if item is not None else None
        if statement is not None and item is not None and target is not None:
            self._said.append((item, target, statement))
        return statement is not None

    # News

    def _set(self, target: Target | None) -> None:
        before, self._target = self.active, target
        if before != self.active:
            self.active_changed.emit(self.active)
        self.changed.emit()

    def _current_changed(self, _item: object) -> None:
        """Another recording: its own doubts; what was said by other programs meanwhile is read."""
        self._pointed = None
        self.statements.refresh()
        if self._target is None:
            return
        lanes = self.lanes()
        if not lanes:
            self._set(None)
            return
        same_task = [lane for lane in lanes if lane[1] == self._target.lane[1]]
        lane = self._target.lane if self._target.lane in lanes else (same_task or lanes)[0]
        self.choose(lane, self._order.first(lane))

    def _predicted(self, item: Item) -> None:
        """A lane was said anew: its segments may be others."""
        said = self.prediction()
        if item is not self._session.current or self._target is None:
            return
        if said is None or self._target.index >= len(said.starts):
            task, selection = self._target.lane[1], self._timeline.selection
            lane = next((lane for lane in self.lanes() if lane[1] == task), None)
            if lane is None or selection is None:
                self._current_changed(item)
            else:  # another predictor in the place of the one that was looked at
                self.choose(lane, holding(item.predictions[lane], selection[0]))
