"""What every backbone offers: pooled hidden states of equally long windows."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class BackboneKey:
    """Everything that decides what a backbone makes of a window, save the arithmetic's precision.

    `rate` is in Hz; `states` counts hidden states, 0 being the input of the first transformer layer; `width` is the
    size of one state; `normalise` says whether each window is brought to zero mean and unit variance first.
    """

    id: str
    revision: str
    weights_hash: str
    rate: int
    states: int
    width: int
    normalise: bool

    def digest(self) -> str:
        """BLAKE2b-128 of the key, in hex: the same on every machine."""
        text = json.dumps(asdict(self), sort_keys=True, ensure_ascii=True)
        return hashlib.blake2b(text.encode(), digest_size=16).hexdigest()


class Backbone(Protocol):
    """A frozen model that turns windows into vectors.

    It may have `streams`: calls that are best under way beside each other, where that is more than one.
    """

    @property
    def key(self) -> BackboneKey:
        """What the embeddings depend on."""

    @property
    def precision(self) -> str:
        """`fp32`, `bf16`, `bf16 openvino`: two precisions never share a cache entry.

        Two engines that compute exactly share one, being apart by a float's own noise; in bfloat16 they are as far
        from each other as from the exact values.
        """

    @property
    def engine(self) -> str:
        """What computes: `torch`, `openvino` or `numpy`."""

    @property
    def remark(self) -> str:
        """What was asked for and could not be had, in words for the user; else empty."""

    @property
    def batch(self) -> int:
        """Windows that are best embedded in one call."""

    def embed(self, batch: Floats, layers: Sequence[int]) -> Floats:
        """Time means of the asked hidden states.

        `batch` is [windows, samples], raw mono at `key.rate`; the result is [windows, len(layers), width], its second
        axis in the order of `layers`. Raises ValueError for a layer outside 0..states-1, and
        ModelError for a window shorter than one frame.
        """
