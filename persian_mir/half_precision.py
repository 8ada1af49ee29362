"""Whether this machine computes a layer rightly in bfloat16; one that it does not is computed in float32.

A library may be wrong for a shape on a processor: oneDNN is, with AMX, for grouped convolutions of few channels, by
100 %. So each kind and shape of layer is held against float32 on random numbers before its first use; what was found
holds for the process. Where the processor does not multiply bfloat16 itself it is right, and slower than float32.

This file imports torch at once: import it where a network is loaded.
"""

from __future__ import annotations

import logging
import math
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

import torch
from torch import nn

LIMIT = 0.03  # of the size of an output channel; sound bfloat16 is off by 0.003 to 0.006
BANDS = 8  # of the picture that a flat convolution is tried on
LENGTHS = (25, 374)  # frames that a layer is tried on: of half a second and, at 24 kHz, of five
_INSTRUCTIONS = ("avx512_bf16", "amx_bf16", "bf16")  # of x86 and of ARM, by torch's names

_log = logging.getLogger(__name__)


class Attention(nn.Module):
    """What an attention layer does between its projections."""

    def __init__(self, heads: int, width: int) -> None:
        super().__init__()
        self._heads, self._width = heads, width

    def forward(self, frames: torch.Tensor) -> torch.Tensor:
        """[1, frames, heads * width] to the same shape; each frame looks at those that are like it."""
        heads = frames.view(*frames.shape[:2], self._heads, self._width).transpose(1, 2)
        mixed = nn.functional.scaled_dot_product_attention(heads, heads, heads)
        return mixed.transpose(1, 2).flatten(2)


class Product(nn.Module):
    """A layer of stacked probes, and what its gradient comes to."""

    def __init__(self, size: int, width: int) -> None:
        super().__init__()
        self.weight = nn.Parameter(torch.randn(2, size, width) / math.sqrt(width))

    def forward(self, values: torch.Tensor) -> torch.Tensor:
        """[2, segments, width] to columns [2, size, segments], the slope of their squares beside them (by width)."""
        with torch.enable_grad():
            columns = torch.bmm(self.weight, values.transpose(1, 2))
            (slope,) = torch.autograd.grad(columns.float().square().mean(), self.weight)
        scale = columns.detach().float().square().mean().sqrt() / slope.square().mean().sqrt()
        return torch.cat([columns.detach().float(), slope * scale], dim=2)


@dataclass(frozen=True, slots=True)
class LayerShape:
    """`kind` Linear (in, out, bias), Conv1d or Conv2d (its arguments), Attention (heads, width of one), Product (out,
    in).
    """

    kind: str
    sizes: tuple[Any, ...]

    def __str__(self) -> str:
        return f"{self.kind}({', '.join(map(str, self.sizes))})"

    def layer(self) -> nn.Module:
        """One with random weights."""
        kinds = {"Linear": nn.Linear, "Conv1d": nn.Conv1d, "Conv2d": nn.Conv2d}
        layer: nn.Module = (kinds | {"Attention": Attention, "Product": Product})[self.kind](*self.sizes)
        return layer

    def input(self, frames: int) -> torch.Tensor:
        """Random numbers that become so many frames: [1, frames, width], or [1, channels, more frames]; or a picture of
        so many.
        """
        match self.kind, self.sizes:
            case "Conv2d", (channels, *_rest):
                return torch.randn(1, channels, BANDS, frames)
            case "Conv1d", (channels, _out, kernel, stride, padding, *_rest):
                return torch.randn(1, channels, stride * (frames - 1) + kernel - 2 * padding)
            case "Attention", (heads, width):
                return torch.randn(1, frames, heads * width)
            case "Product", (_size, width):
                return torch.randn(2, frames, width)
        return torch.randn(1, frames, self.sizes[0])


