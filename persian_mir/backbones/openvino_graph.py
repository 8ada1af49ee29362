"""A transformer backbone as a graph of OpenVINO, made from the network that torch has loaded; all states in one pass.

Nothing is traced: the few operations of the three families are written down, their weights taken as they are. This
file imports openvino at once: import it where a network is loaded, and only where openvino is installed.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import torch

from persian_mir.backbones.openvino_api import Model, ops
from persian_mir.backbones.openvino_pieces import (
    ACTIVATIONS,
    Node,
    constant,
    cut,
    gelu_apart,
    layer_norm,
    linear,
    product,
    swapped,
    whole,
)
from persian_mir.backbones.openvino_positions import convolved
from persian_mir.models.config import Architecture


def build_graph(network: Any, architecture: Architecture, exact: bool) -> Model:
    """The graph of `network` behind its convolutions, its input `frames` [1, frames, channels], for float32 if `exact`.

    Output k is the mean over time of hidden state k, [1, width]; see `transformer.hidden_states`.
    """
    frames = ops.parameter([1, -1, architecture.conv_dim[-1]], np.float32, "frames")
    state = _project(frames, network)
    encoder, stable = network.encoder, architecture.stable_layer_norm
    state = ops.add(state, _positions(state, encoder.pos_conv_embed, architecture, exact))
    state = state if stable else layer_norm(state, encoder.layer_norm)
    states = [state]
    for layer in encoder.layers:
        state = (_stable_layer if stable else _layer)(state, layer, architecture, exact)
        states.append(state)
    if stable:
        states[-1] = layer_norm(state, encoder.layer_norm)
    return Model([ops.result(ops.reduce_mean(one, whole(1))) for one in states], [frames], "backbone")


def _project(frames: Node, network: Any) -> Node:
    projection = network.feature_projection
    return linear(layer_norm(frames, projection.layer_norm), projection.projection)


def _positions(state: Node, embedding: Any, architecture: Architecture, exact: bool) -> Node:
    """The position embedding of `state` [1, frames, width]: one grouped convolution, or data2vec's five with norms."""
    if exact and not hasattr(embedding, "layers") and embedding.conv.kernel_size[0] % 2 == 0:
        return ACTIVATIONS[architecture.conv_activation](convolved(state, embedding.conv))
    node = swapped(state)
    for block in getattr(embedding, "layers", [embedding]):
        node = _convolution(node, block.conv.weight, block.conv)
        if block.conv.kernel_size[0] % 2 == 0:  # padded by one too many at the end
            node = cut(node, 2, 0, -1)
        if hasattr(block, "layer_norm"):
            node = layer_norm(node, block.layer_norm, axis=1)
        node = ACTIVATIONS[architecture.conv_activation](node)
    return swapped(node)


def _layer(state: Node, layer: Any, architecture: Architecture, exact: bool) -> Node:
    state = layer_norm(ops.add(state, _attention(state, layer.attention, architecture)), layer.layer_norm)
    inner = _feed_forward(state, layer.feed_forward, architecture, exact)
    return layer_norm(ops.add(state, inner), layer.final_layer_norm)


def _stable_layer(state: Node, layer: Any, architecture: Architecture, exact: bool) -> Node:
    state = ops.add(state, _attention(layer_norm(state, layer.layer_norm), layer.attention, architecture))
    inner = _feed_forward(layer_norm(state, layer.final_layer_norm), layer.feed_forward, architecture, exact)
    return ops.add(state, inner)


def _attention(state: Node, attention: Any, architecture: Architecture) -> Node:
    """Each frame of `state` [1, frames, width] looks at all.

    What scales the likenesses scales what the queries are made of: OpenVINO would fuse it into the product of the keys,
    see `gelu_apart`.
    """
    size = architecture.width // architecture.heads
    scale, query = size**-0.5, attention.q_proj
    asked = product(ops.multiply(state, ops.constant(np.float32(scale))), query.weight, query.bias * scale)
    heads = [
        ops.transpose(ops.reshape(node, whole(0, -1, architecture.heads, size), True), whole(0, 2, 1, 3))
        for node in (asked, linear(state, attention.k_proj), linear(state, attention.v_proj))
    ]
    mixed = ops.scaled_dot_product_attention(*heads, scale=ops.constant(np.float32(1)))
    mixed = ops.transpose(mixed, whole(0, 2, 1, 3))
    return linear(ops.reshape(mixed, whole(0, -1, architecture.width), True), attention.out_proj)


def _feed_forward(state: Node, forward: Any, architecture: Architecture, exact: bool) -> Node:
    # Measured with AVX2; with AVX512 the whole model was near its floor with GELU in the product.
    apart = exact and architecture.activation == "gelu" and torch.backends.cpu.get_cpu_capability() == "AVX2"
    activation = gelu_apart if apart else ACTIVATIONS[architecture.activation]
    inner = activation(linear(state, forward.intermediate_dense))
    return linear(inner, forward.output_dense)


def _convolution(node: Node, weight: Any, layer: Any) -> Node:
    """`layer` over [1, channels, frames]."""
    lengths = list(layer.stride), list(layer.padding), list(layer.padding), list(layer.dilation)
    if layer.groups == 1:
        node = ops.convolution(node, constant(weight), *lengths)
    else:
        grouped = weight.reshape(layer.groups, -1, *weight.shape[1:])
        node = ops.group_convolution(node, constant(grouped), *lengths)
    return node if layer.bias is None else ops.add(node, constant(layer.bias[None, :, None]))
