"""From a model's name or folder to a backbone that is ready to listen."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from persian_mir.backbones.backbone import Backbone, BackboneKey
from persian_mir.backbones.families import family_of
from persian_mir.errors import ModelError
from persian_mir.i18n import _
from persian_mir.models.config import read_architecture
from persian_mir.models.sizes import Sizes
from persian_mir.models.store import find_installed, installed, not_installed, weights_file
from persian_mir.models.table import SIGNAL

if TYPE_CHECKING:
    import torch

    from persian_mir.half_precision import LayerShape

HEADS = (5, 7, 512)  # classes of instruments and of modes, and MARBLE's hidden layer


def load_backbone(id_or_folder: str, device: str = "auto", precision: str = "auto", engine: str = "auto") -> Backbone:
    """The backbone called `id_or_folder`: `signal`, the id of an installed model, or a folder in the hub's format, for
    names that the user gave. Otherwise as `load_installed`.
    """
    folder = Path(id_or_folder).expanduser()
    if id_or_folder == SIGNAL or find_installed(id_or_folder) is not None or not folder.is_dir():
        return load_installed(id_or_folder, device, precision, engine)
    return load_folder(folder, f"local/{folder.resolve().name}", "local", device, precision, engine)


def load_installed(model_id: str, device: str = "auto", precision: str = "auto", engine: str = "auto") -> Backbone:
    """The backbone of that id, as a probe names it: never a path.

    `device` is auto, cpu, cuda or mps; `precision` exact (as auto is here) or, for transformer models, fast; `engine`
    auto, torch or openvino: what cannot be had is told by the backbone's `remark`.
    Raises ModelError when the model is not installed, damaged or refused.
    """
    from persian_mir.backbones.signal import SignalBackbone

    if model_id == SIGNAL:
        return SignalBackbone()
    model = find_installed(model_id)
    if model is None or model.folder is None:
        raise not_installed(model_id)
    return load_folder(model.folder, model.id, model.revision, device, precision, engine)


def load_folder(
    folder: Path, model_id: str, revision: str, device: str, precision: str = "auto", engine: str = "auto"
) -> Backbone:
    """The backbone whose files lie in `folder`, known as `model_id`."""
    from persian_mir.backbones.device import pick_device
    from persian_mir.backbones.engines import start

    chosen = pick_device(device)
    network, architecture, key = load_network(folder, model_id, revision)
    return start(network, architecture, key, chosen, precision, engine)


def load_network(folder: Path, model_id: str, revision: str) -> tuple[torch.nn.Module, Sizes, BackboneKey]:
    """The network whose files lie in `folder` as torch has it, float32 on the CPU, and what it goes by."""
    from persian_mir.backbones.weights import file_hash, load_weights

    if not folder.is_dir():
        raise ModelError(
            _("The folder of {id} is gone.").format(id=model_id),
            path=folder,
            cure=_("Bring it back, or remove the model."),
        )
    architecture = read_architecture(folder)
    weights = weights_file(folder)
    family = family_of(architecture)
    network = load_weights(build_network(architecture, "meta"), weights, family.mended, family.fixed)
    return network, architecture, key_of(architecture, model_id, revision, file_hash(weights))


def key_of(architecture: Sizes, model_id: str, revision: str, weights_hash: str) -> BackboneKey:
    """What a network of that architecture goes by."""
    sizes = architecture.rate, architecture.states, architecture.width, architecture.normalise
    return BackboneKey(model_id, revision, weights_hash, *sizes)


def wrong_in_bfloat16(device: str) -> tuple[int, tuple[LayerShape, ...]]:
    """How many kinds and shapes of layer the backbones here and the heads on them have, and which are wrong there."""
    from persian_mir.backbones.signal import feature_names
    from persian_mir.half_precision import LayerShape, layer_shapes, wrong_layers

    shapes = []
    for model in installed():
        width = len(feature_names())  # of `signal`, which has no folder
        if model.folder is not None:
            try:
                architecture = read_architecture(model.folder)
            except ModelError:  # told where it is used
                continue
            width = architecture.width
            shapes += [shape for _name, shape in layer_shapes(build_network(architecture, "meta"))]
        shapes += [LayerShape("Product", (size, width)) for size in HEADS]
    return wrong_layers(shapes, device)


def build_network(architecture: Sizes, device: str) -> torch.nn.Module:
    """The network of that architecture: random on `cpu`, without memory for its weights on `meta`."""
    import torch

    spare_torchaudio()
    with torch.device(device):
        return family_of(architecture).build(architecture)


def spare_torchaudio() -> None:
    """Keep transformers from importing torchaudio, which it does where that is installed and no network here needs:
    beside another build of torch the import raises, and transformers' own classes with it.
    """
    from transformers import utils

    for module in (utils, utils.import_utils):
        vars(module)["is_torchaudio_available"] = lambda: False
