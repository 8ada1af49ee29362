"""Every engine gives what torch gives in float32; what a machine cannot do is done by another engine, and told."""

from __future__ import annotations

import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

pytest.importorskip("persian_mir.backbones.openvino_api")  # of the extra `fast`

from persian_mir.backbones import engines
from persian_mir.backbones.first_layer import FirstLayer
from persian_mir.backbones.loading import load_folder
from persian_mir.backbones.openvino_api import Core
from persian_mir.backbones.openvino_backbone import LIMITS, OpenvinoBackbone
from persian_mir.backbones.phases import LONGEST
from persian_mir.half_precision import is_right, multiplies_bfloat16
from tests.persian_mir.backbones.test_families import MODELS, save

LAYERS = range(4)
EXACT, NEAR = LIMITS["fp32"], LIMITS["bf16"]


def load(folder: Path, precision: str = "exact", engine: str = "openvino") -> Any:
    return load_folder(folder, "local/it", "local", "cpu", precision, engine)


def sound(seconds: float = 0.5) -> np.ndarray:
    """Two windows at 16 kHz, a falling tone with noise beside its louder and later self; far from zero mean."""
    time = np.arange(int(16_000 * seconds)) / 16_000
    noise = np.random.default_rng(3).normal(0, 0.01, (2, len(time)))
    return (noise + np.outer([0.2, 0.7], np.sin(2 * np.pi * 200 * time * (1 - time / 3))) + 0.3).astype(np.float32)


def apart(found: np.ndarray, exact: np.ndarray) -> float:
    """The worst state's distance, by its own size."""
    return float((np.linalg.norm(found - exact, axis=2) / np.linalg.norm(exact, axis=2)).max())


@pytest.mark.parametrize("name", MODELS)
def test_exact_is_float32_in_every_family(name: str, tmp_path: Path) -> None:
    save(name, tmp_path)
    exact, found, fast = load(tmp_path, engine="torch"), load(tmp_path), load(tmp_path, "fast")
    assert [one.engine for one in (exact, found, fast)] == ["torch", "openvino", "openvino"]
    assert [one.precision for one in (exact, found)] == ["fp32", "fp32"]
    assert found.key == exact.key == fast.key
    wanted = exact.embed(sound(), LAYERS)
    assert apart(found.embed(sound(), LAYERS), wanted) < EXACT / 3
    off = apart(fast.embed(sound(), LAYERS), wanted)
    if multiplies_bfloat16():  # the same graph in bfloat16 shows the difference
        assert (fast.precision, fast.remark) == ("bf16 openvino", "")
        assert EXACT * 3 < off < NEAR
    else:
        assert fast.precision == "fp32"
        assert off < EXACT / 3


