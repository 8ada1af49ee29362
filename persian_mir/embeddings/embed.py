"""A recording in, its embedding out: windows are decoded on one thread while the backbone works on those before."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import replace
from itertools import groupby
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from persian_mir.backbones.backbone import Backbone, Floats
from persian_mir.embeddings.cache import EmbeddingCache
from persian_mir.embeddings.embedding import Embedding, EmbeddingKey
from persian_mir.errors import AudioError, ModelError
from persian_mir.grid import Grid, Window
from persian_mir.i18n import _
from persian_mir.progress import SILENT, Progress
from persian_mir.recording import Recording

if TYPE_CHECKING:
    from persian_mir.audio.mono_source import MonoSource

Heard = Callable[[int, int], Floats]  # first sample and how many: one channel, float32 [n]

_BATCH_BYTES = 16 << 20  # of sound in one of them: several files are at work at once (see SharedBackbone)


def embed_recording(
    source: MonoSource,
    backbone: Backbone,
    grid: Grid,
    layers: Sequence[int],
    progress: Progress = SILENT,
    cache: EmbeddingCache | None = None,
) -> Embedding:
    """The embedding of `source` over `grid`, the states `layers` in that order.

    Each finished batch is published as an `Embedding` of consecutive segments; all of them at once when the cache has
    them. Between batches `progress.step` may raise Cancelled. Raises AudioError when the recording holds no sound,
    ModelError when it is shorter than the model's shortest window. `source` is read on another thread until this
    function ends.
    """
    recording = source.recording
    key = embedding_key(recording, backbone, grid, layers)
    windows = grid.windows(recording.frames, recording.rate)
    cached = _kept(cache, key, recording, windows) if cache is not None else None
    if cached is not None:
        progress.publish(cached)
        progress.step(1.0)
        return cached
    if not windows:
        raise AudioError(_("The recording holds no sound."), path=recording.path)
    parts: list[Floats] = []
    done = 0
    progress.step(0.0)
    for batch, values in _embedded(source, _batches(windows, _most_windows(backbone, grid)), backbone, key.layers):
        parts.append(values)
        done += len(batch)
        progress.publish(_embedding(values, batch, key))
        progress.step(done / len(windows))
    embedding = _embedding(np.concatenate(parts), windows, key)
    if cache is not None:
        cache.put(embedding)
    return embedding


def _kept(
    cache: EmbeddingCache, key: EmbeddingKey, recording: Recording, windows: Sequence[Window]
) -> Embedding | None:
    """What the cache holds; what it holds by a hash of earlier versions, of the same windows, is kept by today's."""
    found = cache.get(key)
    for earlier in recording.earlier_hashes if found is None else ():
        old = cache.get(replace(key, content_hash=earlier))
        if old is not None and np.array_equal(np.stack([old.starts, old.stops]), np.stack(bounds(windows))):
            found = replace(old, key=key)
            cache.put(found)
            break
    return found


def embedding_key(recording: Recording, backbone: Backbone, grid: Grid, layers: Sequence[int]) -> EmbeddingKey:
    """What the embedding of `recording` goes by."""
    plain = (recording.content_hash, recording.decoder, backbone.key, grid, tuple(layers))
    return EmbeddingKey(*plain, backbone.precision)


def bounds(windows: Sequence[Window]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """First samples, and those after the last: `Embedding.starts` and `stops`."""
    starts = np.array([window.start for window in windows], np.int64)
    return starts, np.array([window.stop for window in windows], np.int64)


def _most_windows(backbone: Backbone, grid: Grid) -> int:
    """How many windows are embedded in one call: as the backbone likes, but within bounds of memory."""
    return max(1, min(backbone.batch, int(_BATCH_BYTES / (4 * grid.window_s * backbone.key.rate))))


def _batches(windows: Sequence[Window], size: int) -> list[list[Window]]:
    """Consecutive windows of equal length, at most `size` together. Never padded: see Grid."""
    batches = []
    for _length, group in groupby(windows, key=lambda window: window.stop - window.start):
        same = list(group)
        batches += [same[at : at + size] for at in range(0, len(same), size)]
    return batches


def _embedded(
    source: MonoSource, batches: Sequence[list[Window]], backbone: Backbone, layers: Sequence[int]
) -> Iterator[tuple[list[Window], Floats]]:
    """Each batch with its values, in order. As many are under way as the backbone likes, and one more is decoded.

    The first ones are begun before the recording is examined, as if the mean of its channels were what is heard; where
    it is not, they are thrown away.
    """
    from persian_mir.audio.resample import resample
    from persian_mir.audio.source import AudioSource

    rate, device, streams = backbone.key.rate, getattr(backbone, "device", "cpu"), getattr(backbone, "streams", 1)

    def load(batch: list[Window], heard: Heard) -> Floats:
        mono = [heard(window.start, window.stop - window.start) for window in batch]
        return np.stack([resample(one, source.recording.rate, rate, device) for one in mono])

    def embed(sound: Future[Floats]) -> Floats:
        try:
            return backbone.embed(sound.result(), layers)
        except ModelError as error:
            raise ModelError(error.what, path=source.recording.path, cure=error.cure) from error

    def begin(batch: list[Window], heard: Heard) -> Future[Floats]:
        return embedder.submit(embed, decoder.submit(load, batch, heard))

    decoder, embedder = ThreadPoolExecutor(1, "decode"), ThreadPoolExecutor(streams, "embed")
    ahead: deque[Future[Floats]] = deque()
    waiting: deque[tuple[list[Window], Future[Floats]]] = deque()
    try:
        if isinstance(source, AudioSource) and not source.examined:
            ahead.extend(begin(batch, source.mean) for batch in batches[:streams])
            if not decoder.submit(lambda: source.condition.mixdown.is_mean).result():
                ahead.clear()
        for batch in batches:
            waiting.append((batch, ahead.popleft() if ahead else begin(batch, source.mono)))
            if len(waiting) > streams:
                ready, values = waiting.popleft()
                yield ready, values.result()
        for ready, values in waiting:
            yield ready, values.result()
    finally:
        for threads in (decoder, embedder):
            threads.shutdown(cancel_futures=True)


def _embedding(values: Floats, windows: Sequence[Window], key: EmbeddingKey) -> Embedding:
    return Embedding(values, *bounds(windows), key.layers, key)
