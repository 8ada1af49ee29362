"""The backbone that torch computes, whatever the family: each hidden state pooled as soon as it is there."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, ExitStack
from typing import TYPE_CHECKING

import numpy as np

from persian_mir.backbones.backbone import BackboneKey, Floats
from persian_mir.backbones.batches import check_batch, normalised
from persian_mir.backbones.device import Batcher, multiply_exactly
from persian_mir.backbones.families import family_of
from persian_mir.models.sizes import Sizes, windows_of

if TYPE_CHECKING:
    import torch

ENGINE = "torch"
_BATCH = (("cpu", 1), ("mps", 8), ("cuda", 32))  # on the CPU batching gains nothing


class TorchBackbone:
    """A loaded checkpoint on one device. `remark` tells the user what was asked for and could not be had."""

    engine = ENGINE
    remark = ""

    def __init__(
        self, network: torch.nn.Module, architecture: Sizes, key: BackboneKey, device: str, precision: str
    ) -> None:
        """`precision` is `fp32` (exact) or `bf16` (autocast; states differ by about a part in a hundred)."""
        if precision not in ("fp32", "bf16"):
            raise ValueError(f"unknown precision: {precision!r}")
        self.key = key
        self.precision = precision
        self.device = device
        self._architecture = architecture
        self._network = network.to(device)
        self.windows_s = windows_of(architecture)
        self._hidden_states = family_of(architecture).states
        self._batcher = Batcher(dict(_BATCH)[device])
        if precision == "fp32" and device == "cuda":
            multiply_exactly()

    @property
    def batch(self) -> int:
        """Windows that are best embedded in one call; smaller once the device's memory turned out too small."""
        return self._batcher.size

    def embed(self, batch: Floats, layers: Sequence[int]) -> Floats:
        """See Backbone.embed. Pooled on the device; only the means come back."""
        check_batch(batch, layers, self.key, self._architecture)
        if not len(batch):
            return np.zeros((0, len(layers), self.key.width), np.float32)
        return self._batcher.run(lambda piece: self._pooled(piece, layers), batch)

    def hidden_states(self, waveform: Floats) -> Floats:
        """All states of one window [samples], not pooled: [states, frames, width]."""
        import torch

        check_batch(waveform[None], (), self.key, self._architecture)
        with self._computing():
            states = list(self._states(waveform[None], self.key.states - 1))
            stacked: Floats = torch.cat(states).float().cpu().numpy()
        return stacked

    def _pooled(self, batch: Floats, layers: Sequence[int]) -> Floats:
        import torch

        with self._computing():
            means = {
                index: state.float().mean(dim=1)
                for index, state in enumerate(self._states(batch, max(layers, default=0)))
                if index in layers
            }
            pooled: Floats = torch.stack([means[layer] for layer in layers], dim=1).cpu().numpy()
        return pooled

    def _states(self, batch: Floats, deepest: int) -> Iterator[torch.Tensor]:
        """The states 0 .. `deepest` of raw windows [windows, samples]."""
        return self._hidden_states(self._network, self._architecture, self._upload(batch), deepest)

    def _upload(self, batch: Floats) -> torch.Tensor:
        """`batch` on the device, normalised a window at a time when the model wants it."""
        import torch

        waveforms = torch.from_numpy(np.require(batch, np.float32, ["C", "W"]))
        if self.device == "cuda" and not waveforms.is_pinned():  # as those are that SharedBackbone gathers
            waveforms = waveforms.pin_memory()
        return normalised(waveforms.to(self.device, non_blocking=True), self.key)

    def _computing(self) -> AbstractContextManager[object]:
        """No gradients; float32 unless bf16 was asked for."""
        import torch

        context = ExitStack()
        context.enter_context(torch.inference_mode())
        if self.precision == "bf16":
            context.enter_context(torch.autocast(self.device, torch.bfloat16))
        return context
