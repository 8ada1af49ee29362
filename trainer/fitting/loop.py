"""The training loop: one head, one function, read from top to bottom."""

from __future__ import annotations

import math
import warnings
from dataclasses import astuple, dataclass
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import nn

from persian_mir.probes.probe import Head
from persian_mir.progress import SILENT, Cancelled, Progress
from trainer.features.segments import Scale
from trainer.fitting.checkpoint import Arrays, CheckpointEntry, Notes
from trainer.fitting.head_config import HeadConfig as HeadConfig
from trainer.fitting.net import Net, new_net

Floats = NDArray[np.float32]
Integers = NDArray[np.int64]
Batch = tuple[torch.Tensor, torch.Tensor | None, torch.Tensor]  # values, further columns, targets

PLATEAU = 5  # epochs without a better dev loss after which the learning rate is halved, if it is to be


@dataclass(frozen=True, slots=True)
class Epoch:
    """What one pass over the training part came to. NaN where there is no dev part."""

    number: int
    of: int
    loss: float
    dev_loss: float
    dev_accuracy: float
    lr: float


@dataclass(frozen=True, slots=True, eq=False)
class Fitted:
    """The best head seen, its weights over the layers, and the epochs that led to it."""

    head: Head
    layer_weights: Floats
    epochs: tuple[Epoch, ...]
    best: int
    stopped: bool


@dataclass(frozen=True, slots=True, eq=False)
class Labelled:
    """Segments to learn from, or to choose the best epoch by: `values` float32 [segments, layers, width], `targets`
    int64 [segments] and perhaps `extra` float32 [segments, columns]; only `rows` of them, where given.

    With `scale` the values are standardised by it batch by batch, since they may be larger than memory; otherwise they
    are standardised already. `extra` always is.
    """

    values: Floats
    targets: Integers
    extra: Floats | None = None
    rows: Integers | None = None
    scale: Scale | None = None


def fit_head(
    train: Labelled,
    classes: int,
    config: HeadConfig,
    dev: Labelled | None = None,
    progress: Progress = SILENT,
    entry: CheckpointEntry | None = None,
) -> Fitted:
    """Fit a head. Publishes an Epoch after each pass, keeps the one with the lowest `dev` loss (without dev: the last).

    Cancelling ends it with the best so far, or raises Cancelled when there is none. Same seed, same machine: same
    weights, also when it was killed and goes on from what it left in `entry`.
    """
    run = _Run(train, classes, config, entry)
    data, dev_data = _Tensors(train), None if dev is None else _Tensors(dev).whole()
    loss_weights = None
    if config.class_weights == "balanced":
        loss_weights = tensor_of(class_weights(data.targets[data.rows].numpy(), classes))
    stopped = False
    try:
        while not run.over:
            progress.step(len(run.history) / config.epochs)
            run.net.train()
            total = 0.0
            for rows in torch.split(data.rows[torch.randperm(len(data.rows), generator=run.order)], config.batch):
                values, extra, targets = data.at(rows)
                loss = nn.functional.cross_entropy(run.net(values, extra), targets, loss_weights)
                run.optimizer.zero_grad()
                loss.backward()  # type: ignore[no-untyped-call]
                run.optimizer.step()
                total += loss.item() * len(rows)
            run.finish_epoch(total / len(data.rows), _judge(run.net, dev_data, loss_weights) if dev_data else None)
            progress.publish(run.history[-1])
        run.keep()
    except Cancelled:
        run.keep()
        if not run.best:
            raise
        stopped = True
    run.net.load_state_dict(run.kept)
    return Fitted(run.net.as_head(), run.net.layer_weights(), tuple(run.history), run.best, stopped)


class _Tensors:
    """Labelled segments as torch reads them, in the same memory."""

    def __init__(self, part: Labelled) -> None:
        self._values, self.targets = tensor_of(part.values), tensor_of(part.targets)
        self._extra = None if part.extra is None else tensor_of(part.extra)
        self._scale = None if part.scale is None else (tensor_of(part.scale.mean), tensor_of(part.scale.std))
        self._all = part.rows is None
        self.rows = torch.arange(len(part.targets)) if part.rows is None else tensor_of(part.rows)

    def at(self, rows: torch.Tensor | slice) -> Batch:
        """Values, standardised, further columns and targets."""
        values = self._values[rows]
        if self._scale is not None:
            values = (values - self._scale[0]).div_(self._scale[1])
        return values, None if self._extra is None else self._extra[rows], self.targets[rows]

    def whole(self) -> Batch:
        """All at once, copied only where it must be."""
        return self.at(slice(None) if self._all else self.rows)


