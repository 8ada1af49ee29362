"""EnCodec against `transformers`' own class, on a small random checkpoint that it wrote itself."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
import transformers

from persian_mir.backbones.encodec import codes
from persian_mir.backbones.loading import load_folder, load_network
from persian_mir.errors import ModelError
from persian_mir.models.config import read_architecture
from tests.persian_mir.backbones.encodec_tiny import save


@pytest.fixture
def windows() -> np.ndarray:
    """Two windows, no whole number of frames long."""
    return np.random.default_rng(4).normal(0, 0.2, (2, 24_000 + 77)).astype(np.float32)


def test_the_embedding_is_that_of_the_class(tmp_path: Path, windows: np.ndarray) -> None:
    model = save(tmp_path)
    backbone = load_folder(tmp_path, "local/it", "local", "cpu", "exact", "torch")
    with torch.no_grad():
        expected = model.encoder(torch.from_numpy(windows)[:, None]).mean(dim=2).numpy()
    key = backbone.key
    assert (key.rate, key.states, key.width, key.normalise) == (24_000, 1, 32, False)
    np.testing.assert_allclose(backbone.embed(windows, [0])[:, 0], expected, atol=1e-5)


@pytest.mark.parametrize("books", [8, 10])
def test_the_codes_are_those_of_the_class(books: int, tmp_path: Path, windows: np.ndarray) -> None:
    model = save(tmp_path)
    network, _architecture, _key = load_network(tmp_path, "local/it", "local")
    with torch.no_grad():
        expected = model.encode(torch.from_numpy(windows)[:, None], bandwidth={8: 3.6, 10: 4.5}[books]).audio_codes[0]
    found = codes(network, windows, books)
    assert found.shape == (2, 76, books)
    assert len(np.unique(found)) > 20, "the sounds are told apart"
    np.testing.assert_array_equal(found, expected.transpose(1, 2).numpy())
    with pytest.raises(ModelError, match="10 books"):
        codes(network, windows, 11)


def test_any_length_from_one_frame_on(tmp_path: Path, windows: np.ndarray) -> None:
    save(tmp_path)
    backbone = load_folder(tmp_path, "local/it", "local", "cpu", "exact", "torch")
    assert np.isfinite(backbone.embed(windows[:, :320], [0])).all()
    with pytest.raises(ModelError, match="too short"):
        backbone.embed(windows[:, :319], [0])


def test_openvino_leaves_it_to_torch_and_says_so(tmp_path: Path, windows: np.ndarray) -> None:
    save(tmp_path)
    exact = load_folder(tmp_path, "local/it", "local", "cpu", "exact", "torch")
    asked, usual = (load_folder(tmp_path, "local/it", "local", "cpu", "exact", one) for one in ("openvino", "auto"))
    assert (asked.engine, usual.engine, usual.remark) == ("torch", "torch", "")
    assert "OpenVINO" in asked.remark
    np.testing.assert_array_equal(asked.embed(windows, [0]), exact.embed(windows, [0]))


@pytest.mark.usefixtures("any_bfloat16")
def test_bfloat16_is_near(tmp_path: Path, windows: np.ndarray) -> None:
    save(tmp_path)
    exact, fast = (load_folder(tmp_path, "local/it", "local", "cpu", one, "torch") for one in ("exact", "fast"))
    a, b = exact.embed(windows, [0]), fast.embed(windows, [0])
    assert 0 < np.linalg.norm(a - b) / np.linalg.norm(a) < 0.05


@pytest.mark.parametrize(
    "fields",
    [
        {"audio_channels": 2},
        {"normalize": True},
        {"chunk_length_s": 1.0},
        {"norm_type": "time_group_norm"},
        {"hidden_size": 10**9},
        {"num_filters": 0},
        {"num_filters": 1024, "upsampling_ratios": [32] * 8},
        {"upsampling_ratios": []},
        {"upsampling_ratios": ["8"]},
        {"codebook_size": 63},
        {"codebook_dim": 7},
        {"target_bandwidths": [float("inf")]},
        {"target_bandwidths": [0.001]},
        {"target_bandwidths": "6"},
        {"num_lstm_layers": True},
    ],
    ids=str,
)
def test_absurd_descriptions_are_refused(fields: dict[str, Any], tmp_path: Path) -> None:
    save(tmp_path)
    path = tmp_path / "config.json"
    assert read_architecture(tmp_path).family == "encodec"
    path.write_text(json.dumps(json.loads(path.read_text()) | fields))
    with pytest.raises(ModelError) as caught:
        read_architecture(tmp_path)
    assert caught.value.path == path


def test_the_real_one_has_32_books(tmp_path: Path) -> None:
    transformers.EncodecConfig().save_pretrained(tmp_path)
    (tmp_path / "preprocessor_config.json").write_text('{"sampling_rate": 24000}')
    described: Any = read_architecture(tmp_path)
    assert (described.books, described.codes, described.width, described.receptive_field) == (32, 1024, 128, 320)
    plain = transformers.EncodecModel(transformers.EncodecConfig())
    held = [*plain.encoder.parameters(), *plain.quantizer.buffers()]
    assert described.parameters == pytest.approx(sum(one.numel() for one in held), rel=0.02)
