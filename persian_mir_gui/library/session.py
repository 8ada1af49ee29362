"""What is open, and what is known of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any, Literal

from PySide6.QtCore import QObject, Signal

from persian_mir.audio.pyramid import Pyramid
from persian_mir.catalogue.corrections import Correction
from persian_mir.errors import AudioError, PersianMirError
from persian_mir.i18n import _
from persian_mir.prediction import Prediction
from persian_mir.recording import Recording
from persian_mir_gui.core.jobs import Job, JobRunner
from persian_mir_gui.core.messages import Messages
from persian_mir_gui.core.settings import Settings
from persian_mir_gui.library.opening import Found, Opened, Refused, absolute, open_files
from persian_mir_gui.library.opening_words import tell_of_opening
from persian_mir_gui.library.remarks import Remarks
from persian_mir_gui.library.waveform_builder import WaveformBuilder

REMEMBERED = 4  # paths of one opening: more would push everything else out of *Open recent*

State = Literal["opening", "ready", "failed"]
LabellingState = Literal["none", "queued", "running", "done", "failed", "cancelled"]


@dataclass(slots=True, eq=False)
class Item:
    """One file in the list. Owned and changed by the session; everyone else only reads.

    `predictions` maps (predictor id, task) to what is known so far; `predictor_names` its ids to the names of lanes;
    `problems` are sentences about what is to be known of a recording that could be opened all the same. `said` is what
    people say of the whole recording, by task; `reviewed` how many segments of its first lane were, of how many.
    """

    key: int
    path: Path
    state: State = "opening"
    recording: Recording | None = None
    pyramid: Pyramid | None = None
    error: PersianMirError | None = None
    problems: tuple[str, ...] = ()
    synthesised: bool = False
    predictions: dict[tuple[str, str], Prediction] = field(default_factory=dict)
    predictor_names: dict[str, str] = field(default_factory=dict)
    labelling: LabellingState = "none"
    said: Mapping[str, Correction] = field(default_factory=dict)
    reviewed: tuple[int, int] = (0, 0)
    closed: bool = False


class Session(QObject):
    """The open recordings, in the order in which they were opened, and the one that is shown.

    A file that cannot be opened stays in the list with its error. What is looked at is done first: a selected file is
    opened at once, and its waveform computed while it is shown.
    """

    added = Signal(object)  # Items, a tuple of them
    changed = Signal(object)  # Item
    removed = Signal(object)  # Items
    current_changed = Signal(object)  # Item or None
    shown_changed = Signal()  # another item is shown, or something else is known of it
    pyramid_grew = Signal(object)  # Item
    predicted = Signal(object)  # Item

    def __init__(
        self, runner: JobRunner, settings: Settings, messages: Messages, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._runner, self._settings, self._messages = runner, settings, messages
        self._waveforms = WaveformBuilder(runner, messages, self)
        self._waveforms.news.connect(self._take_waveform)
        self._items: dict[Path, Item] = {}
        self._current: Item | None = None
        self._last_key = 0
        self._opening: set[Job] = set()
        self._taken: set[Path] = set()  # files that a job of their own opens, before their turn

    @property
    def items(self) -> list[Item]:
        """All items, oldest first."""
        return list(self._items.values())

    @property
    def current(self) -> Item | None:
        """The item that is shown."""
        return self._current

    # Opening and closing

    def open_paths(self, paths: Sequence[Path], *, remember: bool = True) -> None:
        """Open files, and folders with all recordings below them, and show the first. What is open already stays.

        `remember`: under *Open recent*.
        """
        if paths:
            self._start(_Batch(True, {absolute(path) for path in paths[:REMEMBERED]} if remember else set()), paths)

    def retry(self, item: Item) -> None:
        """Try again to open an item that failed."""
        if item.state == "failed" and not item.closed:
            item.state, item.error = "opening", None
            self._say_changed(item)
            self._start(_Batch(), [item.path])

    def close(self, *items: Item) -> None:
        """Take items out of the list; all work on them ends."""
        gone = tuple(item for item in items if not item.closed)
        if not gone:
            return
        before = self.items
        for item in gone:
            item.closed = True
            del self._items[item.path]
            self._taken.discard(item.path)
        if self._current is not None and self._current.closed:
            place = before.index(self._current)
            neighbours = (*before[place + 1 :], *before[:place][::-1])
            self.select(next((item for item in neighbours if not item.closed), None))
        self.removed.emit(gone)

    def close_all(self) -> None:
        """Take every item out of the list, and open no more of those that were on their way."""
        for job in self._opening:
            job.cancel()
        self.close(*self.items)

    def select(self, item: Item | None) -> None:
        """Show an item, or none."""
        if item is self._current or (item is not None and item.closed):
            return
        self._show(item)
        if item is not None and item.state == "opening" and item.path not in self._taken:
            self._taken.add(item.path)
            self._start(_Batch(), [item.path])

    def _show(self, item: Item | None) -> None:
        self._current = item
        self.current_changed.emit(item)
        self.shown_changed.emit()
        self._build_waveform()

    def _say_changed(self, item: Item) -> None:
        self.changed.emit(item)
        if item is self._current:
            self.shown_changed.emit()

    def _say_predicted(self, item: Item) -> None:
        self.predicted.emit(item)
        if item is self._current:
            self.shown_changed.emit()

    # News of labelling

    def put_prediction(self, item: Item, predictor: str, name: str, prediction: Prediction) -> None:
        """Keep what a predictor says of an item, in place of what it said before of the same task."""
        if not item.closed:
            item.predictor_names[predictor] = name
            item.predictions[predictor, prediction.task] = prediction
            self._say_predicted(item)

    def put_remarks(self, item: Item, remarks: Remarks) -> None:
        """Keep what is new of an item. Damage of the one that is shown is told; of all else the list tells."""
        new = tuple(remark for remark in remarks.all if remark not in item.problems)
        if item.closed or not new:
            return
        item.problems += new
        self._say_changed(item)
        if item is self._current:
            for problem in (remark for remark in new if remark in remarks.damage):
                self._messages.warning(problem, path=item.path)

    def forget(self, predictor: str) -> None:
        """Take away what a predictor said of every item: another has come into its place."""
        for item in self.items:
            lanes = [lane for lane in item.predictions if lane[0] == predictor]
            for lane in lanes:
                del item.predictions[lane]
            if lanes:
                self._say_predicted(item)

    def set_said(self, item: Item, said: Mapping[str, Correction], reviewed: tuple[int, int]) -> None:
        """Keep what people say of an item."""
        if not item.closed and (item.said, item.reviewed) != (said, reviewed):
            item.said, item.reviewed = said, reviewed
            self._say_changed(item)

    def set_labelling(self, item: Item, state: LabellingState) -> None:
        """Keep how far the labelling of an item is."""
        if not item.closed and item.labelling != state:
            item.labelling = state
            self._say_changed(item)

    # Opening, in detail

    def _start(self, batch: _Batch, paths: Sequence[Path]) -> None:
        title = _("Opening {name}").format(name=paths[0].name) if len(paths) == 1 else _("Opening files")
        taken = self._taken if batch.select else frozenset()
        job = self._runner.start(title, open_files, paths, taken)
        self._opening.add(job)
        job.published.connect(partial(self._take, batch))
        job.failed.connect(self._messages.error)
        job.finished.connect(partial(self._end, batch, job))

    def _take(self, batch: _Batch, news: Any) -> None:
        match news:
            case Found():
                self._list(batch, news)
            case Opened(path=path):
                item = self._items.get(path)
                if item is not None and item.state == "opening":
                    item.recording, item.problems, item.synthesised = news.recording, news.problems, news.synthesised
                    item.state = "ready"
                    for asked in batch.asked.intersection((path, *path.parents)) if batch.asked else ():
                        batch.asked.remove(asked)
                        self._settings.add_recent(str(asked))
                    self._tell(item)
            case Refused(path=path):
                item = self._items.get(path)
                if item is not None and item.state == "opening":
                    item.state, item.error = "failed", news.error
                    batch.errors[path] = news.error
                    if path in batch.asked:
                        self._settings.drop_recent(str(path))  # what cannot be opened is not offered again
                    self._tell(item)

    def _list(self, batch: _Batch, found: Found) -> None:
        for folder in found.empty:
            self._messages.warning(_("There is no recording in this folder."), path=folder)
        first_of_all = not batch.files
        batch.files += found.files
        new = [path for path in found.files if path not in self._items]
        added = tuple(Item(key, path) for key, path in enumerate(new, self._last_key + 1))
        self._last_key += len(added)
        self._items.update(zip(new, added, strict=True))
        if added:
            self.added.emit(added)
        first = self._items.get(found.files[0]) if found.files and first_of_all else None
        if first is not None and first is not self._current and (batch.select or self._current is None):
            self._show(first)  # its turn has come already

    def _tell(self, item: Item) -> None:
        self._say_changed(item)
        if item is self._current:
            self.current_changed.emit(item)
            self._build_waveform()

    def _end(self, batch: _Batch, job: Job) -> None:
        self._opening.discard(job)
        for path in batch.files:  # those that a cancelled job did not come to
            item = self._items.get(path)
            if item is not None and item.state == "opening" and (not batch.select or path not in self._taken):
                item.state = "failed"
                item.error = AudioError(_("Opening was stopped."), path=path, cure=_("Open it again."))
                self._tell(item)
        errors = [error for path, error in batch.errors.items() if path in self._items]  # not closed meanwhile
        odd = [item for path in batch.files if (item := self._items.get(path)) is not None and item.problems]
        tell_of_opening(self._messages, len(batch.files), errors, {item.path: item.problems for item in odd})

    # The waveform of the current item

    def _build_waveform(self) -> None:
        item = self._current
        self._waveforms.stop_other(item.path if item is not None else None)
        if item is not None and item.state == "ready" and not (item.pyramid is not None and item.pyramid.complete):
            self._waveforms.build(item.path)

    def _take_waveform(self, path: Path, news: Pyramid | Remarks) -> None:
        item = self._items.get(path)
        if item is None:
            return
        if isinstance(news, Remarks):
            self.put_remarks(item, news)
        else:
            item.pyramid = news
            self.pyramid_grew.emit(item)


@dataclass(slots=True)
class _Batch:
    """What came of one job of opening. `asked`: what is still to be put among the recent."""

    select: bool = False
    asked: set[Path] = field(default_factory=set)
    files: list[Path] = field(default_factory=list)
    errors: dict[Path, PersianMirError] = field(default_factory=dict)
