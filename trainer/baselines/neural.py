"""What the neural studies share: a training loop on labelled segments, and nets as plain arrays."""

from __future__ import annotations

import copy
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import torch
from torch import nn

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

    It reads rows [segments, width]. The same examples and seed give the same arrays. May raise Cancelled.
    """
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(examples.seed)
        net = build(len(examples.labels))
        optimizer = torch.optim.Adam(net.parameters(), lr=training.lr)
        schedule = torch.optim.lr_scheduler.ReduceLROnPlateau(
            optimizer, "max", factor=training.factor, patience=training.plateau
        )
        best, best_state, waited = -1.0, net.state_dict(), 0
        for epoch in range(training.epochs):
            examples.progress.step(epoch / training.epochs)
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
    return {name: one.numpy().copy() for name, one in state.items() if one.dtype == torch.float32}


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
        rows = torch.from_numpy(examples.rows[places.numpy()])
        loss = nn.functional.cross_entropy(net(rows), torch.from_numpy(examples.targets[places.numpy()]))
        optimizer.zero_grad()
        loss.backward()  # type: ignore[no-untyped-call]
        optimizer.step()


def _dev_accuracy(net: nn.Module, examples: Examples) -> float | None:
    if examples.dev_rows is None or examples.dev_targets is None:
        return None
    net.eval()
    with torch.no_grad():
        parts = torch.split(torch.from_numpy(examples.dev_rows), AT_ONCE)
        named = torch.cat([net(part).argmax(dim=1) for part in parts])
    return float((named.numpy() == examples.dev_targets).mean())
