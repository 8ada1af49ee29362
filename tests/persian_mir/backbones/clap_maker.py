"""A small CLAP of random weights, in the hub's format, as `transformers` itself writes it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import torch
from tokenizers.pre_tokenizers import ByteLevel
from transformers import ClapConfig, ClapFeatureExtractor, ClapModel

WORDS = ("slow", "fast", "ney", "drum", "Ġney", "Ġdrum", "breathy", "Ġbreathy", "flute", "Ġflute", "loud", "Ġloud")


def save_clap(folder: Path, pickled: bool = False) -> Any:
    """Write config, weights, feature extractor and tokeniser; return the model."""
    signs = sorted(ByteLevel.alphabet())
    merges, known = [], ["<s>", "<pad>", "</s>", "<unk>", *signs]
    for word in WORDS:
        for stop in range(2, len(word) + 1):
            if word[:stop] not in known:
                merges.append(f"{word[: stop - 1]} {word[stop - 1]}")
                known.append(word[:stop])
    torch.manual_seed(4)
    model = ClapModel(config(len(known))).eval()
    with torch.no_grad():
        for parameter in model.parameters():  # away from the initial ones and zeros, which hide mistakes
            parameter.add_(0.2 * torch.randn_like(parameter))
    model.save_pretrained(folder)
    if pickled:  # as the published ones are
        torch.save(model.state_dict(), folder / "pytorch_model.bin")
        (folder / "model.safetensors").unlink()
    ClapFeatureExtractor(truncation="rand_trunc", frequency_min=50).save_pretrained(folder)
    (folder / "vocab.json").write_text(json.dumps({word: number for number, word in enumerate(known)}))
    (folder / "merges.txt").write_text("#version: 0.2\n" + "\n".join(merges) + "\n")
    return model


def config(vocabulary: int) -> ClapConfig:
    """Of 0.3 million weights."""
    return ClapConfig(
        text_config={
            "vocab_size": vocabulary,
            "hidden_size": 32,
            "num_hidden_layers": 2,
            "num_attention_heads": 4,
            "intermediate_size": 64,
            "max_position_embeddings": 100,
        },
        audio_config={
            "hidden_size": 64,
            "patch_embeds_hidden_size": 16,
            "depths": [1, 2, 1],
            "num_attention_heads": [2, 4, 4],
        },
        projection_dim=24,
    )
