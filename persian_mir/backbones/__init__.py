"""Backbones: self-supervised models, and the classical features that need no download."""

from persian_mir.backbones.backbone import Backbone, BackboneKey
from persian_mir.backbones.loading import SIGNAL, load_backbone

__all__ = ["SIGNAL", "Backbone", "BackboneKey", "load_backbone"]
