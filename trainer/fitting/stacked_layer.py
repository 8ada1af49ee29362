"""A layer of many probes at once, and its gradient, written out.

Both gradients have their places for the whole fit, and the products write them there: memory that is asked for anew in
each step can cost more than the product that fills it.
"""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import nn


class StackedLayer:
    """`weight` [probes, after, before] and `bias` [probes, after, 1]; its products are computed in `dtype`.

    All that comes and goes is [inputs, before, segments] or [probes, after, segments]: each input is read by as many
    probes, which follow each other.
    """

    def __init__(self, weight: torch.Tensor, bias: torch.Tensor, dtype: torch.dtype) -> None:
        self.weight, self.bias, self._dtype = nn.Parameter(weight), nn.Parameter(bias), dtype
        self._gradient = self.weight.grad = torch.empty_like(weight)
        self.bias.grad = torch.empty_like(bias)
        # In float32 these are the weight and its gradient themselves.
        self._short, self._short_gradient = self.weight.detach().to(dtype), self._gradient.to(dtype)

    def forward(self, columns: torch.Tensor) -> torch.Tensor:
        """Products without the bias, in `dtype`."""
        if self._dtype != self.weight.dtype:
            self._short.copy_(self.weight.detach())
        wide = self._short.view(len(columns), -1, self._short.shape[2])
        return torch.bmm(wide, columns.to(self._dtype)).view(*self._short.shape[:2], -1)

    def backward(self, slopes: torch.Tensor, columns: torch.Tensor) -> None:
        """Write both gradients, given the loss's `slopes` by what came out, and the `columns` that had come in."""
        torch.sum(slopes, 2, keepdim=True, dtype=self.bias.dtype, out=self.bias.grad)
        wide = slopes.to(self._dtype).view(len(columns), -1, slopes.shape[2])
        torch.bmm(
            wide,
            columns.to(self._dtype).transpose(1, 2),
            out=self._short_gradient.view(len(columns), -1, columns.shape[1]),
        )
        if self._dtype != self.weight.dtype:
            self._gradient.copy_(self._short_gradient)

    def below(self, slopes: torch.Tensor) -> torch.Tensor:
        """The loss's slopes by what came in, one input a probe."""
        return torch.bmm(self._short.transpose(1, 2), slopes.to(self._dtype))

    def only(self, index: torch.Tensor) -> StackedLayer:
        """The same of these probes only."""
        return StackedLayer(self.weight.detach()[index], self.bias.detach()[index], self._dtype)


def stacked(tensors: Sequence[torch.Tensor]) -> torch.Tensor:
    """Tensors that differ in their first axis only, stacked, with zeros up to the longest."""
    return nn.utils.rnn.pad_sequence([tensor.detach() for tensor in tensors], batch_first=True)
