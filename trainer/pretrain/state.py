"""Where a run goes on after a kill: weights, their mean, and the optimiser's memory, as tensors without a pickle."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch

from persian_mir.atomic_write import atomic_write

log = logging.getLogger(__name__)

MOMENTS = ("exp_avg", "exp_avg_sq")


@dataclass(frozen=True, slots=True)
class Trained:
    """What changes from step to step. `mean`: the running mean of the network's weights, by name."""

    net: Any
    optimiser: torch.optim.AdamW
    mean: dict[str, torch.Tensor]


def write_state(path: Path, step: int, digest: str, trained: Trained) -> None:
    """Write all of it as it is before step `step`. Raises OSError where the disk refuses."""
    from safetensors.torch import save

    tensors = {f"net.{name}": one for name, one in trained.net.state_dict().items()}
    tensors |= {f"mean.{name}": one for name, one in trained.mean.items()}
    for name, parameter in trained.net.named_parameters():
        kept = trained.optimiser.state.get(parameter, {})
        tensors |= {f"{moment}.{name}": kept[moment] for moment in MOMENTS if moment in kept}
        if "step" in kept:
            tensors[f"step.{name}"] = torch.as_tensor(float(kept["step"]))
    plain = {name: one.detach().cpu().contiguous() for name, one in tensors.items()}
    with atomic_write(path) as file:
        file.write(save(plain, {"step": str(step), "digest": digest}))


def read_state(path: Path, digest: str, trained: Trained) -> int:
    """Bring back what was kept, and return the step to go on with; 0, with nothing touched, where there is none."""
    from safetensors import SafetensorError, safe_open

    try:
        with safe_open(path, "pt") as file:
            told = file.metadata() or {}
            if told.get("digest") != digest:
                log.info("%s belongs to other recordings or settings; the training begins anew", path)
                return 0
            tensors = {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118 - it is no mapping
            step = int(told["step"])
        _restore(tensors, trained)
    except FileNotFoundError:
        return 0
    except (OSError, SafetensorError, KeyError, ValueError, RuntimeError) as error:
        log.warning("%s is damaged; the training begins anew: %s", path, error)
        return 0
    return step


def _restore(tensors: Mapping[str, torch.Tensor], trained: Trained) -> None:
    """Raises KeyError and RuntimeError for tensors of another network, before anything is changed."""
    own = trained.net.state_dict()
    net = {name: tensors[f"net.{name}"] for name in own}
    mean = {name: tensors[f"mean.{name}"] for name in trained.mean}
    if any(net[name].shape != one.shape for name, one in own.items()):
        raise ValueError("shapes differ")
    trained.net.load_state_dict(net)
    for name, one in mean.items():
        trained.mean[name].copy_(one)
    for name, parameter in trained.net.named_parameters():
        if f"step.{name}" in tensors:
            kept = {moment: tensors[f"{moment}.{name}"].to(parameter.device) for moment in MOMENTS}
            trained.optimiser.state[parameter] = {"step": tensors[f"step.{name}"], **kept}
