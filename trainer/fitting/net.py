"""The network that becomes a probe's head, while it learns."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import torch
from numpy.typing import NDArray
from torch import nn

from persian_mir.probes.probe import Head
from trainer.fitting.head_config import HeadConfig

Floats = NDArray[np.float32]


class Dropout(nn.Module):
    """Dropout with chance numbers of its own, so that probes of one seed, fitted alone or together, draw the same."""

    def __init__(self, rate: float, rng: torch.Generator) -> None:
        super().__init__()
        self._rate, self._rng = rate, rng

    def forward(self, values: torch.Tensor) -> torch.Tensor:
        """[segments, width], unchanged outside training."""
        if not self.training or not self._rate:
            return values
        return values * dropout_mask(values.shape, self._rate, self._rng)


def dropout_mask(shape: Sequence[int], rate: float, rng: torch.Generator) -> torch.Tensor:
    """Zeros with probability `rate`, else 1 / (1 - rate)."""
    return torch.empty(tuple(shape)).bernoulli_(1 - rate, generator=rng).div_(1 - rate)


class Net(nn.Module):
    """Layers become one input: a mean with softmax weights, equal ones to begin with, or all of them side by side
    (concat), and then `columns` more. Then fully connected layers with ReLU and dropout.
    """

    def __init__(
        self, layers: int, width: int, classes: int, config: HeadConfig, rng: torch.Generator, columns: int = 0
    ) -> None:
        super().__init__()
        self.concat = config.mix == "concat"
        self.layer_logits = nn.Parameter(torch.zeros(layers), requires_grad=not self.concat)
        width = width * (layers if self.concat else 1) + columns
        blocks: list[nn.Module] = []
        for size in config.hidden:
            blocks += [nn.Linear(width, size), nn.ReLU(), Dropout(config.dropout, rng)]
            width = size
        self.head = nn.Sequential(*blocks, nn.Linear(width, classes))

    def forward(self, values: torch.Tensor, extra: torch.Tensor | None = None) -> torch.Tensor:
        """[segments, layers, width] and [segments, columns], standardised, to logits [segments, classes]."""
        if self.concat or values.shape[1] == 1:
            inputs = values.flatten(1)
        else:
            inputs = torch.einsum("slw,l->sw", values, self.layer_logits.softmax(0))
        logits: torch.Tensor = self.head(inputs if extra is None else torch.cat([inputs, extra], dim=1))
        return logits

    def as_head(self) -> Head:
        """Its layers as a probe keeps them."""
        linears = [block for block in self.head if isinstance(block, nn.Linear)]
        weights = tuple(linear.weight.detach().numpy().copy() for linear in linears)
        return Head(weights, tuple(linear.bias.detach().numpy().copy() for linear in linears))

    def layer_weights(self) -> Floats:
        """Those of the layers: of sum 1, or all 1 where they stand side by side."""
        weights = torch.ones_like(self.layer_logits) if self.concat else self.layer_logits.softmax(0)
        return np.asarray(weights.detach().numpy().copy(), dtype=np.float32)


def new_net(layers: int, width: int, classes: int, config: HeadConfig, columns: int = 0) -> tuple[Net, torch.Generator]:
    """A net with the first weights of `config.seed`, and its chance; the global random state is left as it was."""
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(config.seed)
        rng = torch.Generator().manual_seed(config.seed)
        return Net(layers, width, classes, config, rng, columns), rng