def multiplies_bfloat16(device: str = "cpu") -> bool:
    """Whether `device` itself multiplies eight significant bits. A processor that does not goes through float32, or,
    in torch's layers, is over a hundred times slower.
    """
    if device != "cpu":
        return device != "cuda" or bool(torch.cuda.is_bf16_supported(including_emulation=False))
    known: Mapping[str, Any] = getattr(torch.cpu, "get_capabilities", dict)()
    if known:
        return any(known.get(name) for name in _INSTRUCTIONS)
    older = ("_is_avx512_bf16_supported", "_is_amx_tile_supported")  # torch before 2.13
    return any(getattr(torch.cpu, name, bool)() for name in older)


def keep_right(network: nn.Module, device: str) -> list[str]:
    """Let the layers of `network` that are wrong in bfloat16 on `device` compute in float32; their names."""
    wrong = [name for name, shape in layer_shapes(network) if not is_right(shape, device)]
    for name in wrong:
        _leave_autocast(network.get_submodule(name), device)
    return wrong


def _leave_autocast(layer: nn.Module, device: str) -> None:
    """Let `layer`, its weights called as before, take no part in autocast."""
    compute = layer.forward

    def forward(values: torch.Tensor, *args: Any, **named: Any) -> Any:
        with torch.autocast(device, enabled=False):
            return compute(values.float(), *args, **named)

    layer.forward = forward


def layer_shapes(network: nn.Module) -> Iterator[tuple[str, LayerShape]]:
    """Names and shapes of the layers that autocast computes in bfloat16; an attention comes after its projections."""
    for name, layer in reversed(list(network.named_modules())):
        if isinstance(layer, nn.Linear):
            yield name, LayerShape("Linear", (layer.in_features, layer.out_features, layer.bias is not None))
        elif isinstance(layer, nn.Conv1d | nn.Conv2d):
            lengths = (layer.kernel_size, layer.stride, layer.padding, layer.dilation)
            flat = isinstance(layer, nn.Conv1d)
            ends = (layer.groups, layer.bias is not None)
            sizes = (layer.in_channels, layer.out_channels, *(one[0] if flat else one for one in lengths), *ends)
            yield name, LayerShape("Conv1d" if flat else "Conv2d", sizes)
        elif isinstance(getattr(layer, "num_heads", None), int):
            width = getattr(layer, "head_dim", getattr(layer, "head_size", None))
            if isinstance(width, int):
                yield name, LayerShape("Attention", (layer.num_heads, width))


def wrong_layers(shapes: Iterable[LayerShape], device: str) -> tuple[int, tuple[LayerShape, ...]]:
    """How many different ones there are, and which of them are wrong on `device`."""
    different = dict.fromkeys(shapes)
    return len(different), tuple(shape for shape in different if not is_right(shape, device))


@cache
def is_right(shape: LayerShape, device: str) -> bool:
    """Whether a layer of that shape gives nearly the same in bfloat16 as in float32, here."""
    with torch.random.fork_rng(devices=[]):  # nobody's seeded numbers change because a model was loaded
        layer, inputs = shape.layer().to(device), [shape.input(frames).to(device) for frames in LENGTHS]
    try:
        worst = max(_error(layer, values, 2 if shape.kind in ("Linear", "Attention") else 1) for values in inputs)
    except RuntimeError as error:
        _log.info("bfloat16 cannot be used for %s on %s: %s", shape, device, error)
        return False
    if worst > LIMIT:
        _log.info("bfloat16 is off by %.3f for %s on %s, which is computed in float32", worst, shape, device)
    return worst <= LIMIT


def _error(layer: nn.Module, values: torch.Tensor, axis: int) -> float:
    """Of a channel (a place of `axis`): by the size of that channel or of all, whichever is more; the worst one's."""
    with torch.no_grad():
        exact = layer(values)
        with torch.autocast(values.device.type, torch.bfloat16):
            off = (layer(values).float() - exact).nan_to_num(math.inf, math.inf, math.inf)
    others = [other for other in range(exact.dim()) if other != axis]
    size = exact.square().mean(others).clamp_min(float(exact.square().mean()))
    return float((off.square().mean(others) / size).max().sqrt())
