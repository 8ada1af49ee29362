"""The descriptions of MuQ and MusicFM, which have one graph: a mel spectrum, two residual blocks, a Conformer.

MuQ's config.json is that of its own class (github.com/tencent-ailab/MuQ), which holds a `Wav2Vec2ConformerConfig` and
the mean and deviation of the mel spectrum. MusicFM has no such file: its code (github.com/minzwon/musicfm) names the
sizes, of facebook/wav2vec2-conformer-rope-large-960h-ft in the Conformer, and a file beside the weights the statistics.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from persian_mir.models.fields import Fields, read_description

KIND = "conformer"
MARK = "w2v2_config"  # by which MuQ's config.json, which names no type, is known
STATISTICS = {"pretrained_msd.pt": "msd_stats.json", "pretrained_fma.pt": "fma_stats.json"}  # MusicFM's checkpoints'
STRIDE = 4  # frames of the mel spectrum in one of the model's
SPECTRUM = 2048  # samples of one frame of the mel spectrum

_MUST_BE = {"features": ["melspec_2048"], "label_rate": 25, "is_flash": False}
_CONFORMER_MUST_BE = {"position_embeddings_type": "rotary"}
MUSICFM: Mapping[str, Any] = {
    "hop_length": 240, "n_mels": 128, "conv_dim": 512, "encoder_dim": 1024, "encoder_depth": 12,
    MARK: {
        "num_attention_heads": 16, "intermediate_size": 4096, "hidden_act": "swish",
        "position_embeddings_type": "rotary", "rotary_embedding_base": 10_000, "conv_depthwise_kernel_size": 31,
    },
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class ConformerArchitecture:
    """The sizes of one MuQ or MusicFM. `mean` and `deviation` of the mel spectrum are in decibels."""

    width: int
    layers: int
    heads: int
    intermediate: int
    kernel: int
    activation: str
    layer_norm_eps: float
    channels: int
    mels: int
    hop: int
    mean: float
    deviation: float

    family = KIND
    rate = 24_000
    normalise = False
    windows_s = (5.0, 30.0)  # it learnt from 30 s at a time, 25 frames a second

    @property
    def states(self) -> int:
        """Hidden states: the first layer's input, and each layer's output."""
        return self.layers + 1

    @property
    def receptive_field(self) -> int:
        """What is mirrored at both ends must be there."""
        return max(SPECTRUM // 2 + 1, STRIDE * self.hop)

    @property
    def parameters(self) -> int:
        """About how many values the weights hold (norms and biases left out)."""
        front = 9 * self.channels * (2 + 4 * self.channels) + self.channels * self.mels // STRIDE * self.width
        layer = self.width * (7 * self.width + 4 * self.intermediate + self.kernel)
        return front + self.layers * layer


def read_muq(_folder: Path, fields: Fields) -> ConformerArchitecture:
    """The sizes in MuQ's `fields`. Raises ModelError for what is absurd, or a branch that is not built here."""
    fields.must_be(_MUST_BE)
    inner, statistics = fields.within(MARK), fields.within("stat")
    inner.must_be(_CONFORMER_MUST_BE)
    inner.whole("rotary_embedding_base", 10_000_000, default=10_000)  # the checkpoint itself holds what follows from it
    a = ConformerArchitecture(
        width=fields.whole("encoder_dim", 4096),
        layers=fields.whole("encoder_depth", 64),
        heads=inner.whole("num_attention_heads", 64),
        intermediate=inner.whole("intermediate_size", 16384),
        kernel=inner.whole("conv_depthwise_kernel_size", 255, default=31),
        activation=inner.choice("hidden_act", ("swish", "silu", "gelu", "relu")),
        layer_norm_eps=inner.small("layer_norm_eps"),
        channels=fields.whole("conv_dim", 4096),
        mels=fields.whole("n_mels", 512),
        hop=fields.whole("hop_length", 4096),
        mean=statistics.number("melspec_2048_mean", -200.0, 200.0),
        deviation=statistics.number("melspec_2048_std", 0.01, 200.0),
    )
    fields.check(a.width % (2 * a.heads) == 0 and a.kernel % 2 == 1 and a.mels % STRIDE == 0)
    return a


def musicfm_statistics(folder: Path) -> Path | None:
    """The file by which a folder is known as MusicFM's, that of the checkpoint in it; None where there is none."""
    there = {weights: folder / name for weights, name in STATISTICS.items() if (folder / name).is_file()}
    own = [path for weights, path in there.items() if (folder / weights).is_file()]
    return next(iter([*own, *there.values()]), None)


def read_musicfm(statistics: Path) -> ConformerArchitecture:
    """MusicFM's sizes, with the mean and deviation in its own file. Raises ModelError."""
    return read_muq(statistics.parent, Fields({**MUSICFM, "stat": read_description(statistics)}, statistics))
