"""From a model's name or folder to a backbone that is ready to listen."""

from __future__ import annotations

from persian_mir.backbones.backbone import Backbone

SIGNAL = "signal"  # the backbone of classical features, always installed


def load_backbone(id_or_folder: str, device: str = "auto", precision: str = "fp32") -> Backbone:
    """The backbone called `id_or_folder`: `signal`, the id of an installed model, or a folder in the hub's format.

    `device` is auto, cpu, cuda or mps. Raises ModelError when the model is not installed, damaged or refused.
    """
    from persian_mir.backbones.signal import SignalBackbone

    if id_or_folder == SIGNAL:
        return SignalBackbone()
    raise NotImplementedError((id_or_folder, device, precision))
