"""Music2Vec: a data2vec audio model, whose position embedding is a stack of convolutions."""

from __future__ import annotations

from typing import TYPE_CHECKING

from persian_mir.models.config import Architecture

if TYPE_CHECKING:
    import torch


def build(architecture: Architecture) -> torch.nn.Module:
    """The network, its weights not yet those of any checkpoint."""
    from transformers import Data2VecAudioConfig, Data2VecAudioModel

    from persian_mir.backbones.sizes import shared_sizes

    config = Data2VecAudioConfig(
        **shared_sizes(architecture),
        conv_pos_kernel_size=architecture.position_kernel,
        num_conv_pos_embeddings=architecture.position_depth,
    )
    network: torch.nn.Module = Data2VecAudioModel(config)
    return network
