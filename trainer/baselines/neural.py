"""What the neural studies share: a training loop on labelled segments, and nets as plain arrays."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch import nn

from persian_mir.backbones.device import pick_device
from trainer.baselines.baseline import Arrays, Examples, Floats
from trainer.baselines.early_stopping import BestEpoch, with_held_out

AT_ONCE = 64  # segments answered in one call


@dataclass(frozen=True, slots=True)
class Training:
    """Hyperparameters. The learning rate is multiplied by `factor` after `plateau` epochs without a better accuracy on
    dev; after `patience` epochs without a lower loss there it stops (None: never). Without dev neither happens.
    """

    epochs: int
    lr: float = 1e-3
    batch: int = 32
    factor: float = 0.7
    plateau: int = 7
    patience: int | None = None


def fit_net(build: Callable[[int], nn.Module], examples: Examples, training: Training) -> Arrays:
    """Fit the net that `build` makes for so many labels with Adam and cross-entropy, and publish its Passes; the epoch
    with the least loss on dev is kept. Where there is no dev, some of the recordings are held out for it.

    It reads rows [segments, width]. On the CPU the same examples and seed give the same arrays. May raise Cancelled,
    and ModelError where the device is not there.
    """
    examples = with_held_out(examples)
    device, epochs = pick_device(examples.effort.device), examples.effort.passes(training.epochs)
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(examples.effort.seed)
        net = build(len(examples.labels)).to(device)
        optimizer = torch.optim.Adam(net.parameters(), lr=training.lr)
        schedule = torch.optim.lr_scheduler.ReduceLROnPlateau(
            optimizer, "max", factor=training.factor, patience=training.plateau
        )
        best = BestEpoch(net, epochs, examples.effort.waits(training.patience))
        for epoch in range(epochs):
            examples.progress.step(epoch / epochs)
            _epoch(net, optimizer, examples, training.batch)
            loss, accuracy = _on_dev(net, examples)
            if accuracy is not None:
                schedule.step(accuracy)
            if best.is_last(loss):
                break
    examples.progress.publish(best.restore())
    return arrays_of(net.state_dict())


def fit_standardised(build: Callable[[int, float, float], nn.Module], examples: Examples, training: Training) -> Arrays:
    """The same for a net that takes the mean and the deviation of all values of the training part, too."""
    examples = with_held_out(examples)
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


def _on_dev(net: nn.Module, examples: Examples) -> tuple[float, float] | tuple[None, None]:
    """Cross-entropy and accuracy, None where there is no dev."""
    if examples.dev_rows is None or examples.dev_targets is None:
        return None, None
    net.eval()
    with torch.no_grad():
        parts = np.split(examples.dev_rows, range(AT_ONCE, len(examples.dev_rows), AT_ONCE))
        said = torch.cat([net(_on_device(net, part)) for part in parts]).cpu()
    targets = torch.from_numpy(examples.dev_targets)
    return float(nn.functional.cross_entropy(said, targets)), float((said.argmax(dim=1) == targets).float().mean())


def _on_device(net: nn.Module, values: Floats | NDArray[np.int64]) -> torch.Tensor:
    return torch.from_numpy(values).to(next(net.parameters()).device)
