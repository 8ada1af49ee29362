"""Embeddings of a segment grid, pooled over time, cached on disk."""
