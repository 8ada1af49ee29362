"""Recordings that the project makes itself: synthesised, seeded, of known truth."""
