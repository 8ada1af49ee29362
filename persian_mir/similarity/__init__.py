"""Passages that sound alike, found by melody or by embedding, and recordings recommended from them."""
