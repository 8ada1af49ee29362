"""Many probes fitted together: their weights stacked, one batched matrix product for all of them.

The same result as `loop.fit_head` one by one, to float tolerance: each probe starts from its own seed's weights, sees
its own seed's batches and dropout, and stops by itself. What is shared is the work: a step is a handful of large
operations instead of a handful for each probe.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from itertools import pairwise

import numpy as np
import torch
from numpy.typing import NDArray
from torch import nn

from persian_mir.probes.probe import Head
from persian_mir.progress import SILENT, Cancelled, Progress
from trainer.loop import Epoch, Fitted, Recipe, fit_head
from trainer.net import dropout_mask, new_net
from trainer.plan import UNLABELLED, Course, Data, Plan, Share, finished
from trainer.stacked_linear import Precision, fit_linears

Floats = NDArray[np.float32]
Integers = NDArray[np.int64]

LARGE = 1 << 14  # weights of one layer, from which on the products cost more than what stacking saves


class Stack:
    """The weights of probes of one shape and Adam's memory of them. Tensors are [probes, ...]."""

    def __init__(self, plans: Sequence[Plan], width: int, classes: Sequence[int]) -> None:
        self.plans = tuple(plans)
        self.classes = torch.tensor([classes[plan.task] for plan in plans])
        self.widest = int(self.classes.max())
        nets = [new_net(1, width, classes[plan.task], plan.recipe)[0] for plan in plans]
        linears = [[block for block in net.head if isinstance(block, nn.Linear)] for net in nets]
        self.parameters: list[torch.Tensor] = []
        for depth in range(len(linears[0])):
            own = [row[depth] for row in linears]
            size = self.widest if depth == len(linears[0]) - 1 else own[0].out_features
            self.parameters += [_padded([one.weight for one in own], size), _padded([one.bias for one in own], size)]
        recipe = plans[0].recipe
        self._kind = torch.optim.AdamW if recipe.optimizer == "adamw" else torch.optim.Adam
        self._own, self._optimizer = self._split()

    def _split(self) -> tuple[list[list[nn.Parameter]], torch.optim.Optimizer]:
        """Each probe's own tensors, which share their memory with the stacked ones, and an Adam for all of them: each
        at its probe's rate, one after the other, which keeps what is worked on in the processor's cache.
        """
        own = [[nn.Parameter(tensor[k]) for tensor in self.parameters] for k in range(len(self.plans))]
        rates = dict.fromkeys(plan.recipe.lr for plan in self.plans)
        groups = [
            {
                "params": [one for k, plan in enumerate(self.plans) if plan.recipe.lr == rate for one in own[k]],
                "lr": rate,
            }
            for rate in rates
        ]
        return own, self._kind(groups, weight_decay=self.plans[0].recipe.weight_decay, fused=True)

    def logits(self, values: torch.Tensor, masks: Sequence[torch.Tensor] = ()) -> torch.Tensor:
        """[inputs, segments, width] to [probes, segments, widest]; -inf for classes that a probe does not have.

        Either each probe has its own input, or each input serves as many probes, which follow each other.
        """
        last = len(self.parameters) // 2 - 1
        for depth in range(last + 1):
            weight, bias = self.parameters[2 * depth : 2 * depth + 2]
            if len(values) < len(weight):  # one wide product for the probes that share an input
                wide = weight.reshape(len(values), -1, values.shape[2]) @ values.transpose(1, 2)
                values = wide.reshape(len(weight), weight.shape[1], -1).transpose(1, 2) + bias[:, None]
            else:
                values = torch.baddbmm(bias[:, None], values, weight.transpose(1, 2))
            if depth < last:
                values = values.relu() * masks[depth] if masks else values.relu()
        if int(self.classes.min()) < self.widest:
            absent = torch.arange(self.widest) >= self.classes[:, None]
            values = values.masked_fill(absent[:, None], -math.inf)
        return values

    def learn(self, values: torch.Tensor, targets: torch.Tensor, masks: Sequence[torch.Tensor]) -> torch.Tensor:
        """One step on [inputs, batch, width] and [probes, batch]. Returns each probe's mean loss."""
        for tensor in self.parameters:
            tensor.requires_grad_(True)
        losses = _losses(self.logits(values, masks), targets)
        # The fused Adam takes for granted that memory lies in order.
        gradients = [one.contiguous() for one in torch.autograd.grad(losses.sum(), self.parameters)]
        for tensor in self.parameters:
            tensor.requires_grad_(False)
        for own, *parts in zip(self._own, *gradients, strict=True):
            for tensor, gradient in zip(own, parts, strict=True):
                tensor.grad = gradient
        self._optimizer.step()
        return losses.detach()

    def keep(self, places: Sequence[int]) -> None:
        """Go on with these probes only."""
        index = torch.tensor(places)
        self.plans = tuple(self.plans[place] for place in places)
        self.classes = self.classes[index]
        self.parameters = [tensor[index] for tensor in self.parameters]
        before, known = [self._own[place] for place in places], self._optimizer.state
        self._own, self._optimizer = self._split()
        for old, new in zip(before, self._own, strict=True):
            for one, other in zip(old, new, strict=True):
                self._optimizer.state[other] = known[one]

    def head(self, place: int) -> Head:
        """One probe's head as it is now."""
        count = int(self.classes[place])
        arrays = [tensor[place].numpy().copy() for tensor in self.parameters]
        arrays[-2:] = [array[:count].copy() for array in arrays[-2:]]
        return Head(tuple(arrays[::2]), tuple(arrays[1::2]))


