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
    _names, places = np.unique(groups, return_inverse=True)
    hits = np.bincount(places, weights=right)
    counts = np.bincount(places)
    if hits.sum() in (0, len(right)):
        margin = 1 - float(((1 - LEVEL) / 2) ** (1 / len(counts)))
        return (0.0, margin) if not hits.any() else (1 - margin, 1.0)
    chosen = np.random.default_rng(0).integers(0, len(counts), (draws, len(counts)))
    shares = hits[chosen].sum(axis=1) / counts[chosen].sum(axis=1)
    low, high = np.quantile(shares, [(1 - LEVEL) / 2, (1 + LEVEL) / 2])
    return float(low), float(high)
