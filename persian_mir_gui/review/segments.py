"""Segments and what people said of them, as plain values: which is next, which statement is whose."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

import numpy as np

from persian_mir.catalogue.corrections import Correction, Corrections
from persian_mir.catalogue.statements import status_of
from persian_mir.prediction import Prediction, Verdict
from persian_mir.progress import Progress
from persian_mir.recording import Recording
from persian_mir_gui.library import item_text
from persian_mir_gui.library.session import Item

LaneKey = tuple[str, str]  # predictor id, task
Marks = Mapping[int, Correction]  # what people said, by the segment's place
NOTHING: Marks = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Target:
    """The segment under review: its lane and its place in it."""

    lane: LaneKey
    index: int


def in_order(said: Prediction, marks: Marks, here: int | None, by_doubt: bool) -> list[int]:
    """The segments without a statement, and `here`: in order of time, or those first whose first label leads least."""
    places = [k for k in range(len(said.starts)) if k not in marks or k == here]
    if not by_doubt:
        return places
    top = np.sort(said.probabilities, axis=1)
    margin = top[:, -1] - top[:, -2] if top.shape[1] > 1 else top[:, -1]
    return sorted(places, key=lambda k: (float(margin[k]), k))


def exactly(said: Prediction, start: int, stop: int) -> int | None:
    """The place of the segment from `start` to `stop`."""
    places = np.flatnonzero((said.starts == start) & (said.stops == stop))
    return int(places[0]) if len(places) else None


def around(said: Prediction, start: int, stop: int) -> int:
    """The place of the segment whose middle is nearest to that of `start` to `stop`."""
    return int(np.argmin(np.abs((said.starts + said.stops) / 2 - (start + stop) / 2)))


def holding(said: Prediction, sample: int) -> int:
    """The place of the last segment that has begun at a sample."""
    return max(int(np.searchsorted(said.starts, sample, side="right")) - 1, 0)


@dataclass(frozen=True, slots=True)
class Subject:
    """What is spoken of: samples `start` to `stop`, and what the machine says of them, if it says anything."""

    task: str
    start: int
    stop: int
    who: str = ""
    said: Prediction | None = None
    machine: Verdict | None = None

    @property
    def was(self) -> str:
        """The machine's label, empty where it has none."""
        return self.machine.label if self.machine else ""


def segment_of(said: Prediction, target: Target) -> Subject:
    """A segment of a lane."""
    start, stop = int(said.starts[target.index]), int(said.stops[target.index])
    return Subject(said.task, start, stop, target.lane[0], said, said.segment(target.index))


def whole_of(item: Item, task: str) -> Subject | None:
    """A whole recording, beside the verdict of the first predictor that answers the task."""
    if item.recording is None:
        return None
    for who, said in item_text.by_task(item).get(task, ()):
        return Subject(task, 0, item.recording.frames, who, said, said.verdict())
    return Subject(task, 0, item.recording.frames)


def stretch_of(said: Prediction, who: str, start: int, stop: int) -> Subject:
    """A stretch that a person selected, beside what a lane says of its middle."""
    return Subject(said.task, start, stop, who, said, said.segment(around(said, start, stop)))


def statement_of(recording: Recording, subject: Subject, label: str, by: str) -> Correction:
    """What `by` says of a subject, with what the machine had said; an empty `label` rejects that."""
    made = subject.said.provenance if subject.said else None
    return Correction(
        path=Path(recording.path).absolute(),
        content_hash=recording.content_hash,
        rate=recording.rate,
        start=subject.start,
        stop=subject.stop,
        task=subject.task,
        status=status_of(label, subject.was),
        label=label,
        was=subject.was,
        confidence=subject.machine.known_probability if subject.machine else None,
        predictor=subject.who,
        version=made.models.get(subject.who) or made.program if made else "",
        by=by,
    )


def load(_progress: Progress) -> Corrections:
    """Runs on the worker. Raises PersianMirError where the file cannot be read."""
    store = Corrections()
    store.refresh()
    return store


def add_all(statements: Sequence[Correction], path: Path, _progress: Progress) -> Corrections:
    """Add statements to the store at `path`. Runs on the worker, on a store of its own: the window's is never touched.

    Raises PersianMirError where they cannot be kept.
    """
    store = Corrections(path)
    store.add(*statements)
    return store
