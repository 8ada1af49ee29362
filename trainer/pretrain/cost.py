"""What a run would take: measured by a few clips on the machine that would do it."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import torch
from torch import nn
from torch.utils.flop_counter import FlopCounterMode

from persian_mir.backbones.loading import build_network
from persian_mir.models.sizes import Sizes
from persian_mir.progress import SILENT, Progress
from trainer.pretrain import contrastive
from trainer.pretrain.clip_cost import Cost
from trainer.pretrain.corpus import Corpus, read_corpus
from trainer.pretrain.half import halved
from trainer.pretrain.recipe import CLMR, PretrainOptions
from trainer.pretrain.run import Start, begin_with, prepare
from trainer.pretrain.train import begin, learn

STATE_BYTES = 20  # of a weight: itself, its gradient, two moments, the running mean, all in float32
HEARD = 2  # recordings that are measured by
FEW = {False: 1, True: 4}  # clips at once on the CPU, of CLMR some to compare
WATCHED_S, MOST_STEPS = 5.0, 5


def measure(data: Path, start: str, options: PretrainOptions, device: str, progress: Progress = SILENT) -> Cost:
    """Learn from a few clips of the first recordings of `data`, keep nothing, and return what that took.

    EnCodec as the teacher is in the time here; the twentieth that it adds is not in `flop`. Raises PersianMirError as
    the run itself would, and Cancelled.
    """
    began = begin_with(start, options)
    few = read_corpus(data, options.clip_s, progress, HEARD)
    clips = options.at_once if device == "cuda" else min(options.at_once, FEW[options.recipe == CLMR])
    rehearse = _rehearse_contrast if options.recipe == CLMR else _rehearse
    net, learn_at = rehearse(began, few, replace(options, batch=clips, together=clips, steps=100), device, progress)
    with kept_bytes(net) as kept:
        learn_at(0)
    times: list[float] = []
    while sum(times) < WATCHED_S and len(times) < MOST_STEPS:
        progress.step(len(times) / MOST_STEPS)
        started = time.perf_counter()
        learn_at(1 + len(times))
        _wait(device)
        times.append(time.perf_counter() - started)
    weights = sum(one.numel() for one in net.parameters())
    return Cost(min(times) / clips, clip_flop(began.architecture, options), STATE_BYTES * weights, kept[0] / clips)


def _rehearse(
    began: Start, few: Corpus, options: PretrainOptions, device: str, progress: Progress
) -> tuple[nn.Module, Callable[[int], object]]:
    """What learns, all weights from the first step on, and how."""
    net, task = prepare(began, few, options, device)
    task = replace(halved(net, task, device, progress), from_nothing=True)
    trained = begin(net, task, device)
    return net, lambda step: learn(trained, task, step, device)


def _rehearse_contrast(
    began: Start, few: Corpus, options: PretrainOptions, device: str, _progress: Progress
) -> tuple[nn.Module, Callable[[int], object]]:
    trained = contrastive.begin(began.network, options, began.key.rate, device)
    return trained.net, lambda step: contrastive.learn(trained, few, options, began.key.rate, step, device)


@contextmanager
def kept_bytes(net: nn.Module) -> Iterator[list[float]]:
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


def clip_flop(architecture: Sizes, options: PretrainOptions) -> float:
    """Floating-point operations of hearing a clip once, of CLMR of both its views; two a multiplication."""
    views = (
        [architecture.receptive_field] * 2 if options.recipe == CLMR else [round(options.clip_s * architecture.rate)]
    )
    with torch.no_grad(), FlopCounterMode(display=False) as counter:  # on `meta` nothing is computed
        network = build_network(architecture, "meta").eval()
        for samples in views:
            network(torch.empty(1, samples, device="meta"))
    return float(counter.get_total_flops())


def _wait(device: str) -> None:
    if device == "cuda":
        torch.cuda.synchronize()
