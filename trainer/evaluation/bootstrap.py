"""How far a figure could be off: intervals by drawing whole recordings again (Efron and Tibshirani 1993).

Segments of one recording are alike, so drawing segments would make the interval far too narrow.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

DRAWS = 1000
LEVEL = 0.95


def interval(right: NDArray[np.bool_], groups: NDArray[np.int64], draws: int = DRAWS) -> tuple[float, float]:
    """The 95 % percentile interval of the share of `right` [items] when their `groups` [items] are drawn again.

    The draws are seeded: the same items give the same interval. Where all are right, or none, every draw is alike and
    says nothing; then it is the exact interval of so many whole recordings (Clopper and Pearson 1934).
    """
    if right.all() or not right.any():
        margin = 1 - float(((1 - LEVEL) / 2) ** (1 / len(np.unique(groups))))
        return (0.0, margin) if not right.any() else (1 - margin, 1.0)
    return resampled(right, groups, draws)


def resampled(
    values: NDArray[np.floating | np.bool_], groups: NDArray[np.int64], draws: int = DRAWS
) -> tuple[float, float]:
    """The 95 % percentile interval of the mean of `values` [items], drawn as `interval` draws."""
    _names, places = np.unique(groups, return_inverse=True)
    hits = np.bincount(places, weights=values)
    counts = np.bincount(places)
    chosen = np.random.default_rng(0).integers(0, len(counts), (draws, len(counts)))
    shares = hits[chosen].sum(axis=1) / counts[chosen].sum(axis=1)
    low, high = np.quantile(shares, [(1 - LEVEL) / 2, (1 + LEVEL) / 2])
    return float(low), float(high)
