"""The convolutions of a transformer backbone as products of matrices, channels last.

Frames lie apart by phase, see `phases`: what a stride of two adds up are quarters of the whole, and nothing is moved. A
norm over channels is one pass, which it is not where OpenVINO lays out convolutions.

A layer of three taps takes five products for two frames, not six: over every second frame it is a filter of two taps,
which takes three for two (F(2, 2) of Winograd, Arithmetic Complexity of Computations, 1980).
"""

from __future__ import annotations

from typing import Any

import numpy as np

from persian_mir.backbones.openvino_api import Model, ops
from persian_mir.backbones.openvino_pieces import ACTIVATIONS, Node, cut, layer_norm, product, whole
from persian_mir.backbones.phases import Phases, ordered
from persian_mir.models.config import Architecture


def build_convolutions(network: Any, architecture: Architecture, phases: Phases, taps: int) -> Model:
    """The graph of all convolutions, its inputs `samples` [phases, rows, taps] and `kernels` [channels, taps].

    Its output: [1, frames of the last layer, channels], some more than asked for where they do not come out even.
    """
    blocks = network.feature_extractor.conv_layers
    samples = ops.parameter([len(phases.order), -1, taps], np.float32, "samples")
    kernels = ops.parameter([architecture.conv_dim[0], taps], np.float32, "kernels")

    def behind(node: Node, block: Any) -> Node:
        norm = getattr(block, "layer_norm", None)
        node = node if norm is None or architecture.conv_norm != "layer" else layer_norm(node, norm)
        return ACTIVATIONS[architecture.conv_activation](node)

    node = behind(ops.matmul(samples, kernels, False, True), blocks[0])
    for block, before in zip(blocks[1 : phases.threes + 1], range(phases.threes, 0, -1), strict=True):
        even, odd = _three_taps(node, 1 << (before - 1), block.conv)
        node = ops.concat([behind(even, block), behind(odd, block)], 0)
    node = ops.reshape(ops.transpose(node, whole(1, 0, 2)), whole(1, -1, architecture.conv_dim[phases.threes]), False)
    node = cut(node, 1, 0, -2 if phases.twos else -1)
    for block in blocks[phases.threes + 1 :]:
        weight = block.conv.weight.transpose(1, 2).flatten(1)
        pairs = ops.reshape(node, whole(1, -1, weight.shape[1]), False)
        node = behind(product(pairs, weight, block.conv.bias), block)
    return Model([ops.result(node)], [samples, kernels], "convolutions")


def _three_taps(node: Node, quarter: int, layer: Any) -> tuple[Node, Node]:
    """The even and the odd frames of a layer of three taps over [4 * quarter, n, channels], before norm and activation.

    Frames 4 i to 4 i + 4 of the layer before make an even one (of the first three) and an odd one (of the last three).
    """
    frame0, frame2, frame1, frame3 = ops.split(node, ops.constant(np.int64(0)), 4).outputs()
    frame4 = _next(frame0, quarter)
    first, second, third = layer.weight.unbind(2)
    shared = product(frame2, third - first)
    even = ops.add(ops.add(product(ops.add(frame0, frame2), first), shared), product(frame1, second, layer.bias))
    odd = ops.add(ops.subtract(product(ops.add(frame2, frame4), third), shared), product(frame3, second, layer.bias))
    return even, odd


def _next(node: Node, phases: int) -> Node:
    """Of each frame in [phases, n, channels] the one after it; zeros after the last."""
    first = cut(cut(node, 0, 0, 1), 1, 1, 2**31)
    wrapped = ops.pad(first, whole(0, 0, 0), whole(0, 1, 0), "constant", ops.constant(np.float32(0)))
    if phases == 1:
        return wrapped
    order = ordered(phases)
    after = [order.index(phase + 1) if phase + 1 < phases else phases for phase in order]
    return ops.gather(ops.concat([node, wrapped], 0), whole(*after), ops.constant(np.int64(0)))
