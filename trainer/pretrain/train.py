"""The loop: clips are drawn, hidden in part, named, and learnt from, step by step, to the same weights each time.

Chance hangs on the seed, the step and the clip alone, so a run that was killed, or shared by several processes, comes
to the same weights as one that was not. Each process computes its share of a step's clips; gradients are summed.
"""

from __future__ import annotations

import json
import os
import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import torch
import torch.distributed as dist
from torch import nn
from torch.utils.checkpoint import checkpoint

from persian_mir.backbones.backbone import BackboneKey
from persian_mir.backbones.batches import normalised
from persian_mir.progress import SILENT, Cancelled, Progress
from trainer.pretrain.constant_q import constant_q
from trainer.pretrain.corpus import Corpus, Sound, draw
from trainer.pretrain.course import CURVE, Course, write_course
from trainer.pretrain.hiding import hidden_frames, mixed
from trainer.pretrain.network import Losses, PretrainNet
from trainer.pretrain.recipe import PretrainOptions, Recipe
from trainer.pretrain.schedule import rates
from trainer.pretrain.state import Trained, read_state, write_state
from trainer.pretrain.teachers import Teacher

BETAS, EPS, DECAY, CLIP = (0.9, 0.98), 1e-6, 0.01, 1.0  # of AdamW, as in both recipes; gradients are cut at norm 1
KEPT_MEAN = 0.999
JUDGED_CLIPS = 64
LEARNING, JUDGING = 1, 2  # first numbers of the seeds of clips


@dataclass(frozen=True, slots=True)
class Task:
    """What a run is about. `key`: how the network takes its sound; `from_nothing`: whether its weights are new."""

    corpus: Corpus
    teacher: Teacher
    recipe: Recipe
    options: PretrainOptions
    key: BackboneKey
    frames: int
    from_nothing: bool
    half: bool = False  # bfloat16, but for the losses


def pretrain(
    net: PretrainNet, task: Task, device: str, keep: Path, progress: Progress = SILENT
) -> dict[str, torch.Tensor]:
    """Train `net` and return the running mean of its weights, by name; `Course`s are published, judged ones also
    written beside `keep`, a file from which the same run goes on.

    When stopped, what was reached is kept and Cancelled raised.
    """
    rank, world = place()
    trained = begin(net, task, device)
    teacher = json.dumps(task.teacher.card, sort_keys=True)
    digest = task.options.digest(task.corpus.hash, task.key.revision, task.recipe.name, teacher)
    step, steps = read_state(keep, digest, trained), task.options.steps
    if rank == 0 and step == 0:
        (keep.parent / CURVE).unlink(missing_ok=True)
    began, done = time.monotonic(), 0
    while step < steps:
        try:
            progress.step(step / steps)
        except Cancelled:
            if rank == 0:
                write_state(keep, step, digest, trained)
            raise
        sums = learn(trained, task, step, device, rank, world)
        step, done = step + 1, done + task.options.batch
        clips_s = done / max(time.monotonic() - began, 1e-9)
        course = Course(step, steps, *sums, (), None, None, clips_s)
        if step % task.options.every == 0 or step == steps:
            course = replace(course, **judge(net, task, device))
            if rank == 0:
                write_state(keep, step, digest, trained)
                write_course(keep.parent, course)
        progress.publish(course)
    return trained.mean


def begin(net: PretrainNet, task: Task, device: str) -> Trained:
    """The net with an optimiser that knows its three groups, and the mean of its weights."""
    net.to(device).train()
    if task.options.checkpointing == "yes":
        for layer in (*net.hubert.feature_extractor.conv_layers, *net.hubert.encoder.layers):
            layer.forward = partial(checkpoint, layer.forward, use_reentrant=False)
    heads, front = list(net.heads()), list(net.front())
    known = {id(one) for one in (*heads, *front)}
    rest = [one for one in net.parameters() if id(one) not in known]
    optimiser = torch.optim.AdamW([{"params": part} for part in (heads, front, rest)], 0.0, BETAS, EPS, DECAY)
    return Trained(net, optimiser, {name: one.detach().clone() for name, one in net.hubert.state_dict().items()})


