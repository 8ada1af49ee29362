"""Whose codes are predicted: k-means on MFCC (HuBERT's first iteration), or residual k-means on a mel spectrum.

MERT's own teacher is EnCodec: see `encodec_teacher`. Mel residuals need no download; H. Zhu and others ("MuQ", 2025)
found them the better targets. A teacher hears a clip at the network's own frames: one code a book for each.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Samples = NDArray[np.float32]

MELS, COEFFICIENTS = 128, 13
FLOOR = 1e-8
WINDOW_S = 0.04
FITTED_FRAMES = 200_000  # at most, that codes are found on


class Teacher(Protocol):
    """Who says what is heard, frame by frame."""

    @property
    def books(self) -> int:
        """How many codes a frame has."""

    @property
    def size(self) -> int:
        """How many codes a book has."""

    @property
    def card(self) -> Mapping[str, str]:
        """What people must know of it."""

    def codes(self, clips: Samples, frames: int) -> NDArray[np.int64]:
        """The codes of clips [clips, samples], int64 [clips, frames, books]."""


@dataclass(frozen=True, slots=True, eq=False)
class MeansTeacher:
    """`centres`: float32 [books, codes, features], each book's of what the ones before it left over.

    `middle`, `scale`: float32 [features], that features are standardised by.
    """

    kind: str
    rate: int
    hop: int
    middle: NDArray[np.float32]
    scale: NDArray[np.float32]
    centres: NDArray[np.float32]

    @property
    def books(self) -> int:
        """How many codes a frame has."""
        return len(self.centres)

    @property
    def size(self) -> int:
        """How many codes a book has."""
        return int(self.centres.shape[1])

    @property
    def card(self) -> Mapping[str, str]:
        """What it goes by."""
        return {"kind": self.kind}

    def codes(self, clips: Samples, frames: int) -> NDArray[np.int64]:
        """The codes of clips [clips, samples], int64 [clips, frames, books]."""
        return np.stack([self._codes(clip, frames) for clip in clips])

    def _codes(self, clip: Samples, frames: int) -> NDArray[np.int64]:
        left = (FEATURES[self.kind](clip, self.rate, self.hop)[:frames] - self.middle) / self.scale
        found = np.zeros((frames, len(self.centres)), np.int64)
        for book, centres in enumerate(self.centres):
            found[: len(left), book] = _nearest(left, centres)
            left = left - centres[found[: len(left), book]]
        found[len(left) :] = found[len(left) - 1]
        return found


def fit_teacher(
    clips: Iterable[Samples], kind: str, rate: int, hop: int, books: int, codes: int, seed: int
) -> MeansTeacher:
    """Find `books` times `codes` centres on what is heard in `clips`, the same for the same clips."""
    from sklearn.cluster import MiniBatchKMeans
    from threadpoolctl import threadpool_limits

    heard = np.concatenate([FEATURES[kind](clip, rate, hop) for clip in clips])[:FITTED_FRAMES]
    middle, scale = heard.mean(axis=0), heard.std(axis=0) + 1e-6
    left = (heard - middle) / scale
    centres = []
    for book in range(books):
        means = MiniBatchKMeans(
            min(codes, len(left)), batch_size=10_000, n_init=3, max_no_improvement=100, reassignment_ratio=0.0,
            random_state=seed + book,
        )  # fmt: skip
        with threadpool_limits(1):  # the same centres on any number of cores
            means.fit(left)
        own = np.zeros((codes, left.shape[1]))
        own[: len(means.cluster_centers_)] = means.cluster_centers_
        own[len(means.cluster_centers_) :] = means.cluster_centers_[0]
        centres.append(own)
        left = left - own[_nearest(left, own)]
    return MeansTeacher(kind, rate, hop, *(np.asarray(one, np.float32) for one in (middle, scale, np.stack(centres))))


def log_mel(clip: Samples, rate: int, hop: int) -> Floats:
    """Decibels-like logarithm of the power in 128 mel bands, [frames, 128]; frame k is centred k hops on."""
    size = 1 << int(np.ceil(np.log2(WINDOW_S * rate)))
    padded = np.pad(np.asarray(clip, np.float64), size // 2)
    frames = np.lib.stride_tricks.sliding_window_view(padded, size)[::hop] * np.hanning(size)
    power = np.abs(np.fft.rfft(frames, axis=1)) ** 2 / (np.hanning(size) ** 2).sum()
    return np.asarray(np.log10(power @ _mel_bands(rate, size).T + FLOOR))


def mfcc(clip: Samples, rate: int, hop: int) -> Floats:
    """13 mel-frequency cepstral coefficients with their first and second slopes, [frames, 39]."""
    from scipy.fft import dct

    from persian_mir.backbones.spectral import delta

    plain = dct(log_mel(clip, rate, hop), norm="ortho", axis=1)[:, :COEFFICIENTS]
    first = delta(plain)
    return np.concatenate([plain, first, delta(first)], axis=1)


FEATURES: dict[str, Callable[[Samples, int, int], Floats]] = {"mfcc": mfcc, "mel": log_mel}


def _nearest(values: Floats, centres: NDArray[np.floating]) -> NDArray[np.int64]:
    """The centre nearest to each row."""
    return np.asarray(np.argmin((centres**2).sum(axis=1) - 2 * values @ centres.T, axis=1))


def _mel_bands(rate: int, size: int) -> Floats:
    """Triangles [128, size // 2 + 1] up to half of `rate`, on the mel scale of O'Shaughnessy (1987)."""
    highest = 2595 * np.log10(1 + rate / 2 / 700)
    edges = 700 * (10 ** (np.linspace(0, highest, MELS + 2) / 2595) - 1)
    bins = np.arange(size // 2 + 1) * rate / size
    rising = (bins - edges[:-2, None]) / np.diff(edges)[:-1, None]
    falling = (edges[2:, None] - bins) / np.diff(edges)[1:, None]
    return np.maximum(np.minimum(rising, falling), 0.0)
