"""From examples to arrays: the segments of all recordings, embedded once through the shared cache and joined."""

from __future__ import annotations

import hashlib
import logging
import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from persian_mir.audio import open_audio
from persian_mir.backbones import Backbone
from persian_mir.embeddings import Embedding, EmbeddingCache, EmbeddingKey, bounds, embed_recording, embedding_key
from persian_mir.errors import AudioError, ModelError
from persian_mir.grid import Grid
from persian_mir.i18n import _
from persian_mir.modal.features import modal_features
from persian_mir.progress import SILENT, Progress
from trainer.datasets import DataError, Entry
from trainer.joined import Joined
from trainer.segments import Features as Features
from trainer.segments import Floats, Integers, Mask
from trainer.segments import Skipped as Skipped

if TYPE_CHECKING:
    from persian_mir.audio.source import AudioSource

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Remark:
    """Something that the user should know, though nothing failed."""

    text: str


@dataclass(frozen=True, slots=True, eq=False)
class Reading:
    """How recordings are heard, and where that is kept."""

    backbone: Backbone
    grid: Grid
    layers: tuple[int, ...]
    cache: EmbeddingCache | None

    def embedding(self, source: AudioSource, progress: Progress) -> Embedding:
        """That of one recording, out of the cache if it is there. Raises AudioError, ModelError and Cancelled."""
        return embed_recording(source, self.backbone, self.grid, self.layers, progress, self.cache)


