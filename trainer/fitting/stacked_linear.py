"""Many probes without hidden layers, fitted together: one gather, two products and one Adam a step for all of them.

Probes of one seed see the same segments in the same order, so that a batch [segments, layers, width] is fetched once
and serves all layers, tasks and classes. There are no layers to differentiate through: the gradient of cross-entropy
is written down, softmax less truth.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import torch
from numpy.typing import NDArray
from torch import nn

from persian_mir.probes.probe import Head
from persian_mir.progress import Progress
from trainer.fitting.loop import Epoch, Fitted, HeadConfig
from trainer.fitting.net import new_net
from trainer.fitting.precision import Precision
from trainer.fitting.probe_spec import UNLABELLED, Course, Data, Plan, finished

Floats = NDArray[np.float32]
Integers = NDArray[np.int64]

JUDGED = 128  # segments at a time, so that what they become stays in the cache


@dataclass(frozen=True, slots=True, eq=False)
class Part:
    """`values` [segments, layers, width], of which the places `rows` are used; `truth` float32 [segments, columns],
    1 where a column is the segment's class of its task.
    """

    values: torch.Tensor
    rows: torch.Tensor
    truth: torch.Tensor

    def batch(self, rows: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        """Values [layers, rows, width] and truth [columns, rows]."""
        count, layers, width = len(rows), *self.values.shape[1:]
        values = self.values.view(len(self.values), -1).index_select(0, rows)  # whole rows, one copy each
        return values.view(count, layers, width).transpose(0, 1), self.truth.index_select(0, rows).T


def truth(targets: Integers, classes: Sequence[int]) -> torch.Tensor:
    """float32 [segments, sum of `classes`] of targets [segments, tasks]; nothing where a target is negative."""
    blocks = []
    for column, size in enumerate(classes):
        own = torch.from_numpy(np.ascontiguousarray(targets[:, column]))
        blocks.append((own[:, None] == torch.arange(size)).float())
    return torch.cat(blocks, dim=1)


class Linears:
    """The weights [layers, columns, width] of one linear head a layer and task, of the same recipe, and their Adam."""

    def __init__(
        self, layers: Sequence[int], classes: Sequence[int], width: int, recipe: HeadConfig, precision: Precision
    ) -> None:
        self.layers = tuple(layers)
        self._sizes = list(classes)
        self._ends = np.cumsum([0, *classes]).tolist()
        self._half = precision == "bfloat16"
        heads = [new_net(1, width, size, recipe)[0].head[0] for size in classes]
        linears = [head for head in heads if isinstance(head, nn.Linear)]
        weight = torch.cat([one.weight.detach() for one in linears])
        bias = torch.cat([one.bias.detach() for one in linears])[:, None]
        self.weight = weight.expand(len(layers), -1, -1).contiguous()  # each layer begins with the seed's weights
        self.bias = bias.expand(len(layers), -1, -1).contiguous()
        kind = torch.optim.AdamW if recipe.optimizer == "adamw" else torch.optim.Adam
        self._parameters = [nn.Parameter(self.weight), nn.Parameter(self.bias)]
        self._optimizer = kind(self._parameters, lr=recipe.lr, weight_decay=recipe.weight_decay, fused=True)

    def _log_odds(self, values: torch.Tensor) -> torch.Tensor:
        """[layers, segments, width] to log-probabilities [layers, columns, segments], each task by itself."""
        if self._half:  # the order of the product that is the quicker one in bfloat16
            logits = torch.bmm(values, self.weight.bfloat16().transpose(1, 2)).transpose(1, 2).float() + self.bias
        else:
            logits = torch.bmm(self.weight, values.transpose(1, 2)) + self.bias
        return torch.cat([part.log_softmax(1) for part in torch.split(logits, self._sizes, 1)], 1)

    def epoch(self, part: Part, order: torch.Generator, batch: int) -> NDArray[np.float64]:
        """One pass; the mean loss [layers, tasks]."""
        total = torch.zeros(len(self.layers), self._ends[-1])
        shuffled = part.rows[torch.randperm(len(part.rows), generator=order)]
        for rows in torch.split(shuffled, batch):
            values, wanted = part.batch(rows)
            said = self._log_odds(values)
            total -= (said * wanted).sum(2)
            error = said.exp_().sub_(wanted).div_(len(rows))
            short = error.bfloat16() if self._half else error
            self._parameters[0].grad = torch.bmm(short, values).float()
            self._parameters[1].grad = error.sum(2, keepdim=True)
            self._optimizer.step()
        return self._by_task(total) / len(part.rows)

    def judge(self, part: Part) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Mean loss and accuracy, each [layers, tasks]."""
        total = torch.zeros(len(self.layers), self._ends[-1])
        right = torch.zeros(len(self.layers), len(self._sizes))
        for rows in torch.split(part.rows, JUDGED):
            values, wanted = part.batch(rows)
            said = self._log_odds(values)
            total -= (said * wanted).sum(2)
            for task, (start, stop) in enumerate(pairwise(self._ends)):
                right[:, task] += (said[:, start:stop].argmax(1) == wanted[start:stop].argmax(0)).sum(1)
        return self._by_task(total) / len(part.rows), right.double().numpy() / len(part.rows)

    def _by_task(self, columns: torch.Tensor) -> NDArray[np.float64]:
        sums = [part.double().sum(1).numpy() for part in torch.split(columns, self._sizes, 1)]
        return np.stack(sums, axis=1)

    def head(self, layer: int, task: int) -> Head:
        """One probe's head as it is now."""
        start, stop = self._ends[task], self._ends[task + 1]
        weight = self.weight[layer, start:stop].numpy().copy()
        return Head((weight,), (self.bias[layer, start:stop, 0].numpy().copy(),))


