"""The few operations of which graphs of OpenVINO are made here, with the weights of torch's modules."""

from __future__ import annotations

from typing import Any

import numpy as np

from persian_mir.backbones.openvino_api import op, ops

Node = Any  # one value of the graph; openvino has no types
ACTIVATIONS = {"gelu": lambda node: ops.gelu(node, "erf"), "relu": ops.relu, "silu": ops.swish}


def linear(node: Node, layer: Any) -> Node:
    """A Linear over the last axis."""
    return product(node, layer.weight, layer.bias)


def product(node: Node, weight: Any, bias: Any = None) -> Node:
    """`node` [..., in] by a tensor `weight` [out, in], and `bias` [out] added."""
    found = ops.matmul(node, constant(weight), False, True)
    return found if bias is None else ops.add(found, constant(bias))


def gelu_apart(node: Node) -> Node:
    """GELU of a product, in words that OpenVINO does not fuse into it: in float32 a product with GELU in it is computed
    by oneDNN, one without by MLAS, which was a third quicker.
    """
    half = ops.multiply(node, ops.constant(np.float32(0.5)))
    erf = ops.erf(ops.multiply(node, ops.constant(np.float32(0.5**0.5))))
    return ops.add(half, ops.multiply(half, erf))


def layer_norm(node: Node, norm: Any, axis: int = -1) -> Node:
    """A LayerNorm over the last axis, or over the channels [1, channels, frames]; with or without gain and offset."""
    node = ops.mvn(node, whole(axis), True, norm.eps, "inside_sqrt")
    if norm.weight is None:
        return node
    shape = (1, -1, 1) if axis == 1 else (-1,)
    gain, offset = (constant(values.reshape(shape)) for values in (norm.weight, norm.bias))
    return ops.add(ops.multiply(node, gain), offset)


def swapped(node: Node) -> Node:
    """[1, a, b] as [1, b, a]."""
    return ops.transpose(node, whole(0, 2, 1))


def constant(values: Any) -> Node:
    """A tensor of torch, whose memory is shared where it is contiguous."""
    return op.Constant(np.ascontiguousarray(values.detach().numpy()), shared_memory=True)


def whole(*values: int) -> Node:
    """Whole numbers: axes, or the sizes of a shape."""
    return ops.constant(np.array(values, np.int64))


def cut(node: Node, axis: int, start: int, stop: int) -> Node:
    """`node` from `start` up to `stop` along one axis, from the end where they are negative."""
    return ops.slice(node, whole(start), whole(stop), whole(1), whole(axis))