class _Run:
    """Everything that changes while a head is fitted; it begins where `entry` has it, if that has anything."""

    def __init__(self, train: Labelled, classes: int, config: HeadConfig, entry: CheckpointEntry | None) -> None:
        self._config, self._entry = config, entry
        _segments, layers, width = train.values.shape
        columns = 0 if train.extra is None else train.extra.shape[1]
        self.net, self._rng = new_net(layers, width, classes, config, columns)
        self.order = torch.Generator().manual_seed(config.seed)
        kind = torch.optim.AdamW if config.optimizer == "adamw" else torch.optim.Adam
        free = [parameter for parameter in self.net.parameters() if parameter.requires_grad]
        self.optimizer = kind(free, lr=config.lr, weight_decay=config.weight_decay, fused=True)
        self.history: list[Epoch] = []
        self.best, self.best_loss = 0, math.inf
        self.kept = _copied(self.net)
        self._lr = config.lr
        if entry is not None and (found := entry.get()) is not None:
            self._restore(*found)

    @property
    def over(self) -> bool:
        """All epochs are run, or patience is at its end; without dev each epoch is the best."""
        number = len(self.history)
        return number >= self._config.epochs or number - self.best >= self._config.waits

    def finish_epoch(self, loss: float, judged: tuple[float, float] | None) -> None:
        """Note what it came to; keep the weights if they are the best, else perhaps learn more slowly."""
        dev_loss, dev_accuracy = judged or (math.nan, math.nan)
        number = len(self.history) + 1
        self.history.append(Epoch(number, self._config.epochs, loss, dev_loss, dev_accuracy, self._lr))
        if judged is None or dev_loss < self.best_loss:
            self.best, self.best_loss, self.kept = number, dev_loss, _copied(self.net)
        self._set_rate(next_rate(self._config, self._lr, number - self.best))
        if self._entry is not None and self._entry.due:
            self.keep()

    def keep(self) -> None:
        """Write down where it is, from where the next run of the same kind goes on."""
        if self._entry is not None and self.history:
            self._entry.put(*self._state())

    def _state(self) -> tuple[dict[str, Any], dict[str, NDArray[Any]]]:
        """Notes and arrays from which `_restore` makes the same run."""
        arrays = {f"net.{name}": tensor for name, tensor in _copied(self.net).items()}
        arrays |= {f"kept.{name}": tensor for name, tensor in self.kept.items()}
        for index, memory in self.optimizer.state_dict()["state"].items():
            arrays |= {f"optimizer.{index}.{name}": tensor.clone() for name, tensor in memory.items()}
        arrays |= {"order": self.order.get_state(), "chance": self._rng.get_state()}
        history = [astuple(epoch) for epoch in self.history]
        notes = {"history": history, "best": self.best, "best_loss": self.best_loss, "lr": self._lr}
        return notes, {name: tensor.numpy() for name, tensor in arrays.items()}

    def _restore(self, notes: Notes, arrays: Arrays) -> None:
        """Be where `_state` was taken."""
        tensors = {name: torch.from_numpy(array.copy()) for name, array in arrays.items()}
        self.net.load_state_dict(_below("net.", tensors))
        self.kept = _below("kept.", tensors)
        memory: dict[int, dict[str, torch.Tensor]] = {}
        for name, tensor in _below("optimizer.", tensors).items():
            index, _dot, key = name.partition(".")
            memory.setdefault(int(index), {})[key] = tensor
        groups = self.optimizer.state_dict()["param_groups"]
        self.optimizer.load_state_dict({"state": memory, "param_groups": groups})
        self.order.set_state(tensors["order"])
        self._rng.set_state(tensors["chance"])
        self.history = [Epoch(*row) for row in notes["history"]]
        self.best, self.best_loss = notes["best"], notes["best_loss"]
        self._set_rate(notes["lr"])

    def _set_rate(self, lr: float) -> None:
        self._lr = lr
        for group in self.optimizer.param_groups:
            group["lr"] = lr


def next_rate(config: HeadConfig, lr: float, waited: int) -> float:
    """The learning rate after `waited` epochs without a better dev loss."""
    lower = config.schedule == "plateau" and waited > 0 and waited % PLATEAU == 0
    return lr / 2 if lower else lr


def class_weights(targets: Integers, classes: int) -> Floats:
    """[classes]: what makes each class weigh the same in the mean loss; 0 for a class without segments."""
    counts = np.bincount(targets, minlength=classes)
    return np.where(counts, len(targets) / (classes * np.maximum(counts, 1)), 0).astype(np.float32)


def _judge(net: Net, dev_data: Batch, loss_weights: torch.Tensor | None) -> tuple[float, float]:
    """Mean loss and accuracy over the dev segments."""
    values, extra, targets = dev_data
    net.eval()
    with torch.no_grad():
        logits = net(values, extra)
        loss = nn.functional.cross_entropy(logits, targets, loss_weights).item()
    return loss, float((logits.argmax(1) == targets).float().mean())


def tensor_of(array: NDArray[Any]) -> torch.Tensor:
    """Return the same memory, which must not be written to: of an array for reading only, torch warns of that."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)
        return torch.from_numpy(array)


def _copied(net: Net) -> dict[str, torch.Tensor]:
    return {name: tensor.clone() for name, tensor in net.state_dict().items()}


def _below(prefix: str, tensors: dict[str, torch.Tensor]) -> dict[str, torch.Tensor]:
    return {name.removeprefix(prefix): tensor for name, tensor in tensors.items() if name.startswith(prefix)}
