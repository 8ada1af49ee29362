"""The guard against sounds that a probe has never heard: they get "not sure" instead of a confident wrong name."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from persian_mir.prediction import pooled

Floats = NDArray[np.float32]

BLOCK = 256  # segments compared with all centres at once: the differences of a corpus would not fit into memory
CAPPED = 2.0  # times `near`, as far as a segment counts at most: silence or a word spoken is not the whole recording
UNKNOWN = 0.5  # of the strangeness, half way from what is familiar to what is not: from here on no label is given
NEARER = 0.25  # of its distance: as much nearer at most is what is unlike all other sounds, as mere hiss is
MOST = 0.98  # of the uniform in a mixture: what little a strange segment says still counts, and keeps its order


@dataclass(frozen=True, slots=True, eq=False)
class OodDetector:
    """Where the training segments lie, as one Gaussian a class with a covariance that all classes share.

    (Lee et al. 2018, A Simple Unified Framework for Detecting Out-of-Distribution Samples.) `centres`: float32
    [classes, width]; `whitening`: float32 [width, width]. The distance of a segment is that to the nearest centre,
    whitened, a dimension. Up to `near` a segment is familiar; from `far` on nothing is known of it.

    `contrast`: float32 [classes, width + 1], where other sounds were heard that are none of the classes (outlier
    exposure, Hendrycks et al. 2019): of each class weights and a constant, by which a segment is liker to those than
    the known are. So much farther it is taken to be; what is less like them than the known is a little nearer.
    """

    centres: Floats
    whitening: Floats
    near: float
    far: float
    contrast: Floats | None = None

    def __post_init__(self) -> None:
        classes, width = self.centres.shape
        if self.whitening.shape != (width, width) or not 0 <= self.near < self.far < float("inf"):
            raise ValueError("the novelty guard's parts do not fit together")
        if self.contrast is not None and self.contrast.shape != (classes, width + 1):
            raise ValueError("the contrast to other sounds is made for other classes")

    def away(self, inputs: Floats) -> Floats:
        """How far float32 [segments, width] lie from all that is familiar: [segments]."""
        away = distances(self.centres, self.whitening, inputs)
        if self.contrast is None:
            return away
        return np.asarray(away + np.maximum(likeness(self.contrast, inputs), -NEARER * away), dtype=np.float32)


def likeness(contrast: Floats, inputs: Floats) -> Floats:
    """By how much float32 [segments, width] are liker to other sounds than the nearest class is: [segments]."""
    return np.asarray((inputs @ contrast[:, :-1].T + contrast[:, -1]).min(axis=1))


def distances(centres: Floats, whitening: Floats, inputs: Floats) -> Floats:
    """Whitened root-mean-square distance of float32 [segments, width] to the nearest centre: [segments]."""
    points, middles = inputs @ whitening, centres @ whitening
    squares = np.empty(len(points), np.float32)
    for at in range(0, len(points), BLOCK):
        block = points[at : at + BLOCK]
        squares[at : at + BLOCK] = ((block[:, None, :] - middles[None]) ** 2).mean(axis=2).min(axis=1)
    return np.sqrt(squares)


def flattened(rows: Floats, novelty: OodDetector, away: Floats) -> Floats:
    """Probabilities mixed with the uniform, the more the farther `away` [segments] is beyond `near`; same order."""
    unknown = np.clip((away - novelty.near) / (novelty.far - novelty.near), 0, MOST)[:, None]
    return _mixed(rows, unknown)


def strangeness(novelty: OodDetector, away: Floats) -> Floats:
    """What each segment says of how strange its recording is, [segments]: 0 at `near`, 1 at `far`.

    Each counts as at most `CAPPED` times `near`, so that up to a third of a recording may be anything.
    """
    return np.asarray((np.minimum(away, CAPPED * novelty.near) - novelty.near) / (novelty.far - novelty.near))


def unknown(strange: Floats, lengths: NDArray[Any] | None = None) -> NDArray[np.bool_]:
    """Which segments are none of what the probe knows, bool [segments]; with `lengths` whether their recording is."""
    together = strange if lengths is None else np.average(strange, weights=lengths)
    return np.asarray(together >= UNKNOWN)


def whole(rows: Floats, lengths: NDArray[Any], strange: Floats) -> Floats:
    """Probabilities [classes] of a recording from those of its segments [segments, classes], their lengths and their
    strangeness.

    They are pooled, and flattened once more by the mean of the strangeness: one source plays all of it, so a single
    segment that might be familiar does not outweigh many that are not.
    """
    together = pooled(rows, lengths)
    return _mixed(together, np.asarray(np.average(strange, weights=lengths)).clip(0, MOST))


def _mixed(rows: Floats, unknown: NDArray[Any]) -> Floats:
    """A share `unknown` of the uniform in each row."""
    return np.asarray((1 - unknown) * rows + unknown / rows.shape[-1], dtype=np.float32)
