"""From recordings to arrays: extraction, the store of a corpus, segments, degradations."""
