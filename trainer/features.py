"""From examples to arrays: the segments of all recordings, embedded once through the shared cache."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from persian_mir.audio import open_audio
from persian_mir.backbones import Backbone
from persian_mir.embeddings import Embedding, EmbeddingCache, embed_recording
from persian_mir.errors import AudioError, ModelError
from persian_mir.grid import Grid
from persian_mir.i18n import _
from persian_mir.modal.features import modal_features
from persian_mir.probes.probe import Intake
from persian_mir.progress import Progress
from trainer.datasets import DataError, Entry

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Skipped:
    """A recording that was left out, and why."""

    path: Path
    reason: str


@dataclass(frozen=True, slots=True, eq=False)
class Features:
    """`values` float32 [segments, layers, width]; `targets` int64 [segments], places in `labels`; `owners` int64
    [segments], the recording each one is from, told by its content: a place in `artists`, `given` (its split),
    `hashes` (of its content) and `paths`. `spans` float64 [segments, 2]: from and to, in seconds.
    `extra` float32 [segments, columns]: the modal reading of each, if it was asked for;
    `alone`: nothing else is to be learnt from.
    """

    values: NDArray[np.float32]
    targets: NDArray[np.int64]
    owners: NDArray[np.int64]
    labels: tuple[str, ...]
    artists: tuple[str, ...]
    given: tuple[str, ...]
    skipped: tuple[Skipped, ...]
    hashes: tuple[str, ...]
    paths: tuple[Path, ...]
    spans: NDArray[np.float64]
    extra: NDArray[np.float32] | None = None
    alone: bool = False

    def intake(self, concat: bool) -> Intake:
        """What a head reads of them."""
        return Intake(self.values.shape[1], concat, 0 if self.extra is None else self.extra.shape[1], self.alone)

    def inputs(
        self, mix: NDArray[np.float32], concat: bool, part: NDArray[np.bool_] | None = None
    ) -> NDArray[np.float32]:
        """What a head reads of the segments of `part` (None: of all), once they are standardised."""
        chosen = slice(None) if part is None else part  # a slice copies nothing
        extra = None if self.extra is None else self.extra[chosen]
        return self.intake(concat).inputs(self.values[chosen], mix, extra)

    def standardise_extra(self, part: NDArray[np.bool_]) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
        """The same for the columns of the modal reading."""
        assert self.extra is not None  # noqa: S101
        mean, std = self.extra[part].mean(axis=0), self.extra[part].std(axis=0)
        std = np.where(std > 1e-6, std, 1).astype(np.float32)
        self.extra[:] = (self.extra - mean) / std
        return mean, std

    def standardise(self, part: NDArray[np.bool_]) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
        """Give the segments of `part` mean 0 and deviation 1, in place, and return both as they were [layers, width];
        a feature that never changes is left in its own scale.
        """
        means, deviations = [], []
        for layer in range(self.values.shape[1]):  # layer by layer: there is no room for a second copy
            one = self.values[part, layer]
            std = one.std(axis=0)
            means.append(one.mean(axis=0))
            deviations.append(np.where(std > 1e-6, std, 1).astype(np.float32))
            self.values[:, layer] -= means[-1]
            self.values[:, layer] /= deviations[-1]
        return np.stack(means), np.stack(deviations)


class _Part(Progress):
    """One file's share of the whole work."""

    def __init__(self, listener: Progress, done: int, total: int, note: str) -> None:
        self._listener, self._done, self._total, self._note = listener, done, total, note

    def step(self, fraction: float, note: str = "") -> None:
        self._listener.step((self._done + fraction) / self._total, note or self._note)

    def publish(self, value: Any) -> None:
        """Parts of embeddings are nobody's business here."""


