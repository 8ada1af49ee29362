"""config.json and preprocessor_config.json, read as data: sizes are taken and checked, nothing in them is obeyed.

What the fields mean: `transformers`' HubertConfig, Wav2Vec2Config and Data2VecAudioConfig, and MERT's own
configuration_MERT.py (hub revision 12af15f of m-a-p/MERT-v1-95M), whose code is never run.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from persian_mir.checked_json import RecordError, read_json, record
from persian_mir.errors import ModelError
from persian_mir.i18n import _

CONFIG, PREPROCESSOR = "config.json", "preprocessor_config.json"

_MAX_JSON = 1 << 20  # bytes; the real files have two thousand
_MAX_PARAMETERS = 2_000_000_000  # MERT-v1-330M has 315 million
_FAMILIES = {"mert_model": "hubert", "hubert": "hubert", "data2vec-audio": "data2vec", "wav2vec2": "wav2vec2"}
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
    """The sizes of one model. `rate` in Hz; `normalise`: each window to zero mean and unit variance."""

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


def read_architecture(folder: Path) -> Architecture:
    """The architecture that `folder`'s config describes. Raises ModelError when it is absent, absurd or unknown."""
    path = folder / CONFIG
    fields = _Fields(_read_json(path), path)
    kind = fields.text("model_type")
    if kind not in _FAMILIES:
        raise ModelError(_("A model of the type {kind} is not known here.").format(kind=kind), path=path)
    for name, value in _MUST_BE.items():
        if fields.data.get(name, value) != value:
            raise ModelError(_("This model uses {name}, which is not supported.").format(name=name), path=path)
    rate, normalise = _preprocessing(folder, fields)
    family = _FAMILIES[kind]
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
    _check_whole(architecture, path)
    return architecture


def _check_whole(architecture: Architecture, path: Path) -> None:
    """Refuse sizes that are each possible but do not fit together."""
    a = architecture
    fits = (
        len(a.conv_dim) == len(a.conv_kernel) == len(a.conv_stride)
        and a.width % a.heads == 0
        and a.width % a.position_groups == 0
        and math.prod(a.conv_stride) <= 4096
    )
    if not fits:
        raise ModelError(_("The sizes of this model do not fit together."), path=path)
    if a.parameters > _MAX_PARAMETERS:
        raise ModelError(_("This model claims to have {count} weights.").format(count=a.parameters), path=path)


def _preprocessing(folder: Path, config: _Fields) -> tuple[int, bool]:
    """Sampling rate in Hz and whether windows are normalised; Music2Vec comes without the file, and wants it."""
    path = folder / PREPROCESSOR
    if not path.is_file():
        return config.whole("sample_rate", 192_000, default=16_000), True
    fields = _Fields(_read_json(path), path)
    return fields.whole("sampling_rate", 192_000), fields.truth("do_normalize", True)


def _read_json(path: Path) -> Mapping[str, object]:
    try:
        return read_json(path, record(), _MAX_JSON)  # type: ignore[no-any-return]
    except OSError as error:
        raise ModelError(
            _("The file of the model cannot be read: {why}").format(why=error.strerror), path=path
        ) from error
    except RecordError as error:
        what = _("The file does not describe a model: {reason}").format(reason=error.what)
        raise ModelError(what, path=path) from error


@dataclass(frozen=True, slots=True)
class _Fields:
    """The fields of one file, each taken only as what it must be."""

    data: Mapping[str, object]
    path: Path

    def whole(self, name: str, highest: int, default: int | None = None) -> int:
        value = self.data.get(name, default)
        if type(value) is not int or not 1 <= value <= highest:
            raise self._wrong(name, value)
        return value

    def whole_list(self, name: str, highest: int) -> tuple[int, ...]:
        value = self.data.get(name)
        if not isinstance(value, list) or not 1 <= len(value) <= 16:
            raise self._wrong(name, value)
        if any(type(item) is not int or not 1 <= item <= highest for item in value):
            raise self._wrong(name, value)
        return tuple(value)

    def truth(self, name: str, default: bool) -> bool:
        value = self.data.get(name, default)
        if not isinstance(value, bool):
            raise self._wrong(name, value)
        return value

    def small(self, name: str) -> float:
        value = self.data.get(name, 1e-5)
        if not isinstance(value, float) or not 0 < value < 0.1:
            raise self._wrong(name, value)
        return value

    def text(self, name: str) -> str:
        value = self.data.get(name)
        if not isinstance(value, str):
            raise self._wrong(name, value)
        return value[:80]

    def choice(self, name: str, allowed: tuple[str, ...]) -> str:
        value = self.data.get(name, allowed[0])
        if value not in allowed:
            raise self._wrong(name, value)
        return str(value)

    def _wrong(self, name: str, value: object) -> ModelError:
        what = _("The model's field {name} cannot be {value}.").format(name=name, value=repr(value)[:80])
        return ModelError(what, path=self.path)
