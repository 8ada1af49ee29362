"""The map of embeddings: the two directions in which segments differ most (PCA).

PCA is linear and needs numpy alone; t-SNE and UMAP would ask for a further library and are not offered.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from trainer.features import Features

MOST = 3000  # points, evenly chosen: more cannot be told apart


def principal(values: NDArray[np.float32]) -> tuple[NDArray[np.float64], tuple[float, float]]:
    """[segments, width] to [segments, 2], each feature standardised before, and the two shares of variance.

    The sign of a direction is fixed so that its largest weight is positive: the same data, the same map.
    """
    std = values.std(axis=0)
    centred = ((values - values.mean(axis=0)) / np.where(std > 1e-6, std, 1)).astype(np.float64)
    variances, directions = np.linalg.eigh(centred.T @ centred)
    first = directions[:, [-1, -2]]
    first = first * np.sign(first[np.abs(first).argmax(axis=0), [0, 1]])
    shares = variances[[-1, -2]] / max(float(variances.sum()), 1e-12)
    return centred @ first, (float(shares[0]), float(shares[1]))


def embedding_map(features: Features, layer: int) -> dict[str, object]:
    """The map of one layer, as plain JSON values."""
    points, shares = principal(features.values[:, layer])
    chosen = np.linspace(0, len(points) - 1, min(MOST, len(points))).astype(int)
    return {
        "labels": list(features.labels),
        "points": np.round(points[chosen], 3).tolist(),
        "targets": features.targets[chosen].tolist(),
        "shares": list(shares),
    }
