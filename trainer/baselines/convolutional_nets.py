"""The nets that stand for AzarNet's and PMG-Net's, whose drawings could not be read: four convolutions first."""

from __future__ import annotations

from itertools import pairwise

import torch
from torch import nn

CHANNELS = (1, 32, 64, 128, 128)
UNITS = 64


class _Spectra(nn.Module):
    """Rows [segments, frames * bins] as pictures [segments, channels, frames / 16, bins / 16], the values standardised
    by `mean` and `std`.
    """

    mean: torch.Tensor
    std: torch.Tensor

    def __init__(self, bins: int, mean: float, std: float) -> None:
        super().__init__()
        self._bins = bins
        self.register_buffer("mean", torch.tensor([mean]))
        self.register_buffer("std", torch.tensor([max(std, 1e-6)]))
        blocks = nn.Sequential(*(_block(*pair) for pair in pairwise(CHANNELS)))
        blocks.to(memory_format=torch.channels_last)  # type: ignore[call-overload]  # quicker on a CPU
        self.blocks = blocks

    def pictures(self, rows: torch.Tensor) -> torch.Tensor:
        out: torch.Tensor = self.blocks(((rows - self.mean) / self.std).view(len(rows), 1, -1, self._bins))
        return out


class AzarNet(_Spectra):
    """Rows [segments, frames * bins] in, logits [segments, labels] out."""

    def __init__(self, bins: int, labels: int, mean: float, std: float) -> None:
        super().__init__(bins, mean, std)
        self.recurrent = nn.GRU(CHANNELS[-1], UNITS, batch_first=True, bidirectional=True)
        self.last = nn.Linear(2 * UNITS, labels)

    def forward(self, rows: torch.Tensor) -> torch.Tensor:
        """Convolutions over frames and bins, the mean over bins, the frames in their order, the mean over frames."""
        frames = self.pictures(rows).mean(dim=3).transpose(1, 2)
        out: torch.Tensor = self.last(self.recurrent(frames)[0].mean(dim=1))
        return out


class PmgNet(_Spectra):
    """The same with nothing that is recurrent."""

    def __init__(self, bins: int, labels: int, mean: float, std: float) -> None:
        super().__init__(bins, mean, std)
        self.last = nn.Linear(CHANNELS[-1], labels)

    def forward(self, rows: torch.Tensor) -> torch.Tensor:
        """Convolutions over frames and bins, then the mean over both."""
        out: torch.Tensor = self.last(self.pictures(rows).mean(dim=(2, 3)))
        return out


def _block(before: int, after: int) -> nn.Sequential:
    """The greatest of four is rectified, not each of them: the same, in a quarter of the room."""
    convolution = nn.Conv2d(before, after, 3, padding=1)
    return nn.Sequential(convolution, nn.BatchNorm2d(after), nn.MaxPool2d(2), nn.ReLU(), nn.Dropout(0.25))
