"""Fitting probes of one shape together, as many of them at a time as the processor's cache holds.

Adam reads and writes four numbers a weight. In bfloat16 the products are several times as fast where the processor has
them; the weights that are kept, and Adam's memory of them, stay float32, and so does the product of a layer that this
machine gets wrong.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import pairwise

import numpy as np
import torch
from numpy.typing import NDArray

from persian_mir.half_precision import LayerShape, is_right
from persian_mir.progress import Progress
from trainer.fitting.loop import Epoch, Fitted, HeadConfig, tensor_of
from trainer.fitting.net import dropout_mask
from trainer.fitting.precision import Precision
from trainer.fitting.probe_spec import UNLABELLED, Data, EarlyStopping, ProbeSpec, finished
from trainer.fitting.stacked_net import Dtypes, Masks, Part, Pass, Stack

CACHE = 24 << 20  # bytes of weights, gradients and Adam's memory that are worked on at a time


def fit_stacked(
    data: Data,
    classes: Sequence[int],
    specs: Sequence[ProbeSpec],
    dev: Data | None,
    progress: Progress,
    precision: Precision,
) -> list[Fitted]:
    """Probes of one configuration but for the seed, on the same segments; one that stops is taken off its block."""
    config, width = specs[0].config, data.values.shape[2]
    shared = min(Counter((spec.layer, spec.config.seed) for spec in specs).values())
    sizes = (width, *config.hidden, max(classes[spec.task] for spec in specs))
    dtypes = dtypes_of(sizes, shared, precision)
    values = _tensor(data.values, dtypes[0])
    train, held_out = _part(data, values, specs[0].task), None
    if dev is not None:
        held_out = _part(dev, values if dev.values is data.values else _tensor(dev.values, dtypes[0]), specs[0].task)
    running = [list(places) for places in _blocks(specs, sizes, shared)]
    blocks = [Stack([specs[place] for place in places], width, classes, dtypes) for places in running]
    stoppings = {
        place: EarlyStopping(0, math.inf, block.head(k), [])
        for block, places in zip(blocks, running, strict=True)
        for k, place in enumerate(places)
    }
    generators = {spec.config.seed: _generators(spec.config.seed) for spec in specs}
    for number in range(1, config.epochs + 1):
        progress.step((number - 1) / config.epochs)
        passes = {seed: _pass(config, len(train.rows), dtypes, *own) for seed, own in generators.items()}
        for block, places in zip(blocks, running, strict=True):
            if not places:
                continue
            losses = block.epoch(train, passes)
            evaluated = block.evaluate(held_out) if held_out else [(math.nan, math.nan)] * len(places)
            for k, place in enumerate(places):
                epoch = Epoch(number, config.epochs, losses[k], *evaluated[k], config.lr)
                if stoppings[place].note(epoch):
                    stoppings[place].head = block.head(k)
            going = [k for k, place in enumerate(places) if stoppings[place].waited() < config.waits]
            if 0 < len(going) < len(places):
                block.keep(going)
            places[:] = [places[k] for k in going]
        if not any(running):
            break
    return [finished(stoppings[place]) for place in range(len(specs))]


def dtypes_of(sizes: Sequence[int], shared: int, precision: Precision) -> Dtypes:
    """bfloat16, where asked for, for each layer whose product and gradient this machine gets right in it.

    `sizes` are the width, those of the hidden layers and the classes; `shared` probes have one input.
    """

    def right(depth: int, before: int, after: int) -> bool:
        wide = {after, after * shared} if depth == 0 else {after}  # one by one, when others have stopped
        return all(is_right(LayerShape("Product", (size, before)), "cpu") for size in sorted(wide))

    half = [precision == "bfloat16" and right(depth, *pair) for depth, pair in enumerate(pairwise(sizes))]
    return tuple(torch.bfloat16 if one else torch.float32 for one in half)


def _blocks(specs: Sequence[ProbeSpec], sizes: Sequence[int], shared: int) -> Iterator[tuple[int, ...]]:
    """Places of the probes that are worked on at a time: those that read the same together, as the cache allows."""
    order = sorted(range(len(specs)), key=lambda place: (specs[place].config.seed, specs[place].layer))
    weights = sum(one * other for one, other in pairwise(sizes))
    fit = max(1, CACHE // (18 * weights))  # weight, gradient and Adam's two in float32, and the short weight
    step = fit - fit % shared if fit >= shared else fit
    for start in range(0, len(order), step):
        yield tuple(order[start : start + step])


def _generators(seed: int) -> tuple[torch.Generator, torch.Generator]:
    """Of the order of the segments and of the dropout."""
    return torch.Generator().manual_seed(seed), torch.Generator().manual_seed(seed)


def _pass(config: HeadConfig, count: int, dtypes: Dtypes, order: torch.Generator, chance: torch.Generator) -> Pass:
    """Drawn as `fit_head` draws, once for all probes of the seed."""
    rows = torch.randperm(count, generator=order)
    masks: list[Masks] = [
        [
            dropout_mask((len(batch), size), config.dropout, chance).T.to(dtype).contiguous()
            for size, dtype in zip(config.hidden if config.dropout else (), dtypes, strict=False)
        ]
        for batch in torch.split(rows, config.batch)
    ]
    return Pass(rows, masks)


def _part(data: Data, values: torch.Tensor, task: int) -> Part:
    rows = np.flatnonzero(data.targets[:, task] != UNLABELLED)
    return Part(values, torch.from_numpy(rows), torch.from_numpy(np.ascontiguousarray(data.targets[rows].T)))


def _tensor(values: NDArray[np.float32], dtype: torch.dtype) -> torch.Tensor:
    return tensor_of(values).to(dtype).contiguous()
