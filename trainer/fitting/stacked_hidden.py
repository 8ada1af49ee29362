"""Many probes with hidden layers, fitted together: weights stacked, gradients written down, Adam for all at once.

Three things make it quick. Probes that read the same segments of the same layer share one product, as if they were
one wide layer. As many probes as the processor's cache holds are worked on at a time, since Adam reads and writes four
numbers a weight. And in bfloat16 the products are several times as fast where the processor has them; the weights that
are kept, and Adam's memory of them, stay float32.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import torch
from numpy.typing import NDArray
from torch import nn

from persian_mir.probes.probe import Head
from persian_mir.progress import Progress
from trainer.fitting.loop import Epoch, Fitted, HeadConfig
from trainer.fitting.net import dropout_mask, new_net
from trainer.fitting.precision import Precision
from trainer.fitting.probe_spec import UNLABELLED, Course, Data, Plan, finished

CACHE = 24 << 20  # bytes of weights, gradients and Adam's memory that are worked on at a time
JUDGED = 2048  # dev segments at a time


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


class Block:
    """Probes that differ in layer, task and seed only: their weights, [probes, out, in], and their Adam.

    Everything that a segment becomes on its way is a column, [probes, size, segments].
    """

    def __init__(self, plans: Sequence[Plan], width: int, classes: Sequence[int], dtype: torch.dtype) -> None:
        self.plans = tuple(plans)
        self._dtype = dtype
        self._classes = torch.tensor([classes[plan.task] for plan in plans])
        nets = [new_net(1, width, classes[plan.task], plan.recipe)[0] for plan in plans]
        linears = [[block for block in net.head if isinstance(block, nn.Linear)] for net in nets]
        self._weights = [_padded([one.weight for one in depth]) for depth in zip(*linears, strict=True)]
        self._biases = [_padded([one.bias[:, None] for one in depth]) for depth in zip(*linears, strict=True)]
        self._prepare([])

    def _prepare(self, memory: Sequence[dict[str, torch.Tensor]]) -> None:
        """Adam for the weights as they are, with what it knew of each tensor."""
        recipe = self.plans[0].recipe
        kind = torch.optim.AdamW if recipe.optimizer == "adamw" else torch.optim.Adam
        self._parameters = [nn.Parameter(tensor) for tensor in self._weights + self._biases]
        self._optimizer = kind(self._parameters, lr=recipe.lr, weight_decay=recipe.weight_decay, fused=True)
        self._optimizer.state.update(zip(self._parameters, memory, strict=False))
        # The same memory every step, lest what is worked on grow beyond the cache.
        self._gradients = [torch.empty_like(tensor) for tensor in self._parameters]
        for one, gradient in zip(self._parameters, self._gradients, strict=True):
            one.grad = gradient
        self._short = [tensor.to(self._dtype) for tensor in self._weights]
        # Probes that read the same share an input, where each input serves as many probes.
        reads = [(plan.layer, plan.recipe.seed) for plan in self.plans]
        self._inputs = list(dict.fromkeys(reads)) if len(set(Counter(reads).values())) == 1 else reads
        self._seeds = list(dict.fromkeys(seed for _layer, seed in reads))
        self._seed_of = torch.tensor([self._seeds.index(seed) for _layer, seed in reads])
        self._tasks = torch.tensor([plan.task for plan in self.plans])
        absent = torch.arange(self._weights[-1].shape[1]) >= self._classes[:, None]
        self._absent = absent[:, :, None] if bool(absent.any()) else None

    def _outputs(self, values: torch.Tensor, masks: Sequence[torch.Tensor] = ()) -> list[torch.Tensor]:
        """Of each layer, of values [inputs, segments, width]; the last are log-probabilities, float32."""
        outputs: list[torch.Tensor] = []
        for depth, (weight, bias) in enumerate(zip(self._short, self._biases, strict=True)):
            if depth == 0:
                wide = weight.reshape(len(values), -1, weight.shape[2])
                columns = torch.bmm(wide, values.transpose(1, 2)).view(*weight.shape[:2], -1)
            else:
                columns = torch.bmm(weight, outputs[-1])
            if depth == len(self._short) - 1:
                columns = columns.float().add_(bias)
                if self._absent is not None:
                    columns.masked_fill_(self._absent, -math.inf)
                outputs.append(columns.log_softmax(1))
            else:
                columns.add_(bias.to(self._dtype)).relu_()
                outputs.append(columns.mul_(masks[depth]) if masks else columns)
        return outputs

    def epoch(self, part: Part, passes: dict[int, Pass]) -> list[float]:
        """One pass over the segments; each probe's mean loss."""
        total = torch.zeros(len(self.plans))
        own = [passes[seed] for seed in self._seeds]
        for number in range(len(own[0].rows)):
            rows = torch.stack([one.rows[number] for one in own])
            masks = [self._of_seeds(list(same)) for same in zip(*(one.masks[number] for one in own), strict=True)]
            targets = part.targets[self._tasks[:, None], rows[self._seed_of]]
            total += self._learn(self._values(part, rows), targets, masks)
        return [float(loss) / len(part.rows) for loss in total]

    def _of_seeds(self, same: Sequence[torch.Tensor]) -> torch.Tensor:
        return same[0] if len(same) == 1 else torch.stack(list(same))[self._seed_of]

    def _values(self, part: Part, rows: torch.Tensor) -> torch.Tensor:
        """[inputs, segments, width] of rows [seeds, segments]."""
        own = [part.rows[rows[self._seeds.index(seed)]] for _layer, seed in self._inputs]
        layers = torch.tensor([layer for layer, _seed in self._inputs])
        return part.values[torch.stack(own), layers[:, None]]

    def _learn(self, values: torch.Tensor, targets: torch.Tensor, masks: Sequence[torch.Tensor]) -> torch.Tensor:
        """One step. Returns each probe's sum of losses."""
        *hidden, said = self._outputs(values, masks)
        losses = -said.gather(1, targets[:, None]).sum(dim=(1, 2))
        # The gradient of the mean cross-entropy by the logits: softmax less truth.
        error = said.exp_().scatter_add_(1, targets[:, None], -torch.ones(len(targets), 1, targets.shape[1]))
        error = error.div_(targets.shape[1]).to(self._dtype)
        for depth in range(len(self._weights) - 1, -1, -1):
            if depth:
                slope = torch.bmm(error, hidden[depth - 1].transpose(1, 2))
            else:
                slope = torch.bmm(error.view(len(values), -1, error.shape[2]), values).view_as(self._weights[0])
            self._gradients[depth].copy_(slope)
            torch.sum(error, 2, keepdim=True, dtype=torch.float32, out=self._gradients[len(self._weights) + depth])
            if depth:  # through the dropout and the ReLU, whose output is positive where it let pass
                error = torch.bmm(self._short[depth].transpose(1, 2), error)
                error *= hidden[depth - 1].sign_()
                error *= 1 / (1 - self.plans[0].recipe.dropout)
        self._optimizer.step()
        for short, weight in zip(self._short, self._weights, strict=True):
            if short is not weight:
                short.copy_(weight)
        return losses

    def judge(self, part: Part) -> list[tuple[float, float]]:
        """Each probe's mean loss and accuracy."""
        losses, right = torch.zeros(len(self.plans)), torch.zeros(len(self.plans))
        for rows in torch.split(torch.arange(len(part.rows)), JUDGED):
            said = self._outputs(self._values(part, rows.expand(len(self._seeds), -1)))[-1]
            targets = part.targets[self._tasks[:, None], rows]
            losses -= said.gather(1, targets[:, None]).sum(dim=(1, 2))
            right += (said.argmax(1) == targets).sum(1)
        return list(zip((losses / len(part.rows)).tolist(), (right / len(part.rows)).tolist(), strict=True))

    def keep(self, places: Sequence[int]) -> None:
        """Go on with these probes only."""
        index = torch.tensor(places)
        state = [self._optimizer.state[one] for one in self._parameters]
        memory = [{name: known[index] if known.dim() else known for name, known in one.items()} for one in state]
        self.plans = tuple(self.plans[place] for place in places)
        self._classes = self._classes[index]
        self._weights = [tensor[index] for tensor in self._weights]
        self._biases = [tensor[index] for tensor in self._biases]
        self._prepare(memory)

    def head(self, place: int) -> Head:
        """One probe's head as it is now."""
        weights = [tensor[place].numpy().copy() for tensor in self._weights]
        biases = [tensor[place, :, 0].numpy().copy() for tensor in self._biases]
        count = int(self._classes[place])
        weights[-1], biases[-1] = weights[-1][:count].copy(), biases[-1][:count].copy()
        return Head(tuple(weights), tuple(biases))


