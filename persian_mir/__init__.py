"""Hears: audio, windows, backbones, probes, pitch and mode, labels. Knows no Qt."""

__version__ = "0.1.0"
