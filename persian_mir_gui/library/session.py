"""What is open, and what is known of it."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any, Literal

from PySide6.QtCore import QLocale, QObject, Signal

from persian_mir.audio.pyramid import Pyramid
from persian_mir.errors import AudioError, PersianMirError
from persian_mir.i18n import _
from persian_mir.prediction import Prediction
from persian_mir.recording import Recording
from persian_mir_gui.core.jobs import Job, JobRunner
from persian_mir_gui.core.messages import Messages
from persian_mir_gui.core.settings import Settings
from persian_mir_gui.library.opening import Damage, Found, Opened, Refused, build, open_files

State = Literal["opening", "ready", "failed"]
LabellingState = Literal["none", "queued", "running", "done", "failed", "cancelled"]


@dataclass(slots=True, eq=False)
class Item:
    """One file in the list. Owned and changed by the session; everyone else only reads.

    `predictions` maps (predictor id, task) to what is known so far; `predictor_names` its ids to the names of lanes;
    `problems` are sentences about what is wrong with a recording that could be opened all the same.
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
    closed: bool = False


class Session(QObject):
    """The open recordings, in the order in which they were opened, and the one that is shown.

    A file that cannot be opened stays in the list with its error. The waveform of an item is computed when the item
    is shown for the first time.
    """

    added = Signal(object)  # Item, as all of these
    changed = Signal(object)
    removed = Signal(object)
    current_changed = Signal(object)  # Item or None
    pyramid_grew = Signal(object)
    predicted = Signal(object)

    def __init__(
        self, runner: JobRunner, settings: Settings, messages: Messages, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._runner, self._settings, self._messages = runner, settings, messages
        self._items: dict[Path, Item] = {}
        self._current: Item | None = None
        self._last_key = 0
        self._building: tuple[Item, Job] | None = None

    @property
    def items(self) -> list[Item]:
        """All items, oldest first."""
        return list(self._items.values())

    @property
    def current(self) -> Item | None:
        """The item that is shown."""
        return self._current

    # Opening and closing

    def open_paths(self, paths: Sequence[Path]) -> None:
        """Open files, and folders with all recordings below them, and show the first. What is open already stays."""
        if paths:
            self._start([Path(os.path.abspath(path)) for path in paths], select=True)  # noqa: PTH100 - no link resolved

    def retry(self, item: Item) -> None:
        """Try again to open an item that failed."""
        if item.state == "failed" and not item.closed:
            item.state, item.error = "opening", None
            self.changed.emit(item)
            self._start([item.path], select=False)

    def close(self, item: Item) -> None:
        """Take an item out of the list; all work on it ends."""
        if item.closed:
            return
        items = self.items
        place = items.index(item)
        item.closed = True
        del self._items[item.path]
        if self._building and self._building[0] is item:
            self._building[1].cancel()
        if item is self._current:
            neighbours = items[place + 1 :] or items[:place][::-1]
            self.select(neighbours[0] if neighbours else None)
        self.removed.emit(item)

    def close_all(self) -> None:
        """Take every item out of the list."""
        self.select(None)
        for item in self.items:
            self.close(item)

    def select(self, item: Item | None) -> None:
        """Show an item, or none."""
        if item is self._current or (item is not None and item.closed):
            return
        self._current = item
        self.current_changed.emit(item)
        self._build_waveform()

    # News of labelling

    def put_prediction(self, item: Item, predictor: str, name: str, prediction: Prediction) -> None:
        """Keep what a predictor says of an item, in place of what it said before of the same task."""
        if not item.closed:
            item.predictor_names[predictor] = name
            item.predictions[predictor, prediction.task] = prediction
            self.predicted.emit(item)

    def forget(self, predictor: str) -> None:
        """Take away what a predictor said of every item: another has come into its place."""
        for item in self.items:
            lanes = [lane for lane in item.predictions if lane[0] == predictor]
            for lane in lanes:
                del item.predictions[lane]
            if lanes:
                self.predicted.emit(item)

    def set_labelling(self, item: Item, state: LabellingState) -> None:
        """Keep how far the labelling of an item is."""
        if not item.closed and item.labelling != state:
            item.labelling = state
            self.changed.emit(item)

    # Opening, in detail

    def _start(self, paths: list[Path], *, select: bool) -> None:
        title = _("Opening {name}").format(name=paths[0].name) if len(paths) == 1 else _("Opening files")
        job = self._runner.start(title, open_files, paths)
        batch = _Batch(select, tuple(paths))
        job.published.connect(partial(self._take, batch))
        job.failed.connect(self._messages.error)
        job.finished.connect(partial(self._end, batch))

    def _take(self, batch: _Batch, news: Any) -> None:
        match news:
            case Found():
                self._list(batch, news)
            case Opened(path=path):
                item = self._items.get(path)
                if item is not None and item.state == "opening":
                    item.recording, item.problems, item.synthesised = news.recording, news.problems, news.synthesised
                    item.state = "ready"
                    batch.problems += item.problems
                    for asked in batch.asked:
                        if path == asked or asked in path.parents:
                            self._settings.add_recent(str(asked))
                    self._tell(item)
            case Refused(path=path):
                item = self._items.get(path)
                if item is not None and item.state == "opening":
                    item.state, item.error = "failed", news.error
                    batch.errors.append(news.error)
                    if path in batch.asked:
                        self._settings.drop_recent(str(path))  # what cannot be opened is not offered again
                    self._tell(item)

    def _list(self, batch: _Batch, found: Found) -> None:
        for folder in found.empty:
            self._messages.warning(_("There is no recording in this folder."), path=folder)
        batch.files = found.files
        for path in found.files:
            if path not in self._items:
                self._last_key += 1
                self._items[path] = Item(self._last_key, path)
                self.added.emit(self._items[path])
        first = self._items.get(found.files[0]) if found.files else None
        if first is not None and (batch.select or self._current is None):
            self.select(first)

    def _tell(self, item: Item) -> None:
        self.changed.emit(item)
        if item is self._current:
            self.current_changed.emit(item)
            self._build_waveform()

    def _end(self, batch: _Batch) -> None:
        for path in batch.files:  # those that a cancelled job did not come to
            item = self._items.get(path)
            if item is not None and item.state == "opening":
                item.state = "failed"
                item.error = AudioError(_("Opening was stopped."), path=path, cure=_("Open it again."))
                self._tell(item)
        if len(batch.errors) == 1:
            self._messages.error(batch.errors[0])
        elif batch.errors:
            what = _("{failed} of {all} files could not be opened.")
            failed, total = (QLocale().toString(len(files)) for files in (batch.errors, batch.files))
            self._messages.warning(what.format(failed=failed, all=total), _("The list says why, file by file."))
        if len(batch.files) == 1:
            for problem in batch.problems:
                self._messages.warning(problem, path=batch.files[0])

    # The waveform of the current item; one at a time, so that opening never waits for it

    def _build_waveform(self) -> None:
        item = self._current
        if item is None or item.state != "ready" or self._building:
            return
        if item.pyramid is not None and item.pyramid.complete:
            return
        job = self._runner.start(_("Waveform of {name}").format(name=item.path.name), build, item.path)
        self._building = (item, job)
        job.published.connect(partial(self._grow, item))
        job.done.connect(partial(self._grow, item))
        job.failed.connect(partial(self._waveform_failed, item))
        job.finished.connect(self._built)

    def _grow(self, item: Item, news: Pyramid | Damage) -> None:
        if item.closed:
            return
        if isinstance(news, Damage):
            item.problems += news.problems
            for problem in news.problems:
                self._messages.warning(problem, path=item.path)
            self.changed.emit(item)
        else:
            item.pyramid = news
            self.pyramid_grew.emit(item)

    def _waveform_failed(self, item: Item, error: Exception) -> None:
        self._messages.error(error, _("Waveform of {name}").format(name=item.path.name))

    def _built(self) -> None:
        before = self._building
        self._building = None
        if before is not None and before[0] is not self._current:
            self._build_waveform()


@dataclass(slots=True)
class _Batch:
    """What came of one call of `open_paths`."""

    select: bool
    asked: tuple[Path, ...]
    files: tuple[Path, ...] = ()
    errors: list[PersianMirError] = field(default_factory=list)
    problems: tuple[str, ...] = ()
