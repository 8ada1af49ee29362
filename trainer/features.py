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
from persian_mir.errors import AudioError
from persian_mir.grid import Grid
from persian_mir.i18n import _
from persian_mir.progress import Progress
from trainer.manifest import DataError, Example

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Skipped:
    """A recording that was left out, and why."""

    path: Path
    reason: str


@dataclass(frozen=True, slots=True, eq=False)
class Features:
    """`values` float32 [segments, layers, width]; `targets` int64 [segments], places in `labels`; `owners` int64
    [segments], the recording each one is from, told by its content: a place in `artists` and `given` (its split).
    """

    values: NDArray[np.float32]
    targets: NDArray[np.int64]
    owners: NDArray[np.int64]
    labels: tuple[str, ...]
    artists: tuple[str, ...]
    given: tuple[str, ...]
    skipped: tuple[Skipped, ...]


class _Part(Progress):
    """One file's share of the whole work."""

    def __init__(self, listener: Progress, done: int, total: int, note: str) -> None:
        self._listener, self._done, self._total, self._note = listener, done, total, note

    def step(self, fraction: float, note: str = "") -> None:
        self._listener.step((self._done + fraction) / self._total, note or self._note)

    def publish(self, value: Any) -> None:
        """Parts of embeddings are nobody's business here."""


def gather(
    examples: Sequence[Example],
    task: str,
    labels: tuple[str, ...],
    backbone: Backbone,
    grid: Grid,
    layers: tuple[int, ...],
    cache: EmbeddingCache | None,
    progress: Progress,
) -> Features:
    """Embed every recording once. One that cannot be opened is published as Skipped; DataError if none is left."""
    by_path: dict[Path, list[Example]] = {}
    for example in examples:
        by_path.setdefault(example.path, []).append(example)
    recordings: dict[str, tuple[str, str]] = {}  # content hash -> artist, split
    owners_of: dict[str, int] = {}
    values, targets, owners, skipped = [], [], [], []
    for number, (path, rows) in enumerate(by_path.items()):
        try:
            part = _Part(progress, number, len(by_path), path.name)
            with open_audio(path) as source:
                embedding = embed_recording(source, backbone, grid, layers, part, cache)
                rate, content = source.recording.rate, source.recording.content_hash
        except AudioError as error:
            log.info("left out: %s", error)
            skipped.append(Skipped(path, error.what))
            progress.publish(skipped[-1])
            continue
        owner = owners_of.setdefault(content, len(owners_of))
        for row in rows:
            known = recordings.setdefault(content, (row.artist, row.split))
            if known[1] != row.split:
                raise DataError(
                    _("The same recording stands in two splits: {one} and {other}.").format(
                        one=known[1] or "train", other=row.split or "train"
                    ),
                    path=path,
                    cure=_("Leave it in one of them; copies under other names count as the same."),
                )
            inside = _inside(embedding, row, rate)
            values.append(embedding.values[inside])
            targets.append(np.full(int(inside.sum()), labels.index(row.labels[task]), dtype=np.int64))
            owners.append(np.full(int(inside.sum()), owner, dtype=np.int64))
    if not sum(map(len, targets)):
        raise DataError(_("None of the recordings could be used."), path=skipped[0].path if skipped else None)
    artists, given = zip(*recordings.values(), strict=True)
    arrays = (np.concatenate(values), np.concatenate(targets), np.concatenate(owners))
    return Features(*arrays, labels, artists, given, tuple(skipped))


def _inside(embedding: Embedding, row: Example, rate: int) -> NDArray[np.bool_]:
    """The segments whose middle lies in the example's stretch."""
    middles = (embedding.starts + embedding.stops) / 2 / rate
    return np.asarray((middles >= row.start_s) & (middles < row.stop_s))
