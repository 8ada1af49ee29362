"""What the neural studies share: a training loop on labelled segments, and nets as plain arrays."""

from __future__ import annotations

import copy
from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch import nn

from persian_mir.backbones.device import pick_device
from trainer.baselines.baseline import Arrays, Examples, Floats

AT_ONCE = 64  # segments answered in one call


@dataclass(frozen=True, slots=True)
class Training:
    """Hyperparameters. The learning rate is multiplied by `factor` after `plateau` epochs without a better accuracy on
    dev; after `patience` of them it stops. Without dev neither happens, and the last epoch is kept.
    """

    epochs: int
    lr: float = 1e-3
    batch: int = 32
    factor: float = 0.7
    plateau: int = 7
    patience: int = 10_000


def fit_net(build: Callable[[int], nn.Module], examples: Examples, training: Training) -> Arrays:
    """Fit the net that `build` makes for so many labels with Adam and cross-entropy; the best epoch on dev is kept.

    It reads rows [segments, width]. On the CPU the same examples and seed give the same arrays. May raise Cancelled,
    and ModelError where the device is not there.
    """
    device, epochs = pick_device(examples.effort.device), examples.effort.passes(training.epochs)
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(examples.effort.seed)
        net = build(len(examples.labels)).to(device)
        optimizer = torch.optim.Adam(net.parameters(), lr=training.lr)
        schedule = torch.optim.lr_scheduler.ReduceLROnPlateau(
            optimizer, "max", factor=training.factor, patience=training.plateau
        )
        best, best_state, waited = -1.0, net.state_dict(), 0
        for epoch in range(epochs):
            examples.progress.step(epoch / epochs)
            _epoch(net, optimizer, examples, training.batch)
            accuracy = _dev_accuracy(net, examples)
            if accuracy is None:
                continue
            schedule.step(accuracy)
            waited += 1
            if accuracy > best:
                best, best_state, waited = accuracy, copy.deepcopy(net.state_dict()), 0
            if waited >= training.patience:
                break
    state = net.state_dict() if best < 0 else best_state
    return arrays_of(state)


def fit_standardised(build: Callable[[int, float, float], nn.Module], examples: Examples, training: Training) -> Arrays:
    """The same for a net that takes the mean and the deviation of all values of the training part, too."""
    mean, std = float(examples.rows.mean(dtype=np.float64)), float(examples.rows.std(dtype=np.float64))
    return fit_net(lambda labels: build(labels, mean, std), examples, training)


def arrays_of(state: Mapping[str, torch.Tensor]) -> dict[str, Floats]:
    """The numbers of a net's state as plain arrays."""
    return {name: one.cpu().numpy().copy() for name, one in state.items() if one.dtype == torch.float32}


def net_logits(net: nn.Module, arrays: Arrays, rows: Floats) -> Floats:
    """What `net` with the weights `arrays` says of rows [segments, width]: float32 [segments, labels].

    Raises ValueError where they are not those of the net.
    """
    wanted = {name for name, one in net.state_dict().items() if one.dtype == torch.float32}
    if wanted != set(arrays):
        raise ValueError("these are the weights of another net")
    try:
        net.load_state_dict({name: torch.from_numpy(one.copy()) for name, one in arrays.items()}, strict=False)
    except RuntimeError as error:
        raise ValueError("these are the weights of another net") from error
    net.eval()
    with torch.no_grad():
        parts = [net(torch.from_numpy(rows[at : at + AT_ONCE].copy())) for at in range(0, len(rows), AT_ONCE)]
    return np.asarray(torch.cat(parts).numpy(), np.float32)


def _epoch(net: nn.Module, optimizer: torch.optim.Optimizer, examples: Examples, batch: int) -> None:
    net.train()
    for places in torch.split(torch.randperm(len(examples.rows)), batch):
        if len(places) < 2:
            continue  # of one segment there is no batch statistic
        rows = _on_device(net, examples.rows[places.numpy()])
        loss = nn.functional.cross_entropy(net(rows), _on_device(net, examples.targets[places.numpy()]))
        optimizer.zero_grad()
        loss.backward()  # type: ignore[no-untyped-call]
        optimizer.step()


def _dev_accuracy(net: nn.Module, examples: Examples) -> float | None:
    if examples.dev_rows is None or examples.dev_targets is None:
        return None
    net.eval()
    with torch.no_grad():
        parts = np.split(examples.dev_rows, range(AT_ONCE, len(examples.dev_rows), AT_ONCE))
        named = torch.cat([net(_on_device(net, part)).argmax(dim=1) for part in parts])
    return float((named.cpu().numpy() == examples.dev_targets).mean())


def _on_device(net: nn.Module, values: Floats | NDArray[np.int64]) -> torch.Tensor:
    return torch.from_numpy(values).to(next(net.parameters()).device)
