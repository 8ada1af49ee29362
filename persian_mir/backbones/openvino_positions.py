"""The position convolution by its spectrum: a kernel as long as a third of a window is a product of numbers there.

Blocks of twice the kernel's length overlap by half (overlap-save); both transforms are products of matrices. For 128
taps and five seconds that is a fifth of the arithmetic. Exact in float32 only: eight significant bits would not do for
the transforms.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import torch

from persian_mir.backbones.backbone import Floats
from persian_mir.backbones.openvino_api import ops
from persian_mir.backbones.openvino_pieces import Node, constant, cut, whole


def convolved(frames: Node, layer: Any) -> Node:
    """`layer`, a grouped Conv1d of an even kernel padded by half of it, over `frames` [1, frames, channels]; as many
    frames come out.
    """
    taps, groups = layer.kernel_size[0], layer.groups
    count = ops.gather(ops.shape_of(frames), whole(1), ops.constant(np.int64(0)))
    forward, back = _transforms(taps)
    spectra = ops.matmul(ops.constant(forward), _blocks(frames, count, layer), False, False)
    parts = ops.reshape(spectra, whole(-1, 2, taps + 1, groups, layer.in_channels // groups), False)
    rows = ops.transpose(parts, whole(2, 3, 1, 0, 4))  # [bins, groups, real or imaginary, blocks, channels of a group]
    rows = ops.reshape(rows, whole(taps + 1, groups, -1, layer.in_channels // groups), False)
    products = ops.matmul(rows, constant(_spectrum(layer)), False, False)
    parts = ops.reshape(products, whole(taps + 1, groups, 2, -1, 2, layer.out_channels // groups), False)
    parts = ops.transpose(parts, whole(3, 2, 4, 0, 1, 5))
    parts = ops.reshape(parts, whole(-1, 4 * (taps + 1), layer.out_channels), False)
    found = ops.matmul(ops.constant(back), parts, False, False)
    found = ops.reshape(found, whole(1, -1, layer.out_channels), False)
    found = ops.slice(found, whole(0), count, whole(1), whole(1))
    return ops.add(found, constant(layer.bias))


def _blocks(frames: Node, count: Node, layer: Any) -> Node:
    """[blocks, 2 * taps, channels]: each begins half a kernel before the `taps` frames that it is for."""
    taps = layer.kernel_size[0]
    rest = ops.floor_mod(ops.negative(count), whole(taps))
    after = ops.concat([whole(0), ops.add(rest, whole(taps // 2)), whole(0)], 0)
    padded = ops.pad(frames, whole(0, taps // 2, 0), after, "constant", ops.constant(np.float32(0)))
    halves = ops.reshape(padded, whole(-1, taps, layer.in_channels), False)
    return ops.concat([cut(halves, 0, 0, -1), cut(halves, 0, 1, 2**31)], 1)


def _transforms(taps: int) -> tuple[Floats, Floats]:
    """From 2 * taps samples to the real parts of `taps` + 1 bins, then the imaginary ones; and the first `taps` samples
    back from what real and imaginary parts of both factors give: of the samples' real part by the kernel's real and
    imaginary part, then of their imaginary part.
    """
    angles = np.pi / taps * np.outer(np.arange(taps + 1), np.arange(2 * taps))
    cosine, sine = np.cos(angles), np.sin(angles)
    weights = np.full((1, taps + 1), 1 / taps)
    weights[:, [0, -1]] /= 2  # the bins that have no mirrored ones
    real, imaginary = weights * cosine.T[:taps], -weights * sine.T[:taps]
    back = np.concatenate([real, imaginary, imaginary, -real], 1)
    return np.concatenate([cosine, -sine]).astype(np.float32), back.astype(np.float32)


def _spectrum(layer: Any) -> torch.Tensor:
    """[bins, groups, in, 2 * out]: of a group's channels, the real parts before the imaginary ones."""
    taps, groups = layer.kernel_size[0], layer.groups
    spectrum = torch.fft.rfft(layer.weight.detach(), 2 * taps).conj()  # a layer's kernel is not turned round
    both = torch.stack([spectrum.real, spectrum.imag])  # [2, out, in, bins]
    apart = both.reshape(2, groups, -1, *both.shape[2:])
    return apart.permute(4, 1, 3, 0, 2).flatten(3)
