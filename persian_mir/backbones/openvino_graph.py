"""A transformer backbone as a graph of OpenVINO, made from the network that torch has loaded; all states in one pass.

Nothing is traced: the few operations of the three families are written down, their weights taken as they are. This
file imports openvino at once: import it where a network is loaded, and only where openvino is installed.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from persian_mir.backbones.openvino_api import Model, op, ops
from persian_mir.models.config import Architecture

Node = Any  # one value of the graph; openvino has no types
_ACTIVATIONS = {"gelu": lambda node: ops.gelu(node, "erf"), "relu": ops.relu, "silu": ops.swish}


def build_graph(network: Any, architecture: Architecture, taps: int) -> Model:
    """The graph of `network`, its inputs `samples` [1, taps, frames] and `kernels` [channels, taps, 1].

    The first layer is a convolution over the samples that lie under each kernel, not a product: so it writes what the
    next one reads, channels last.

    Output k is the mean over time of hidden state k, [1, width]; see `transformer.hidden_states`.
    """
    samples = ops.parameter([1, taps, -1], np.float32, "samples")
    kernels = ops.parameter([architecture.conv_dim[0], taps, 1], np.float32, "kernels")
    first = ops.convolution(samples, kernels, [1], [0], [0], [1])
    state = _project(_convolved(first, network, architecture), network)
    encoder, stable = network.encoder, architecture.stable_layer_norm
    state = ops.add(state, _positions(state, encoder.pos_conv_embed, architecture))
    state = state if stable else _norm(state, encoder.layer_norm)
    states = [state]
    for layer in encoder.layers:
        state = (_stable_layer if stable else _layer)(state, layer, architecture)
        states.append(state)
    if stable:
        states[-1] = _norm(state, encoder.layer_norm)
    return Model([ops.result(ops.reduce_mean(one, _whole(1))) for one in states], [samples, kernels], "backbone")


def _convolved(node: Node, network: Any, architecture: Architecture) -> Node:
    """[1, channels, frames] behind the first convolution to [1, fewer frames, channels] behind the last."""
    for index, block in enumerate(network.feature_extractor.conv_layers):
        norm = getattr(block, "layer_norm", None)
        if index:
            node = _convolution(node, block.conv.weight, block.conv)
        if norm is not None and architecture.conv_norm == "layer":
            node = _norm(node, norm, axis=1)  # to swap the axes and back takes half as long again
        node = _ACTIVATIONS[architecture.conv_activation](node)
    return _swapped(node)


def _project(frames: Node, network: Any) -> Node:
    projection = network.feature_projection
    return _linear(_norm(frames, projection.layer_norm), projection.projection)


def _positions(state: Node, embedding: Any, architecture: Architecture) -> Node:
    """The position embedding of `state` [1, frames, width]: one grouped convolution, or data2vec's five with norms."""
    node = _swapped(state)
    for block in getattr(embedding, "layers", [embedding]):
        node = _convolution(node, block.conv.weight, block.conv)
        if block.conv.kernel_size[0] % 2 == 0:  # padded by one too many at the end
            node = ops.slice(node, _whole(0), _whole(-1), _whole(1), _whole(2))
        if hasattr(block, "layer_norm"):
            node = _norm(node, block.layer_norm, axis=1)
        node = _ACTIVATIONS[architecture.conv_activation](node)
    return _swapped(node)


def _layer(state: Node, layer: Any, architecture: Architecture) -> Node:
    state = _norm(ops.add(state, _attention(state, layer.attention, architecture)), layer.layer_norm)
    return _norm(ops.add(state, _feed_forward(state, layer.feed_forward, architecture)), layer.final_layer_norm)


def _stable_layer(state: Node, layer: Any, architecture: Architecture) -> Node:
    state = ops.add(state, _attention(_norm(state, layer.layer_norm), layer.attention, architecture))
    return ops.add(state, _feed_forward(_norm(state, layer.final_layer_norm), layer.feed_forward, architecture))


def _attention(state: Node, attention: Any, architecture: Architecture) -> Node:
    """Each frame of `state` [1, frames, width] looks at all."""
    apart = _whole(0, -1, architecture.heads, architecture.width // architecture.heads)
    heads = [
        ops.transpose(ops.reshape(_linear(state, layer), apart, True), _whole(0, 2, 1, 3))
        for layer in (attention.q_proj, attention.k_proj, attention.v_proj)
    ]
    mixed = ops.transpose(ops.scaled_dot_product_attention(*heads), _whole(0, 2, 1, 3))
    return _linear(ops.reshape(mixed, _whole(0, -1, architecture.width), True), attention.out_proj)


def _feed_forward(state: Node, forward: Any, architecture: Architecture) -> Node:
    inner = _ACTIVATIONS[architecture.activation](_linear(state, forward.intermediate_dense))
    return _linear(inner, forward.output_dense)


def _linear(node: Node, layer: Any) -> Node:
    product = ops.matmul(node, _constant(layer.weight), False, True)
    return product if layer.bias is None else ops.add(product, _constant(layer.bias))


def _norm(node: Node, norm: Any, axis: int = -1) -> Node:
    """A LayerNorm over the last axis, or over the channels [1, channels, frames]; with or without gain and offset."""
    node = ops.mvn(node, _whole(axis), True, norm.eps, "inside_sqrt")
    if norm.weight is None:
        return node
    shape = (1, -1, 1) if axis == 1 else (-1,)
    gain, offset = (_constant(values.reshape(shape)) for values in (norm.weight, norm.bias))
    return ops.add(ops.multiply(node, gain), offset)


def _convolution(node: Node, weight: Any, layer: Any) -> Node:
    """`layer` over [1, channels, frames]."""
    lengths = list(layer.stride), list(layer.padding), list(layer.padding), list(layer.dilation)
    if layer.groups == 1:
        node = ops.convolution(node, _constant(weight), *lengths)
    else:
        grouped = weight.reshape(layer.groups, -1, *weight.shape[1:])
        node = ops.group_convolution(node, _constant(grouped), *lengths)
    return node if layer.bias is None else ops.add(node, _constant(layer.bias[None, :, None]))


def _swapped(node: Node) -> Node:
    return ops.transpose(node, _whole(0, 2, 1))


def _constant(values: Any) -> Node:
    return op.Constant(np.ascontiguousarray(values.detach().numpy()), shared_memory=True)


def _whole(*values: int) -> Node:
    return ops.constant(np.array(values, np.int64))
