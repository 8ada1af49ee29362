"""HuBERT's graph, which three families share: convolutions, position embedding, transformer layers.

The layers are walked one by one, so that nothing above the deepest layer asked for is computed, no state is kept
longer than its mean needs, and the meaning of each state does not hang on a version of `transformers` (since 5.16
its `hidden_states[-1]` of a stable-layer-norm model is taken before the final norm).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from persian_mir.models.config import Architecture

if TYPE_CHECKING:
    import torch

_DROPPED: tuple[str, ...] = ("masked_spec_embed", "label_embs", "final_proj", "encoder_cqt_model", "encoder_mel_model")
_DROPPED += ("quantizer.", "project_q.", "project_hid.", "lm_head.")  # heads of pre-training and speech recognition
_PREFIXES = ("hubert.", "wav2vec2.", "data2vec_audio.")


def hidden_states(
    network: Any, architecture: Architecture, waveforms: torch.Tensor, deepest: int
) -> Iterator[torch.Tensor]:
    """States 0 .. `deepest` of normalised [windows, samples], each [windows, frames, width], as they are computed.

    The parts of `network` are found by name, whatever the family.
    """
    encoder, projection = network.encoder, network.feature_projection
    frames = network.feature_extractor(waveforms).transpose(1, 2)
    state = projection.projection(projection.layer_norm(frames))
    state = state + encoder.pos_conv_embed(state)
    if not architecture.stable_layer_norm:
        state = encoder.layer_norm(state)
    yield state
    for index, layer in enumerate(encoder.layers[:deepest], start=1):
        state = layer(state)
        last = index == architecture.layers
        yield encoder.layer_norm(state) if architecture.stable_layer_norm and last else state


def mended(name: str) -> str:
    """A tensor's name in our network; empty of the heads of pre-training and speech recognition."""
    for prefix in _PREFIXES:
        name = name.removeprefix(prefix)
    return "" if name.startswith(_DROPPED) else name
