"""The training loop: one head, one function, read from top to bottom."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch import nn

from persian_mir.probes.probe import Head
from persian_mir.progress import SILENT, Cancelled, Progress

Floats = NDArray[np.float32]
Integers = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Recipe:
    """How a head is fitted. Defaults follow MARBLE's probing protocol (Yuan et al. 2023): 512, dropout 0.2, Adam."""

    hidden: tuple[int, ...] = (512,)
    epochs: int = 100
    lr: float = 1e-3
    batch: int = 64
    dropout: float = 0.2
    patience: int = 15  # epochs without a better dev loss after which it stops
    seed: int = 0


@dataclass(frozen=True, slots=True)
class Epoch:
    """What one pass over the training part came to. NaN where there is no dev part."""

    number: int
    of: int
    loss: float
    dev_loss: float
    dev_accuracy: float
    lr: float


@dataclass(frozen=True, slots=True, eq=False)
class Fitted:
    """The best head seen, its weights over the layers, and the epochs that led to it."""

    head: Head
    mix: Floats
    epochs: tuple[Epoch, ...]
    best: int
    stopped: bool


class Dropout(nn.Module):
    """Dropout with chance numbers of its own, so that probes of one seed, fitted alone or together, draw the same."""

    def __init__(self, rate: float, chance: torch.Generator) -> None:
        super().__init__()
        self._rate, self._chance = rate, chance

    def forward(self, values: torch.Tensor) -> torch.Tensor:
        """[segments, width], unchanged outside training."""
        if not self.training or not self._rate:
            return values
        return values * dropout_mask(values.shape, self._rate, self._chance)


def dropout_mask(shape: Sequence[int], rate: float, chance: torch.Generator) -> torch.Tensor:
    """Zeros with probability `rate`, else 1 / (1 - rate)."""
    return torch.empty(tuple(shape)).bernoulli_(1 - rate, generator=chance).div_(1 - rate)


class Net(nn.Module):
    """Softmax weights over layers, from equal ones on, then fully connected layers with ReLU and dropout."""

    def __init__(
        self, layers: int, width: int, hidden: Sequence[int], classes: int, dropout: float, chance: torch.Generator
    ) -> None:
        super().__init__()
        self.mix = nn.Parameter(torch.zeros(layers))
        blocks: list[nn.Module] = []
        for size in hidden:
            blocks += [nn.Linear(width, size), nn.ReLU(), Dropout(dropout, chance)]
            width = size
        self.head = nn.Sequential(*blocks, nn.Linear(width, classes))

    def forward(self, values: torch.Tensor) -> torch.Tensor:
        """[segments, layers, width], standardised, to logits [segments, classes]."""
        logits: torch.Tensor = self.head(torch.einsum("slw,l->sw", values, self.mix.softmax(0)))
        return logits


def fit_head(
    values: Floats,
    targets: Integers,
    classes: int,
    recipe: Recipe,
    dev: tuple[Floats, Integers] | None = None,
    progress: Progress = SILENT,
) -> Fitted:
    """Fit a head on `values` float32 [segments, layers, width], standardised, and `targets` int64 [segments].

    Publishes an Epoch after each pass, keeps the one with the lowest `dev` loss (without dev: the last). Cancelling
    ends it with the best so far, or raises Cancelled when there is none. Same seed, same machine: same weights.
    """
    net = new_net(values.shape[1], values.shape[2], classes, recipe)
    order = torch.Generator().manual_seed(recipe.seed)
    optimizer = torch.optim.Adam(net.parameters(), lr=recipe.lr)
    x, y = torch.from_numpy(values.copy()), torch.from_numpy(targets.copy())
    history: list[Epoch] = []
    best, best_loss, stopped = 0, math.inf, False
    kept = _state(net)
    try:
        for number in range(1, recipe.epochs + 1):
            progress.step((number - 1) / recipe.epochs)
            net.train()
            losses = []
            for rows in torch.split(torch.randperm(len(x), generator=order), recipe.batch):
                loss = nn.functional.cross_entropy(net(x[rows]), y[rows])
                optimizer.zero_grad()
                loss.backward()  # type: ignore[no-untyped-call]
                optimizer.step()
                losses.append(loss.item() * len(rows))
            dev_loss, dev_accuracy = _judge(net, dev) if dev else (math.nan, math.nan)
            history.append(Epoch(number, recipe.epochs, sum(losses) / len(x), dev_loss, dev_accuracy, recipe.lr))
            progress.publish(history[-1])
            if dev is None or dev_loss < best_loss:
                best, best_loss, kept = number, dev_loss, _state(net)
            elif number - best >= recipe.patience:
                break
    except Cancelled:
        if not best:
            raise
        stopped = True
    net.load_state_dict(kept)
    return Fitted(_head(net), net.mix.softmax(0).detach().numpy().copy(), tuple(history), best, stopped)


def new_net(layers: int, width: int, classes: int, recipe: Recipe) -> Net:
    """A net with the first weights of `recipe.seed`; the global random state is left as it was."""
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(recipe.seed)
        chance = torch.Generator().manual_seed(recipe.seed)
        return Net(layers, width, recipe.hidden, classes, recipe.dropout, chance)


def _judge(net: Net, dev: tuple[Floats, Integers]) -> tuple[float, float]:
    """Mean loss and accuracy over the dev segments."""
    net.eval()
    y = torch.from_numpy(dev[1].copy())
    with torch.no_grad():
        logits = net(torch.from_numpy(dev[0].copy()))
        loss = nn.functional.cross_entropy(logits, y).item()
    return loss, float((logits.argmax(1) == y).float().mean())


def _state(net: Net) -> dict[str, torch.Tensor]:
    return {name: tensor.clone() for name, tensor in net.state_dict().items()}


def _head(net: Net) -> Head:
    linears = [block for block in net.head if isinstance(block, nn.Linear)]
    weights = tuple(linear.weight.detach().numpy().copy() for linear in linears)
    return Head(weights, tuple(linear.bias.detach().numpy().copy() for linear in linears))