def gather(
    examples: Sequence[Entry],
    task: str,
    labels: tuple[str, ...],
    backbone: Backbone,
    grid: Grid,
    layers: tuple[int, ...],
    cache: EmbeddingCache | None,
    progress: Progress,
    modal: bool = False,
) -> Features:
    """Embed every recording once, with `modal` also read its modes. One that cannot be opened is published as Skipped;
    DataError if none is left.
    """
    by_path: dict[Path, list[Entry]] = {}
    for example in examples:
        by_path.setdefault(example.path, []).append(example)
    recordings: dict[str, tuple[int, Entry]] = {}  # by content: its place, and the first example of it
    values, targets, owners, spans, extra, skipped = [], [], [], [], [], []
    for number, (path, rows) in enumerate(by_path.items()):
        part = _Part(progress, number, len(by_path), path.name)
        try:
            with open_audio(path) as source:
                embedding = embed_recording(source, backbone, grid, layers, part, cache)
                recording = source.recording
                columns = modal_features(source, embedding.starts, embedding.stops, part) if modal else None
        except (AudioError, ModelError) as error:
            skipped.append(_skipped(path, error.what, progress))
            continue
        for row in rows:
            inside = _inside(embedding, row, recording.rate)
            if not inside.any():
                skipped.append(_skipped(path, _("No segment has its middle between start_s and stop_s."), progress))
                continue
            owner, first = recordings.setdefault(recording.content_hash, (len(recordings), row))
            _check_split(first, row)
            values.append(embedding.values[inside])
            if columns is not None:
                extra.append(columns[inside])
            targets.append(np.full(len(values[-1]), labels.index(row.labels[task]), dtype=np.int64))
            owners.append(np.full(len(values[-1]), owner, dtype=np.int64))
            spans.append(np.stack([embedding.starts[inside], embedding.stops[inside]], axis=1) / recording.rate)
    if not values:
        reason, path = skipped[0].reason, skipped[0].path  # every example is here or there
        raise DataError(_("None of the recordings could be used. {reason}").format(reason=reason), path=path)
    firsts = [example for _owner, example in recordings.values()]
    return Features(
        values=_joined(values),
        targets=np.concatenate(targets),
        owners=np.concatenate(owners),
        labels=labels,
        artists=tuple(row.artist for row in firsts),
        given=tuple(row.split for row in firsts),
        skipped=tuple(skipped),
        hashes=tuple(recordings),
        paths=tuple(row.path for row in firsts),
        spans=np.concatenate(spans),
        extra=np.concatenate(extra) if extra else None,
    )


def prepare(
    paths: Sequence[Path],
    backbone: Backbone,
    grid: Grid,
    layers: tuple[int, ...],
    cache: EmbeddingCache,
    progress: Progress,
) -> int:
    """Put the embedding of every recording into the cache, and return the number of segments. One recording is held
    at a time; one that cannot be used is published as Skipped. DataError when the cache cannot be written.
    """
    segments = 0
    for number, path in enumerate(paths):
        part = _Part(progress, number, len(paths), path.name)
        try:
            with open_audio(path) as source:
                embedding = embed_recording(source, backbone, grid, layers, part, cache)
        except (AudioError, ModelError) as error:
            _skipped(path, error.what, progress)
            continue
        if cache.get(embedding.key) is None:
            what = _("The features cannot be kept: the disk is full or may not be written to.")
            raise DataError(what, path=cache.folder, cure=_("Free some space and run the same command again."))
        segments += len(embedding.values)
    return segments


def _joined(parts: list[NDArray[np.float32]]) -> NDArray[np.float32]:
    """The parts after each other, each let go once it is copied: hours of sound are never held twice."""
    joined = np.empty((sum(map(len, parts)), *parts[0].shape[1:]), np.float32)
    end = len(joined)
    while parts:
        part = parts.pop()
        joined[end - len(part) : end] = part
        end -= len(part)
    return joined


def _skipped(path: Path, reason: str, progress: Progress) -> Skipped:
    log.info("left out: %s: %s", path, reason)
    skipped = Skipped(path, reason)
    progress.publish(skipped)
    return skipped


def _check_split(first: Entry, row: Entry) -> None:
    """Raises DataError for a recording in two splits, also when a copy of it goes under another name."""
    if first.split == row.split:
        return
    what = _("The same recording stands in two splits: {one} as {file}, {other} here.")
    what = what.format(one=first.split or "train", file=first.path.name, other=row.split or "train")
    raise DataError(what, path=row.path, cure=_("Leave it in one of them; copies count as the same."))


def _inside(embedding: Embedding, row: Entry, rate: int) -> NDArray[np.bool_]:
    """The segments whose middle lies in the example's stretch."""
    middles = (embedding.starts + embedding.stops) / 2 / rate
    return np.asarray((middles >= row.start_s) & (middles < row.stop_s))