def fit_hidden(
    data: Data,
    classes: Sequence[int],
    plans: Sequence[Plan],
    dev: Data | None,
    progress: Progress,
    precision: Precision,
) -> list[Fitted]:
    """Probes of one recipe but for the seed, on the same segments; one that stops is taken off its block."""
    recipe, dtype = plans[0].recipe, torch.bfloat16 if precision == "bfloat16" else torch.float32
    values = _tensor(data.values, dtype)
    train = _part(data, values, plans[0].task)
    held_out = None
    if dev is not None:
        held_out = _part(dev, values if dev.values is data.values else _tensor(dev.values, dtype), plans[0].task)
    width = data.values.shape[2]
    running = [list(places) for places in _blocks(plans, width, max(classes))]
    blocks = [Block([plans[place] for place in places], width, classes, dtype) for places in running]
    courses = {
        place: Course(0, math.inf, block.head(k), [])
        for block, places in zip(blocks, running, strict=True)
        for k, place in enumerate(places)
    }
    generators = {plan.recipe.seed: _generators(plan.recipe.seed) for plan in plans}
    for number in range(1, recipe.epochs + 1):
        progress.step((number - 1) / recipe.epochs)
        passes = {seed: _pass(recipe, len(train.rows), dtype, *own) for seed, own in generators.items()}
        for block, places in zip(blocks, running, strict=True):
            if not places:
                continue
            losses = block.epoch(train, passes)
            judged = block.judge(held_out) if held_out else [(math.nan, math.nan)] * len(places)
            for k, place in enumerate(places):
                epoch = Epoch(number, recipe.epochs, losses[k], *judged[k], recipe.lr)
                if courses[place].note(epoch):
                    courses[place].head = block.head(k)
            going = [k for k, place in enumerate(places) if courses[place].waited() < recipe.patience]
            if 0 < len(going) < len(places):
                block.keep(going)
            places[:] = [places[k] for k in going]
        if not any(running):
            break
    return [finished(courses[place]) for place in range(len(plans))]


