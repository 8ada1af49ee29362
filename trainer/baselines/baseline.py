"""The one shape of an earlier study's system: features of a window of sound, and a classifier that learns from them."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from persian_mir.backbones import BackboneKey
from persian_mir.labels import TASKS
from persian_mir.progress import SILENT, Progress

Floats = NDArray[np.float32]
Arrays = Mapping[str, Floats]


@dataclass(frozen=True, slots=True)
class Effort:
    """How something is fitted: `seed` begins its random numbers; where it is a net, on which `device`, and in at most
    how many passes over the data (None: as many as the study), stopped after `patience` passes that did not lower the
    loss of held-out recordings (None: as in the study, which may never have stopped early).
    """

    seed: int = 0
    device: str = "cpu"
    epochs: int | None = None
    patience: int | None = None

    def passes(self, usual: int) -> int:
        """How many there may be where a study took `usual`."""
        return usual if self.epochs is None else min(usual, self.epochs)

    def waits(self, usual: int | None) -> int | None:
        """The patience where a study had `usual`; None never stops."""
        return usual if self.patience is None else self.patience


@dataclass(frozen=True, slots=True, eq=False)
class Examples:
    """What a classifier learns from: `rows` float32 [segments, width], `targets` int64 [segments], places in `labels`
    of `task`. `dev_rows`, `dev_targets`: the same of segments that choose among what was learnt, none where there are
    none. `groups` int64 [segments]: the recording each is from, None where that is not known. `progress` may raise
    Cancelled.
    """

    rows: Floats
    targets: NDArray[np.int64]
    labels: tuple[str, ...]
    task: str
    effort: Effort = Effort()
    dev_rows: Floats | None = None
    dev_targets: NDArray[np.int64] | None = None
    progress: Progress = SILENT
    groups: NDArray[np.int64] | None = None


@dataclass(frozen=True, slots=True)
class Baseline:
    """`describe`: features float32 [width] of a window, float32 [samples] of mono at `rate` Hz. `fit`: what is learnt,
    as plain arrays. `logits`: from these and rows [segments, width] one logit a label, [segments, labels].
    `window_s`: the usual length of a segment. `revision` is raised when the features change.
    """

    id: str
    rate: int
    width: int
    window_s: float
    describe: Callable[[Floats], Floats]
    fit: Callable[[Examples], Arrays]
    logits: Callable[[Arrays, Floats], Floats]
    tasks: tuple[str, ...] = TASKS
    revision: str = "1"


@dataclass(frozen=True, slots=True)
class BaselineFeatures:
    """A baseline's features as a backbone of one hidden state, so that they are cut, kept and joined as any other's."""

    baseline: Baseline
    precision: str = "fp32"
    engine: str = "numpy"
    remark: str = ""
    batch: int = 1

    @property
    def key(self) -> BackboneKey:
        """What the features depend on."""
        one = self.baseline
        definition = hashlib.blake2b(f"{one.id} {one.revision}".encode(), digest_size=16).hexdigest()
        return BackboneKey(f"baseline/{one.id}", one.revision, definition, one.rate, 1, one.width, normalise=False)

    def embed(self, batch: Floats, layers: Sequence[int]) -> Floats:
        """The features of windows [windows, samples] as float32 [windows, len(layers), width]; there is layer 0 only.
        Raises ValueError for another one.
        """
        if any(layers):
            raise ValueError(f"layers {list(layers)}: a baseline has only layer 0")
        rows = np.stack([self.baseline.describe(window) for window in batch]).astype(np.float32)
        return np.repeat(rows[:, None], len(layers), axis=1)
