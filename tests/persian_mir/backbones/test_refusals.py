"""Checkpoints and descriptions that must not be believed."""

from __future__ import annotations

import json
import pickle
import shutil
import struct
import zipfile
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from safetensors.torch import load_file, save_file

from persian_mir.backbones import load_backbone
from persian_mir.backbones.loading import load_folder
from persian_mir.errors import ModelError


@pytest.fixture
def folder(tiny_hubert: Path, tmp_path: Path) -> Path:
    """A small sound checkpoint, to be spoiled."""
    return shutil.copytree(tiny_hubert, tmp_path / "model")


def load(folder: Path) -> object:
    return load_folder(folder, "local/it", "local", "cpu", "exact", "torch")


def change(folder: Path, **fields: Any) -> None:
    path = folder / "config.json"
    path.write_text(json.dumps(json.loads(path.read_text()) | fields))


def test_it_is_sound_before_it_is_spoiled(folder: Path) -> None:
    assert load(folder)


@pytest.mark.parametrize(
    "fields",
    [
        {"hidden_size": 10**9},
        {"hidden_size": -48},
        {"hidden_size": True},
        {"hidden_size": "48"},
        {"hidden_size": 48.0},
        {"hidden_size": None},
        {"hidden_size": 47},
        {"hidden_size": 4096, "num_hidden_layers": 64, "intermediate_size": 16384},
        {"num_hidden_layers": 100_000},
        {"num_attention_heads": 0},
        {"num_attention_heads": 5},
        {"conv_dim": [2048] * 1000},
        {"conv_dim": [32] * 6},
        {"conv_dim": []},
        {"conv_dim": 32},
        {"conv_kernel": [10**8] * 7},
        {"conv_stride": [32] * 7},
        {"conv_stride": [0] * 7},
        {"num_conv_pos_embeddings": 10**7},
        {"num_conv_pos_embedding_groups": 7},
        {"layer_norm_eps": float("nan")},
        {"layer_norm_eps": 1},
        {"hidden_act": "os.system"},
        {"feat_extract_norm": "batch"},
        {"do_stable_layer_norm": "yes"},
        {"model_type": "gpt2"},
        {"model_type": ["hubert"]},
        {"feature_extractor_cqt": True},
        {"deepnorm": True},
        {"conv_pos_batch_norm": True},
        {"feat_proj_layer_norm": False},
        {"add_adapter": True},
    ],
    ids=str,
)
def test_absurd_descriptions_are_refused(folder: Path, fields: dict[str, Any]) -> None:
    change(folder, **fields)
    (folder / "model.safetensors").unlink()  # so that nothing but the description can be what is refused
    (folder / "model.safetensors").touch()
    with pytest.raises(ModelError) as caught:
        load(folder)
    assert caught.value.path == folder / "config.json"


@pytest.mark.parametrize("text", ["", "{", "[]", "[" * 100_000, '{"a": "\ud800"}', "x" * (2 << 20)], ids=range(6))
def test_descriptions_that_are_none(folder: Path, text: str) -> None:
    (folder / "config.json").write_bytes(text.encode("utf-8", "surrogatepass"))
    with pytest.raises(ModelError):
        load(folder)


@pytest.mark.parametrize("fields", [{"sampling_rate": 10**9}, {"sampling_rate": 0}, {"do_normalize": "no"}], ids=str)
def test_absurd_preprocessing_is_refused(folder: Path, fields: dict[str, Any]) -> None:
    (folder / "preprocessor_config.json").write_text(json.dumps({"sampling_rate": 16000} | fields))
    with pytest.raises(ModelError):
        load(folder)


def test_missing_superfluous_and_misshapen_tensors(folder: Path) -> None:
    path = folder / "model.safetensors"
    sound = {name: tensor.clone() for name, tensor in load_file(path).items()}
    name = "encoder.layers.1.attention.q_proj.weight"
    without = {key: tensor for key, tensor in sound.items() if key != name}
    for spoiled, words in (
        (without, "missing"),
        (sound | {"extra": torch.zeros(2)}, "superfluous"),
        (sound | {name: torch.zeros(48, 47)}, "shape"),
        (sound | {name: torch.zeros(48, 48, dtype=torch.int64)}, "shape"),
    ):
        save_file(spoiled, path)
        with pytest.raises(ModelError, match=words) as caught:
            load(folder)
        assert caught.value.path == path


