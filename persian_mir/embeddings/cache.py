"""Embeddings on disk."""

from __future__ import annotations

from pathlib import Path

from persian_mir.embeddings.embedding import Embedding, EmbeddingKey


class EmbeddingCache:
    """A folder of embeddings that two programs may share."""

    def __init__(self, folder: Path, max_bytes: int = 4 << 30) -> None:
        self.folder = folder
        self.max_bytes = max_bytes

    def get(self, key: EmbeddingKey) -> Embedding | None:
        """The embedding of `key`, also out of an entry with more layers; None when absent or damaged."""
        raise NotImplementedError

    def put(self, embedding: Embedding) -> None:
        """Keep `embedding`."""
        raise NotImplementedError
