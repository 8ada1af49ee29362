"""Which device computes, and what happens when its memory is too small."""

from __future__ import annotations

import logging
import warnings
from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from persian_mir.errors import ModelError
from persian_mir.i18n import _

Floats = NDArray[np.float32]

_log = logging.getLogger(__name__)


def pick_device(device: str = "auto") -> str:
    """`cuda`, `mps` or `cpu`: the best one for `auto`, or the one asked for. Raises ModelError when it is not there."""
    import torch

    here = {"cpu": True, "cuda": torch.cuda.is_available(), "mps": torch.backends.mps.is_available()}
    if device == "auto":
        return next(name for name in ("cuda", "mps", "cpu") if here[name])
    if device not in here:
        raise ValueError(f"unknown device: {device!r}")
    if not here[device]:
        raise ModelError(
            _("The device {device} cannot be used on this machine.").format(device=device),
            cure=_("Choose auto or cpu."),
        )
    return device


def staging(shape: tuple[int, int], device: str) -> Floats:
    """An array to be filled, from which a copy to `device` is quickest: for CUDA its pages are locked in memory."""
    if device != "cuda":
        return np.empty(shape, np.float32)
    import torch

    locked: Floats = torch.empty(shape, dtype=torch.float32, pin_memory=True).numpy()
    return locked


def is_out_of_memory(error: RuntimeError) -> bool:
    """Whether a device said that its memory is too small: CUDA by its own class, MPS and the libraries by words."""
    import torch

    words = str(error).lower()  # cuBLAS and cuDNN: CUBLAS_STATUS_ALLOC_FAILED
    return isinstance(error, torch.OutOfMemoryError) or "out of memory" in words or "status_alloc_failed" in words


def multiply_exactly() -> None:
    """Let CUDA's convolutions compute in float32, not in TF32 as cuDNN otherwise does; products do already.

    It holds for the process. `cudnn.flags` would do it for a while, but by itself it also switches cuDNN off, and what
    two threads switch back holds for both.
    """
    import torch

    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)  # of the name that is to follow, which torch 2.6 does not have
        torch.backends.cudnn.allow_tf32 = False


class Batcher:
    """Feeds a computation at most `size` windows a call, and halves that when the device runs out of memory."""

    def __init__(self, size: int) -> None:
        self.size = size

    def run(self, compute: Callable[[Floats], Floats], batch: Floats) -> Floats:
        """`compute` over all of `batch` [windows, samples], joined. Raises ModelError when one window is too much."""
        parts: list[Floats] = []
        done = 0
        while done < len(batch):
            piece = batch[done : done + self.size]
            try:
                parts.append(compute(piece))
            except RuntimeError as error:
                if not is_out_of_memory(error):
                    raise
                self._halve(len(piece), error)
            else:
                done += len(piece)
        return np.concatenate(parts)

    def _halve(self, tried: int, error: RuntimeError) -> None:
        if tried == 1:
            raise ModelError(
                _("The memory of the device is too small for one window of this length."),
                cure=_("Choose a shorter window, a smaller model, or the device cpu."),
            ) from error
        self.size = tried // 2
        _log.info("out of device memory with %d windows a call, going on with %d", tried, self.size)
        _release()


def _release() -> None:
    """Give the memory that torch keeps for later back to the device."""
    import torch

    if torch.cuda.is_available():
        torch.cuda.empty_cache()
