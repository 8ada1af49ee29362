"""A small random checkpoint of EnCodec, as `transformers` writes one."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import torch
import transformers

SIZES: dict[str, Any] = {"num_filters": 4, "hidden_size": 32, "codebook_size": 64, "target_bandwidths": [1.8, 3.6, 4.5]}


def save(folder: Path, **sizes: Any) -> Any:
    """A tiny EnCodec of 24 kHz with ten books of 64 codes, as the hub has the large one."""
    torch.manual_seed(3)
    model = transformers.EncodecModel(transformers.EncodecConfig(**SIZES | sizes)).eval()
    with torch.no_grad():
        for parameter in model.parameters():
            parameter.add_(0.02 * torch.randn_like(parameter))
        for book in model.quantizer.layers:
            book.codebook.embed.normal_(0, 0.05)
    model.save_pretrained(folder)
    heard = {"feature_extractor_type": "EncodecFeatureExtractor", "sampling_rate": 24_000, "feature_size": 1}
    (folder / "preprocessor_config.json").write_text(json.dumps(heard))
    return model
