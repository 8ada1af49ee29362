"""What a run would take: measured by a few clips on the machine that would do it, and reckoned for a graphics card.

A step back costs twice the step on, so a clip costs three times what hearing it does. A card is reckoned to reach
`CARD_FLOPS` in the products and to need as long again for what is bound by its memory, the convolutions' front end.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import torch

from persian_mir.progress import SILENT, Progress
from trainer.pretrain.corpus import read_corpus
from trainer.pretrain.half import halved
from trainer.pretrain.network import PretrainNet
from trainer.pretrain.recipe import PretrainOptions
from trainer.pretrain.run import begin_with, prepare
from trainer.pretrain.train import begin, learn

CARD_FLOPS = 60e12  # a second, in bfloat16, that a card of 24 GB really reaches
MEMORY_BOUND = 2.0  # times what the products take
BACK = 3  # a step on and a step back, in steps on
STATE_BYTES = 20  # of a weight: itself, its gradient, two moments, the running mean, all in float32
HEARD = 2  # recordings that are measured by
WATCHED_S, MOST_STEPS = 5.0, 5


@dataclass(frozen=True, slots=True)
class Cost:
    """`clip_s`: seconds a clip takes here. `flop`: of hearing it once. `weights_bytes`, and `clip_bytes` more for each
    clip that is computed at once.
    """

    clip_s: float
    flop: float
    weights_bytes: float
    clip_bytes: float

    def seconds(self, clips: int) -> float:
        """Of a run that learns from so many clips here."""
        return clips * self.clip_s

    def card_s(self, clips: int) -> float:
        """The same on one graphics card of 24 GB: a calculation."""
        return clips * BACK * self.flop / CARD_FLOPS * MEMORY_BOUND

    def bytes(self, together: int) -> float:
        """Memory that so many clips at once need."""
        return self.weights_bytes + together * self.clip_bytes


def measure(data: Path, start: str, options: PretrainOptions, device: str, progress: Progress = SILENT) -> Cost:
    """Learn from a few clips of the first recordings of `data`, keep nothing, and return what that took.

    Raises PersianMirError as the run itself would, and Cancelled.
    """
    few = read_corpus(data, options.clip_s, progress, HEARD)
    together = options.together if device == "cuda" else 1
    few_options = replace(options, batch=together, together=together, steps=100)
    net, task = prepare(begin_with(start, options), few, few_options, device)
    task = replace(halved(net, task, device, progress), from_nothing=True)  # all weights learn from the first step
    trained = begin(net, task, device)
    with kept_bytes(net) as kept:
        learn(trained, task, 0, device)
    times: list[float] = []
    while sum(times) < WATCHED_S and len(times) < MOST_STEPS:
        progress.step(len(times) / MOST_STEPS)
        began = time.perf_counter()
        learn(trained, task, 1 + len(times), device)
        _wait(device)
        times.append(time.perf_counter() - began)
    weights = sum(one.numel() for one in net.parameters())
    flop = forward_flop(net.hubert.config, round(options.clip_s * task.key.rate))
    return Cost(min(times) / together, flop, STATE_BYTES * weights, kept[0] / together)


@contextmanager
def kept_bytes(net: PretrainNet) -> Iterator[list[float]]:
    """Count, into the one number of the list, what is kept for the step back beside the weights, each storage once."""
    weights, found, total = {one.untyped_storage().data_ptr() for one in net.parameters()}, set[int](), [0.0]

    def keep(tensor: torch.Tensor) -> torch.Tensor:
        storage = tensor.untyped_storage()
        if storage.data_ptr() not in weights | found:
            found.add(storage.data_ptr())
            total[0] += storage.nbytes()
        return tensor

    with torch.autograd.graph.saved_tensors_hooks(keep, lambda tensor: tensor):
        yield total


def forward_flop(config: Any, samples: int) -> float:
    """Floating-point operations of the products for a clip of so many samples, two a multiplication."""
    length, before, total = samples, 1, 0.0
    for width, kernel, stride in zip(config.conv_dim, config.conv_kernel, config.conv_stride, strict=True):
        length = (length - kernel) // stride + 1
        total += length * before * width * kernel
        before = width
    width = config.hidden_size
    total += length * before * width
    total += length * width * width // config.num_conv_pos_embedding_groups * config.num_conv_pos_embeddings
    layer = 4 * width**2 + 2 * width * config.intermediate_size + 2 * length * width
    return 2.0 * float(total + config.num_hidden_layers * length * layer)


def _wait(device: str) -> None:
    if device == "cuda":
        torch.cuda.synchronize()
