"""The states of small MERT checkpoints in the hub's format, against those that the original model code gave."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from safetensors.torch import save_file

from persian_mir.backbones.loading import load_folder

NAMES = ("mert-tiny-base", "mert-tiny-stable", "mert-tiny-16k")
TOLERANCE = 1e-5


def load(folder: Path, engine: str = "torch") -> Any:
    return load_folder(folder, "local/tiny", "local", "cpu", "exact", engine)


@pytest.fixture(params=NAMES)
def golden(request: pytest.FixtureRequest, shared: Path) -> Path:
    return shared / "reference" / request.param


@pytest.fixture(params=["bin", "safetensors"])
def folder(request: pytest.FixtureRequest, golden: Path, tmp_path: Path) -> Path:
    if request.param == "bin":
        return golden
    for name in ("config.json", "preprocessor_config.json", "expected.npz"):
        shutil.copy(golden / name, tmp_path / name)
    state = torch.load(golden / "pytorch_model.bin", weights_only=True)
    save_file({name: tensor.contiguous() for name, tensor in state.items()}, tmp_path / "model.safetensors")
    return tmp_path


def test_every_state_is_the_original_code_s(folder: Path) -> None:
    with np.load(folder / "expected.npz") as expected:
        waveform, rate, states = expected["waveform"], int(expected["sample_rate"]), expected["hidden_states"]
    backbone = load(folder)
    assert (backbone.key.rate, backbone.key.states, backbone.key.width) == (rate, len(states), states.shape[2])
    np.testing.assert_allclose(
        backbone.hidden_states(waveform.ravel()), states.reshape(len(states), -1, 48), atol=TOLERANCE
    )


@pytest.mark.parametrize("engine", ["torch", "openvino"])
def test_every_truncation_and_the_pooling_are_exact(golden: Path, engine: str) -> None:
    with np.load(golden / "expected.npz") as expected:
        waveform, states = expected["waveform"].reshape(1, -1), expected["hidden_states"]
    backbone = load(golden, engine)
    assert (backbone.engine, backbone.remark) == (engine, "")
    for layer in range(backbone.key.states):
        pooled = backbone.embed(waveform, [layer])
        np.testing.assert_allclose(pooled[0, 0], states[layer].reshape(-1, 48).mean(axis=0), atol=TOLERANCE)


@pytest.mark.parametrize("engine", ["torch", "openvino"])
def test_layers_come_in_the_order_asked_for(golden: Path, engine: str) -> None:
    with np.load(golden / "expected.npz") as expected:
        waveform = expected["waveform"].reshape(1, -1)
    backbone = load(golden, engine)
    all_layers = backbone.embed(waveform, range(backbone.key.states))
    np.testing.assert_array_equal(backbone.embed(waveform, [3, 0, 2]), all_layers[:, [3, 0, 2]])
