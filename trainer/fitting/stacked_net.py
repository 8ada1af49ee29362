"""Probes of one shape as one: their weights stacked, one Adam for all, the training loop read from top to bottom.

Everything that a segment becomes on its way is a column. Probes that read the same segments of the same layer share one
product, as if they were one wide layer.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import torch
from torch import nn

from persian_mir.probes.probe import Head
from trainer.fitting.net import new_net
from trainer.fitting.probe_spec import ProbeSpec
from trainer.fitting.stacked_layer import StackedLayer, stacked

JUDGED = 256  # dev segments at a time, whose values of all layers a cache holds

Dtypes = tuple[torch.dtype, ...]  # in which the product of each layer is computed
Masks = Sequence[torch.Tensor]  # what dropout leaves of each hidden layer, [width, segments], perhaps of each probe
Memory = Sequence[dict[str, torch.Tensor]]  # Adam's, of each tensor


@dataclass(frozen=True, slots=True, eq=False)
class Part:
    """`values` [segments, layers, width], of which the places `rows` are used; `targets` [tasks, rows]."""

    values: torch.Tensor
    rows: torch.Tensor
    targets: torch.Tensor


@dataclass(frozen=True, slots=True, eq=False)
class Pass:
    """What probes of one seed see in one epoch: the `order` of the rows, and the `masks` of each batch."""

    order: torch.Tensor
    masks: list[Masks]


class Stack:
    """Probes that differ in layer, task and seed only, and how far they have come."""

    def __init__(self, specs: Sequence[ProbeSpec], width: int, classes: Sequence[int], dtypes: Dtypes) -> None:
        kinds = [(classes[spec.task], spec.config) for spec in specs]
        nets = {(count, config): new_net(1, width, count, config)[0].head for count, config in dict.fromkeys(kinds)}
        linears = [[one for one in nets[kind] if isinstance(one, nn.Linear)] for kind in kinds]
        self._classes = torch.tensor([count for count, _config in kinds])
        self._layers = [
            StackedLayer(stacked([one.weight for one in same]), stacked([one.bias[:, None] for one in same]), dtype)
            for same, dtype in zip(zip(*linears, strict=True), dtypes, strict=True)
        ]
        self._prepare(specs, [])

    def _prepare(self, specs: Sequence[ProbeSpec], memory: Memory) -> None:
        """What follows from which probes there are, and an Adam with what it knew of each tensor."""
        self.specs, config = tuple(specs), specs[0].config
        kind = torch.optim.AdamW if config.optimizer == "adamw" else torch.optim.Adam
        self._optimizer = kind(self._parameters, lr=config.lr, weight_decay=config.weight_decay, fused=True)
        self._optimizer.state.update(zip(self._parameters, memory, strict=False))
        absent = torch.arange(self._layers[-1].bias.shape[1]) >= self._classes[:, None]
        self._absent = torch.zeros(absent.shape).masked_fill(absent, -math.inf)[:, :, None]
        # Probes that read the same share an input, where each input serves as many probes.
        reads = [(spec.layer, spec.config.seed) for spec in specs]
        self._inputs = list(dict.fromkeys(reads)) if len(set(Counter(reads).values())) == 1 else reads

    @property
    def _parameters(self) -> list[nn.Parameter]:
        return [parameter for layer in self._layers for parameter in (layer.weight, layer.bias)]

    @torch.no_grad()
    def epoch(self, part: Part, passes: dict[int, Pass]) -> list[float]:
        """One pass over the segments; each probe's mean loss."""
        total, size = torch.zeros(len(self.specs)), self.specs[0].config.batch
        orders = {seed: one.order for seed, one in passes.items()}
        masks = self._masks([passes[spec.config.seed].masks for spec in self.specs])
        for (values, targets), mask in zip(self._batches(part, orders, size), masks, strict=True):
            columns = self._forward(values, mask)
            losses, slopes = cross_entropy(columns.pop(), targets)
            self._backward(slopes / targets.shape[1], columns, mask)
            self._optimizer.step()
            total += losses
        return (total / len(part.rows)).tolist()

    @torch.no_grad()
    def evaluate(self, part: Part) -> list[tuple[float, float]]:
        """Each probe's mean loss and accuracy."""
        total, right = torch.zeros(len(self.specs)), torch.zeros(len(self.specs))
        orders = {spec.config.seed: torch.arange(len(part.rows)) for spec in self.specs}
        for values, targets in self._batches(part, orders, JUDGED):
            logits = self._forward(values, ())[-1]
            total += cross_entropy(logits, targets)[0]
            right += (logits.argmax(1) == targets).sum(1)
        return list(zip((total / len(part.rows)).tolist(), (right / len(part.rows)).tolist(), strict=True))

    def _batches(
        self, part: Part, orders: dict[int, torch.Tensor], size: int
    ) -> Iterator[tuple[torch.Tensor, torch.Tensor]]:
        """Values [inputs, segments, width] and targets [probes, segments]."""
        layers, width = part.values.shape[1:]
        places = torch.stack([part.rows[orders[seed]] * layers + layer for layer, seed in self._inputs])
        targets = torch.stack([part.targets[spec.task, orders[spec.config.seed]] for spec in self.specs])
        values, room = part.values.view(-1, width), part.values.new_empty(places[:, :size].numel(), width)
        for some, known in zip(torch.split(places, size, 1), torch.split(targets, size, 1), strict=True):
            taken = torch.index_select(values, 0, some.flatten(), out=room[: some.numel()])
            yield taken.view(*some.shape, width), known

    def _masks(self, own: Sequence[list[Masks]]) -> Iterator[Masks]:
        """Of each batch: those that all share, or of each probe its seed's."""
        shared = all(one is own[0] for one in own)
        for batch in zip(*own, strict=True):
            yield batch[0] if shared else [torch.stack(same) for same in zip(*batch, strict=True)]

    def _forward(self, values: torch.Tensor, masks: Masks) -> list[torch.Tensor]:
        """What comes into each layer, [inputs or probes, width, segments]; at last the logits."""
        columns, (*hidden, last) = [values.transpose(1, 2)], self._layers
        for depth, layer in enumerate(hidden):
            out = layer.forward(columns[-1])
            out = out.add_(layer.bias.to(out.dtype)).relu_()
            columns.append(out.mul_(masks[depth]) if masks else out)
        return [*columns, last.forward(columns[-1]).float() + (last.bias + self._absent)]

    def _backward(self, slopes: torch.Tensor, columns: Sequence[torch.Tensor], masks: Masks) -> None:
        """Write the gradients of all layers, given the `slopes` of the loss by the logits."""
        for depth in reversed(range(len(columns))):
            self._layers[depth].backward(slopes, columns[depth])
            if depth:
                slopes = self._layers[depth].below(slopes).to(columns[depth].dtype).mul_(columns[depth].sign_())
                slopes = slopes.mul_(masks[depth - 1]) if masks else slopes

    def keep(self, places: Sequence[int]) -> None:
        """Go on with these probes only."""
        index = torch.tensor(places)
        state = [self._optimizer.state[one] for one in self._parameters]
        memory = [{name: known[index] if known.dim() else known for name, known in one.items()} for one in state]
        self._layers, self._classes = [layer.only(index) for layer in self._layers], self._classes[index]
        self._prepare([self.specs[place] for place in places], memory)

    def head(self, place: int) -> Head:
        """One probe's head as it is now."""
        weights = [layer.weight[place].detach().numpy().copy() for layer in self._layers]
        biases = [layer.bias[place, :, 0].detach().numpy().copy() for layer in self._layers]
        count = int(self._classes[place])
        weights[-1], biases[-1] = weights[-1][:count].copy(), biases[-1][:count].copy()
        return Head(tuple(weights), tuple(biases))


def cross_entropy(logits: torch.Tensor, targets: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
    """Of logits [probes, classes, segments]: the sum of each probe's losses, and its slopes by the logits."""
    likely, places = logits.log_softmax(1), targets[:, None]
    losses = -likely.gather(1, places).sum((1, 2))
    return losses, likely.exp_().scatter_add_(1, places, torch.full(places.shape, -1.0))
