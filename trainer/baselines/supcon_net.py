"""The net of the supervised contrastive study, and its two steps: the encoder first, then a head on it, frozen."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from itertools import pairwise

import numpy as np
import torch
from numpy.typing import NDArray
from torch import nn

from persian_mir.backbones.device import pick_device
from persian_mir.progress import SILENT, Progress
from trainer.baselines.baseline import Arrays, Examples, Floats
from trainer.baselines.early_stopping import BestEpoch
from trainer.baselines.neural import AT_ONCE, Training, arrays_of, fit_net

CHANNELS = (1, 256, 128, 64, 32, 16)
UNITS, PROJECTION, HEAD = 256, 128, (256, 128, 64, 32)
DROPOUT, TEMPERATURE = 0.3, 0.1
EPOCHS, PATIENCE, BATCH, RATE = 100, 10, 64, 1e-3


class SupConNet(nn.Module):
    """Rows [segments, seconds * frames * mels] in, mean log-probabilities [segments, labels] out."""

    def __init__(self, seconds: int, frames: int, mels: int, labels: int) -> None:
        super().__init__()
        self.picture = (1, frames, mels)
        self._seconds = seconds
        self.encoder = _encoder(frames, mels)
        self.head = Head(labels)

    def forward(self, rows: torch.Tensor) -> torch.Tensor:
        """Each second by itself, then their mean."""
        said = torch.log_softmax(self.head(self.encoder(rows.view(-1, *self.picture))), dim=1)
        return said.view(len(rows), self._seconds, -1).mean(dim=1)


class Head(nn.Module):
    """What the encoder says of a second [seconds, 256] as logits [seconds, labels]."""

    def __init__(self, labels: int) -> None:
        super().__init__()
        sizes = (UNITS, *HEAD)
        layers = [(nn.Linear(one, other), nn.ReLU(), nn.Dropout(DROPOUT)) for one, other in pairwise(sizes)]
        self.hidden = nn.Sequential(*(part for layer in layers for part in layer))
        self.last = nn.Linear(HEAD[-1], labels)

    def forward(self, encoded: torch.Tensor) -> torch.Tensor:
        """Four layers, and the labels."""
        out: torch.Tensor = self.last(self.hidden(encoded))
        return out


def contrastive_loss(projected: torch.Tensor, targets: torch.Tensor) -> torch.Tensor:
    """Cross-entropy of the likenesses of unit vectors [n, width] over T with the rows of the same label, itself
    included, each of which has an equal share: the N-pairs form of Khosla's loss (2020).
    """
    unit = nn.functional.normalize(projected, dim=1)
    same = (targets[:, None] == targets[None]).float()
    return nn.functional.cross_entropy(unit @ unit.T / TEMPERATURE, same / same.sum(dim=1, keepdim=True))


def fit_one(examples: Examples, dev: NDArray[np.bool_], build: Callable[[int], SupConNet]) -> Arrays:
    """Fit the net of `build` on the segments that are not `dev`, stopped by those that are. May raise Cancelled."""
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(examples.effort.seed)
        net = build(len(examples.labels)).to(pick_device(examples.effort.device))
        _learn_encoder(net, examples, dev, examples.progress.part(0.0, 0.9))
    encoded, targets = _encoded(net, examples)
    of_dev = np.repeat(dev, len(targets) // len(dev))
    plain = (examples.labels, examples.task, examples.effort)
    quiet = examples.progress.part(0.9, 0.1, publish=SILENT.publish)  # the encoder's epochs are what is told
    rest = Examples(encoded[~of_dev], targets[~of_dev], *plain, progress=quiet)
    if dev.any():
        rest = replace(rest, dev_rows=encoded[of_dev], dev_targets=targets[of_dev])
    head = fit_net(Head, rest, Training(EPOCHS, RATE, BATCH, plateau=PATIENCE, patience=PATIENCE))
    return arrays_of(net.state_dict()) | {f"head.{name}": one for name, one in head.items()}


def _learn_encoder(net: SupConNet, examples: Examples, dev: NDArray[np.bool_], progress: Progress) -> None:
    """By the contrastive loss; publishes its Passes. The encoder of the epoch with the least loss on dev is kept."""
    rng, device = np.random.default_rng(examples.effort.seed), next(net.parameters()).device
    projection = nn.Sequential(nn.Linear(UNITS, PROJECTION), nn.ReLU()).to(device)
    optimizer = torch.optim.Adam([*net.encoder.parameters(), *projection.parameters()], lr=RATE)
    epochs = examples.effort.passes(EPOCHS)
    best = BestEpoch(net.encoder, epochs, examples.effort.waits(PATIENCE))
    for epoch in range(epochs):
        progress.step(epoch / epochs)
        net.train()
        for rows, targets in _batches(net, examples, ~dev, rng):
            if len(rows) < 2:
                continue  # of one second there is no batch statistic
            loss = contrastive_loss(projection(net.encoder(rows.to(device))), targets.to(device))
            optimizer.zero_grad()
            loss.backward()  # type: ignore[no-untyped-call]
            optimizer.step()
        if best.is_last(_dev_loss(net, projection, examples, dev) if dev.any() else None):
            break
    progress.publish(best.restore())


def _batches(
    net: SupConNet, examples: Examples, part: NDArray[np.bool_], rng: np.random.Generator
) -> Iterator[tuple[torch.Tensor, torch.Tensor]]:
    """One second of as many segments as there are, each label as often as another, rolled in time."""
    places = np.flatnonzero(part)
    weights = 1 / np.bincount(examples.targets[places])[examples.targets[places]]
    drawn = rng.choice(places, len(places), p=weights / weights.sum())
    for some in np.split(drawn, range(BATCH, len(drawn), BATCH)):
        seconds = examples.rows[some].reshape(len(some), -1, *net.picture)
        pictures = [np.roll(one[rng.integers(len(one))], rng.integers(net.picture[1]), axis=1) for one in seconds]
        yield torch.from_numpy(np.stack(pictures)), torch.from_numpy(examples.targets[some])


def _dev_loss(net: SupConNet, projection: nn.Module, examples: Examples, dev: NDArray[np.bool_]) -> float:
    """Of the first second of each segment of `dev`, in batches as they are learnt from."""
    net.eval()
    pictures = examples.rows[dev].reshape(int(dev.sum()), -1, *net.picture)[:, 0]
    targets, device = torch.from_numpy(examples.targets[dev]), next(net.parameters()).device
    with torch.no_grad():
        encoded = [projection(net.encoder(part.to(device))) for part in torch.split(torch.from_numpy(pictures), BATCH)]
        return float(contrastive_loss(torch.cat(encoded), targets.to(device)))


def _encoded(net: SupConNet, examples: Examples) -> tuple[Floats, NDArray[np.int64]]:
    """All seconds as the encoder sees them, float32 [seconds, 256], and their targets."""
    net.eval()
    pictures = torch.from_numpy(examples.rows.reshape(-1, *net.picture))
    device = next(net.parameters()).device
    with torch.no_grad():
        parts = [net.encoder(part.to(device)).cpu() for part in torch.split(pictures, AT_ONCE)]
    encoded = torch.cat(parts).numpy()
    return encoded, np.repeat(examples.targets, len(encoded) // len(examples.targets))


def _encoder(frames: int, mels: int) -> nn.Sequential:
    layers: list[nn.Module] = []
    for before, after in pairwise(CHANNELS):
        pool = nn.MaxPool2d(3, 2, padding=1)
        parts = (nn.Conv2d(before, after, 3, padding=1), pool, nn.ReLU(), nn.BatchNorm2d(after), nn.Dropout(DROPOUT))
        layers += parts
        frames, mels = (frames + 1) // 2, (mels + 1) // 2
    width = CHANNELS[-1] * frames * mels
    pictures = nn.Sequential(*layers)
    pictures.to(memory_format=torch.channels_last)  # type: ignore[call-overload]  # quicker on a CPU
    return nn.Sequential(*pictures, nn.Flatten(), nn.Linear(width, UNITS), nn.ReLU(), nn.Dropout(DROPOUT))
