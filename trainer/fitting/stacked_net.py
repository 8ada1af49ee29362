"""Probes of one shape as one: one module of stacked weights, one Adam for all.

Probes that read the same segments of the same layer share one product, as if they were one wide layer.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import torch
from torch import nn

from persian_mir.probes.probe import Head
from trainer.fitting.net import new_net
from trainer.fitting.probe_spec import ProbeSpec

JUDGED = 2048  # dev segments at a time

Dtypes = tuple[torch.dtype, ...]  # in which the product of each layer is computed


@dataclass(frozen=True, slots=True, eq=False)
class Part:
    """`values` [segments, layers, width], of which the places `rows` are used; `targets` [tasks, rows]."""

    values: torch.Tensor
    rows: torch.Tensor
    targets: torch.Tensor


@dataclass(frozen=True, slots=True, eq=False)
class Pass:
    """What probes of one seed see in one epoch: `rows` of each batch, `masks` of each batch and hidden layer."""

    rows: tuple[torch.Tensor, ...]
    masks: list[list[torch.Tensor]]


class StackedNet(nn.Module):
    """Probes that differ in layer, task and seed only. Everything that a segment becomes on its way is a column."""

    def __init__(self, specs: Sequence[ProbeSpec], width: int, classes: Sequence[int], dtypes: Dtypes) -> None:
        super().__init__()
        nets = [new_net(1, width, classes[spec.task], spec.config)[0] for spec in specs]
        linears = [[block for block in net.head if isinstance(block, nn.Linear)] for net in nets]
        layers = list(zip(*linears, strict=True))
        self.weights = nn.ParameterList(_padded([one.weight for one in layer]) for layer in layers)
        self.biases = nn.ParameterList(_padded([one.bias[:, None] for one in layer]) for layer in layers)
        self.classes = torch.tensor([classes[spec.task] for spec in specs])
        self._dtypes = dtypes

    def forward(self, values: torch.Tensor, masks: Sequence[torch.Tensor] = ()) -> torch.Tensor:
        """Logits [probes, classes, segments] of values [inputs, segments, width], each read by as many probes."""
        columns, last = values.transpose(1, 2), len(self.weights) - 1
        for depth, (weight, bias, dtype) in enumerate(zip(self.weights, self.biases, self._dtypes, strict=True)):
            short = weight.to(dtype)
            if depth:
                columns = torch.bmm(short, columns.to(dtype))
            else:
                wide = short.view(len(values), -1, short.shape[2])
                columns = torch.bmm(wide, columns).view(*short.shape[:2], -1)
            if depth < last:
                columns = (columns + bias.to(dtype)).relu()
                columns = columns * masks[depth] if masks else columns
        columns = columns.float() + self.biases[last]
        absent = torch.arange(columns.shape[1]) >= self.classes[:, None]
        logits: torch.Tensor = columns.masked_fill(absent[:, :, None], -math.inf)
        return logits

    def keep(self, index: torch.Tensor) -> None:
        """Go on with the probes in these places only."""
        for parameters in (self.weights, self.biases):
            for depth, parameter in enumerate(parameters):
                parameters[depth] = nn.Parameter(parameter.detach()[index])
        self.classes = self.classes[index]

    def head(self, place: int) -> Head:
        """One probe's head as it is now."""
        weights, biases = (
            [parameter[place].detach().numpy().copy() for parameter in parameters]
            for parameters in (self.weights, self.biases)
        )
        count = int(self.classes[place])
        weights[-1], biases[-1] = weights[-1][:count].copy(), biases[-1][:count].copy()
        return Head(tuple(weights), tuple(bias[:, 0].copy() for bias in biases))


