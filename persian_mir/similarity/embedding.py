"""Segments as the embedding that a backbone makes of them, one hidden state."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from persian_mir.backbones.backbone import Backbone
from persian_mir.embeddings import Embedding, EmbeddingCache, embed_recording
from persian_mir.grid import Grid
from persian_mir.progress import SILENT, Progress
from persian_mir.similarity.features import Passages
from persian_mir.similarity.space import Floats, Space

if TYPE_CHECKING:
    from persian_mir.audio import AudioSource


SEGMENTS = Grid()


class EmbeddingFeatures:
    """Describes segments by hidden state `layer` of a backbone, by default the middle one; see `features.Features`.

    `standardised`: see Space.
    """

    def __init__(
        self,
        backbone: Backbone,
        layer: int | None = None,
        grid: Grid = SEGMENTS,
        cache: EmbeddingCache | None = None,
        standardised: bool = True,
    ) -> None:
        self._backbone, self._grid, self._cache, self._standardised = backbone, grid, cache, standardised
        self._layer = backbone.key.states // 2 if layer is None else layer

    @property
    def space(self) -> Space:
        """One for each backbone, revision, grid, layer and precision."""
        key, grid = self._backbone.key, self._grid
        cut = f"{grid.window_s:g}/{grid.hop_s:g} s {grid.tail}"
        name = f"embedding {key.digest()} {self._backbone.precision} {cut} layer {self._layer}"
        return Space(name, key.width, standardised=self._standardised)

    def passages(self, source: AudioSource, progress: Progress = SILENT) -> Passages:
        """Return the segments of the whole recording."""
        embedding = self._embedding(source, progress)
        return Passages(embedding.starts, embedding.stops, embedding.values[:, 0])

    def passage(self, source: AudioSource, start: int, stop: int, progress: Progress = SILENT) -> Floats | None:
        """Return the mean of the segments within `start` to `stop`, by how much of each lies there."""
        embedding = self._embedding(source, progress)
        shared = np.minimum(embedding.stops, stop) - np.maximum(embedding.starts, start)
        if shared.max() <= 0:
            return None
        return np.average(embedding.values[:, 0], axis=0, weights=np.maximum(shared, 0)).astype(np.float32)

    def _embedding(self, source: AudioSource, progress: Progress) -> Embedding:
        progress = progress.part(0.0, 1.0, publish=SILENT.publish)
        return embed_recording(source, self._backbone, self._grid, (self._layer,), progress, self._cache)
