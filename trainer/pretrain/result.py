"""A pre-trained model as a folder like any model's, with a card; and several merged into one by task arithmetic."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path

import torch

from persian_mir.backbones.families import family_of
from persian_mir.backbones.weights import read_weights
from persian_mir.errors import ModelError
from persian_mir.i18n import _
from persian_mir.models.config import CONFIG, PREPROCESSOR, read_architecture
from persian_mir.models.store import CARD, licence_of, weights_file
from persian_mir.whole_file import whole_file, write_whole

WEIGHTS = "model.safetensors"


def write_model(
    out: Path, weights: Mapping[str, torch.Tensor], config: Mapping[str, object], rate: int, card: Mapping[str, object]
) -> None:
    """Write weights, configuration and card into the folder `out`, each whole; the weights last."""
    from safetensors.torch import save

    out.mkdir(parents=True, exist_ok=True)
    write_whole(out / CONFIG, json.dumps(config, indent=1) + "\n")
    heard = {
        "feature_extractor_type": "Wav2Vec2FeatureExtractor",
        "sampling_rate": rate,
        "do_normalize": card["normalise"],
    }
    write_whole(out / PREPROCESSOR, json.dumps(heard, indent=1) + "\n")
    write_whole(out / CARD, json.dumps(card, indent=1, ensure_ascii=False) + "\n")
    with whole_file(out / WEIGHTS) as file:
        file.write(save({name: one.cpu().contiguous() for name, one in weights.items()}, {"format": "pt"}))


def merge_models(base: Path, others: Sequence[Path], share: float, out: Path) -> None:
    """Write base + `share` x sum of (other - base): task arithmetic (G. Ilharco and others, ICLR 2023).

    All are folders of models of one architecture. Raises ModelError.
    """
    architecture = read_architecture(base)
    mended = family_of(architecture).mended
    start = read_weights(weights_file(base), mended)
    merged = {name: one.float().clone() for name, one in start.items()}
    for other in others:
        weights = read_weights(weights_file(other), mended)
        if {name: one.shape for name, one in weights.items()} != {name: one.shape for name, one in start.items()}:
            raise ModelError(_("It is of another architecture than the first model."), path=other)
        for name, one in weights.items():
            merged[name] += share * (one.float() - start[name].float())
    card = {"normalise": architecture.normalise, "licence": licence_of(base), "share": share}
    config = json.loads((base / CONFIG).read_text(encoding="utf-8"))
    write_model(out, merged, config, architecture.rate, {**card, "merged": [one.name for one in (base, *others)]})
