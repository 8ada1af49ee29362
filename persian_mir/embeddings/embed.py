"""A recording in, its embedding out."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from persian_mir.backbones.backbone import Backbone
from persian_mir.embeddings.cache import EmbeddingCache
from persian_mir.embeddings.embedding import Embedding
from persian_mir.grid import Grid
from persian_mir.progress import SILENT, Progress

if TYPE_CHECKING:
    from persian_mir.audio.source import AudioSource


def embed_recording(
    source: AudioSource,
    backbone: Backbone,
    grid: Grid,
    layers: Sequence[int],
    progress: Progress = SILENT,
    cache: EmbeddingCache | None = None,
) -> Embedding:
    """The embedding of `source` over `grid`; consecutive parts are published as they are computed."""
    raise NotImplementedError
