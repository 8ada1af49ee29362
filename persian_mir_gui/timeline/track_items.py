"""The items of the recording that is shown: drawn, moved, split, joined, described, each act a step to be undone."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QObject, Signal

from persian_mir.catalogue.catalogue import Catalogue
from persian_mir.catalogue.model import Item
from persian_mir.prediction import Section
from persian_mir.progress import Progress
from persian_mir.recording import Recording
from persian_mir_gui.core.timeline import Timeline
from persian_mir_gui.library.ledger import Ledger
from persian_mir_gui.library.session import Item as Opened
from persian_mir_gui.library.session import Session

ENOUGH = 2  # samples of an item, at least


class TrackItems(QObject):
    """Holds the items and which of them is chosen. What is done is in the catalogue before `changed` tells of it."""

    changed = Signal()

    def __init__(self, ledger: Ledger, session: Session, timeline: Timeline, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._ledger, self._session, self._timeline = ledger, session, timeline
        self.items: tuple[Item, ...] = ()
        self._recording: Recording | None = None
        self._chosen = ""
        session.current_changed.connect(self._follow)
        ledger.wrote.connect(self._load)
        self._follow(session.current)

    @property
    def chosen(self) -> Item | None:
        """The item that acts are about."""
        return next((item for item in self.items if item.id == self._chosen), None)

    def choose(self, item: Item | None) -> None:
        """Have acts be about this one."""
        if (item.id if item else "") != self._chosen:
            self._chosen = item.id if item else ""
            self.changed.emit()

    def at(self, sample: float) -> Item | None:
        """The item that holds a sample."""
        return next((item for item in self.items if item.start <= sample < item.stop), None)

    def next_of(self, item: Item) -> Item | None:
        """The item that follows."""
        return next((other for other in self.items if other.start >= item.stop), None)

    # Acts

    def draw(self) -> None:
        """Make an item of what is selected, as far as no other item lies there."""
        selection = self._timeline.selection
        if self._recording is None or selection is None:
            return
        start, stop = free_part(self.items, *selection)
        if stop - start >= ENOUGH:
            self._act(draw_items, (Item(start, stop),))

    def draw_sections(self) -> None:
        """Make an item of each section of the modal reading, where no item lies yet."""
        new = []
        for section in self.sections():
            start, stop = free_part(self.items, section.start, section.stop)
            if stop - start >= ENOUGH:
                label = section.verdict.label
                shahed = None if section.tonic_hz is None else round(section.tonic_hz, 2)
                new.append(Item(start, stop, modes=(label,) if label else (), shahed_hz=shahed))
        if new:
            self._act(draw_items, tuple(new))

    def sections(self) -> tuple[Section, ...]:
        """What the modal reading found."""
        opened = self._session.current
        told = opened.predictions.values() if opened else ()
        return next((one.sections for one in told if one.task == "mode" and one.sections), ())

    def move(self, item: Item, start: int, stop: int) -> None:
        """Give an item other boundaries; it goes as far as its neighbours let it."""
        others = tuple(one for one in self.items if one.id != item.id)
        middle = (item.start + item.stop) // 2
        least = max((one.stop for one in others if one.stop <= middle), default=0)
        most = min((one.start for one in others if one.start >= middle), default=self._timeline.frames)
        start, stop = max(start, least), min(stop, most)
        if stop - start >= ENOUGH and (start, stop) != (item.start, item.stop):
            self._act(Catalogue.move_item, item.id, start, stop)

    def move_boundary(self, first: Item, second: Item, at: int) -> None:
        """Move what two neighbours share."""
        at = min(max(at, first.start + ENOUGH), second.stop - ENOUGH)
        if at != second.start:
            self._act(Catalogue.move_boundary, first.id, second.id, at)

    def split(self) -> None:
        """Make two of the item under the playhead."""
        at = self._timeline.playhead
        item = self.at(at)
        if item is not None and item.start < at < item.stop:
            self._act(Catalogue.split_item, item.id, at)

    def join(self) -> None:
        """Make one of the chosen item and the next one."""
        item = self.chosen
        other = self.next_of(item) if item else None
        if item is not None and other is not None:
            self._act(Catalogue.join_items, item.id, other.id)

    def describe(self, item: Item) -> None:
        """Write over what is said of an item."""
        if item != next((one for one in self.items if one.id == item.id), None):
            self._act(Catalogue.annotate_item, item)

    def delete(self) -> None:
        """Remove the chosen item."""
        if self.chosen is not None:
            self._act(Catalogue.delete_item, self._chosen)

    def _act(self, act: Callable[..., Any], *values: object) -> None:
        job = self._ledger.change(in_catalogue, self._recording, act, *values)
        job.done.connect(self._choose_made)

    def _choose_made(self, item: object) -> None:
        if isinstance(item, Item):
            self._chosen = item.id

    # News

    def _follow(self, opened: Opened | None) -> None:
        recording = opened.recording if opened else None
        if recording is not self._recording:
            self._recording, self._chosen, self.items = recording, "", ()
            self.changed.emit()
            self._load()

    def _load(self) -> None:
        if self._recording is not None:
            recording = self._recording
            job = self._ledger.read(items_of, recording)
            job.done.connect(lambda items: self._take(recording, items))

    def _take(self, recording: Recording, items: tuple[Item, ...]) -> None:
        if recording is self._recording and items != self.items:
            self.items = items
            self.changed.emit()


def free_part(items: tuple[Item, ...], start: int, stop: int) -> tuple[int, int]:
    """The longest part of `start` to `stop` that no item holds; empty where there is none."""
    edges = [start]
    for item in items:
        edges += [min(max(item.start, start), stop), min(max(item.stop, start), stop)]
    edges.append(stop)
    gaps = [(edges[k], edges[k + 1]) for k in range(0, len(edges), 2)]
    return max(gaps, key=lambda gap: gap[1] - gap[0])


def items_of(catalogue: Catalogue, recording: Recording, _progress: Progress) -> tuple[Item, ...]:
    """The items of a recording; none of one that the catalogue does not know."""
    known = any(catalogue.recording(one) for one in recording.hashes)
    return catalogue.items_of(recording.content_hash) if known else ()


def in_catalogue(catalogue: Catalogue, recording: Recording, act: Callable[..., Any], *values: Any) -> object:
    """Do something to a recording, which the catalogue knows from then on."""
    *told, _progress = values
    with catalogue.writing():
        if catalogue.recording(recording.content_hash) is None:
            catalogue.put_recording(recording)
        made = act(catalogue, recording.content_hash, *told)
    return made[0] if isinstance(made, tuple) and made else made


def draw_items(catalogue: Catalogue, content_hash: str, items: tuple[Item, ...]) -> tuple[Item, ...]:
    """Add items, as one step."""
    with catalogue.step("draw"):
        return tuple(catalogue.draw_item(content_hash, item) for item in items)
