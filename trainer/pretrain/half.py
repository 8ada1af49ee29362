"""Whether a run may compute in bfloat16: asked of the machine that it runs on, before the first step."""

from __future__ import annotations

from dataclasses import replace

import torch

from persian_mir.computing import emulated
from persian_mir.half_precision import keep_right, multiplies_bfloat16
from persian_mir.i18n import _
from persian_mir.progress import Progress
from trainer.features.segments import Remark
from trainer.pretrain.network import PretrainNet
from trainer.pretrain.train import LEARNING, Task, losses_of

LIMIT = 0.25  # of the size of the whole gradient; that of sound bfloat16 is off by 0.02 to 0.1


def halved(net: PretrainNet, task: Task, device: str, progress: Progress) -> Task:
    """The task in the precision that its options want, if this machine learns rightly in it; else in float32.

    Layers that it computes wrongly in bfloat16 are computed in float32; then the gradient of a clip is compared.
    """
    wanted = task.options.precision
    if wanted == "exact" or (wanted == "auto" and device != "cuda"):
        return task
    if not multiplies_bfloat16(device):
        progress.publish(Remark(emulated()))
        return task
    net.to(device).train()
    keep_right(net, device)
    exact, half = (_gradient(net, replace(task, half=half), device) for half in (False, True))
    off = float((half - exact).norm() / exact.norm().clamp_min(1e-12))
    if off < LIMIT:  # false for NaN
        return replace(task, half=True)
    progress.publish(Remark(_("This machine learns wrongly in bfloat16, so it computes exactly.")))
    return task


def _gradient(net: PretrainNet, task: Task, device: str) -> torch.Tensor:
    """That of one clip, all weights in a row."""
    net.zero_grad(set_to_none=True)
    seed = (LEARNING, task.options.seed, 0)
    losses_of(net, task, task.corpus.learnt, seed, range(1), device).total.backward()  # type: ignore[no-untyped-call]
    parts = [one.grad.flatten() for one in net.parameters() if one.grad is not None]
    net.zero_grad(set_to_none=True)
    return torch.cat(parts).float()
