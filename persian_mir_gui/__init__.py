"""Shows: the window over the engine."""
