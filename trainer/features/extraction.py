"""How recordings are heard, and what was heard of all of them as one array."""

from __future__ import annotations

import hashlib
import logging
import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from persian_mir import plurals
from persian_mir.audio import open_audio
from persian_mir.backbones import Backbone
from persian_mir.embeddings import Embedding, EmbeddingCache, EmbeddingKey, bounds, embed_recording, embedding_key
from persian_mir.errors import ModelError
from persian_mir.grid import Grid
from persian_mir.i18n import _
from persian_mir.modal.features import modal_features
from persian_mir.progress import SILENT, Progress
from persian_mir.recording import Recording
from trainer.features.segments import Floats, Integers, Mask, Remark
from trainer.features.store import FeatureStore, Shape
from trainer.features.views import View, ViewedSource, drawn

if TYPE_CHECKING:
    from persian_mir.audio.mono_source import MonoSource
    from persian_mir.audio.source import AudioSource

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, eq=False)
class FeatureExtractor:
    """How recordings are heard, and where that is kept. `modal`: their modes are read too. `views`: in how many further
    ways each is heard (`features.views`), by chance that begins with `seed`.
    """

    backbone: Backbone
    grid: Grid
    layers: tuple[int, ...]
    cache: EmbeddingCache | None = None
    modal: bool = False
    views: int = 0
    seed: int = 0

    def embedding(self, source: MonoSource, progress: Progress) -> Embedding:
        """That of one recording, out of the cache if it is there. Raises AudioError, ModelError and Cancelled."""
        return embed_recording(source, self.backbone, self.grid, self.layers, progress, self.cache)


def all_layers(backbone: Backbone, grid: Grid, cache: EmbeddingCache | None) -> FeatureExtractor:
    """Of every hidden state."""
    return FeatureExtractor(backbone, grid, tuple(range(backbone.key.states)), cache)


@dataclass(frozen=True, slots=True, eq=False)
class ExtractedRecording:
    """A recording as it was heard: where its segments lie (in samples), and their modal reading [segments, columns] if
    that was asked for. `embedding` is at hand only where no cache has it. `view`: how it was heard; None: as it is.
    """

    recording: Recording
    key: EmbeddingKey
    starts: Integers
    stops: Integers
    embedding: Embedding | None
    modal_features: Floats | None
    view: View | None = None

    def inside(self, start_s: float, stop_s: float) -> Mask:
        """The segments whose middle lies in a stretch."""
        middles = (self.starts + self.stops) / 2 / self.recording.rate
        return np.asarray((middles >= start_s) & (middles < stop_s))


@dataclass(frozen=True, slots=True, eq=False)
class SegmentSpan:
    """The segments of a recording that one example is about: its number among the recordings, the label's, and that of
    the view; 0: as it was recorded.
    """

    extracted: ExtractedRecording
    inside: Mask
    group: int
    target: int
    view: int = 0

    def __len__(self) -> int:
        return int(self.inside.sum())

    def seconds(self) -> NDArray[np.float64]:
        """From and to, in seconds: [segments, 2]."""
        samples = np.stack([self.extracted.starts[self.inside], self.extracted.stops[self.inside]], axis=1)
        return samples / self.extracted.recording.rate


def extract(extractor: FeatureExtractor, source: AudioSource, progress: Progress) -> list[ExtractedRecording]:
    """Embed a recording as it is, then its further views, if the cache lacks them; its modal reading holds for all.

    A view that its speed makes too short for the model is left out. Raises AudioError, ModelError and Cancelled.
    """
    share = 1 / (1 + extractor.views)
    part = progress.part(0.0, share)
    plain = _extracted(source, source.recording, extractor, part)
    if extractor.modal:
        plain = replace(plain, modal_features=modal_features(source, plain.starts, plain.stops, part))
    return [plain, *_views(source, plain, extractor, progress.part(share, 1 - share))]


def _views(
    source: AudioSource, plain: ExtractedRecording, extractor: FeatureExtractor, progress: Progress
) -> Iterator[ExtractedRecording]:
    for number in range(1, extractor.views + 1):
        view = drawn(source.recording.content_hash, number, extractor.seed)
        part = progress.part((number - 1) / extractor.views, 1 / extractor.views, _("hearing it in other ways"))
        try:
            heard = _extracted(ViewedSource(source, view), source.recording, extractor, part)
        except ModelError as error:
            log.info("%s: %s: %s", source.recording.path, view.name, error.what)
            continue
        yield replace(heard, modal_features=plain.modal_features, view=view)


def _extracted(
    source: MonoSource, recording: Recording, extractor: FeatureExtractor, progress: Progress
) -> ExtractedRecording:
    cache = extractor.cache
    key = embedding_key(source.recording, extractor.backbone, extractor.grid, extractor.layers)
    embedding = None
    if cache is not None and cache.holds(key):
        starts, stops = bounds(extractor.grid.windows(recording.frames, recording.rate))
    else:
        embedding = extractor.embedding(source, progress)
        starts, stops = embedding.starts, embedding.stops
        if cache is not None and cache.holds(key):
            embedding = None
    return ExtractedRecording(recording, key, starts, stops, embedding, None)


def joined_features(spans: Sequence[SegmentSpan], extractor: FeatureExtractor, progress: Progress) -> Floats:
    """float32 [segments, layers, width] of all, mapped from a file beside the cached ones; in memory where there can be
    none.
    """
    shape = (sum(map(len, spans)), len(extractor.layers), extractor.backbone.key.width)
    cache = extractor.cache
    if cache is not None and all(one.extracted.embedding is None for one in spans):
        store, digest = FeatureStore(cache.folder / "joined", cache.max_bytes), _digest(spans)
        found = store.get(digest, shape)
        if found is not None:
            return found
        try:
            return store.put(digest, shape, _values(spans, extractor, progress))
        except OSError as error:
            log.info("%s: %s", store.folder, error)
            if not cache.refused:
                cache.refused = error.strerror or str(error)
                progress.publish(_in_memory(store.folder, cache.refused, shape))
    joined, end = np.empty(shape, np.float32), 0
    for part in _values(spans, extractor, progress):
        joined[end : end + len(part)] = part
        end += len(part)
    return joined


def _in_memory(folder: Path, reason: str, shape: Shape) -> Remark:
    text = _(
        "The features cannot be joined in one file in {folder}: {reason}. They are held in memory instead, "
        "which takes {size}. Free some space to spare it."
    )
    return Remark(text.format(folder=folder, reason=reason, size=plurals.size(4 * math.prod(shape))))


def _values(spans: Sequence[SegmentSpan], extractor: FeatureExtractor, progress: Progress) -> Iterator[Floats]:
    """Stretch by stretch. A cached embedding that turns out to be damaged, or is gone, is computed again."""
    last: Embedding | None = None
    for number, one in enumerate(spans):
        progress.step(number / len(spans), _("putting the features together"))
        last = one.extracted.embedding or (last if last is not None and last.key == one.extracted.key else None)
        if last is None:
            with open_audio(one.extracted.recording.path) as source:
                view = one.extracted.view
                last = extractor.embedding(source if view is None else ViewedSource(source, view), SILENT)
        yield last.values[one.inside]


def _digest(spans: Sequence[SegmentSpan]) -> str:
    """BLAKE2b-128, in hex, of all that decides the joined values."""
    digest = hashlib.blake2b(digest_size=16)
    for one in spans:
        digest.update(f"{one.extracted.key.digest()} {len(one.inside)} ".encode() + np.packbits(one.inside).tobytes())
    return digest.hexdigest()
