"""The modal reading judged on labelled recordings. It learns nothing, so nothing need be parted."""

from __future__ import annotations

import logging
from collections.abc import Sequence

import numpy as np

from persian_mir.audio import open_audio
from persian_mir.errors import AudioError
from persian_mir.labels import label_ids
from persian_mir.modal.predictor import ModalPredictor
from persian_mir.prediction import Prediction, pooled
from persian_mir.progress import SILENT, Progress
from trainer.data import Entry
from trainer.evaluation.evaluate import Evaluation, evaluate
from trainer.features.segments import Floats, Mask, Skipped

log = logging.getLogger(__name__)


def evaluate_modes(
    entries: Sequence[Entry], task: str, labels: tuple[str, ...], progress: Progress
) -> Evaluation | None:
    """Cells of 5 s, and the whole of each recording as labelling names it. None where nothing can be read. A recording
    that cannot be opened is published as Skipped. Raises Cancelled.
    """
    rows, wholes, targets = [], [], []
    for number, entry in enumerate(entries):
        part = progress.part(number / len(entries), 1 / len(entries), entry.path.name, SILENT.publish)
        try:
            with open_audio(entry.path) as source:
                (said,) = (one for one in ModalPredictor().predict(source, part) if one.task == task)
                inside = _inside(said, entry, source.recording.rate)
        except AudioError as error:
            log.info("left out: %s: %s", entry.path, error)
            progress.publish(Skipped(entry.path, error.what))
            continue
        if inside.any():
            own = said.probabilities[inside]
            whole = said.overall if inside.all() else pooled(own, (said.stops - said.starts)[inside])
            rows.append(_columns(own, task, labels))
            wholes.append(_columns(whole[None], task, labels))
            targets.append(labels.index(entry.labels[task]))
    if not rows:
        return None
    groups = np.arange(len(rows))
    lengths = [len(one) for one in rows]
    segments = evaluate(np.concatenate(rows), np.repeat(targets, lengths), np.repeat(groups, lengths), labels)
    recordings = evaluate(np.concatenate(wholes), np.array(targets), groups, labels)
    return Evaluation(labels, segments.segments, recordings.segments)


def _inside(said: Prediction, entry: Entry, rate: int) -> Mask:
    """The cells whose middle lies in the entry's stretch."""
    middles = (said.starts + said.stops) / 2 / rate
    return np.asarray((middles >= entry.start_s) & (middles < entry.stop_s))


def _columns(rows: Floats, task: str, labels: tuple[str, ...]) -> Floats:
    """The columns of `labels`, of sum 1; 0 for one that theory does not know."""
    known = label_ids(task)
    empty = np.zeros(len(rows), np.float32)
    chosen = np.stack([rows[:, known.index(one)] if one in known else empty for one in labels], axis=1)
    return np.asarray(chosen / np.maximum(chosen.sum(axis=1, keepdims=True), 1e-9), np.float32)
