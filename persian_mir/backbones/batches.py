"""What every transformer backbone does with the windows it is given."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from persian_mir.backbones.backbone import BackboneKey, Floats
from persian_mir.errors import ModelError
from persian_mir.i18n import _
from persian_mir.models.sizes import Sizes

if TYPE_CHECKING:
    import torch

NORMALISE_EPS = 1e-7  # Wav2Vec2FeatureExtractor's


def check_batch(batch: Floats, layers: Sequence[int], key: BackboneKey, architecture: Sizes) -> None:
    """Raises ValueError and ModelError as Backbone.embed does."""
    if batch.ndim != 2:
        raise ValueError(f"a batch is [windows, samples], not {batch.shape}")
    if any(not 0 <= layer < key.states for layer in layers):
        raise ValueError(f"layers {list(layers)} are not within 0..{key.states - 1}")
    if batch.shape[1] < architecture.receptive_field:
        raise ModelError(
            _("The recording is too short for {id}, which needs at least {count} samples at {rate} Hz.").format(
                id=key.id, count=architecture.receptive_field, rate=key.rate
            )
        )


def normalised(waveforms: torch.Tensor, key: BackboneKey) -> torch.Tensor:
    """`waveforms` [windows, samples], each of zero mean and unit variance if the model wants it."""
    if not key.normalise:
        return waveforms
    import torch

    variance, mean = torch.var_mean(waveforms, dim=1, keepdim=True, correction=0)
    return (waveforms - mean) / torch.sqrt(variance + NORMALISE_EPS)
