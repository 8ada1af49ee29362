"""Small random checkpoints of MuQ and MusicFM as they are published, and what the published formulas make of a sound.

Written apart from the program: the spectrum by sums in numpy, the convolutions by torch's functions on the checkpoint's
own tensors, the Conformer by `transformers`' own class.
"""

from __future__ import annotations

import json
import math
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch.nn import functional

CONFORMER: dict[str, Any] = {
    "model_type": "wav2vec2-conformer", "num_attention_heads": 4, "intermediate_size": 96, "hidden_act": "swish",
    "position_embeddings_type": "rotary", "rotary_embedding_base": 10_000, "conv_depthwise_kernel_size": 7,
    "num_conv_pos_embeddings": 16, "num_conv_pos_embedding_groups": 4, "layer_norm_eps": 1e-5,
}  # fmt: skip
CONFIG: dict[str, Any] = {
    "label_rate": 25, "num_codebooks": 1, "codebook_dim": 16, "codebook_size": 64, "features": ["melspec_2048"],
    "hop_length": 240, "n_mels": 16, "conv_dim": 8, "encoder_dim": 32, "encoder_depth": 3, "is_flash": False,
    "stat": {"melspec_2048_mean": 6.768444971712967, "melspec_2048_std": 18.417922652295623},
    "w2v2_config": CONFORMER, "use_rvq_target": True, "rvq_n_codebooks": 8,
}  # fmt: skip


def conformer() -> Any:
    """`transformers`' own encoder, random, its attention written out."""
    from transformers import Wav2Vec2ConformerConfig
    from transformers.models.wav2vec2_conformer.modeling_wav2vec2_conformer import Wav2Vec2ConformerEncoder

    config = Wav2Vec2ConformerConfig(
        **CONFORMER | {"hidden_size": 32, "num_hidden_layers": 3}, attn_implementation="eager"
    )
    return Wav2Vec2ConformerEncoder(config).eval()


