"""MuQ and MusicFM against the published formulas and `transformers`' own Conformer: see `muq_tiny`."""

from __future__ import annotations

import json
from pathlib import Path, PurePosixPath
from typing import Any

import numpy as np
import pytest
import torch
from safetensors.torch import save_file

from persian_mir.backbones.loading import build_network, load_folder
from persian_mir.backbones.mel import log_mel
from persian_mir.errors import ModelError
from persian_mir.models import conformer
from persian_mir.models.config import read_architecture
from tests.persian_mir.backbones import muq_tiny

TOLERANCE = 1e-5  # of the size of a state
PUBLISHED = 1_316_802_088  # bytes of MusicFM's pretrained_msd.pt, in float32


def load(folder: Path, precision: str = "exact", engine: str = "torch") -> Any:
    return load_folder(folder, "local/it", "local", "cpu", precision, engine)


@pytest.fixture
def sound() -> np.ndarray:
    """1.3 s at 24 kHz: a falling tone and noise, then nearly nothing."""
    time = np.arange(31_234) / 24_000
    tone = 0.4 * np.sin(2 * np.pi * 440 * time * (1 - time / 4)) * (time < 0.9)
    return (tone + np.random.default_rng(6).normal(0, 1e-3, len(time))).astype(np.float32)


@pytest.fixture
def tiny_musicfm(monkeypatch: pytest.MonkeyPatch) -> None:
    """MusicFM's sizes, which its own code names, become those of the small checkpoint."""
    kept = ("hop_length", "n_mels", "conv_dim", "encoder_dim", "encoder_depth", "w2v2_config")
    monkeypatch.setattr(conformer, "MUSICFM", {name: muq_tiny.CONFIG[name] for name in kept})


def apart(found: np.ndarray, expected: np.ndarray) -> float:
    """The largest difference of two arrays [states, frames, width], by the size of the state."""
    return float((np.abs(found - expected).max(axis=(1, 2)) / np.abs(expected).max(axis=(1, 2))).max())