@dataclass(frozen=True, slots=True, eq=False)
class _Stretch:
    """Some segments of a recording's embedding, which is at hand only where no cache has it."""

    path: Path
    key: EmbeddingKey
    inside: Mask
    embedding: Embedding | None


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
    """Embed every recording once, with `modal` also read its modes. A recording that cannot be opened is published as
    Skipped, a disk that cannot keep the features as a Remark, once. DataError if no recording is left.
    """
    reading = Reading(backbone, grid, layers, cache)
    by_path: dict[Path, list[Entry]] = {}
    for example in examples:
        by_path.setdefault(example.path, []).append(example)
    recordings: dict[str, tuple[int, Entry]] = {}  # by content: its place, and the first example of it
    stretches: list[_Stretch] = []
    targets, owners, spans, extra, skipped = [], [], [], [], []
    for number, (path, rows) in enumerate(by_path.items()):
        part = _Part(progress, number, len(by_path), path.name)
        try:
            with open_audio(path) as source:
                recording = source.recording
                key, starts, stops, embedding = _embedded(source, reading, part, progress)
                columns = modal_features(source, starts, stops, part) if modal else None
        except (AudioError, ModelError) as error:
            skipped.append(_skipped(path, error.what, progress))
            continue
        free = _unclaimed(starts, stops, rows, recording.rate)
        for row, unclaimed in zip(rows, free, strict=True):
            inside = _inside(starts, stops, row, recording.rate)
            if not inside.any():
                skipped.append(_skipped(path, _("No segment has its middle between start_s and stop_s."), progress))
                continue
            owner, first = recordings.setdefault(recording.content_hash, (len(recordings), row))
            _check_split(first, row)
            inside &= unclaimed
            if not inside.any():
                continue
            stretches.append(_Stretch(path, key, inside, embedding))
            if columns is not None:
                extra.append(columns[inside])
            targets.append(np.full(int(inside.sum()), labels.index(row.labels[task]), dtype=np.int64))
            owners.append(np.full(int(inside.sum()), owner, dtype=np.int64))
            spans.append(np.stack([starts[inside], stops[inside]], axis=1) / recording.rate)
    if not stretches:
        reason, path = skipped[0].reason, skipped[0].path  # every example is here or there
        raise _none_left(reason, path)
    firsts = [example for _owner, example in recordings.values()]
    return Features(
        values=_joined(stretches, reading, progress),
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
    at a time; one that cannot be used is published as Skipped. DataError when none is left, or the cache cannot be
    written.
    """
    segments, reason = 0, ""
    for number, path in enumerate(paths):
        part = _Part(progress, number, len(paths), path.name)
        try:
            with open_audio(path) as source:
                embedding = embed_recording(source, backbone, grid, layers, part, cache)
        except (AudioError, ModelError) as error:
            reason = _skipped(path, error.what, progress).reason
            continue
        if not cache.holds(embedding.key):
            what = _("The features cannot be kept: the disk is full or may not be written to.")
            raise DataError(what, path=cache.folder, cure=_("Free some space and run the same command again."))
        segments += len(embedding.values)
    if not segments:
        raise _none_left(reason, paths[-1])
    return segments


def _none_left(reason: str, path: Path) -> DataError:
    return DataError(_("None of the recordings could be used. {reason}").format(reason=reason), path=path)


def _embedded(
    source: AudioSource, reading: Reading, part: Progress, progress: Progress
) -> tuple[EmbeddingKey, Integers, Integers, Embedding | None]:
    """Key, starts and stops of a recording's embedding, computed if the cache lacks it; itself where no cache has it.
    The first that the disk refuses to keep is published as a Remark.
    """
    recording, cache = source.recording, reading.cache
    key = embedding_key(recording, reading.backbone, reading.grid, reading.layers)
    if cache is not None and cache.holds(key):
        return key, *bounds(reading.grid.windows(recording.frames, recording.rate)), None
    told = cache is not None and bool(cache.refused)
    embedding = reading.embedding(source, part)
    if cache is not None and cache.refused and not told:
        progress.publish(Remark(cache.complaint()))
    kept = cache is not None and cache.holds(key)
    return key, embedding.starts, embedding.stops, None if kept else embedding


def _joined(stretches: list[_Stretch], reading: Reading, progress: Progress) -> Floats:
    """The values of all, mapped from a file beside the cached ones; in memory where there can be none."""
    shape = (sum(int(one.inside.sum()) for one in stretches), len(reading.layers), reading.backbone.key.width)
    cache = reading.cache
    if cache is not None and all(one.embedding is None for one in stretches):
        shelf, digest = Joined(cache.folder / "joined", cache.max_bytes), _digest(stretches)
        found = shelf.get(digest, shape)
        if found is not None:
            return found
        try:
            return shelf.put(digest, shape, _values(stretches, reading, progress))
        except OSError as error:
            log.info("%s: %s", shelf.folder, error)
            if not cache.refused:
                cache.refused = error.strerror or str(error)
                text = _(
                    "The features cannot be joined in one file in {folder}: {reason}. They are held in memory instead, "
                    "which takes {size} MB. Free some space to spare it."
                )
                size = 4 * math.prod(shape) // 1_000_000
                progress.publish(Remark(text.format(folder=shelf.folder, reason=cache.refused, size=size)))
    joined, end = np.empty(shape, np.float32), 0
    for part in _values(stretches, reading, progress):
        joined[end : end + len(part)] = part
        end += len(part)
    return joined


def _values(stretches: list[_Stretch], reading: Reading, progress: Progress) -> Iterator[Floats]:
    """Stretch by stretch. A cached embedding that turns out to be damaged, or is gone, is computed again."""
    last: Embedding | None = None
    for number, one in enumerate(stretches):
        progress.step(number / len(stretches), _("putting the features together"))
        last = one.embedding or (last if last is not None and last.key == one.key else None)
        if last is None:
            with open_audio(one.path) as source:
                last = reading.embedding(source, SILENT)
        yield last.values[one.inside]


def _digest(stretches: Sequence[_Stretch]) -> str:
    """BLAKE2b-128, in hex, of all that decides the joined values."""
    digest = hashlib.blake2b(digest_size=16)
    for one in stretches:
        digest.update(f"{one.key.digest()} {len(one.inside)} ".encode() + np.packbits(one.inside).tobytes())
    return digest.hexdigest()


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


def _inside(starts: Integers, stops: Integers, row: Entry, rate: int) -> Mask:
    """The segments whose middle lies in the example's stretch."""
    middles = (starts + stops) / 2 / rate
    return np.asarray((middles >= row.start_s) & (middles < row.stop_s))


def _unclaimed(starts: Integers, stops: Integers, rows: Sequence[Entry], rate: int) -> list[Mask]:
    """For each row the segments that no later row is about: the last one counts, as with corrections."""
    free, found = np.ones(len(starts), np.bool_), []
    for row in reversed(rows):
        found.append(free)
        free = free & ~_inside(starts, stops, row, rate)
    return found[::-1]
