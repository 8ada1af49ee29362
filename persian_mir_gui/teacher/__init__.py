"""The teacher’s screen."""
