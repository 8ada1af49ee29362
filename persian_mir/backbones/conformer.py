"""MuQ and MusicFM: a mel spectrum, two residual blocks that keep every fourth frame, and a Conformer.

H. Zhu and others, "MuQ" (2025); M. Won and others, "A foundation model for music informatics" (ICASSP 2024). Modules
have the names that the checkpoints give their weights. This file imports torch at once.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import torch
from torch import nn

from persian_mir.backbones.mel import log_mel
from persian_mir.models.conformer import SPECTRUM, STRIDE, ConformerArchitecture

# Of pre-training; what is computed here; and a position embedding by convolutions, which this graph never asks.
_DROPPED = ("quantizer_", "rvq.", "linear.", "cls_token", "recon_proj.", "preprocessor_", "conformer.pos_conv_embed.")


class ResidualBlock(nn.Module):
    """Two convolutions beside a third one; half as many bands and frames come out."""

    def __init__(self, before: int, after: int) -> None:
        super().__init__()
        self.conv1, self.bn1 = nn.Conv2d(before, after, 3, 2, 1), nn.BatchNorm2d(after)
        self.conv2, self.bn2 = nn.Conv2d(after, after, 3, 1, 1), nn.BatchNorm2d(after)
        self.conv3, self.bn3 = nn.Conv2d(before, after, 3, 2, 1), nn.BatchNorm2d(after)

    def forward(self, image: torch.Tensor) -> torch.Tensor:
        """[windows, before, bands, frames] to [windows, after, bands / 2, frames / 2]."""
        inner = self.bn2(self.conv2(self.bn1(self.conv1(image)).relu()))
        result: torch.Tensor = (inner + self.bn3(self.conv3(image))).relu()
        return result


class Front(nn.Module):
    """From a normalised mel spectrum to the first state."""

    def __init__(self, a: ConformerArchitecture) -> None:
        super().__init__()
        self.conv = nn.Sequential(ResidualBlock(1, a.channels), ResidualBlock(a.channels, a.channels))
        self.linear = nn.Linear(a.channels * a.mels // STRIDE, a.width)

    def forward(self, mel: torch.Tensor) -> torch.Tensor:
        """[windows, mels, frames] to [windows, frames / 4, width]."""
        result: torch.Tensor = self.linear(self.conv(mel[:, None]).flatten(1, 2).transpose(1, 2))
        return result


class ConformerNetwork(nn.Module):
    """The front and `transformers`' own Conformer, their weights not yet those of any checkpoint."""

    def __init__(self, a: ConformerArchitecture) -> None:
        from transformers import Wav2Vec2ConformerConfig
        from transformers.models.wav2vec2_conformer.modeling_wav2vec2_conformer import Wav2Vec2ConformerEncoder

        super().__init__()
        self.conv = Front(a)
        self.conformer = Wav2Vec2ConformerEncoder(
            Wav2Vec2ConformerConfig(
                hidden_size=a.width,
                num_hidden_layers=a.layers,
                num_attention_heads=a.heads,
                intermediate_size=a.intermediate,
                conv_depthwise_kernel_size=a.kernel,
                hidden_act=a.activation,
                layer_norm_eps=a.layer_norm_eps,
                position_embeddings_type="rotary",
                num_conv_pos_embeddings=1,
                num_conv_pos_embedding_groups=1,
                attn_implementation="sdpa",
            )
        )
        del self.conformer.pos_conv_embed


def hidden_states(
    network: Any, a: ConformerArchitecture, waveforms: torch.Tensor, deepest: int
) -> Iterator[torch.Tensor]:
    """States 0 .. `deepest` of [windows, samples], each [windows, frames, width], as they are computed.

    0 is the first layer's input; the last one is taken behind the final norm, as the published code takes it.
    """
    mel = log_mel(waveforms, a.rate, SPECTRUM, a.hop, a.mels)[..., :-1]
    state = network.conv((mel - a.mean) / a.deviation)
    yield state
    conformer = network.conformer
    positions = rotary(conformer.embed_positions.inv_freq, state.shape[1])
    for index, layer in enumerate(conformer.layers[:deepest], start=1):
        state = layer(state, relative_position_embeddings=positions)
        yield conformer.layer_norm(state) if index == a.layers else state


def rotary(frequencies: torch.Tensor, frames: int) -> torch.Tensor:
    """Cosines and sines [2, frames, 1, 1, 2 x frequencies]; `transformers`' own keeps those of the last length, which
    two threads with windows of two lengths would take from each other.
    """
    angles = torch.arange(frames, device=frequencies.device)[:, None] * frequencies
    both = torch.cat([angles, angles], dim=1)[:, None, None]
    return torch.stack([both.cos(), both.sin()])


def mended(name: str) -> str:
    """A tensor's name in our network; empty where it is not used."""
    name = name.removeprefix("model.")
    return "" if name.startswith(_DROPPED) else name
