"""Which engine computes a loaded network, and in which precision: what was asked for, where this machine can."""

from __future__ import annotations

import logging
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any

from persian_mir.backbones.phases import Phases
from persian_mir.backbones.torch_backbone import TorchBackbone
from persian_mir.computing import ENGINES, emulated
from persian_mir.i18n import _
from persian_mir.models.config import Architecture

if TYPE_CHECKING:
    from persian_mir.backbones.backbone import Backbone, BackboneKey
    from persian_mir.models.sizes import Sizes

_ARITHMETIC = {"auto": "fp32", "exact": "fp32", "fast": "bf16"}  # by whose names embeddings are kept

_log = logging.getLogger(__name__)


def start(network: Any, architecture: Sizes, key: BackboneKey, device: str, precision: str, engine: str) -> Backbone:
    """The backbone of `network` on `device`. `auto` is OpenVINO on a CPU where it is installed, else torch.

    Where OpenVINO is asked for and cannot be had, torch computes instead; where the device does not multiply bfloat16
    itself, `fast` is exact. The backbone's `remark` says why.
    Raises ValueError for another precision or engine.
    """
    if engine not in ENGINES:
        raise ValueError(f"unknown engine: {engine!r}")
    arithmetic, exact_since = _arithmetic(precision, device)
    remark = ""
    phases = Phases.of(architecture) if isinstance(architecture, Architecture) else None
    if not isinstance(architecture, Architecture) or phases is None:  # HuBERT's graph alone was written down
        if engine == "openvino":
            remark = _("OpenVINO does not know the graph of this model; torch computes instead.")
    elif device == "cpu" and (engine == "openvino" or (engine == "auto" and find_spec("openvino") is not None)):
        compiled = _openvino(network, architecture, phases, key, arithmetic, exact_since)
        if not isinstance(compiled, str):
            return compiled
        remark = compiled
    elif engine == "openvino":
        remark = _("OpenVINO computes on the CPU only; torch computes instead.")
    return _torch(network, architecture, key, device, arithmetic, f"{remark} {exact_since}".strip())


def _arithmetic(precision: str, device: str) -> tuple[str, str]:
    """What is computed in where `precision` is asked for, and why that is not fast."""
    from persian_mir.half_precision import multiplies_bfloat16

    if precision == "fast" and not multiplies_bfloat16(device):
        return _ARITHMETIC["exact"], emulated()
    return _ARITHMETIC[precision], ""


def _openvino(
    network: Any, architecture: Architecture, phases: Phases, key: BackboneKey, arithmetic: str, remark: str
) -> Backbone | str:
    """OpenVINO's backbone, exact where bfloat16 is wrong here; or why there is none, in words."""
    try:
        from persian_mir.backbones.openvino_backbone import LIMITS, OpenvinoBackbone
    except (ImportError, OSError, RuntimeError) as error:
        _log.warning("openvino cannot be imported: %s", error)
        cure = _("Install it with: pip install 'persian-mir[fast]'")
        return _("OpenVINO cannot be used; torch computes instead, which is slower.") + " " + cure
    for precision in dict.fromkeys((arithmetic, _ARITHMETIC["exact"])):
        try:
            backbone = OpenvinoBackbone(network, architecture, phases, key, precision)
            off = backbone.error(network)
        except RuntimeError as error:
            _log.warning("OpenVINO cannot compute %s in %s: %s", key.id, precision, error)
            continue
        if off <= LIMITS[precision]:
            _log.info("OpenVINO computes %s in %s, off by %.2g", key.id, precision, off)
            backbone.remark = remark if precision == arithmetic else inexact()
            return backbone
        _log.warning("OpenVINO computes %s in %s wrongly here, off by %.3g", key.id, precision, off)
    return _("OpenVINO computes this model wrongly on this machine; torch computes instead.")


def inexact() -> str:
    """What is told where bfloat16 was asked for and is wrong."""
    return _("This machine computes this model wrongly in bfloat16, so it computes exactly.")


def _torch(network: Any, architecture: Sizes, key: BackboneKey, device: str, arithmetic: str, remark: str) -> Backbone:
    from persian_mir.backbones.onednn import speed_up
    from persian_mir.half_precision import keep_right

    if arithmetic == "bf16":
        keep_right(network, device)
    elif device == "cpu" and isinstance(architecture, Architecture):
        speed_up(network)
    backbone = TorchBackbone(network, architecture, key, device, arithmetic)
    backbone.remark = remark
    return backbone
