"""config.json and preprocessor_config.json, read as data: sizes are taken and checked, nothing in them is obeyed.

What the fields mean: `transformers`' HubertConfig, Wav2Vec2Config and Data2VecAudioConfig, and MERT's own
configuration_MERT.py (hub revision 12af15f of m-a-p/MERT-v1-95M), whose code is never run.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from persian_mir.errors import ModelError
from persian_mir.i18n import _
from persian_mir.models import clap, cnn14, conformer, encodec, sample_cnn
from persian_mir.models.fields import Fields, read_description
from persian_mir.models.sizes import Sizes

CONFIG, PREPROCESSOR = "config.json", "preprocessor_config.json"

_MAX_PARAMETERS = 2_000_000_000  # MERT-v1-330M has 315 million
_TRANSFORMERS = {"mert_model": "hubert", "hubert": "hubert", "data2vec-audio": "data2vec", "wav2vec2": "wav2vec2"}
# Branches of MERT and its relatives that no released checkpoint uses, with the value that switches them off.
_MUST_BE = {
    "feature_extractor_cqt": False,
    "deepnorm": False,
    "conv_pos_batch_norm": False,
    "feat_proj_layer_norm": True,
    "add_adapter": False,
    "adapter_attn_dim": None,
}


@dataclass(frozen=True, slots=True)
class Architecture:
    """The sizes of one model of HuBERT's kind: see Sizes."""

    family: str
    rate: int
    normalise: bool
    width: int
    layers: int
    heads: int
    intermediate: int
    conv_dim: tuple[int, ...]
    conv_kernel: tuple[int, ...]
    conv_stride: tuple[int, ...]
    conv_bias: bool
    conv_norm: str
    position_kernel: int
    position_groups: int
    position_depth: int
    stable_layer_norm: bool
    layer_norm_eps: float
    conv_activation: str
    activation: str

    @property
    def states(self) -> int:
        """Hidden states: the first layer's input, and each layer's output."""
        return self.layers + 1

    @property
    def receptive_field(self) -> int:
        """Samples that one frame looks at: the shortest window that can be embedded."""
        field, hop = 1, 1
        for kernel, stride in zip(self.conv_kernel, self.conv_stride, strict=True):
            field += (kernel - 1) * hop
            hop *= stride
        return field

    @property
    def parameters(self) -> int:
        """About how many values the weights hold (norms and biases left out)."""
        convolutions = sum(
            before * after * kernel
            for before, after, kernel in zip((1, *self.conv_dim), self.conv_dim, self.conv_kernel, strict=False)
        )
        position = self.position_depth * self.width * (self.width // self.position_groups) * self.position_kernel
        layer = 4 * self.width**2 + 2 * self.width * self.intermediate
        return convolutions + self.conv_dim[-1] * self.width + position + self.layers * layer


def read_architecture(folder: Path) -> Sizes:
    """The architecture that `folder`'s config describes. Raises ModelError when it is absent, absurd or unknown."""
    if (folder / cnn14.FILE).is_file():
        return cnn14.Cnn14()
    path = folder / CONFIG
    statistics = conformer.musicfm_statistics(folder)
    if statistics is not None and not path.is_file():
        return conformer.read_musicfm(statistics)
    fields = Fields(read_description(path), path)
    kind = conformer.KIND if conformer.MARK in fields.data else fields.text("model_type")
    if kind not in _READERS:
        raise ModelError(_("A model of the type {kind} is not known here.").format(kind=kind), path=path)
    architecture = _READERS[kind](folder, fields)
    if architecture.parameters > _MAX_PARAMETERS:
        count = architecture.parameters
        raise ModelError(_("This model claims to have {count} weights.").format(count=count), path=path)
    return architecture


def _read_transformer(folder: Path, fields: Fields) -> Architecture:
    fields.must_be(_MUST_BE)
    rate, normalise = _preprocessing(folder, fields)
    family = _TRANSFORMERS[fields.text("model_type")]
    conv_dim = fields.whole_list("conv_dim", 2048)
    architecture = Architecture(
        family=family,
        rate=rate,
        normalise=normalise,
        width=fields.whole("hidden_size", 4096),
        layers=fields.whole("num_hidden_layers", 64),
        heads=fields.whole("num_attention_heads", 64),
        intermediate=fields.whole("intermediate_size", 16384),
        conv_dim=conv_dim,
        conv_kernel=fields.whole_list("conv_kernel", 64),
        conv_stride=fields.whole_list("conv_stride", 32),
        conv_bias=fields.truth("conv_bias", False),
        conv_norm="layer" if family == "data2vec" else fields.choice("feat_extract_norm", ("group", "layer")),
        position_kernel=fields.whole(
            "conv_pos_kernel_size" if family == "data2vec" else "num_conv_pos_embeddings", 1024
        ),
        position_groups=fields.whole("num_conv_pos_embedding_groups", 1024),
        position_depth=fields.whole("num_conv_pos_embeddings", 32) if family == "data2vec" else 1,
        stable_layer_norm=family != "data2vec" and fields.truth("do_stable_layer_norm", False),
        layer_norm_eps=fields.small("layer_norm_eps"),
        conv_activation=fields.choice("feat_extract_activation", ("gelu", "relu", "silu")),
        activation=fields.choice("hidden_act", ("gelu", "relu", "silu")),
    )
    a = architecture
    fields.check(
        len(a.conv_dim) == len(a.conv_kernel) == len(a.conv_stride)
        and a.width % a.heads == 0
        and a.width % a.position_groups == 0
        and math.prod(a.conv_stride) <= 4096
    )
    return architecture


def _preprocessing(folder: Path, config: Fields) -> tuple[int, bool]:
    """Sampling rate in Hz and whether windows are normalised; Music2Vec comes without the file, and wants it."""
    path = folder / PREPROCESSOR
    if not path.is_file():
        return config.whole("sample_rate", 192_000, default=16_000), True
    fields = Fields(read_description(path), path)
    return fields.whole("sampling_rate", 192_000), fields.truth("do_normalize", True)


_READERS: Mapping[str, Callable[[Path, Fields], Sizes]] = {
    **dict.fromkeys(_TRANSFORMERS, _read_transformer),
    clap.KIND: clap.read_clap,
    sample_cnn.KIND: sample_cnn.read_sample_cnn,
    encodec.KIND: encodec.read_encodec,
    conformer.KIND: conformer.read_muq,
}
