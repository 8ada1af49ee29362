"""Embeddings of a segment grid, pooled over time, cached on disk."""

from persian_mir.embeddings.cache import EmbeddingCache
from persian_mir.embeddings.embed import bounds, embed_recording, embedding_key
from persian_mir.embeddings.embedding import Embedding, EmbeddingKey
from persian_mir.embeddings.shared_backbone import SharedBackbone

__all__ = [
    "Embedding",
    "EmbeddingCache",
    "EmbeddingKey",
    "SharedBackbone",
    "bounds",
    "embed_recording",
    "embedding_key",
]