def test_safetensors_that_declare_more_than_they_hold(folder: Path) -> None:
    header = json.dumps({"w": {"dtype": "F32", "shape": [1 << 40], "data_offsets": [0, 1 << 42]}}).encode()
    (folder / "model.safetensors").write_bytes(struct.pack("<Q", len(header)) + header + bytes(64))
    with pytest.raises(ModelError, match="damaged"):
        load(folder)


def test_truncated_weights(folder: Path) -> None:
    path = folder / "model.safetensors"
    state = {name: tensor.clone() for name, tensor in load_file(path).items()}
    path.write_bytes(path.read_bytes()[:5000])
    with pytest.raises(ModelError, match="damaged"):
        load(folder)
    path.unlink()
    torch.save(state, folder / "pytorch_model.bin")
    whole = (folder / "pytorch_model.bin").read_bytes()
    (folder / "pytorch_model.bin").write_bytes(whole[: len(whole) // 2])
    with pytest.raises(ModelError, match="damaged"):
        load(folder)


class Bomb:
    """Leaves a file behind when it is unpickled."""

    def __init__(self, trace: Path) -> None:
        self.trace = trace

    def __reduce__(self) -> tuple[Any, ...]:
        return (Path.touch, (self.trace,))


@pytest.mark.parametrize("legacy", [False, True], ids=["zip", "legacy"])
def test_code_in_a_pickle_does_not_run(folder: Path, legacy: bool) -> None:
    (folder / "model.safetensors").unlink()
    trace = folder / "trace"
    torch.save({"w": Bomb(trace)}, folder / "pytorch_model.bin", _use_new_zipfile_serialization=not legacy)
    with pytest.raises(ModelError):
        load(folder)
    (folder / "pytorch_model.bin").write_bytes(pickle.dumps(Bomb(trace)))
    with pytest.raises(ModelError):
        load(folder)
    assert not trace.exists()


def test_a_bin_of_something_else(folder: Path) -> None:
    (folder / "model.safetensors").unlink()
    torch.save([torch.zeros(3)], folder / "pytorch_model.bin")
    with pytest.raises(ModelError, match="other than weights"):
        load(folder)


def test_a_tensor_that_is_a_tiny_storage_stretched(folder: Path) -> None:
    """One number with stride 0 may call itself as large as it likes; it is refused by its shape."""
    state = {name: tensor.clone() for name, tensor in load_file(folder / "model.safetensors").items()}
    (folder / "model.safetensors").unlink()
    name = "encoder.layers.1.attention.q_proj.weight"
    torch.save(state | {name: torch.zeros(1).expand(1 << 40)}, folder / "pytorch_model.bin")
    with pytest.raises(ModelError, match="shape"):
        load(folder)


def test_a_bin_that_unpacks_to_more_than_it_is(folder: Path) -> None:
    (folder / "model.safetensors").unlink()
    with zipfile.ZipFile(folder / "pytorch_model.bin", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("archive/data.pkl", bytes(1 << 20))
    with pytest.raises(ModelError, match="damaged"):
        load(folder)


def test_fairseq_checkpoints_are_never_opened(folder: Path) -> None:
    (folder / "model.safetensors").rename(folder / "MERT-v1-95M_fairseq.pt")
    with pytest.raises(ModelError, match="no weights"):
        load(folder)


def test_what_is_not_installed_says_how_to_get_it(tmp_path: Path) -> None:
    with pytest.raises(ModelError) as caught:
        load_backbone("m-a-p/MERT-v1-95M")
    assert "persian-mir models fetch m-a-p/MERT-v1-95M" in caught.value.cure
    with pytest.raises(ModelError, match="not installed"):
        load_backbone(str(tmp_path / "nowhere"))


@pytest.mark.parametrize("engine", ["torch", "openvino"])
def test_bad_batches(folder: Path, engine: str) -> None:
    backbone = load_backbone(str(folder), "cpu", engine=engine)
    assert backbone.engine == engine
    sound = np.zeros((1, 4000), np.float32)
    for layers in ([3], [-1]):
        with pytest.raises(ValueError, match="layers"):
            backbone.embed(sound, layers)
    with pytest.raises(ValueError, match="batch"):
        backbone.embed(sound[0], [0])
    with pytest.raises(ModelError, match="too short"):
        backbone.embed(sound[:, :399], [0])
    assert np.isfinite(backbone.embed(sound[:, :400], [0])).all()
