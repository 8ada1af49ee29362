"""From examples to arrays: the segments of all recordings, embedded once through the shared cache and joined."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TypeVar

import numpy as np

from persian_mir.audio import AudioSource, open_audio
from persian_mir.embeddings import EmbeddingKey, SharedBackbone
from persian_mir.errors import AudioError, ModelError, PersianMirError
from persian_mir.i18n import _
from persian_mir.progress import Progress
from persian_mir.side_by_side import side_by_side
from trainer.data import DataError, Entry
from trainer.features.extraction import ExtractedRecording, FeatureExtractor, SegmentSpan, extract, joined_features
from trainer.features.segments import Features, Floats, Mask, Remark, Skipped

Found = TypeVar("Found")
log = logging.getLogger(__name__)


def gather(
    examples: Sequence[Entry], task: str, labels: tuple[str, ...], extractor: FeatureExtractor, progress: Progress
) -> Features:
    """Embed every recording once. A recording that cannot be opened is published as Skipped, a disk that cannot keep
    the features as a Remark, once. DataError if no recording is left.
    """
    by_path: dict[Path, list[Entry]] = {}
    for example in examples:
        by_path.setdefault(example.path, []).append(example)
    recordings: dict[str, tuple[int, Entry]] = {}  # by content: its place, and the first example of it
    spans, skipped = [], []
    work = partial(extract, _shared(extractor))
    told = extractor.cache is not None and bool(extractor.cache.refused)
    for (path, rows), found in zip(by_path.items(), _side_by_side(by_path, work, progress), strict=True):
        if extractor.cache is not None and extractor.cache.refused and not told:
            told = True
            progress.publish(Remark(extractor.cache.complaint()))
        if isinstance(found, PersianMirError):
            skipped.append(_skipped(path, found.what, progress))
            continue
        for row, inside, last_said in zip(rows, *_segments(found[0], rows), strict=True):
            if not inside.any():
                skipped.append(_skipped(path, _("No segment has its middle between start_s and stop_s."), progress))
                continue
            group, first = recordings.setdefault(found[0].recording.content_hash, (len(recordings), row))
            _check_split(first, row)
            if last_said.any():
                target = labels.index(row.labels[task])
                spans += [SegmentSpan(one, last_said, group, target, k) for k, one in enumerate(found)]
    if not spans:  # every example is in skipped
        raise _none_left(skipped[0].reason, skipped[0].path)
    values = joined_features(spans, extractor, progress)
    return _features(values, spans, labels, {key: row for key, (_owner, row) in recordings.items()}, skipped)


def _shared(extractor: FeatureExtractor) -> FeatureExtractor:
    """The same for several threads at once."""
    return replace(extractor, backbone=SharedBackbone(extractor.backbone))


def _side_by_side(
    paths: Iterable[Path], work: Callable[[AudioSource, Progress], Found], progress: Progress
) -> Iterator[Found | PersianMirError]:
    """What `work` makes of the recording at each path, or why it cannot be used."""

    def opened(path: Path, part: Progress) -> Found | PersianMirError:
        try:
            with open_audio(path, part.part(0.0, 0.0)) as source:
                return work(source, part)
        except (AudioError, ModelError) as error:
            return error

    return side_by_side(list(paths), opened, progress, lambda path: path.name)


def _segments(extracted: ExtractedRecording, rows: Sequence[Entry]) -> tuple[list[Mask], list[Mask]]:
    """Of each row the segments that it is about, and those that no later row is about: the last one counts, as with
    corrections.
    """
    about = [extracted.inside(row.start_s, row.stop_s) for row in rows]
    free, counted = np.ones(len(extracted.starts), np.bool_), []
    for inside in reversed(about):
        counted.append(inside & free)
        free = free & ~inside
    return about, counted[::-1]


def _features(
    values: Floats,
    spans: Sequence[SegmentSpan],
    labels: tuple[str, ...],
    firsts: Mapping[str, Entry],
    skipped: Sequence[Skipped],
) -> Features:
    """Return all spans after each other. `firsts`: by its content, the first example of each recording."""
    lengths = [len(one) for one in spans]
    read = ((one.extracted.modal_features, one.inside) for one in spans)
    modal = [rows[inside] for rows, inside in read if rows is not None]
    return Features(
        values=values,
        targets=np.repeat(np.array([one.target for one in spans], np.int64), lengths),
        groups=np.repeat(np.array([one.group for one in spans], np.int64), lengths),
        labels=labels,
        artists=tuple(row.artist for row in firsts.values()),
        given=tuple(row.split for row in firsts.values()),
        skipped=tuple(skipped),
        hashes=tuple(firsts),
        paths=tuple(row.path for row in firsts.values()),
        spans=np.concatenate([one.seconds() for one in spans]),
        modal_features=np.concatenate(modal) if modal else None,
        views=np.repeat(np.array([one.view for one in spans], np.int64), lengths),
    )


def prepare(paths: Sequence[Path], extractor: FeatureExtractor, progress: Progress) -> int:
    """Put the embedding of every recording into the cache, and return the number of segments. A few recordings are held
    at a time; one that cannot be used is published as Skipped. DataError when none is left, or the cache cannot be
    written.
    """
    cache, segments, reason, shared = extractor.cache, 0, "", _shared(extractor)

    def prepared(source: AudioSource, part: Progress) -> tuple[EmbeddingKey, int]:
        embedding = shared.embedding(source, part)
        return embedding.key, len(embedding.values)

    for path, found in zip(paths, _side_by_side(paths, prepared, progress), strict=True):
        if isinstance(found, PersianMirError):
            reason = _skipped(path, found.what, progress).reason
            continue
        if cache is not None and not cache.holds(found[0]):
            what = _("The features cannot be kept: {reason}.").format(reason=cache.refused)
            cure = _("Free some space, or make that folder writable, and run the same command again.")
            raise DataError(what, path=cache.folder, cure=cure)
        segments += found[1]
    if not segments:
        raise _none_left(reason, paths[-1])
    return segments


def _none_left(reason: str, path: Path) -> DataError:
    return DataError(_("None of the recordings could be used. {reason}").format(reason=reason), path=path)


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
