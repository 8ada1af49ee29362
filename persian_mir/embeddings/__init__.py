"""Embeddings of a segment grid, pooled over time, cached on disk."""

from persian_mir.embeddings.cache import EmbeddingCache
from persian_mir.embeddings.embed import bounds, embed_recording, embedding_key
from persian_mir.embeddings.embedding import Embedding, EmbeddingKey

__all__ = ["Embedding", "EmbeddingCache", "EmbeddingKey", "bounds", "embed_recording", "embedding_key"]