@pytest.mark.parametrize("engine", ["torch", "openvino", "auto"])
def test_fast_is_exact_where_the_processor_would_be_slower(
    engine: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    save("hubert", tmp_path)
    monkeypatch.setattr(torch.cpu, "get_capabilities", lambda: {"avx512_f": True, "avx512_bf16": False}, raising=False)
    checked = is_right.cache_info()
    exact, fast = load(tmp_path, "exact", engine), load(tmp_path, "fast", engine)
    assert is_right.cache_info() == checked  # which would take minutes
    assert (fast.engine, fast.precision) == (exact.engine, "fp32")
    assert "does not compute in bfloat16 itself" in fast.remark
    assert exact.remark == ""
    np.testing.assert_array_equal(fast.embed(sound(), LAYERS), exact.embed(sound(), LAYERS))


@pytest.mark.logs
@pytest.mark.usefixtures("any_bfloat16")
def test_bfloat16_that_openvino_quietly_leaves_is_not_called_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    save("hubert", tmp_path)

    class Quiet:
        def compile_model(self, graph: Any, device: str, options: dict[str, Any]) -> Any:
            return Core().compile_model(graph, device, options | {"INFERENCE_PRECISION_HINT": "f32"})

    monkeypatch.setattr("persian_mir.backbones.openvino_backbone.Core", Quiet)
    found = load(tmp_path, "fast")
    assert (found.engine, found.precision) == ("openvino", "fp32")
    assert "bfloat16" in found.remark


@pytest.mark.parametrize("precision", ["exact", "fast"])
def test_other_lengths_and_depths_of_one_loaded_model(precision: str, tmp_path: Path) -> None:
    save("hubert", tmp_path)
    exact, found = load(tmp_path, engine="torch"), load(tmp_path, precision)
    bound = EXACT if precision == "exact" else NEAR
    for seconds, layers in ((0.5, [3]), (0.31, [0, 2]), (1.2, [2, 0]), (0.5, [1])):
        assert apart(found.embed(sound(seconds), layers), exact.embed(sound(seconds), layers)) < bound
    assert found.embed(sound()[:0], [1, 2]).shape == (0, 2, 48)


@pytest.mark.parametrize("frames", [LONGEST, LONGEST + 1, 2 * LONGEST + 1])  # one piece, two, three
@pytest.mark.parametrize("name", ["hubert", "hubert-stable"])
def test_a_long_window_is_computed_in_pieces(name: str, frames: int, tmp_path: Path) -> None:
    save(name, tmp_path)
    long = sound((400 + 320 * (frames - 1) + 319) / 16_000)
    assert apart(load(tmp_path).embed(long, LAYERS), load(tmp_path, engine="torch").embed(long, LAYERS)) < EXACT / 3


@pytest.mark.parametrize("taps", [(10, 3), (10, 2, 2), (10, 3, 3, 2), (6, 3, 2, 2, 2)])
def test_convolutions_of_other_depths(taps: tuple[int, ...], tmp_path: Path) -> None:
    sizes = {
        "conv_kernel": taps,
        "conv_stride": [5] + [2] * (len(taps) - 1),
        "conv_dim": [24, 32, 16, 32, 32][: len(taps)],
    }
    save("hubert", tmp_path, **sizes)
    exact, found = load(tmp_path, engine="torch"), load(tmp_path)
    assert (found.engine, found.remark) == ("openvino", "")
    for samples in (90, 161, 8000):
        short = sound()[:, :samples]
        assert apart(found.embed(short, LAYERS), exact.embed(short, LAYERS)) < EXACT / 3


def test_convolutions_that_were_not_written_down_are_torch_s(tmp_path: Path) -> None:
    save("hubert", tmp_path, conv_kernel=[10, 2, 3], conv_stride=[5, 2, 2], conv_dim=[32] * 3)
    asked, automatic = load(tmp_path), load(tmp_path, engine="auto")
    assert (asked.engine, automatic.engine, automatic.remark) == ("torch", "torch", "")
    assert "does not know the graph" in asked.remark


def test_threads_beside_each_other_get_what_each_alone_gets(tmp_path: Path) -> None:
    save("hubert", tmp_path)
    backbone = load(tmp_path)
    assert backbone.streams == min(4, torch.get_num_threads())
    asked = [(sound(0.3 + 0.05 * (k % 5)), [k % 3, k % 2]) for k in range(24)]  # of other lengths and depths
    alone = [backbone.embed(*one) for one in asked]
    with ThreadPoolExecutor(6) as pool:
        for found, wanted in zip(pool.map(lambda one: backbone.embed(*one), asked), alone, strict=True):
            np.testing.assert_array_equal(found, wanted)


def test_windows_share_no_memory(tmp_path: Path) -> None:
    save("hubert", tmp_path)
    backbone = load(tmp_path)
    before = backbone.embed(sound(), LAYERS)
    kept = before.copy()
    backbone.embed(-sound(), LAYERS)
    np.testing.assert_array_equal(before, kept)


@pytest.mark.parametrize("name", ["hubert", "hubert-stable"])
def test_a_first_layer_of_slow_sounds_loses_nothing(name: str, tmp_path: Path) -> None:
    """A kernel that lets high sounds pass, on a low one: what is left is small beside what cancels out."""
    model = save(name, tmp_path)
    block = model.feature_extractor.conv_layers[0]
    with torch.no_grad():
        block.conv.weight.copy_(torch.tensor([1.0, -1.0] * 5).expand_as(block.conv.weight))
    slow = np.sin(np.linspace(0, 20, 8000)).astype(np.float32)
    first = FirstLayer.of(block.conv, block.layer_norm if name == "hubert" else None)
    under = first.under(slow)
    kernels = first.kernels(under).astype(np.float64)
    found = kernels[:, :-1] @ under.T.astype(np.float64) + kernels[:, -1:]
    with torch.no_grad():
        wanted = block.conv.double()(torch.from_numpy(slow).double()[None, None])
        wanted = block.layer_norm.double()(wanted)[0].numpy() if name == "hubert" else wanted[0].numpy()
    np.testing.assert_allclose(found, wanted, atol=2e-3 if name == "hubert" else 1e-6)


@pytest.mark.logs
@pytest.mark.usefixtures("any_bfloat16")
def test_bfloat16_that_is_wrong_here_is_not_used(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    save("hubert", tmp_path)
    wanted = load(tmp_path).embed(sound(), LAYERS)
    right = OpenvinoBackbone._inputs

    def inputs(self: OpenvinoBackbone, window: np.ndarray) -> tuple[list[np.ndarray], np.ndarray]:
        samples, kernels = right(self, window)
        return (samples, kernels if self._hint == "f32" else np.roll(kernels, 1, axis=0))

    monkeypatch.setattr(OpenvinoBackbone, "_inputs", inputs)
    found = load(tmp_path, "fast")
    assert (found.engine, found.precision) == ("openvino", "fp32")
    assert "bfloat16" in found.remark
    np.testing.assert_allclose(found.embed(sound(), LAYERS), wanted, atol=1e-5)


@pytest.mark.logs
def test_an_exact_that_is_secretly_bfloat16_is_not_used(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    save("hubert", tmp_path)
    wanted = load(tmp_path, engine="torch").embed(sound(), LAYERS)
    monkeypatch.setattr("persian_mir.backbones.openvino_backbone._HINTS", {"fp32": "bf16", "bf16": "bf16"})
    found = load(tmp_path)
    assert (found.engine, found.precision) == ("torch", "fp32")
    assert "torch" in found.remark
    np.testing.assert_allclose(found.embed(sound(), LAYERS), wanted, atol=1e-5)


@pytest.mark.logs
@pytest.mark.usefixtures("any_bfloat16")
def test_a_broken_openvino_is_told_and_replaced(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    save("hubert", tmp_path)

    def compiled(self: OpenvinoBackbone, _deepest: int) -> None:
        raise RuntimeError("no kernel for this processor")

    monkeypatch.setattr(OpenvinoBackbone, "_compiled", compiled)
    for engine in ("openvino", "auto"):
        found = load(tmp_path, "fast", engine)
        assert (found.engine, found.precision) == ("torch", "bf16")
        assert "OpenVINO" in found.remark


@pytest.mark.logs
@pytest.mark.parametrize(("engine", "told"), [("openvino", "persian-mir[fast]"), ("auto", ""), ("torch", "")])
def test_without_openvino_torch_computes(
    engine: str, told: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    save("hubert", tmp_path)
    monkeypatch.setattr(engines, "find_spec", lambda _name: None)
    monkeypatch.setitem(sys.modules, "persian_mir.backbones.openvino_backbone", None)
    found = load(tmp_path, engine=engine)
    assert found.engine == "torch"
    assert (told in found.remark) if told else found.remark == ""
    assert found.embed(sound(), LAYERS).shape == (2, 4, 48)


def test_openvino_tells_nobody_that_it_was_imported(tmp_path: Path) -> None:
    """Imported plainly it leaves its mark in the home folder, and sends an event from a thread."""
    code = (
        "import sys, threading\n"
        "sys.addaudithook(lambda event, _args: event.startswith('socket.') and sys.exit(f'it reached out: {event}'))\n"
        "import persian_mir.backbones.openvino_backbone\n"
        "print([thread.name for thread in threading.enumerate()])"
    )
    home = {"HOME": str(tmp_path), "USERPROFILE": str(tmp_path), "PYTHONPATH": str(Path(__file__).parents[3])}
    child = subprocess.run([sys.executable, "-c", code], env=os.environ | home, capture_output=True, text=True)
    assert (child.returncode, child.stdout.strip()) == (0, "['MainThread']"), child.stderr
    assert not (tmp_path / "intel").exists()


@pytest.mark.usefixtures("any_bfloat16")
def test_a_batch_in_bfloat16_is_what_its_windows_are_alone(tmp_path: Path) -> None:
    """As on a graphics card, which computes many windows a call, fewer when its memory runs out."""
    save("hubert", tmp_path)
    backbone, exact = load(tmp_path, "fast", "torch"), load(tmp_path, engine="torch")
    windows = np.concatenate([sound(), -sound(), 0.5 * sound()])
    backbone._batcher.size = 4
    together = backbone.embed(windows, LAYERS)
    assert apart(together, np.concatenate([backbone.embed(one[None], LAYERS) for one in windows])) < 0.02
    assert EXACT < apart(together, exact.embed(windows, LAYERS)) < NEAR


def test_a_graphics_card_is_torch_s(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(engines, "_torch", lambda *given: given)
    monkeypatch.setattr(torch.cuda, "is_bf16_supported", lambda including_emulation: not including_emulation)
    for engine, told in (("openvino", True), ("auto", False), ("torch", False)):
        *_rest, device, arithmetic, remark = engines.start(None, None, None, "cuda", "fast", engine)  # type: ignore[arg-type, misc]
        assert (device, arithmetic, bool(remark)) == ("cuda", "bf16", told)
    with pytest.raises(ValueError, match="engine"):
        engines.start(None, None, None, "cpu", "exact", "abacus")  # type: ignore[arg-type]
