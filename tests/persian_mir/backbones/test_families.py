"""Each loader against `transformers`' own class, on small random checkpoints that it wrote itself."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
import transformers

from persian_mir.backbones.loading import load_folder

SIZES: dict[str, Any] = {
    "hidden_size": 48,
    "num_hidden_layers": 3,
    "num_attention_heads": 4,
    "intermediate_size": 96,
    "conv_dim": [32] * 7,
    "num_conv_pos_embedding_groups": 4,
    "attn_implementation": "eager",
}
MODELS: dict[str, tuple[Any, Any, dict[str, Any]]] = {
    "hubert": (transformers.HubertConfig, transformers.HubertModel, {"num_conv_pos_embeddings": 32}),
    "hubert-stable": (
        transformers.HubertConfig,
        transformers.HubertModel,
        {
            "num_conv_pos_embeddings": 32,
            "do_stable_layer_norm": True,
            "feat_extract_norm": "layer",
            "conv_bias": True,
        },
    ),
    "wav2vec2": (transformers.Wav2Vec2Config, transformers.Wav2Vec2Model, {"num_conv_pos_embeddings": 32}),
    "music2vec": (
        transformers.Data2VecAudioConfig,
        transformers.Data2VecAudioModel,
        {"num_conv_pos_embeddings": 3, "conv_pos_kernel_size": 19},
    ),
}


def normalised(waveform: np.ndarray) -> torch.Tensor:
    standard = (waveform - waveform.mean()) / np.sqrt(waveform.var() + 1e-7)
    return torch.from_numpy(standard.astype(np.float32))[None]


def save(name: str, folder: Path, **sizes: Any) -> Any:
    """A checkpoint with random weights; `sizes` stand instead of `SIZES`."""
    config_class, model_class, extra = MODELS[name]
    torch.manual_seed(5)
    model = model_class(config_class(**SIZES | extra | sizes)).eval()
    with torch.no_grad():
        for parameter in model.parameters():  # away from the initial ones and zeros, which hide mistakes
            parameter.add_(0.05 * torch.randn_like(parameter))
    model.save_pretrained(folder)
    preprocessor = {"sampling_rate": 16_000, "do_normalize": True}
    (folder / "preprocessor_config.json").write_text(json.dumps(preprocessor))
    return model


@pytest.mark.parametrize("name", MODELS)
def test_states_are_those_of_the_class(name: str, tmp_path: Path) -> None:
    model = save(name, tmp_path)
    waveform = np.random.default_rng(1).normal(0.1, 0.3, 8000).astype(np.float32)
    with torch.no_grad():
        output = model(normalised(waveform), output_hidden_states=True)
    expected = [state[0].numpy() for state in output.hidden_states[:-1]] + [output.last_hidden_state[0].numpy()]
    found = load_folder(tmp_path, "local/it", "local", "cpu", "exact", "torch").hidden_states(waveform)
    np.testing.assert_allclose(found, expected, atol=2e-5)


def test_music2vec_s_path_as_vocabulary_size_is_not_looked_at(tmp_path: Path) -> None:
    save("music2vec", tmp_path)
    config = json.loads((tmp_path / "config.json").read_text())
    (tmp_path / "config.json").write_text(json.dumps(config | {"vocab_size": "/some/where/dict.txt"}))
    (tmp_path / "preprocessor_config.json").unlink()
    key = load_folder(tmp_path, "local/it", "local", "cpu", "exact", "torch").key
    assert (key.rate, key.normalise, key.states, key.width) == (16_000, True, 4, 48)


def test_windows_of_a_batch_do_not_know_each_other(tmp_path: Path) -> None:
    save("hubert", tmp_path)
    backbone = load_folder(tmp_path, "local/it", "local", "cpu", "exact", "torch")
    windows = np.random.default_rng(2).normal(0, 0.2, (5, 8000)).astype(np.float32)
    alone = np.concatenate([backbone.embed(window[None], [0, 3]) for window in windows])
    backbone._batcher.size = 5
    np.testing.assert_allclose(backbone.embed(windows, [0, 3]), alone, atol=1e-5)
    assert backbone.embed(windows[:0], [0, 3]).shape == (0, 2, 48)


def test_loading_leaves_the_random_numbers_of_others_alone(tmp_path: Path) -> None:
    save("hubert", tmp_path)
    torch.manual_seed(11)
    load_folder(tmp_path, "local/it", "local", "cpu", "exact", "torch")
    after = torch.rand(3)
    torch.manual_seed(11)
    assert torch.equal(after, torch.rand(3))


@pytest.mark.usefixtures("any_bfloat16")
def test_bf16_is_another_precision_near_the_exact_one(tmp_path: Path) -> None:
    save("hubert", tmp_path)
    window = np.random.default_rng(3).normal(0, 0.2, (1, 8000)).astype(np.float32)
    exact = load_folder(tmp_path, "local/it", "local", "cpu", "exact", "torch")
    reduced = load_folder(tmp_path, "local/it", "local", "cpu", "fast", "torch")
    assert (exact.precision, reduced.precision) == ("fp32", "bf16")
    assert exact.key == reduced.key
    a, b = exact.embed(window, [3]), reduced.embed(window, [3])
    assert 0 < np.linalg.norm(a - b) / np.linalg.norm(a) < 0.05