class Block:
    """A stacked net, its Adam, and which layer, seed and task each of its probes reads."""

    def __init__(self, specs: Sequence[ProbeSpec], width: int, classes: Sequence[int], dtypes: Dtypes) -> None:
        self.specs = tuple(specs)
        self.net = StackedNet(specs, width, classes, dtypes)
        self._prepare([])

    def _prepare(self, memory: Sequence[dict[str, torch.Tensor]]) -> None:
        """Adam for the weights as they are, with what it knew of each tensor."""
        config = self.specs[0].config
        kind = torch.optim.AdamW if config.optimizer == "adamw" else torch.optim.Adam
        self._parameters = list(self.net.parameters())
        self._optimizer = kind(self._parameters, lr=config.lr, weight_decay=config.weight_decay, fused=True)
        self._optimizer.state.update(zip(self._parameters, memory, strict=False))
        # Probes that read the same share an input, where each input serves as many probes.
        reads = [(spec.layer, spec.config.seed) for spec in self.specs]
        inputs = list(dict.fromkeys(reads)) if len(set(Counter(reads).values())) == 1 else reads
        self._seeds = list(dict.fromkeys(seed for _layer, seed in reads))
        self._layers = torch.tensor([layer for layer, _seed in inputs])
        self._input_seeds = torch.tensor([self._seeds.index(seed) for _layer, seed in inputs])
        self._probe_seeds = torch.tensor([self._seeds.index(seed) for _layer, seed in reads])
        self._tasks = torch.tensor([spec.task for spec in self.specs])

    def epoch(self, part: Part, passes: dict[int, Pass]) -> list[float]:
        """One pass over the segments; each probe's mean loss."""
        total = torch.zeros(len(self.specs))
        own = [passes[seed] for seed in self._seeds]
        for number in range(len(own[0].rows)):
            rows = torch.stack([one.rows[number] for one in own])
            masks = [self._of_seeds(same) for same in zip(*(one.masks[number] for one in own), strict=True)]
            losses, _logits, _targets = self._losses(part, rows, masks)
            self._optimizer.zero_grad()
            (losses.sum() / rows.shape[1]).backward()  # type: ignore[no-untyped-call]
            self._optimizer.step()
            total += losses.detach()
        return (total / len(part.rows)).tolist()

    def _of_seeds(self, same: Sequence[torch.Tensor]) -> torch.Tensor:
        return same[0] if len(same) == 1 else torch.stack(list(same))[self._probe_seeds]

    def _losses(
        self, part: Part, rows: torch.Tensor, masks: Sequence[torch.Tensor] = ()
    ) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
        """Each probe's sum of losses over rows [seeds, segments]; logits and targets beside them."""
        layers, width = part.values.shape[1:]
        places = part.rows[rows[self._input_seeds]] * layers + self._layers[:, None]  # [inputs, segments]
        values = part.values.view(-1, width).index_select(0, places.flatten()).view(*places.shape, width)
        targets = part.targets[self._tasks[:, None], rows[self._probe_seeds]]
        logits = self.net(values, masks)
        return nn.functional.cross_entropy(logits, targets, reduction="none").sum(1), logits, targets

    @torch.no_grad()
    def evaluate(self, part: Part) -> list[tuple[float, float]]:
        """Each probe's mean loss and accuracy."""
        total, right = torch.zeros(len(self.specs)), torch.zeros(len(self.specs))
        for rows in torch.split(torch.arange(len(part.rows)), JUDGED):
            losses, logits, targets = self._losses(part, rows.expand(len(self._seeds), -1))
            total += losses
            right += (logits.argmax(1) == targets).sum(1)
        return list(zip((total / len(part.rows)).tolist(), (right / len(part.rows)).tolist(), strict=True))

    def keep(self, places: Sequence[int]) -> None:
        """Go on with these probes only."""
        index = torch.tensor(places)
        state = [self._optimizer.state[one] for one in self._parameters]
        memory = [{name: known[index] if known.dim() else known for name, known in one.items()} for one in state]
        self.specs = tuple(self.specs[place] for place in places)
        self.net.keep(index)
        self._prepare(memory)


def _padded(tensors: Sequence[torch.Tensor]) -> torch.Tensor:
    """Tensors that differ in their first axis only, stacked, with zeros up to the longest."""
    return nn.utils.rnn.pad_sequence([tensor.detach() for tensor in tensors], batch_first=True)