def tensors() -> dict[str, torch.Tensor]:
    """Those of a checkpoint, with its quantiser, heads and counters; names as of 2024."""
    torch.manual_seed(9)
    channels, mels, width = CONFIG["conv_dim"], CONFIG["n_mels"], CONFIG["encoder_dim"]
    made: dict[str, torch.Tensor] = {}
    for block, before in enumerate((1, channels)):
        for number, inside in ((1, before), (2, channels), (3, before)):
            conv, norm = f"conv.conv.{block}.conv{number}", f"conv.conv.{block}.bn{number}"
            made[f"{conv}.weight"] = 0.3 * torch.randn(channels, inside, 3, 3)
            made[f"{conv}.bias"] = 0.1 * torch.randn(channels)
            made |= {f"{norm}.{name}": 0.3 * torch.randn(channels) for name in ("bias", "running_mean")}
            made |= {f"{norm}.{name}": 0.5 + torch.rand(channels) for name in ("weight", "running_var")}
            made[f"{norm}.num_batches_tracked"] = torch.tensor(95_489.0)  # a float in MusicFM's file
    made["conv.linear.weight"] = 0.1 * torch.randn(width, channels * mels // 4)
    made["conv.linear.bias"] = 0.1 * torch.randn(width)
    for name, tensor in conformer().state_dict().items():
        moved = tensor + 0.05 * torch.randn_like(tensor) if tensor.is_floating_point() else tensor
        fixed = "inv_freq" in name or "running_var" in name
        old = name.replace("parametrizations.weight.original0", "weight_g")
        made[f"conformer.{old.replace('parametrizations.weight.original1', 'weight_v')}"] = tensor if fixed else moved
    made |= {"linear.weight": torch.zeros(64, width), "linear.bias": torch.zeros(64), "cls_token": torch.zeros(width)}
    made["rvq.quantizers.0.codebook.weight"] = torch.zeros(5, 7)
    made["preprocessor_melspec_2048.melspec.spectrogram.window"] = torch.hann_window(2048)
    made["preprocessor_melspec_2048.melspec.mel_scale.fb"] = torch.zeros(1025, mels)
    return {f"model.{name}": tensor.contiguous() for name, tensor in made.items()}


def save_muq(folder: Path) -> dict[str, torch.Tensor]:
    """MuQ as on the hub: config.json and pytorch_model.bin."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "config.json").write_text(json.dumps(CONFIG))
    made = tensors()
    torch.save(made, folder / "pytorch_model.bin")
    return made


def save_musicfm(folder: Path, name: str = "pretrained_msd.pt") -> dict[str, torch.Tensor]:
    """MusicFM as on the hub: a training's checkpoint and the file of statistics, no description."""
    folder.mkdir(parents=True, exist_ok=True)
    statistics = CONFIG["stat"] | {"melspec_512_mean": -9.1, "melspec_512_std": 24.7}
    (folder / f"{name.removeprefix('pretrained_').removesuffix('.pt')}_stats.json").write_text(json.dumps(statistics))
    made = tensors()
    torch.save({"epoch": 1, "state_dict": made, "hyper_parameters": {"lr": 1e-4}}, folder / name)
    return made


def decibels(sound: np.ndarray, rate: int, size: int, hop: int, mels: int) -> np.ndarray:
    """torchaudio's MelSpectrogram and AmplitudeToDB with their defaults, [mels, frames], in double."""
    padded = np.pad(sound.astype(np.float64), size // 2, mode="reflect")
    window = 0.5 - 0.5 * np.cos(2 * np.pi * np.arange(size) / size)
    frames = [padded[at : at + size] * window for at in range(0, len(padded) - size + 1, hop)]
    power = np.abs(np.fft.rfft(frames, axis=1)) ** 2

    def mel_of(hz: float) -> float:
        return 2595 * math.log10(1 + hz / 700)

    def hz_of(mel: float) -> float:
        return 700 * (10 ** (mel / 2595) - 1)

    points = [hz_of(mel_of(rate / 2) * k / (mels + 1)) for k in range(mels + 2)]
    bands = np.zeros((mels, size // 2 + 1))
    for band in range(mels):
        low, top, high = points[band : band + 3]
        for place in range(size // 2 + 1):
            hz = place * rate / size
            bands[band, place] = max(0.0, min((hz - low) / (top - low), (high - hz) / (high - top)))
    return 10 * np.log10(np.maximum(bands @ power.T, 1e-10))


def states(sound: np.ndarray, held: dict[str, torch.Tensor]) -> np.ndarray:
    """All hidden states [states, frames, width] of a sound [samples]."""
    made = {name.removeprefix("model."): tensor for name, tensor in held.items()}
    mel = decibels(sound, 24_000, 2048, CONFIG["hop_length"], CONFIG["n_mels"])[:, :-1]
    stat = CONFIG["stat"]
    image = torch.from_numpy((mel - stat["melspec_2048_mean"]) / stat["melspec_2048_std"]).float()[None, None]

    def step(image: torch.Tensor, block: int, number: int, stride: int) -> torch.Tensor:
        conv, norm = f"conv.conv.{block}.conv{number}", f"conv.conv.{block}.bn{number}"
        found = functional.conv2d(image, made[f"{conv}.weight"], made[f"{conv}.bias"], stride, 1)
        names = ("running_mean", "running_var", "weight", "bias")
        return functional.batch_norm(found, *(made[f"{norm}.{name}"] for name in names))

    for block in range(2):
        inner = step(functional.relu(step(image, block, 1, 2)), block, 2, 1)
        image = functional.relu(step(image, block, 3, 2) + inner)
    frames = torch.stack([image[0, :, :, t].reshape(-1) for t in range(image.shape[3])])
    first = functional.linear(frames, made["conv.linear.weight"], made["conv.linear.bias"])[None]
    encoder = conformer()
    encoder.load_state_dict(
        {
            name.removeprefix("conformer.")
            .replace("weight_g", "parametrizations.weight.original0")
            .replace("weight_v", "parametrizations.weight.original1"): tensor
            for name, tensor in made.items()
            if name.startswith("conformer.")
        }
    )
    found = [first]
    for layer in encoder.layers:
        layer.register_forward_hook(lambda _layer, _inputs, output: found.append(output))
    with torch.no_grad():
        last = encoder(first.clone()).last_hidden_state
    return torch.cat([*found[:-1], last]).numpy()
