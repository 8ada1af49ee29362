"""The net that stands for AzarNet's."""

from __future__ import annotations

from itertools import pairwise

import torch
from torch import nn

CHANNELS = (1, 32, 64, 128, 128)
UNITS = 64


class AzarNet(nn.Module):
    """Rows [segments, frames * bins] in, logits [segments, labels] out; `mean` and `std` standardise all values."""

    mean: torch.Tensor
    std: torch.Tensor

    def __init__(self, bins: int, labels: int, mean: float, std: float) -> None:
        super().__init__()
        self._bins = bins
        self.register_buffer("mean", torch.tensor([mean]))
        self.register_buffer("std", torch.tensor([max(std, 1e-6)]))
        self.blocks = nn.Sequential(*(_block(*pair) for pair in pairwise(CHANNELS)))
        self.recurrent = nn.GRU(CHANNELS[-1], UNITS, batch_first=True, bidirectional=True)
        self.last = nn.Linear(2 * UNITS, labels)

    def forward(self, rows: torch.Tensor) -> torch.Tensor:
        """Convolutions over frames and bins, the mean over bins, the frames in their order, the mean over frames."""
        values = ((rows - self.mean) / self.std).view(len(rows), 1, -1, self._bins)
        frames = self.blocks(values).mean(dim=3).transpose(1, 2)
        out: torch.Tensor = self.last(self.recurrent(frames)[0].mean(dim=1))
        return out


def _block(before: int, after: int) -> nn.Sequential:
    convolution = nn.Conv2d(before, after, 3, padding=1)
    return nn.Sequential(convolution, nn.BatchNorm2d(after), nn.ReLU(), nn.MaxPool2d(2), nn.Dropout(0.25))
