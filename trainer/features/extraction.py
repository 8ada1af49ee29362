"""How recordings are heard, and what was heard of all of them as one array."""

from __future__ import annotations

import hashlib
import logging
import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from persian_mir.audio import open_audio
from persian_mir.backbones import Backbone
from persian_mir.embeddings import Embedding, EmbeddingCache, EmbeddingKey, bounds, embed_recording, embedding_key
from persian_mir.grid import Grid
from persian_mir.i18n import _
from persian_mir.modal.features import modal_features
from persian_mir.progress import SILENT, Progress
from persian_mir.recording import Recording
from trainer.features.segments import Floats, Integers, Mask, Remark
from trainer.features.store import Joined, Shape

if TYPE_CHECKING:
    from persian_mir.audio.source import AudioSource

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, eq=False)
class Reading:
    """How recordings are heard, and where that is kept. `modal`: their modes are read too."""

    backbone: Backbone
    grid: Grid
    layers: tuple[int, ...]
    cache: EmbeddingCache | None = None
    modal: bool = False

    def embedding(self, source: AudioSource, progress: Progress) -> Embedding:
        """That of one recording, out of the cache if it is there. Raises AudioError, ModelError and Cancelled."""
        return embed_recording(source, self.backbone, self.grid, self.layers, progress, self.cache)


def all_layers(backbone: Backbone, grid: Grid, cache: EmbeddingCache | None) -> Reading:
    """Of every hidden state."""
    return Reading(backbone, grid, tuple(range(backbone.key.states)), cache)


@dataclass(frozen=True, slots=True, eq=False)
class Heard:
    """A recording as it was heard: where its segments lie (in samples), and their modal reading [segments, columns] if
    that was asked for. `embedding` is at hand only where no cache has it.
    """

    recording: Recording
    key: EmbeddingKey
    starts: Integers
    stops: Integers
    embedding: Embedding | None
    columns: Floats | None

    def inside(self, start_s: float, stop_s: float) -> Mask:
        """The segments whose middle lies in a stretch."""
        middles = (self.starts + self.stops) / 2 / self.recording.rate
        return np.asarray((middles >= start_s) & (middles < stop_s))


@dataclass(frozen=True, slots=True, eq=False)
class Stretch:
    """The segments of a recording that one example is about: its number among the recordings, and the label's."""

    heard: Heard
    inside: Mask
    owner: int
    target: int

    def __len__(self) -> int:
        return int(self.inside.sum())

    def spans(self) -> NDArray[np.float64]:
        """From and to, in seconds: [segments, 2]."""
        heard = self.heard
        return np.stack([heard.starts[self.inside], heard.stops[self.inside]], axis=1) / heard.recording.rate


def hear(source: AudioSource, reading: Reading, part: Progress, progress: Progress) -> Heard:
    """Embed a recording if the cache lacks it. The first embedding that the disk refuses to keep is published to
    `progress` as a Remark. Raises AudioError, ModelError and Cancelled.
    """
    recording, cache = source.recording, reading.cache
    key = embedding_key(recording, reading.backbone, reading.grid, reading.layers)
    embedding = None
    if cache is not None and cache.holds(key):
        starts, stops = bounds(reading.grid.windows(recording.frames, recording.rate))
    else:
        told = cache is not None and bool(cache.refused)
        embedding = reading.embedding(source, part)
        if cache is not None and cache.refused and not told:
            progress.publish(Remark(cache.complaint()))
        starts, stops = embedding.starts, embedding.stops
        if cache is not None and cache.holds(key):
            embedding = None
    columns = modal_features(source, starts, stops, part) if reading.modal else None
    return Heard(recording, key, starts, stops, embedding, columns)


def joined_values(stretches: Sequence[Stretch], reading: Reading, progress: Progress) -> Floats:
    """float32 [segments, layers, width] of all, mapped from a file beside the cached ones; in memory where there can be
    none.
    """
    shape = (sum(map(len, stretches)), len(reading.layers), reading.backbone.key.width)
    cache = reading.cache
    if cache is not None and all(one.heard.embedding is None for one in stretches):
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
                progress.publish(_in_memory(shelf.folder, cache.refused, shape))
    joined, end = np.empty(shape, np.float32), 0
    for part in _values(stretches, reading, progress):
        joined[end : end + len(part)] = part
        end += len(part)
    return joined


def _in_memory(folder: Path, reason: str, shape: Shape) -> Remark:
    text = _(
        "The features cannot be joined in one file in {folder}: {reason}. They are held in memory instead, "
        "which takes {size} MB. Free some space to spare it."
    )
    return Remark(text.format(folder=folder, reason=reason, size=4 * math.prod(shape) // 1_000_000))


def _values(stretches: Sequence[Stretch], reading: Reading, progress: Progress) -> Iterator[Floats]:
    """Stretch by stretch. A cached embedding that turns out to be damaged, or is gone, is computed again."""
    last: Embedding | None = None
    for number, one in enumerate(stretches):
        progress.step(number / len(stretches), _("putting the features together"))
        last = one.heard.embedding or (last if last is not None and last.key == one.heard.key else None)
        if last is None:
            with open_audio(one.heard.recording.path) as source:
                last = reading.embedding(source, SILENT)
        yield last.values[one.inside]


def _digest(stretches: Sequence[Stretch]) -> str:
    """BLAKE2b-128, in hex, of all that decides the joined values."""
    digest = hashlib.blake2b(digest_size=16)
    for one in stretches:
        digest.update(f"{one.heard.key.digest()} {len(one.inside)} ".encode() + np.packbits(one.inside).tobytes())
    return digest.hexdigest()
