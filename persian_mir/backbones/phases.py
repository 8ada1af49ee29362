"""How a waveform is laid out for convolutions that halve it again and again, so that none of them moves a sample.

A layer's frames lie apart by phase, [phases, n, channels]: frame `phase + phases * i` is the i-th of its phase. Each
layer halves the phases. They stand in such an order that the frames which a stride of two adds up are quarters.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from persian_mir.backbones.backbone import Floats
from persian_mir.models.config import Architecture

LONGEST = 190  # frames computed at once: what lies between the layers stays in the processor's cache


@dataclass(frozen=True, slots=True)
class Phases:
    """How `threes` layers of three taps, then `twos` of two, all of stride 2, are laid out behind the first layer."""

    threes: int
    twos: int

    @classmethod
    def of(cls, architecture: Architecture) -> Phases | None:
        """Those of a model; None where it has other layers."""
        taps, strides = architecture.conv_kernel[1:], architecture.conv_stride[1:]
        found = cls(taps.count(3), taps.count(2))
        known = taps == (3,) * found.threes + (2,) * found.twos and all(stride == 2 for stride in strides)
        return found if known else None

    @property
    def hop(self) -> int:
        """Frames of the first layer for one of the last."""
        return 1 << (self.threes + self.twos)

    @property
    def order(self) -> list[int]:
        """The phases of the first layer's frames, in the order in which they stand."""
        return ordered(2 << self.threes)

    def rows(self, frames: int) -> int:
        """Frames that each phase must hold for so many of the last layer."""
        return (frames << self.twos) // 2 + 1

    def pieces(self, count: int) -> tuple[int, int]:
        """In how many pieces `count` frames of the last layer are computed, and of how many frames each."""
        pieces = -(-count // LONGEST)
        return pieces, -(-count // pieces)

    def reach(self, pieces: int, frames: int) -> int:
        """Frames of the first layer that all pieces look at."""
        return (pieces - 1) * frames * self.hop + self.rows(frames) * len(self.order)

    def piece(self, under: Floats, index: int, frames: int) -> Floats:
        """Of all samples under the first layer's kernel [reach, taps] those of one piece, [phases, rows, taps]."""
        rows, order, start = self.rows(frames), self.order, index * frames * self.hop
        own = under[start : start + rows * len(order)].reshape(rows, len(order), -1)
        return np.ascontiguousarray(own.transpose(1, 0, 2)[order])


def ordered(phases: int) -> list[int]:
    """Phases in the order in which they stand: the even ones, then the odd ones; and so again among each of both."""
    if phases == 1:
        return [0]
    half = ordered(phases // 2)
    return [2 * phase for phase in half] + [2 * phase + 1 for phase in half]
