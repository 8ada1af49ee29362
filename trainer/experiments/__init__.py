"""Experiments as data: what is fitted, what was printed about it, and a runner that goes on where it stopped."""