def _blocks(plans: Sequence[Plan], width: int, classes: int) -> Iterator[tuple[int, ...]]:
    """Places of the probes that are worked on at a time: those that read the same together, as the cache allows."""
    order = sorted(range(len(plans)), key=lambda place: (plans[place].recipe.seed, plans[place].layer))
    sizes = (width, *plans[0].recipe.hidden, classes)
    weights = sum(one * other for one, other in pairwise(sizes))
    fit = max(1, CACHE // (18 * weights))  # weight, gradient and Adam's two in float32, and the short weight
    shared = min(Counter((plan.layer, plan.recipe.seed) for plan in plans).values())
    step = fit - fit % shared if fit >= shared else fit
    for start in range(0, len(order), step):
        yield tuple(order[start : start + step])


def _generators(seed: int) -> tuple[torch.Generator, torch.Generator]:
    """Of the order of the segments and of the dropout."""
    return torch.Generator().manual_seed(seed), torch.Generator().manual_seed(seed)


def _pass(recipe: HeadConfig, count: int, dtype: torch.dtype, order: torch.Generator, chance: torch.Generator) -> Pass:
    """Drawn as `fit_head` draws, once for all probes of the seed."""
    rows = torch.split(torch.randperm(count, generator=order), recipe.batch)
    masks = [
        [dropout_mask((len(batch), size), recipe.dropout, chance).T.to(dtype).contiguous() for size in recipe.hidden]
        for batch in (rows if recipe.dropout else ())
    ]
    return Pass(rows, masks or [[] for _batch in rows])


def _part(data: Data, values: torch.Tensor, task: int) -> Part:
    rows = np.flatnonzero(data.targets[:, task] != UNLABELLED)
    return Part(values, torch.from_numpy(rows), torch.from_numpy(np.ascontiguousarray(data.targets[rows].T)))


def _tensor(values: NDArray[np.float32], dtype: torch.dtype) -> torch.Tensor:
    return torch.from_numpy(values if values.flags.writeable else values.copy()).to(dtype)


def _padded(tensors: Sequence[torch.Tensor]) -> torch.Tensor:
    """Tensors that differ in their first axis only, stacked, with zeros up to the longest."""
    return nn.utils.rnn.pad_sequence([tensor.detach() for tensor in tensors], batch_first=True)
