"""What is to be fitted together, and how far each probe has come."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from persian_mir.probes.probe import Head
from trainer.fitting.loop import Epoch, Fitted, HeadConfig

Floats = NDArray[np.float32]
Integers = NDArray[np.int64]

UNLABELLED = -1  # a segment without a label of the task


@dataclass(frozen=True, slots=True)
class ProbeSpec:
    """One probe to fit: the layer it reads and the task it learns, as places in `Data`, and how."""

    layer: int
    task: int
    config: HeadConfig


@dataclass(frozen=True, slots=True, eq=False)
class Data:
    """`values` float32 [segments, layers, width], standardised; `targets` int64 [segments, tasks], else UNLABELLED."""

    values: Floats
    targets: Integers


@dataclass(slots=True)
class EarlyStopping:
    """How far one probe has come."""

    best: int
    best_loss: float
    head: Head
    epochs: list[Epoch]

    def note(self, epoch: Epoch) -> bool:
        """Whether it is the best so far, as each is where there is no dev part (accuracy NaN)."""
        self.epochs.append(epoch)
        if not (math.isnan(epoch.dev_accuracy) or epoch.dev_loss < self.best_loss):
            return False
        self.best, self.best_loss = epoch.number, epoch.dev_loss
        return True

    def waited(self) -> int:
        """Epochs since the best."""
        return len(self.epochs) - self.best


def finished(stopping: EarlyStopping) -> Fitted:
    """What a probe came to."""
    return Fitted(stopping.head, np.ones(1, np.float32), tuple(stopping.epochs), stopping.best, False)
