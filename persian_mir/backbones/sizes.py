"""What the configurations of all three families have in common."""

from __future__ import annotations

from typing import Any

from persian_mir.models.config import Architecture


def shared_sizes(architecture: Architecture) -> dict[str, Any]:
    """Arguments of a `transformers` configuration: the sizes, no masking, no dropout, attention by sdpa."""
    return {
        "hidden_size": architecture.width,
        "num_hidden_layers": architecture.layers,
        "num_attention_heads": architecture.heads,
        "intermediate_size": architecture.intermediate,
        "conv_dim": list(architecture.conv_dim),
        "conv_kernel": list(architecture.conv_kernel),
        "conv_stride": list(architecture.conv_stride),
        "conv_bias": architecture.conv_bias,
        "num_conv_pos_embedding_groups": architecture.position_groups,
        "layer_norm_eps": architecture.layer_norm_eps,
        "feat_extract_activation": architecture.conv_activation,
        "hidden_act": architecture.activation,
        "apply_spec_augment": False,
        "mask_time_prob": 0.0,
        "mask_feature_prob": 0.0,
        "hidden_dropout": 0.0,
        "activation_dropout": 0.0,
        "attention_dropout": 0.0,
        "feat_proj_dropout": 0.0,
        "layerdrop": 0.0,
        "attn_implementation": "sdpa",
    }
