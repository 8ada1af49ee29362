"""EnCodec: what its encoder makes of a sound before it is quantised, and the codes that it is quantised to.

A. Défossez and others, "High Fidelity Neural Audio Compression" (2022). The decoder is not built. This file imports
torch at once: import it where a network is loaded.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Self

import numpy as np
import torch
from numpy.typing import NDArray
from torch import nn

from persian_mir.backbones.backbone import Floats
from persian_mir.errors import ModelError
from persian_mir.i18n import _
from persian_mir.models.encodec import EncodecArchitecture

BOOKS = 8  # of 1,024 codes, at 75 frames a second: the 6 kbit/s that MERT learnt from


class EncodecNetwork(nn.Module):
    """Encoder and codebooks, of `transformers`' own classes, their weights not yet those of any checkpoint."""

    def __init__(self, architecture: EncodecArchitecture) -> None:
        from transformers import EncodecConfig
        from transformers.models.encodec import modeling_encodec as parts

        super().__init__()
        a = architecture
        frame_bits = -(-a.rate // a.receptive_field) * (a.codes.bit_length() - 1)
        config = EncodecConfig(
            sampling_rate=a.rate,
            hidden_size=a.width,
            num_filters=a.filters,
            kernel_size=a.kernel,
            last_kernel_size=a.last_kernel,
            residual_kernel_size=a.residual_kernel,
            dilation_growth_rate=a.dilation,
            compress=a.compress,
            num_lstm_layers=a.recurrent_layers,
            upsampling_ratios=list(a.strides[::-1]),
            codebook_size=a.codes,
            target_bandwidths=[a.books * frame_bits / 1000],
        )
        self.encoder = parts.EncodecEncoder(config)
        self.quantizer = parts.EncodecResidualVectorQuantizer(config)

    def to_empty(self, *, device: Any, recurse: bool = True) -> Self:
        """As torch's; the lengths that each convolution keeps beside its weights are no part of a checkpoint."""
        super().to_empty(device=device, recurse=recurse)
        for layer in self.encoder.modules():
            if hasattr(layer, "padding_total"):
                reach = (layer.conv.kernel_size[0] - 1) * layer.conv.dilation[0] + 1
                layer.kernel_size.fill_(reach)
                layer.stride.fill_(layer.conv.stride[0])
                layer.padding_total.fill_(reach - layer.conv.stride[0])
        return self


def hidden_states(
    network: Any, _architecture: EncodecArchitecture, waveforms: torch.Tensor, _deepest: int
) -> Iterator[torch.Tensor]:
    """The only state of [windows, samples]: the embedding before the quantiser, [windows, frames, width]."""
    yield network.encoder(waveforms[:, None]).transpose(1, 2)


def codes(network: Any, batch: Floats, books: int = BOOKS) -> NDArray[np.int64]:
    """The codes of `batch` [windows, samples], raw mono at the model's rate: [windows, frames, books].

    `network` is that of `load_network`, on any device. Frame k ends the stride of samples k; there are as many frames
    as strides begun. Raises ModelError for more books than the model has.
    """
    layers = network.quantizer.layers
    if books > len(layers):
        raise ModelError(_("This model has {count} books of codes only.").format(count=len(layers)))
    device = next(network.parameters()).device
    with torch.inference_mode():
        left = network.encoder(torch.from_numpy(np.ascontiguousarray(batch, np.float32)).to(device)[:, None])
        found = []
        for layer in layers[:books]:
            found.append(layer.encode(left))
            left = left - layer.decode(found[-1])
        stacked: NDArray[np.int64] = torch.stack(found, dim=2).cpu().numpy()
    return stacked


def mended(name: str) -> str:
    """A tensor's name in our network; empty where it is not used."""
    return "" if name.startswith("decoder.") else name
