"""PANNs CNN14: a network for AudioSet's labels, whose last layer but one describes a window by 2,048 numbers.

Q. Kong and others, "PANNs" (2020): spectrum by two convolutions and mel bands by a matrix that the file itself holds,
six pairs of 3 x 3 convolutions, the largest value and the mean over time added up.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from typing import Any

import torch
from torch import nn
from torch.nn.functional import avg_pool2d, pad

from persian_mir.models.cnn14 import Cnn14

N_FFT, HOP, MELS, FLOOR = 1024, 320, 64, 1e-10
LABELS = "fc_audioset."  # the last layer, which names the sounds of AudioSet


class Spectrum(nn.Module):
    """Power spectrum by convolution with the file's own windowed sines and cosines."""

    def __init__(self) -> None:
        super().__init__()
        parts = {name: nn.Conv1d(1, N_FFT // 2 + 1, N_FFT, HOP, bias=False) for name in ("conv_real", "conv_imag")}
        self.stft = nn.ModuleDict(parts)

    def forward(self, waveforms: torch.Tensor) -> torch.Tensor:
        """[windows, samples] to [windows, frames, bins]; the ends are mirrored."""
        mirrored = pad(waveforms[:, None], (N_FFT // 2, N_FFT // 2), mode="reflect")
        power: torch.Tensor = sum(part(mirrored).square() for part in self.stft.values())
        return power.transpose(1, 2)


class Bands(nn.Module):
    """Mel bands in dB."""

    def __init__(self) -> None:
        super().__init__()
        self.melW = nn.Parameter(torch.empty(N_FFT // 2 + 1, MELS))  # the name in the file

    def forward(self, power: torch.Tensor) -> torch.Tensor:
        """[windows, frames, bins] to [windows, frames, mels]."""
        return 10 * torch.log10((power @ self.melW).clamp(min=FLOOR))


class Block(nn.Module):
    """Two convolutions."""

    def __init__(self, before: int, after: int) -> None:
        super().__init__()
        self.conv1 = nn.Conv2d(before, after, 3, padding=1, bias=False)
        self.conv2 = nn.Conv2d(after, after, 3, padding=1, bias=False)
        self.bn1, self.bn2 = nn.BatchNorm2d(after), nn.BatchNorm2d(after)

    def forward(self, pictures: torch.Tensor) -> torch.Tensor:
        """[windows, before, frames, mels] to [windows, after, frames, mels]."""
        once: torch.Tensor = self.bn1(self.conv1(pictures)).relu()
        twice: torch.Tensor = self.bn2(self.conv2(once)).relu()
        return twice


class Cnn14Network(nn.Module):
    """Waveforms in, one vector each out; its parts are called as in the file."""

    def __init__(self, channels: tuple[int, ...]) -> None:
        super().__init__()
        self.spectrogram_extractor, self.logmel_extractor = Spectrum(), Bands()
        self.bn0 = nn.BatchNorm2d(MELS)
        self._blocks = [f"conv_block{number}" for number in range(1, len(channels) + 1)]
        for name, sizes in zip(self._blocks, pairwise((1, *channels)), strict=True):
            self.add_module(name, Block(*sizes))
        self.fc1 = nn.Linear(channels[-1], channels[-1])

    def forward(self, waveforms: torch.Tensor) -> torch.Tensor:
        """[windows, samples] at 32 kHz to [windows, width]."""
        with torch.autocast(waveforms.device.type, enabled=False):
            bands = self.logmel_extractor(self.spectrogram_extractor(waveforms))
        pictures = self.bn0(bands[:, None].transpose(1, 3)).transpose(1, 3)
        for name in self._blocks:
            pictures = self.get_submodule(name)(pictures)
            if name != self._blocks[-1]:
                pictures = avg_pool2d(pictures, 2)
        frames = pictures.mean(dim=3)
        pooled: torch.Tensor = self.fc1(frames.amax(dim=2) + frames.mean(dim=2)).relu()
        return pooled


def hidden_states(
    network: nn.Module, _architecture: Any, waveforms: torch.Tensor, _deepest: int
) -> Iterator[torch.Tensor]:
    """The one state of windows [windows, samples], as [windows, 1, width]."""
    yield network(waveforms)[:, None]


def build(architecture: Cnn14) -> nn.Module:
    """The network, its weights not yet those of the file."""
    return Cnn14Network(architecture.channels)


def mended(name: str) -> str:
    """A tensor's name in the network, which is its name in the file; empty of the layer that names sounds."""
    return "" if name.startswith(LABELS) else name
