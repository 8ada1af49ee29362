"""Segments and what people said of them, as plain values: which is next, which statement is whose."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

import numpy as np

from persian_mir.catalogue.correction_rows import Status
from persian_mir.catalogue.corrections import Correction, Corrections, Key
from persian_mir.prediction import Prediction
from persian_mir.progress import Progress
from persian_mir.recording import Recording

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


def statement_of(
    recording: Recording, said: Prediction, target: Target, status: Status, label: str, by: str
) -> Correction:
    """What `by` says of a segment, with what the machine had said."""
    machine, made = said.segment(target.index), said.provenance
    return Correction(
        path=Path(recording.path).absolute(),
        content_hash=recording.content_hash,
        rate=recording.rate,
        start=int(said.starts[target.index]),
        stop=int(said.stops[target.index]),
        task=said.task,
        status=status,
        label=label,
        was=machine.label,
        confidence=machine.probability,
        predictor=target.lane[0],
        version=made.models.get(target.lane[0]) or made.program,
        by=by,
    )


def load(_progress: Progress) -> Corrections:
    """Runs on the worker. Raises PersianMirError where the file cannot be read."""
    store = Corrections()
    store.refresh()
    return store


def marks_of(said: Prediction, statements: Mapping[Key, Correction]) -> Mapping[int, Correction]:
    """The statements about the segments of a prediction, by the segment's place."""
    found = {}
    for (_hash, task, start, stop), one in statements.items():
        place = int(np.searchsorted(said.starts, start))
        if task != said.task or place == len(said.starts) or (said.starts[place], said.stops[place]) != (start, stop):
            continue
        if one.status != "rejected" or one.was == said.segment(place).label:
            found[place] = one
    return MappingProxyType(found)
