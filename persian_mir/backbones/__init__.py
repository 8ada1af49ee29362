"""Backbones: self-supervised models, and the classical features that need no download."""
