"""The first convolution, with its norm over time (a GroupNorm with a group a channel) folded into its kernels.

A channel's mean and variance over time follow from the mean and covariance of the waveform under the kernel's taps, so
the norm is folded in window by window, and its input (49 MB for 5 s) is never written. In double: the covariance of
neighbouring samples is nearly singular.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray

from persian_mir.backbones.backbone import Floats

Doubles = NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class FirstLayer:
    """`taps` [channels, kernel], `offset` [channels]; with a norm `gain` [channels] and `eps`, without one None and 0.

    Without a norm `offset` is the bias; with one a bias would cancel out.
    """

    taps: Doubles
    offset: Doubles
    stride: int
    gain: Doubles | None = None
    eps: float = 0.0

    @classmethod
    def of(cls, convolution: Any, norm: Any = None) -> FirstLayer:
        """That of a Conv1d of one channel in, and the GroupNorm after it or None."""
        taps = _double(convolution.weight)[:, 0]
        if norm is not None:
            return cls(taps, _double(norm.bias), int(convolution.stride[0]), _double(norm.weight), norm.eps)
        offset = np.zeros(len(taps)) if convolution.bias is None else _double(convolution.bias)
        return cls(taps, offset, int(convolution.stride[0]))

    def under(self, window: Floats) -> Floats:
        """The samples under the kernel, [frames, kernel], of a window [samples]. A view."""
        return sliding_window_view(window, self.taps.shape[1])[:: self.stride]

    def samples(self, frames: int) -> int:
        """How many samples so many frames look at."""
        return (frames - 1) * self.stride + int(self.taps.shape[1])

    def kernels(self, under: Floats) -> Floats:
        """[channels, kernel + 1]: the kernels for that window, and what is added to each channel after them."""
        if self.gain is None:
            return np.column_stack([self.taps, self.offset]).astype(np.float32)
        centred = np.array(under.T, np.float64, order="C")
        mean = centred.mean(axis=1)
        centred -= mean[:, None]
        # Not by BLAS, whose threads would wait for more on the cores that the network needs next.
        covariance = np.einsum("kf,lf->kl", centred, centred) / len(under)
        variance = np.einsum("ck,kl,cl->c", self.taps, covariance, self.taps, optimize=True)
        scale = self.gain / np.sqrt(np.maximum(variance, 0) + self.eps)
        shift = self.offset - (self.taps @ mean) * scale
        return np.column_stack([self.taps * scale[:, None], shift]).astype(np.float32)


def _double(values: Any) -> Doubles:
    doubles: Doubles = values.detach().double().numpy()
    return doubles