def fit_linears(
    data: Data,
    classes: Sequence[int],
    plans: Sequence[Plan],
    dev: Data | None,
    progress: Progress,
    precision: Precision,
) -> list[Fitted]:
    """Probes without hidden layers, of one recipe, on the same segments; layers that serve the same tasks together."""
    tasks_of: dict[int, list[int]] = {}
    for plan in plans:
        tasks_of.setdefault(plan.layer, []).append(plan.task)
    blocks: dict[tuple[int, ...], list[int]] = {}
    for layer, tasks in tasks_of.items():
        blocks.setdefault(tuple(sorted(set(tasks))), []).append(layer)
    fitted: dict[tuple[int, int], Fitted] = {}
    recipe = plans[0].recipe
    for number, (block, layers) in enumerate(blocks.items()):
        share = progress.part(number / len(blocks), 1 / len(blocks))
        sizes = [classes[task] for task in block]
        parts = [_linear_part(part, layers, block, sizes, precision) for part in (data, dev) if part is not None]
        heads = Linears(layers, sizes, data.values.shape[2], recipe, precision)
        courses = [[Course(0, math.inf, heads.head(k, t), []) for t in range(len(block))] for k in range(len(layers))]
        order = torch.Generator().manual_seed(recipe.seed)
        for epoch in range(1, recipe.epochs + 1):
            share.step((epoch - 1) / recipe.epochs)
            losses = heads.epoch(parts[0], order, recipe.batch)
            judged = heads.judge(parts[1]) if dev is not None else (np.full_like(losses, math.nan),) * 2
            for k, t in np.ndindex(losses.shape):
                course = courses[k][t]
                if course.waited() < recipe.patience:
                    loss, dev_loss, accuracy = (float(one[k, t]) for one in (losses, *judged))
                    if course.note(Epoch(epoch, recipe.epochs, loss, dev_loss, accuracy, recipe.lr)):
                        course.head = heads.head(k, t)
            if all(one.waited() >= recipe.patience for row in courses for one in row):
                break
        fitted |= {(layers[k], block[t]): finished(one) for k, row in enumerate(courses) for t, one in enumerate(row)}
    return [fitted[plan.layer, plan.task] for plan in plans]


def _linear_part(
    data: Data, layers: Sequence[int], tasks: Sequence[int], classes: Sequence[int], precision: Precision
) -> Part:
    chosen = data.values if list(layers) == list(range(data.values.shape[1])) else data.values[:, list(layers)]
    values = torch.from_numpy(chosen if chosen.flags.writeable and chosen.flags.c_contiguous else chosen.copy())
    rows = np.flatnonzero(data.targets[:, tasks[0]] != UNLABELLED)
    short = values.bfloat16() if precision == "bfloat16" else values
    return Part(short, torch.from_numpy(rows), truth(data.targets[:, list(tasks)], classes))
