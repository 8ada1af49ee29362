"""The map of embeddings: computed by the trainer in a process of its own, read on a worker."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject, Signal

from persian_mir.app_paths import cache_dir
from persian_mir.checked_json import (
    among,
    listed,
    mapping,
    number,
    optional,
    read_json,
    record,
    row,
    text,
    truth,
    whole,
)
from persian_mir.errors import PersianMirError
from persian_mir.i18n import _
from persian_mir.labels import TASKS, ordered
from persian_mir.progress import Progress
from persian_mir_gui.core.jobs import Job, JobRunner
from persian_mir_gui.core.messages import Message, message_of
from persian_mir_gui.playback.excerpts import Excerpt
from persian_mir_gui.training.state.child_work import ChildWork

FORMAT, VERSION = "persian-mir-map", 1
MAX_BYTES, MAX_POINTS = 64 << 20, 50_000
MAP = record(
    format=among(FORMAT), version=among(VERSION), method=text(), backbone=text(), layer=whole(),
    files=listed(text(1 << 16)), points=listed(row(whole(), *[number()] * 4), MAX_POINTS), of=optional(whole()),
    labels=mapping(listed(text())), synthetic=optional(truth),
)  # fmt: skip
STOP_MS = 2000  # a map that is asked to stop has this long: nothing of it is worth keeping

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]


@dataclass(frozen=True, slots=True, eq=False)
class PointMap:
    """Segments as points. `owners` [n]: places in `files`; `spans` [n, 2]: seconds; `places` [n, 2]: x and y, each in
    0..1 with y upwards, at one scale. `labels`: for each task the label id of each file, or empty. `of`: how many
    segments there are, of which these points are chosen.
    """

    method: str
    backbone: str
    layer: int
    files: tuple[Path, ...]
    owners: Integers
    spans: Floats
    places: Floats
    labels: Mapping[str, tuple[str, ...]]
    of: int
    synthetic: bool

    def excerpt(self, point: int) -> Excerpt:
        """Where a point sounds."""
        return Excerpt(self.files[int(self.owners[point])], *map(float, self.spans[point]))

    def label(self, task: str, point: int) -> str:
        """The label id of a point; empty where it is not known."""
        return self.labels[task][int(self.owners[point])]

    def groups(self, task: str, labels: Sequence[str]) -> Integers:
        """Return [n]: the place of each point's label among `labels`."""
        place = {label: k for k, label in enumerate(labels)}
        return np.array([place[label] for label in self.labels[task]], np.int64)[self.owners]

    def known(self, task: str) -> tuple[str, ...]:
        """The labels of a task that occur, in the order of the vocabulary, then of the alphabet (numbers as such)."""
        return ordered(task, filter(None, self.labels[task]))


def read_map(path: Path, progress: Progress) -> PointMap:
    """Runs on the worker. Raises PersianMirError for a file that is no map."""
    cure = _("Compute the map again.")
    try:
        given = read_json(path, MAP, MAX_BYTES)
        progress.step(0.5)
        return _point_map(given)
    except OSError as error:
        what = _("The map cannot be read: {reason}.").format(reason=error.strerror)
        raise PersianMirError(what, path=path, cure=cure) from error
    except ValueError as error:
        raise PersianMirError(_("This is no map of embeddings."), path=path, cure=cure) from error


def _point_map(given: Any) -> PointMap:
    files = tuple(map(Path, given["files"]))
    rows = np.array(given["points"], np.float64).reshape(-1, 5)
    owners = rows[:, 0].astype(np.int64)
    labels = {task: tuple(given["labels"][task]) for task in TASKS if task in given["labels"]}
    if not len(rows):
        raise ValueError("points that are none")
    if owners.max() >= len(files) or any(len(one) != len(files) for one in labels.values()):
        raise ValueError("files that are not there")
    kept = {task: row for task, row in labels.items() if len(set(row) - {""}) > 1}
    places = _fitted(rows[:, 3:5])
    count, layer = max(given.get("of") or 0, len(rows)), given["layer"]
    synthetic = bool(given.get("synthetic")) or _synthetic(files)
    return PointMap(
        given["method"], given["backbone"], layer, files, owners, rows[:, 1:3], places, kept, count, synthetic
    )


def _fitted(places: Floats) -> Floats:
    """Into the unit square, both directions at one scale, in its middle."""
    low, high = places.min(axis=0), places.max(axis=0)
    span = float((high - low).max()) or 1.0
    return np.asarray(0.5 + (places - (low + high) / 2) / span, dtype=np.float64)


def _synthetic(files: tuple[Path, ...]) -> bool:
    from trainer.data.nava import MARK

    homes = {home for file in files for home in (file.parent, file.parent.parent)}
    return any((home / MARK).is_file() for home in homes)


class EmbeddingPoints(QObject):
    """Computes maps and holds the one that is shown."""

    changed = Signal()  # the map, or whether one is being computed
    failed = Signal(object)  # Message

    def __init__(self, runner: JobRunner, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._runner = runner
        self.work = ChildWork(self, STOP_MS)
        self.map: PointMap | None = None
        self._job: Job | None = None
        self._out = Path()
        self.work.changed.connect(self.changed)
        self.work.done.connect(self._computed)
        self.work.failed.connect(self.failed)

    @property
    def busy(self) -> bool:
        """Whether a map is on its way."""
        return self.work.running or self._job is not None

    def compute(self, data: Path, backbone: str, layer: int | None, method: str, task: str = "dastgah") -> None:
        """Have a map made; `layer` None is the last one. Recordings without a label of `task` may be left out."""
        if self.busy:
            return
        wish = [str(data), backbone, "last" if layer is None else str(layer), method, task]
        name = hashlib.blake2b(json.dumps(wish).encode(), digest_size=8).hexdigest()
        folder = cache_dir() / "maps"
        folder.mkdir(parents=True, exist_ok=True)
        self._out = folder / f"{name}.json"
        self.work.start(
            [
                *("map", "--data", wish[0], "--backbone", wish[1], "--task", task, "--layer", wish[2]),
                *("--method", method, "--window", "5", "--out", str(self._out)),
            ]
        )

    def clear(self) -> None:
        """Show no map any more."""
        self.map = None
        self.changed.emit()

    def close(self, timeout_s: float = 1.0) -> bool:
        """End what is at work; False if it would not end in time."""
        return self.work.close(timeout_s)

    def _computed(self, _event: object) -> None:
        job = self._job = self._runner.start(_("Reading the map"), read_map, self._out)
        job.done.connect(self._read)
        job.failed.connect(self._not_read)
        self.changed.emit()

    def _read(self, found: PointMap) -> None:
        self._job, self.map = None, found
        self.changed.emit()

    def _not_read(self, error: Exception) -> None:
        self._job = None
        self.changed.emit()
        message: Message = message_of(error)
        self.failed.emit(message)
