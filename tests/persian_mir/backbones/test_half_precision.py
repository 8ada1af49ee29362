"""A layer that a machine computes wrongly in bfloat16 is found, said and computed in float32.

oneDNN's fault with AMX is planted: grouped convolutions of few channels give something else under autocast.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from torch import nn

from persian_mir import half_precision
from persian_mir.backbones import loading
from persian_mir.backbones.loading import load_folder, load_network, wrong_in_bfloat16
from persian_mir.commands import doctor
from persian_mir.commands.main import main
from persian_mir.half_precision import LIMIT, LayerShape, is_right, keep_right
from persian_mir.models.store import add_folder
from tests.persian_mir.backbones.test_families import save

POSITIONS = LayerShape("Conv1d", (48, 48, 32, 1, 16, 1, 4, True))  # of the small model
pytestmark = pytest.mark.usefixtures("any_bfloat16")
SOUND = (
    POSITIONS,
    LayerShape("Conv1d", (1, 512, 10, 5, 0, 1, 1, False)),
    LayerShape("Conv2d", (8, 32, (3, 3), (2, 2), (1, 1), (1, 1), 1, True)),
    LayerShape("Linear", (768, 3072, True)),
    LayerShape("Attention", (12, 64)),
    LayerShape("Product", (512, 768)),
    LayerShape("Product", (7, 768)),
)


@pytest.fixture(autouse=True)
def _checked_anew() -> Iterator[None]:
    is_right.cache_clear()
    yield
    is_right.cache_clear()


@pytest.fixture
def faulty(monkeypatch: pytest.MonkeyPatch) -> None:
    """Grouped convolutions of up to 12 channels a group, as the test of the families has, are wrong in bfloat16."""
    right = nn.Conv1d._conv_forward

    def conv(self: nn.Conv1d, values: torch.Tensor, *args: Any) -> torch.Tensor:
        result = right(self, values, *args)
        narrow = self.groups > 1 and self.in_channels // self.groups <= 12
        return result.roll(1, 1) if narrow and torch.is_autocast_enabled("cpu") else result

    monkeypatch.setattr(nn.Conv1d, "_conv_forward", conv)


def far(folder: Path) -> float:
    """How far the last state in bfloat16 is from the exact one: as in the test of the families, which allows 0.05."""
    window = np.random.default_rng(3).normal(0, 0.2, (1, 8000)).astype(np.float32)
    a, b = (
        load_folder(folder, "local/it", "local", "cpu", one, "torch").embed(window, [3]) for one in ("exact", "fast")
    )
    return float(np.linalg.norm(a - b) / np.linalg.norm(a))


@pytest.mark.usefixtures("faulty")
def test_a_layer_that_is_wrong_runs_in_float32(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    save("hubert", tmp_path)
    assert 0 < far(tmp_path) < 0.05
    network = load_network(tmp_path, "local/it", "local")[0]
    before = set(network.state_dict())
    assert keep_right(network, "cpu") == ["encoder.pos_conv_embed.conv"]
    assert set(network.state_dict()) == before
    monkeypatch.setattr("persian_mir.half_precision.is_right", lambda *_: True)  # as it was without the check
    assert far(tmp_path) > 0.05


@pytest.mark.usefixtures("faulty")
def test_it_is_found_by_its_shape_once_for_the_process(tmp_path: Path) -> None:
    save("hubert", tmp_path)
    assert not is_right(POSITIONS, "cpu")
    checked = is_right.cache_info().misses
    for _time in range(2):
        load_folder(tmp_path, "local/it", "local", "cpu", "fast", "torch")
    kinds = is_right.cache_info().misses - checked
    assert 4 < kinds < 10  # of a network of 4 convolutions, 18 products and 3 attentions
    assert is_right.cache_info().hits > 2 * kinds


@pytest.mark.parametrize("wrong", ["nothing", "nan", "a channel", "an error"])
def test_whatever_is_wrong_is_found(monkeypatch: pytest.MonkeyPatch, wrong: str) -> None:
    right = nn.functional.linear

    def linear(values: torch.Tensor, *args: Any) -> torch.Tensor:
        result = right(values, *args)
        if torch.is_autocast_enabled("cpu"):
            if wrong == "an error":
                raise RuntimeError("bfloat16 is not known here")
            result[..., slice(None) if wrong == "nothing" else 300] = torch.nan if wrong == "nan" else 0.0
        return result

    monkeypatch.setattr(nn.functional, "linear", linear)
    assert not is_right(LayerShape("Linear", (64, 600, True)), "cpu")


@pytest.mark.parametrize("shape", SOUND, ids=str)
def test_a_sound_layer_is_right_within_the_limit(shape: LayerShape, monkeypatch: pytest.MonkeyPatch) -> None:
    """Emulated: rounded to bfloat16 by hand, so that it holds on a machine whose own is wrong."""
    monkeypatch.setattr(torch, "autocast", _Rounded)
    assert is_right(shape, "cpu")
    error = half_precision._error(shape.layer(), shape.input(25), 2 if shape.kind in ("Linear", "Attention") else 1)
    assert 0.001 < error < LIMIT / 3


class _Rounded(torch.overrides.TorchFunctionMode):
    """What autocast does, in float32: what goes into a product has eight significant bits, and so has the result."""

    def __init__(self, *_args: object, **_named: object) -> None:
        super().__init__()

    def __torch_function__(self, func: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
        products = (nn.functional.linear, torch.conv1d, torch.conv2d, torch.bmm)
        products += (nn.functional.scaled_dot_product_attention,)
        if func not in products:
            return func(*args, **(kwargs or {}))
        short = [one.bfloat16().float() if isinstance(one, torch.Tensor) else one for one in args]
        return func(*short, **(kwargs or {})).bfloat16().float()


def test_nobodys_random_numbers_change() -> None:
    network = nn.Sequential(nn.Linear(8, 8), nn.Conv1d(8, 8, 3))
    torch.manual_seed(11)
    keep_right(network, "cpu")
    after = torch.rand(3)
    torch.manual_seed(11)
    assert torch.equal(after, torch.rand(3))


@pytest.mark.usefixtures("faulty")
def test_doctor_says_which_layers_are_wrong(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    save("hubert", tmp_path)
    add_folder(tmp_path)
    count, wrong = wrong_in_bfloat16("cpu")
    assert count > 8
    assert wrong == (POSITIONS,)

    def here(code: str) -> doctor._Answer:  # the fault is planted in this process
        exec(code, {})
        return doctor._Answer(True, capsys.readouterr().out.strip())

    monkeypatch.setattr(doctor, "_in_child", here)
    found = doctor._half_precision()
    assert (found.works, found.needed) == (False, False)
    assert str(POSITIONS) in found.detail
    assert "float32" in found.cure


def test_doctor_checks_it_in_the_terminal(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr(doctor, "CHECKS", (doctor._half_precision,))
    assert main(["doctor"]) == 0
    assert "bfloat16" in capsys.readouterr().out


def test_a_damaged_model_does_not_keep_the_others_from_being_checked(tmp_path: Path) -> None:
    save("hubert", tmp_path)
    add_folder(tmp_path)
    (tmp_path / "config.json").write_text("{")
    assert wrong_in_bfloat16("cpu")[0] == len(loading.HEADS)
