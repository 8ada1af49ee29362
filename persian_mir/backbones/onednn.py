"""Faster float32 on the CPU with the same arithmetic: weights packed for oneDNN, GELU within the layer before it.

torch's own Linear goes through a general matrix product that, on many processors, reaches half of what oneDNN reaches
with its weights laid out in advance. torch offers that only to its compiler, under private names; so it is used where
those are found and, on this machine, give what the plain layers give; elsewhere all stays as it is.
`benchmarks/embedding.py` measures it. This file imports torch at once: import it where a network is loaded.
"""

from __future__ import annotations

import logging
from typing import Any

import torch
from torch import nn

from persian_mir.backbones.first_layer import FirstLayer

_log = logging.getLogger(__name__)

_ROWS = 374  # frames of 5 s at 24 kHz: what the layout is tuned for; other counts are right as well


class PackedLinear(nn.Module):
    """A Linear, and `gelu` or nothing after it. It can compute, and nothing else: no state dict, no other device."""

    def __init__(self, linear: nn.Linear, gelu: bool = False) -> None:
        super().__init__()
        self._weight = torch.ops.mkldnn._reorder_linear_weight(linear.weight.detach(), _ROWS)
        self._bias = linear.bias.detach()
        self._after: tuple[str, list[float], str] = ("gelu", [], "none") if gelu else ("none", [], "")

    def forward(self, rows: torch.Tensor) -> torch.Tensor:
        """[..., in] to [..., out]."""
        result: torch.Tensor = torch.ops.mkldnn._linear_pointwise(rows, self._weight, self._bias, *self._after)
        return result


class ConvolutionGelu(nn.Module):
    """A Conv1d with GELU after it, in one pass over the memory."""

    def __init__(self, convolution: nn.Conv1d) -> None:
        super().__init__()
        self._weight, self._bias = convolution.weight.detach(), convolution.bias
        self._stride = list(convolution.stride)

    def forward(self, channels: torch.Tensor) -> torch.Tensor:
        """[windows, in, frames] to [windows, out, fewer frames]."""
        result: torch.Tensor = torch.ops.mkldnn._convolution_pointwise(
            channels, self._weight, self._bias, [0], self._stride, [1], 1, "gelu", [], "none"
        )
        return result


class FirstConvolutionGelu(nn.Module):
    """The first Conv1d, the GroupNorm after it and GELU, in one pass: see FirstLayer."""

    def __init__(self, convolution: nn.Conv1d, norm: nn.GroupNorm) -> None:
        super().__init__()
        self._first = FirstLayer.of(convolution, norm)

    def forward(self, waveforms: torch.Tensor) -> torch.Tensor:
        """[windows, 1, samples] to [windows, channels, frames]."""
        windows = []
        for waveform in waveforms:
            under = self._first.under(waveform[0].numpy())
            kernels = torch.from_numpy(self._first.kernels(under))
            weight, shift, stride = kernels[:, None, :-1], kernels[:, -1].contiguous(), [self._first.stride]
            windows.append(
                torch.ops.mkldnn._convolution_pointwise(
                    waveform[None], weight.contiguous(), shift, [0], stride, [1], 1, "gelu", [], "none"
                )
            )
        return windows[0] if len(windows) == 1 else torch.cat(windows)


def speed_up(network: Any) -> None:
    """Put the faster layers into `network` (float32, CPU), where they are right on this machine."""
    available: bool = torch.backends.mkldnn.is_available()  # type: ignore[no-untyped-call]
    if not available or not _right_here():
        return
    with torch.no_grad():
        for layer in network.encoder.layers:
            attention, forward = layer.attention, layer.feed_forward
            for name in ("q_proj", "k_proj", "v_proj", "out_proj"):
                setattr(attention, name, PackedLinear(getattr(attention, name)))
            gelu = network.config.hidden_act == "gelu"
            forward.intermediate_dense = PackedLinear(forward.intermediate_dense, gelu)
            forward.intermediate_act_fn = nn.Identity() if gelu else forward.intermediate_act_fn
            forward.output_dense = PackedLinear(forward.output_dense)
        if network.config.feat_extract_activation == "gelu":
            _fuse_convolutions(network.feature_extractor.conv_layers)


def _fuse_convolutions(blocks: Any) -> None:
    for block in blocks:
        norm = getattr(block, "layer_norm", None)
        if norm is None:
            block.conv, block.activation = ConvolutionGelu(block.conv), nn.Identity()
        elif isinstance(norm, nn.GroupNorm):
            block.conv = FirstConvolutionGelu(block.conv, norm)
            block.layer_norm = block.activation = nn.Identity()


def _right_here() -> bool:
    """Whether torch has these operations here, and they agree with the plain layers."""
    with torch.random.fork_rng(devices=[]):  # nobody's seeded numbers change because a model was loaded
        linear, convolution = nn.Linear(48, 96), nn.Conv1d(16, 32, 3, 2, bias=False)
        first, norm = nn.Conv1d(1, 32, 10, 5), nn.GroupNorm(32, 32)
        rows, channels, waveforms = torch.randn(2, 37, 48), torch.randn(2, 16, 75), torch.randn(2, 1, 900)
    try:
        with torch.inference_mode():
            pairs = (
                (PackedLinear(linear)(rows), linear(rows)),
                (PackedLinear(linear, gelu=True)(rows), nn.functional.gelu(linear(rows))),
                (ConvolutionGelu(convolution)(channels), nn.functional.gelu(convolution(channels))),
                (FirstConvolutionGelu(first, norm)(waveforms), nn.functional.gelu(norm(first(waveforms)))),
            )
    except (AttributeError, RuntimeError, TypeError, NotImplementedError) as error:
        _log.info("oneDNN's packed layers cannot be used here: %s", error)
        return False
    return all(torch.allclose(fast, plain, rtol=1e-4, atol=1e-5) for fast, plain in pairs)
