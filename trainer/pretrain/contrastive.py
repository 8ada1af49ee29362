"""CLMR's loop: two views of a clip are to lie together, and apart from those of all other clips of the step.

T. Chen and others, "SimCLR" (2020), on waveforms: see `views`. Chance hangs on the seed, the step and the clip alone,
so a run that was killed comes to the same weights as one that was not. One process: all clips of a step are compared.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import nn
from torch.nn.functional import cross_entropy, normalize

from persian_mir.errors import PersianMirError
from persian_mir.i18n import _
from persian_mir.progress import SILENT, Cancelled, Progress
from trainer.pretrain.corpus import Corpus, Sound, draw
from trainer.pretrain.course import CURVE, Course, write_course
from trainer.pretrain.recipe import RECIPES, PretrainOptions
from trainer.pretrain.state import Trained, read_state, write_state
from trainer.pretrain.train import JUDGED_CLIPS, JUDGING, LEARNING, place
from trainer.pretrain.views import view

TEMPERATURE = 0.5


class ContrastiveNet(nn.Module):
    """`encoder`: the network that stays; the projection is left behind."""

    def __init__(self, encoder: Any, width: int) -> None:
        super().__init__()
        inner = encoder.layers[0].out_channels
        last = [one for one in encoder.layers if isinstance(one, nn.Conv1d)][-1].out_channels
        self.encoder = encoder
        self.projection = nn.Sequential(
            nn.Linear(last, max(inner, last)), nn.ReLU(), nn.Linear(max(inner, last), width)
        )

    def forward(self, waveforms: torch.Tensor) -> torch.Tensor:
        """[views, samples] to unit vectors [views, width]."""
        return normalize(self.projection(self.encoder(waveforms)), dim=1)


def contrastive_loss(vectors: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
    """SimCLR's loss of unit vectors [2 clips, width], of which k and k + clips are of one clip; the share of views
    whose other view is nearest.
    """
    count = len(vectors)
    alike = (vectors @ vectors.T / TEMPERATURE).masked_fill(
        torch.eye(count, dtype=torch.bool, device=vectors.device), -1e9
    )
    other = torch.arange(count, device=vectors.device).roll(count // 2)
    return cross_entropy(alike, other), (alike.argmax(dim=1) == other).float().mean()


def train_contrastive(
    encoder: Any, corpus: Corpus, options: PretrainOptions, rate: int, device: str, keep: Path,
    progress: Progress = SILENT,
) -> dict[str, torch.Tensor]:  # fmt: skip
    """Train `encoder` and return its weights, by name; what is published and kept: see `train.pretrain`.

    Raises PersianMirError where clips are too short, or several processes were begun; and Cancelled.
    """
    trained = begin(encoder, options, rate, device)
    digest = options.digest(corpus.hash, options.recipe)
    step, began, done = read_state(keep, digest, trained), time.monotonic(), 0
    keep.parent.mkdir(parents=True, exist_ok=True)
    if step == 0:
        (keep.parent / CURVE).unlink(missing_ok=True)
    while step < options.steps:
        try:
            progress.step(step / options.steps)
        except Cancelled:
            write_state(keep, step, digest, trained)
            raise
        loss = learn(trained, corpus, options, rate, step, device)
        step, done = step + 1, done + options.batch
        course = Course(step, options.steps, loss, 0.0, (), None, None, done / max(time.monotonic() - began, 1e-9))
        if step % options.every == 0 or step == options.steps:
            course = replace(course, **judge(trained.net, corpus, options, rate, device))
            write_state(keep, step, digest, trained)
            write_course(keep.parent, course)
        progress.publish(course)
    return {name: one.detach() for name, one in trained.net.encoder.state_dict().items()}


def begin(encoder: Any, options: PretrainOptions, rate: int, device: str) -> Trained:
    """The net with an optimiser. Raises PersianMirError where clips are too short, or several processes were begun."""
    _check(encoder, options, rate)
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(options.seed)
        net = ContrastiveNet(encoder, RECIPES[options.recipe].width).to(device).train()
    return Trained(net, torch.optim.AdamW(net.parameters(), options.rate, weight_decay=0.0), {})


def _check(encoder: Any, options: PretrainOptions, rate: int) -> None:
    if round(options.clip_s * rate) < encoder.samples:
        what = _("CLMR hears {seconds:.1f} seconds at once, and a clip must hold them.")
        raise PersianMirError(what.format(seconds=encoder.samples / rate), cure=_("Choose longer clips: --clip-s"))
    if place()[1] > 1:
        raise PersianMirError(_("CLMR compares all clips of a step, so it runs in one process, without torchrun."))


def learn(trained: Trained, corpus: Corpus, options: PretrainOptions, rate: int, step: int, device: str) -> float:
    """Change the weights once; return the loss."""
    views = _views(trained.net, corpus.learnt, (LEARNING, options.seed, step), options.batch, options, rate)
    loss, _right = contrastive_loss(trained.net(views.to(device)))
    trained.optimiser.zero_grad(set_to_none=True)
    loss.backward()  # type: ignore[no-untyped-call]
    trained.optimiser.step()
    return float(loss.detach())


def _views(
    net: Any, sounds: Sequence[Sound], seed: tuple[int, ...], count: int, options: PretrainOptions, rate: int
) -> torch.Tensor:
    """Two views of each of `count` clips drawn by `seed`, [2 clips, samples]: all first ones, then all second ones."""
    clips = list(draw(sounds, seed, range(count), options.clip_s, rate))
    shifted, samples = options.aim == "mode", net.encoder.samples
    made = [
        view(clip, samples, rate, shifted, np.random.default_rng([*seed, number, turn]))
        for turn in (1, 2)
        for number, clip in enumerate(clips)
    ]
    return torch.from_numpy(np.stack(made))


def judge(net: Any, corpus: Corpus, options: PretrainOptions, rate: int, device: str) -> dict[str, Any]:
    """The loss, and how many views have found their other one, on clips of recordings kept apart."""
    count = min(JUDGED_CLIPS, options.batch)
    net.eval()
    with torch.no_grad():
        views = _views(net, corpus.judged, (JUDGING, options.seed, 0), count, options, rate)
        loss, right = contrastive_loss(net(views.to(device)))
    net.train()
    return {"judged_codes": (float(loss),), "judged_right": float(right)}
