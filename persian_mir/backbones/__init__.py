"""Backbones: self-supervised models, and the classical features that need no download."""

from persian_mir.backbones.backbone import Backbone, BackboneKey
from persian_mir.backbones.loading import load_backbone, load_installed
from persian_mir.models.table import SIGNAL

__all__ = ["SIGNAL", "Backbone", "BackboneKey", "load_backbone", "load_installed"]
