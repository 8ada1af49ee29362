"""HuBERT, and MERT, whose graph it is: with its extra branches off, plain HubertModel gives the same states."""

from __future__ import annotations

from typing import TYPE_CHECKING

from persian_mir.models.config import Architecture

if TYPE_CHECKING:
    import torch


def build(architecture: Architecture) -> torch.nn.Module:
    """The network, its weights not yet those of any checkpoint."""
    from transformers import HubertConfig, HubertModel

    from persian_mir.backbones.sizes import shared_sizes

    config = HubertConfig(
        **shared_sizes(architecture),
        feat_extract_norm=architecture.conv_norm,
        feat_proj_layer_norm=True,
        do_stable_layer_norm=architecture.stable_layer_norm,
        num_conv_pos_embeddings=architecture.position_kernel,
    )
    network: torch.nn.Module = HubertModel(config)
    return network