def fit_stack(
    data: Data,
    classes: Sequence[int],
    plans: Sequence[Plan],
    dev: Data | None = None,
    progress: Progress = SILENT,
    precision: Precision = "float32",
) -> tuple[Fitted, ...]:
    """Fit all `plans`, each on one layer; `classes[k]` is the number of labels of task k. Raises Cancelled.

    Probes of one shape that learn from the same segments are stacked; other rates, seeds, layers and tasks make no
    difference. As with `fit_head`, the epoch with the lowest dev loss is kept, and without dev the last one. What no
    stack knows (class weights, a falling rate) is fitted one by one. `precision` bfloat16 multiplies with eight
    significant bits where there are no hidden layers: faster, and no longer equal to `fit_head`.
    """
    groups: dict[tuple[object, ...], list[int]] = {}
    for place, plan in sorted(enumerate(plans), key=lambda item: (item[1].layer, item[1].recipe.seed)):
        groups.setdefault(_shape(plan, data, dev), []).append(place)
    fitted: dict[int, Fitted] = {}
    for places in groups.values():
        group = [plans[place] for place in places]
        part = Share(progress, len(fitted) / len(plans), len(places) / len(plans))
        if _alone(group[0].recipe, data.values.shape[2]):
            shares = [Share(part, k / len(group), 1 / len(group)) for k in range(len(group))]
            own = [_fit_alone(data, classes, plan, dev, one) for plan, one in zip(group, shares, strict=True)]
        elif group[0].recipe.hidden:
            own = _fit_group(data, classes, group, dev, part)
        else:
            own = fit_linears(data, classes, group, dev, part, precision)
        fitted |= zip(places, own, strict=True)
    return tuple(fitted[place] for place in range(len(plans)))


def _alone(recipe: Recipe, width: int) -> bool:
    """Whether the recipe asks for what the stacks do not do, or for so much arithmetic that stacking saves none of it:
    at 64 x 64 stacked was 2.4 times as fast as one by one, at 64 x 512 even, at 768 x 512 0.8 times as fast.
    """
    sizes = (width, *recipe.hidden)
    large = any(one * other > LARGE for one, other in pairwise(sizes))
    return large or recipe.class_weights != "none" or recipe.schedule != "constant"


def _shape(plan: Plan, data: Data, dev: Data | None) -> tuple[object, ...]:
    """What probes must have in common to be stacked."""
    recipe = plan.recipe
    seen = [part.targets[:, plan.task] != UNLABELLED for part in (data, dev) if part is not None]
    labelled = tuple(mask.tobytes() for mask in seen)
    if not recipe.hidden or _alone(recipe, data.values.shape[2]):
        return (recipe, labelled)
    adam = (recipe.optimizer, recipe.weight_decay)
    return (recipe.hidden, recipe.epochs, recipe.batch, recipe.dropout, *adam, labelled)


def _fit_alone(data: Data, classes: Sequence[int], plan: Plan, dev: Data | None, progress: Progress) -> Fitted:
    """One probe by itself. A stop is passed on, since an experiment has no use for half a probe."""
    parts = []
    for part in (data, dev):
        if part is not None:
            rows = np.flatnonzero(part.targets[:, plan.task] != UNLABELLED)
            parts.append((part.values[rows, plan.layer][:, None], part.targets[rows, plan.task]))
    held_out = parts[1] if dev is not None else None
    fitted = fit_head(*parts[0], classes[plan.task], plan.recipe, held_out, Share(progress, 0.0, 1.0))
    if fitted.stopped:
        raise Cancelled
    return fitted


