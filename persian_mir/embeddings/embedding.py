"""The embedding of a recording: one vector a segment and layer, and what it depends on."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass, replace

import numpy as np
from numpy.typing import NDArray

from persian_mir.backbones.backbone import BackboneKey
from persian_mir.grid import Grid


@dataclass(frozen=True, slots=True)
class EmbeddingKey:
    """Everything an embedding depends on: sound, decoder, model, grid, layers, precision."""

    content_hash: str
    decoder: str
    backbone: BackboneKey
    grid: Grid
    layers: tuple[int, ...]
    precision: str

    def digest(self) -> str:
        """BLAKE2b-128 of the key, in hex."""
        text = json.dumps(asdict(self), sort_keys=True, ensure_ascii=True)
        return hashlib.blake2b(text.encode(), digest_size=16).hexdigest()


@dataclass(frozen=True, slots=True, eq=False)
class Embedding:
    """`values` [segments, layers, width] float32; segment i is source samples `starts[i]` up to `stops[i]` (int64).

    `layers` names the second axis. The arrays are made read-only.
    """

    values: NDArray[np.float32]
    starts: NDArray[np.int64]
    stops: NDArray[np.int64]
    layers: tuple[int, ...]
    key: EmbeddingKey

    def __post_init__(self) -> None:
        if not len(self.values) == len(self.starts) == len(self.stops) or self.values.shape[1] != len(self.layers):
            raise ValueError(f"shapes do not agree: {self.values.shape}, {self.starts.shape}, {self.layers}")
        for array in (self.values, self.starts, self.stops):
            array.flags.writeable = False

    def of(self, layers: tuple[int, ...]) -> Embedding:
        """Return the same of some of its layers, in that order."""
        if layers == self.layers:
            return self
        values = np.ascontiguousarray(self.values[:, [self.layers.index(layer) for layer in layers]])
        return Embedding(values, self.starts, self.stops, layers, replace(self.key, layers=layers))
