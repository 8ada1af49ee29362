"""Choosing a device, and living with too little memory on it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
import pytest
import torch

from persian_mir.backbones.device import Batcher, Floats, pick_device
from persian_mir.backbones.loading import load_folder
from persian_mir.backbones.torch_backbone import TorchBackbone
from persian_mir.errors import ModelError
from persian_mir.models.config import read_architecture


class SmallDevice:
    """Doubles its input, and runs out of memory above `capacity` windows."""

    def __init__(self, capacity: int, error: RuntimeError) -> None:
        self.capacity = capacity
        self.error = error
        self.calls: list[int] = []

    def __call__(self, batch: Floats) -> Floats:
        self.calls.append(len(batch))
        if len(batch) > self.capacity:
            raise self.error
        return batch * 2


ERRORS = [
    torch.OutOfMemoryError("CUDA out of memory"),
    RuntimeError("MPS backend out of memory (20 GB)"),
    RuntimeError("CUDA error: CUBLAS_STATUS_ALLOC_FAILED when calling `cublasCreate(handle)`"),
]


@pytest.mark.parametrize("error", ERRORS, ids=["cuda", "mps", "cublas"])
def test_the_batch_is_halved_until_it_fits_and_nothing_is_lost(error: RuntimeError) -> None:
    device, batcher = SmallDevice(3, error), Batcher(16)
    batch = np.arange(40, dtype=np.float32).reshape(20, 2)
    np.testing.assert_array_equal(batcher.run(device, batch), batch * 2)
    assert device.calls[:3] == [16, 8, 4]
    assert max(device.calls[3:]) == batcher.size == 2


def test_one_window_too_large_is_said_in_words() -> None:
    with pytest.raises(ModelError, match="one window") as caught:
        Batcher(4).run(SmallDevice(0, ERRORS[0]), np.zeros((4, 2), np.float32))
    assert "cpu" in caught.value.cure


def test_other_errors_are_not_swallowed() -> None:
    device = SmallDevice(0, RuntimeError("shapes do not match"))
    with pytest.raises(RuntimeError, match="shapes"):
        Batcher(4).run(device, np.zeros((4, 2), np.float32))
    assert device.calls == [4]


class Anywhere(torch.nn.Linear):
    """A network that stays where it is, whatever device it is brought to."""

    def to(self, *_device: object) -> Anywhere:  # type: ignore[override]
        return self


@pytest.fixture
def tf32() -> Iterator[None]:
    """As torch has it, before and after."""
    yield
    torch.backends.cudnn.allow_tf32 = True


@pytest.mark.usefixtures("tf32")
def test_on_cuda_exact_is_float32_by_cudnn(tiny_hubert: Path) -> None:
    key = load_folder(tiny_hubert, "local/tiny", "local", "cpu", "exact", "torch").key
    backbone = TorchBackbone(Anywhere(2, 2), read_architecture(tiny_hubert), key, "cuda", "fp32")
    with backbone._computing():
        assert torch.backends.cudnn.enabled
        assert not torch.backends.cudnn.allow_tf32


@pytest.mark.parametrize(("here", "picked"), [((True, False), "cuda"), ((False, True), "mps"), ((False, False), "cpu")])
def test_auto_takes_the_best(here: Sequence[bool], picked: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(torch.cuda, "is_available", lambda: here[0])
    monkeypatch.setattr(torch.backends.mps, "is_available", lambda: here[1])
    assert pick_device("auto") == picked
    assert pick_device("cpu") == "cpu"


def test_an_absent_device_is_said_in_words(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(torch.cuda, "is_available", lambda: False)
    with pytest.raises(ModelError, match="cuda"):
        pick_device("cuda")
    with pytest.raises(ValueError, match="abacus"):
        pick_device("abacus")
