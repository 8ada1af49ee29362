"""SampleCNN: convolutions over the waveform itself, of which each leaves one of three samples, down to one vector."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from typing import Any

import torch
from torch import nn

from persian_mir.backbones.pieces import pieces
from persian_mir.models.sample_cnn import SampleCnn


class SampleCnnNetwork(nn.Module):
    """As CLMR has it (J. Spijkervet and J. Burgoyne, 2021)."""

    def __init__(self, architecture: SampleCnn) -> None:
        super().__init__()
        self.samples = architecture.receptive_field
        first, *_rest, last = channels = architecture.channels
        layers: list[nn.Module] = [nn.Conv1d(1, first, 3, 3), nn.BatchNorm1d(first), nn.ReLU()]
        for before, after in pairwise(channels[:-1]):
            layers += [nn.Conv1d(before, after, 3, padding=1), nn.BatchNorm1d(after), nn.ReLU(), nn.MaxPool1d(3)]
        layers += [nn.Conv1d(channels[-2], last, 3, padding=1), nn.BatchNorm1d(last), nn.ReLU()]
        self.layers = nn.Sequential(*layers)

    def forward(self, waveforms: torch.Tensor) -> torch.Tensor:
        """[windows, samples] to [windows, width]; of a longer window the mean of pieces that cover it."""
        cut = pieces(waveforms, self.samples)
        vectors: torch.Tensor = self.layers(cut.flatten(0, 1)[:, None]).squeeze(2)
        return vectors.view(*cut.shape[:2], -1).mean(dim=1)


def hidden_states(
    network: nn.Module, _architecture: Any, waveforms: torch.Tensor, _deepest: int
) -> Iterator[torch.Tensor]:
    """The one state of windows [windows, samples], as [windows, 1, width]."""
    yield network(waveforms)[:, None]


def mended(name: str) -> str:
    """A tensor's name in the network, which is its name in the file."""
    return name