def _fit_group(
    data: Data, classes: Sequence[int], plans: Sequence[Plan], dev: Data | None, progress: Progress
) -> list[Fitted]:
    """Probes of one shape on the same segments; one that stops is taken off the stack."""
    recipe = plans[0].recipe
    train, held_out = _Tensors(data, plans[0].task), None if dev is None else _Tensors(dev, plans[0].task)
    stack = Stack(plans, data.values.shape[2], classes)
    order = {plan.recipe.seed: torch.Generator().manual_seed(plan.recipe.seed) for plan in plans}
    chance = {seed: torch.Generator().manual_seed(seed) for seed in order}
    courses = [Course(0, math.inf, stack.head(k), []) for k in range(len(plans))]
    running = list(range(len(plans)))
    for number in range(1, recipe.epochs + 1):
        progress.step((number - 1) / recipe.epochs)
        losses = _epoch(stack, train, order, chance)
        judged = _judge(stack, held_out) if held_out else [(math.nan, math.nan)] * len(running)
        going = []
        for k, (course, (dev_loss, accuracy)) in enumerate(zip([courses[i] for i in running], judged, strict=True)):
            own = plans[running[k]].recipe
            course.epochs.append(Epoch(number, own.epochs, losses[k], dev_loss, accuracy, own.lr))
            if held_out is None or dev_loss < course.best_loss:
                course.best, course.best_loss, course.head = number, dev_loss, stack.head(k)
            if number - course.best < own.patience:
                going.append(k)
        if not going:
            break
        if len(going) < len(running):
            stack.keep(going)
            running = [running[k] for k in going]
    return [finished(one) for one in courses]


class _Tensors:
    """The segments that carry a label of `task`: `rows` of values [segments, layers, width], targets [tasks, rows]."""

    def __init__(self, data: Data, task: int) -> None:
        rows = np.flatnonzero(data.targets[:, task] != UNLABELLED)
        self.rows = torch.from_numpy(rows)
        self.values = torch.from_numpy(data.values if data.values.flags.writeable else data.values.copy())
        self.targets = torch.from_numpy(np.ascontiguousarray(data.targets[rows].T))


def _epoch(
    stack: Stack, train: _Tensors, order: dict[int, torch.Generator], chance: dict[int, torch.Generator]
) -> list[float]:
    """One pass. Returns each probe's mean loss."""
    recipe, count = stack.plans[0].recipe, len(train.rows)
    seeds = list(dict.fromkeys(plan.recipe.seed for plan in stack.plans))
    of_probe = torch.tensor([seeds.index(plan.recipe.seed) for plan in stack.plans])
    tasks = torch.tensor([plan.task for plan in stack.plans])
    inputs = _inputs(stack.plans)
    layers = torch.tensor([layer for layer, _seed in inputs])
    of_input = torch.tensor([seeds.index(seed) for _layer, seed in inputs])
    shuffled = torch.stack([torch.randperm(count, generator=order[seed]) for seed in seeds])
    total = torch.zeros(len(stack.plans))
    for rows in torch.split(shuffled, recipe.batch, dim=1):
        masks = []
        for size in recipe.hidden if recipe.dropout else ():
            drawn = [dropout_mask((rows.shape[1], size), recipe.dropout, chance[seed]) for seed in seeds]
            masks.append(drawn[0] if len(seeds) == 1 else torch.stack(drawn)[of_probe])
        values = train.values[train.rows[rows[of_input]], layers[:, None]]
        targets = train.targets[tasks[:, None], rows[of_probe]]
        total += stack.learn(values, targets, masks) * rows.shape[1]
    return [float(loss) / count for loss in total]


def _inputs(plans: Sequence[Plan]) -> list[tuple[int, int]]:
    """Layer and seed of each input; one for all probes that share it where each serves as many, else one a probe."""
    counts = Counter((plan.layer, plan.recipe.seed) for plan in plans)
    even = len(set(counts.values())) == 1
    return list(counts) if even else [(plan.layer, plan.recipe.seed) for plan in plans]


def _judge(stack: Stack, dev: _Tensors) -> list[tuple[float, float]]:
    """Each probe's mean loss and accuracy, probe by probe, since the segments of all layers at once would be large."""
    judged = []
    for k, plan in enumerate(stack.plans):
        logits = torch.from_numpy(stack.head(k).logits(dev.values[dev.rows, plan.layer].numpy()))
        targets = dev.targets[plan.task]
        accuracy = float((logits.argmax(1) == targets).float().mean())
        judged.append((float(nn.functional.cross_entropy(logits, targets)), accuracy))
    return judged


def _losses(logits: torch.Tensor, targets: torch.Tensor) -> torch.Tensor:
    """Mean cross-entropy of each probe."""
    return -logits.log_softmax(2).gather(2, targets[..., None]).mean(dim=(1, 2))


def _padded(tensors: Sequence[torch.Tensor], size: int) -> torch.Tensor:
    """Tensors that differ in their first axis only, stacked, with zeros up to `size`."""
    stacked = torch.zeros(len(tensors), size, *tensors[0].shape[1:])
    for place, tensor in zip(stacked, tensors, strict=True):
        place[: len(tensor)] = tensor.detach()
    return stacked