def learn(trained: Trained, task: Task, step: int, device: str, rank: int = 0, world: int = 1) -> tuple[float, float]:
    """Change the weights once; return the mean losses of a clip: codes, constant-Q."""
    options, net = task.options, trained.net
    now = rates(step, options.steps, options.rate, task.from_nothing)
    for group, rate in zip(trained.optimiser.param_groups, (now.heads, now.front, now.rest), strict=True):
        group["lr"] = rate
        for parameter in group["params"]:
            parameter.requires_grad_(rate > 0)
    net.zero_grad(set_to_none=True)
    sums = torch.zeros(2, dtype=torch.float64)
    for number, first in enumerate(range(0, options.batch, options.together)):
        if number % world != rank:
            continue
        which = range(first, min(first + options.together, options.batch))
        losses = losses_of(net, task, task.corpus.learnt, (LEARNING, options.seed, step), which, device)
        (losses.total / options.batch).backward()  # type: ignore[no-untyped-call]
        sums += torch.tensor([sum(losses.codes), losses.constant_q], dtype=torch.float64)
    learning = [one for one in net.parameters() if one.requires_grad]
    _summed([*(_gradient(one) for one in learning), sums])
    nn.utils.clip_grad_norm_(learning, CLIP)
    trained.optimiser.step()
    with torch.no_grad():
        for name, value in net.hubert.state_dict().items():
            trained.mean[name].lerp_(value, 1 - KEPT_MEAN) if value.is_floating_point() else None
    return float(sums[0]) / options.batch, float(sums[1]) / options.batch


def _gradient(parameter: nn.Parameter) -> torch.Tensor:
    """A weight's gradient; nothing where none of this process's clips came by it."""
    if parameter.grad is None:
        parameter.grad = torch.zeros_like(parameter)
    return parameter.grad


def losses_of(
    net: nn.Module, task: Task, sounds: Sequence[Sound], seed: tuple[int, ...], which: range, device: str
) -> Losses:
    """What clips drawn by `seed` have to teach; clips of the same number are the same, however many go together."""
    recipe, rate = task.recipe, task.key.rate
    clips = np.stack(list(draw(sounds, seed, which, task.options.clip_s, rate)))
    chances = [np.random.default_rng([*seed, number, 1]) for number in which]
    hidden = np.stack([hidden_frames(task.frames, recipe.hidden, recipe.span, rng) for rng in chances])
    laid = np.stack([mixed(clips, number, recipe.mixup, rate, rng) for number, rng in enumerate(chances)])
    codes = task.teacher.codes(clips, task.frames)
    clean, heard = (torch.from_numpy(one).to(device) for one in (clips, laid))
    spectrum = constant_q(clean, rate, task.frames) if recipe.constant_q else None
    with torch.autocast(device, torch.bfloat16, enabled=task.half):
        known = torch.from_numpy(hidden).to(device), torch.from_numpy(codes).to(device)
        losses: Losses = net.losses(normalised(heard, task.key), *known, spectrum)  # type: ignore[operator]
    return losses


def judge(net: PretrainNet, task: Task, device: str) -> dict[str, Any]:
    """How it does on clips of recordings kept apart, the same ones each time: what a `Course` says of them."""
    told, together = [], task.options.together
    with torch.no_grad():
        for first in range(0, JUDGED_CLIPS, together):
            which = range(first, min(first + together, JUDGED_CLIPS))
            one = losses_of(net, task, task.corpus.judged, (JUDGING, task.options.seed), which, device)
            told.append((*one.codes, one.right, one.constant_q))
    *codes, right, constant_q = (np.sum(told, axis=0) / JUDGED_CLIPS).tolist()
    return {"judged_codes": tuple(codes), "judged_right": right, "judged_constant_q": constant_q}


def place() -> tuple[int, int]:
    """This process's number and how many there are: as `torchrun` says, or the only one."""
    world = int(os.environ.get("WORLD_SIZE", "1"))
    if world > 1 and not dist.is_initialized():
        dist.init_process_group("nccl" if torch.cuda.is_available() else "gloo")
    return (dist.get_rank(), dist.get_world_size()) if world > 1 else (0, 1)


def is_first() -> bool:
    """Whether this process is the one that writes."""
    return place()[0] == 0


def _summed(values: Sequence[torch.Tensor]) -> None:
    """Add up over all processes, in place."""
    if dist.is_initialized():
        for value in values:
            dist.all_reduce(value)


def frames_of(net: Any, samples: int) -> int:
    """How many frames the network makes of so many samples."""
    return int(net.hubert._get_feat_extract_output_lengths(torch.tensor(samples)))