@pytest.mark.parametrize(("rate", "size", "hop", "mels"), [(24_000, 2048, 240, 128), (16_000, 512, 160, 20)])
def test_the_spectrum_is_torchaudio_s(rate: int, size: int, hop: int, mels: int, sound: np.ndarray) -> None:
    found = log_mel(torch.from_numpy(np.stack([sound, sound[::-1].copy()])), rate, size, hop, mels).numpy()
    expected = np.stack([muq_tiny.decibels(one, rate, size, hop, mels) for one in (sound, sound[::-1])])
    assert found.shape == (2, mels, len(sound) // hop + 1)
    np.testing.assert_allclose(found, expected, atol=2e-3)  # decibels; silence is summed in float32


def test_every_state_of_muq(tmp_path: Path, sound: np.ndarray) -> None:
    held = muq_tiny.save_muq(tmp_path)
    backbone = load(tmp_path)
    key = backbone.key
    assert (key.rate, key.states, key.width, key.normalise) == (24_000, 4, 32, False)
    expected = muq_tiny.states(sound, held)
    found = backbone.hidden_states(sound)
    assert found.shape == (4, 33, 32)  # 25 frames a second, begun ones counted
    assert apart(found, expected) < TOLERANCE
    pooled = backbone.embed(sound[None], [3, 0, 2])
    np.testing.assert_allclose(pooled[0], expected[[3, 0, 2]].mean(axis=1), atol=2e-5)


@pytest.mark.usefixtures("tiny_musicfm")
@pytest.mark.parametrize("name", ["pretrained_msd.pt", "pretrained_fma.pt"])
def test_every_state_of_musicfm(name: str, tmp_path: Path, sound: np.ndarray) -> None:
    held = muq_tiny.save_musicfm(tmp_path, name)
    assert apart(load(tmp_path).hidden_states(sound), muq_tiny.states(sound, held)) < TOLERANCE


@pytest.mark.usefixtures("tiny_musicfm")
def test_musicfm_converted_to_safetensors(tmp_path: Path, sound: np.ndarray) -> None:
    held = muq_tiny.save_musicfm(tmp_path)
    (tmp_path / "pretrained_msd.pt").unlink()
    save_file(held, tmp_path / "model.safetensors")
    assert apart(load(tmp_path).hidden_states(sound), muq_tiny.states(sound, held)) < TOLERANCE


@pytest.mark.usefixtures("tiny_musicfm")
def test_a_checkpoint_with_more_than_weights_is_refused_with_a_way_out(tmp_path: Path) -> None:
    """As PyTorch Lightning's may be; torch's own list of what it lets in is not made longer for it."""
    held = muq_tiny.save_musicfm(tmp_path)
    torch.save({"state_dict": held, "callbacks": {"path": PurePosixPath("/a")}}, tmp_path / "pretrained_msd.pt")
    with pytest.raises(ModelError, match="not opened") as caught:
        load(tmp_path)
    assert "model.safetensors" in caught.value.cure


@pytest.mark.usefixtures("tiny_musicfm")
@pytest.mark.parametrize("spoiled", ["missing", "shape", "no state"])
def test_a_checkpoint_that_does_not_fit(spoiled: str, tmp_path: Path) -> None:
    held = muq_tiny.save_musicfm(tmp_path)
    name = "model.conv.conv.1.conv3.weight"
    held = {one: tensor for one, tensor in held.items() if one != name}
    if spoiled == "shape":
        held[name] = torch.zeros(8, 8, 1, 1)
    torch.save({"weights" if spoiled == "no state" else "state_dict": held}, tmp_path / "pretrained_msd.pt")
    with pytest.raises(ModelError, match="other than weights" if spoiled == "no state" else spoiled):
        load(tmp_path)


def test_the_sizes_of_the_published_ones(tmp_path: Path) -> None:
    (tmp_path / "msd_stats.json").write_text(json.dumps(muq_tiny.CONFIG["stat"]))
    described: Any = read_architecture(tmp_path)
    assert (described.states, described.width, described.mels, described.hop) == (13, 1024, 128, 240)
    held = sum(one.numel() for one in build_network(described, "meta").state_dict().values())
    assert described.parameters == pytest.approx(held, rel=0.01)
    heads = 1024 * 4096 + 4096 + 1024 + (512 + 4096) * 16  # linear, cls_token, quantiser
    unused = 1024 * 64 * 128 + 128 + 1024 + 2048 + 1025 * 128  # positions by convolution, window and bands
    assert 0 < PUBLISHED - 4 * (held + heads + unused) < 200_000  # of its 560 names and the gaps between tensors
    assert described.deviation == muq_tiny.CONFIG["stat"]["melspec_2048_std"]


def test_windows_of_a_batch_do_not_know_each_other(tmp_path: Path, sound: np.ndarray) -> None:
    muq_tiny.save_muq(tmp_path)
    backbone = load(tmp_path)
    windows = np.stack([sound, sound[::-1], 0.1 * sound])
    alone = np.concatenate([backbone.embed(window[None], [0, 3]) for window in windows])
    backbone._batcher.size = 3
    np.testing.assert_allclose(backbone.embed(windows, [0, 3]), alone, atol=1e-5)
    short = backbone.embed(sound[None, :1025], [3])
    assert np.isfinite(short).all()
    with pytest.raises(ModelError, match="too short"):
        backbone.embed(sound[None, :1024], [3])


@pytest.mark.usefixtures("any_bfloat16")
def test_bfloat16_is_near_and_openvino_leaves_it_to_torch(tmp_path: Path, sound: np.ndarray) -> None:
    muq_tiny.save_muq(tmp_path)
    exact, fast, asked = load(tmp_path), load(tmp_path, "fast"), load(tmp_path, engine="openvino")
    a, b = exact.embed(sound[None], [3]), fast.embed(sound[None], [3])
    assert 0 < np.linalg.norm(a - b) / np.linalg.norm(a) < 0.05
    assert asked.engine == "torch"
    assert "OpenVINO" in asked.remark


@pytest.mark.parametrize(
    "fields",
    [
        {"label_rate": 50},
        {"features": ["chromagram"]},
        {"is_flash": True},
        {"encoder_dim": 10**9},
        {"encoder_dim": 4096, "encoder_depth": 64},
        {"encoder_dim": 36},
        {"encoder_depth": 0},
        {"conv_dim": "8"},
        {"n_mels": 18},
        {"hop_length": 0},
        {"stat": {}},
        {"stat": None},
        {"stat": {"melspec_2048_mean": float("nan"), "melspec_2048_std": 18.0}},
        {"stat": {"melspec_2048_mean": 6.7, "melspec_2048_std": 0.0}},
        {"w2v2_config": []},
        {"w2v2_config": {}},
        {"w2v2_config": muq_tiny.CONFORMER | {"position_embeddings_type": "relative"}},
        {"w2v2_config": muq_tiny.CONFORMER | {"conv_depthwise_kernel_size": 8}},
        {"w2v2_config": muq_tiny.CONFORMER | {"hidden_act": "os.system"}},
        {"w2v2_config": muq_tiny.CONFORMER | {"num_attention_heads": 10**6}},
    ],
    ids=str,
)
def test_absurd_descriptions_are_refused(fields: dict[str, Any], tmp_path: Path) -> None:
    path = tmp_path / "config.json"
    path.write_text(json.dumps(muq_tiny.CONFIG))
    assert read_architecture(tmp_path).states == 4
    path.write_text(json.dumps(muq_tiny.CONFIG | fields))
    with pytest.raises(ModelError) as caught:
        read_architecture(tmp_path)
    assert caught.value.path == path
