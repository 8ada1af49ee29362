"""wav2vec 2.0: the same graph as HuBERT, under its own class."""

from __future__ import annotations

from typing import TYPE_CHECKING

from persian_mir.models.config import Architecture

if TYPE_CHECKING:
    import torch


def build(architecture: Architecture) -> torch.nn.Module:
    """The network, its weights not yet those of any checkpoint."""
    from transformers import Wav2Vec2Config, Wav2Vec2Model

    from persian_mir.backbones.sizes import shared_sizes

    config = Wav2Vec2Config(
        **shared_sizes(architecture),
        feat_extract_norm=architecture.conv_norm,
        do_stable_layer_norm=architecture.stable_layer_norm,
        num_conv_pos_embeddings=architecture.position_kernel,
    )
    network: torch.nn.Module = Wav2Vec2Model(config)
    return network
