"""The map of embeddings: each segment a point in the plane, by PCA or by t-SNE (van der Maaten and Hinton 2008).

PCA is linear: distances mean something. t-SNE keeps neighbours together and nothing else: neither the size of a cluster
nor the distance between two says anything. UMAP is left out for the weight of what it needs (a compiler).
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from persian_mir.progress import SILENT, Progress
from trainer.experiments.tsne import tsne
from trainer.features.segments import Features

METHODS = ("pca", "tsne")
MOST = 5000  # points, evenly chosen: more cannot be told apart, and t-SNE takes half a minute for as many
DRAWN = 2000  # points of a map in a report
SEED = 0
WIDEST = 50  # principal components that t-SNE starts from, as its authors advise
NEIGHBOURS = 30.0  # perplexity

Floats = NDArray[np.float64]


def principal(values: NDArray[np.float32], count: int = 2) -> tuple[Floats, tuple[float, ...]]:
    """[segments, width] to [segments, count], each feature standardised before, and the shares of variance.

    The sign of a direction is fixed so that its largest weight is positive: the same data, the same map.
    """
    std = values.std(axis=0)
    centred = ((values - values.mean(axis=0)) / np.where(std > 1e-6, std, 1)).astype(np.float64)
    variances, directions = np.linalg.eigh(centred.T @ centred)
    first = directions[:, ::-1][:, :count]
    first = first * np.sign(first[np.abs(first).argmax(axis=0), np.arange(first.shape[1])])
    shares = variances[::-1][:count] / max(float(variances.sum()), 1e-12)
    return centred @ first, tuple(map(float, shares))


def neighbours(values: NDArray[np.float32], seed: int = SEED, progress: Progress = SILENT) -> Floats:
    """t-SNE of [segments, width]: [segments, 2]; the same for a seed. Fewer than four points are left to PCA.

    Raises Cancelled from `progress`.
    """
    if len(values) < 4:
        return _flat(values)
    start, _shares = principal(values, min(WIDEST, values.shape[1]))
    first = np.pad(start[:, :2], ((0, 0), (0, max(0, 2 - start.shape[1]))))
    if float(np.ptp(start)) < 1e-9:
        return first
    first = (first / first[:, 0].std() * 1e-4).astype(np.float32)  # small, as is usual
    return tsne(start, first, min(NEIGHBOURS, (len(values) - 1) / 3), seed, progress)


def project(values: NDArray[np.float32], method: str, seed: int = SEED, progress: Progress = SILENT) -> Floats:
    """[segments, width] to [segments, 2] by one of METHODS."""
    return neighbours(values, seed, progress) if method == "tsne" else _flat(values)


def thinned(count: int, most: int = MOST) -> NDArray[np.int64]:
    """At most `most` of `count` places, evenly spread."""
    return np.asarray(np.linspace(0, count - 1, min(most, count)).round(), dtype=np.int64)


def embedding_map(features: Features, layer: int, progress: Progress = SILENT) -> dict[str, object]:
    """The maps of one layer for a report, as plain JSON values: `points` by PCA, `tsne`, and how many there are."""
    chosen = thinned(len(features.values), DRAWN)
    points, shares = principal(features.values[:, layer])
    return {
        "labels": list(features.labels),
        "points": np.round(points[chosen], 3).tolist(),
        "tsne": np.round(neighbours(features.values[chosen, layer], SEED, progress), 3).tolist(),
        "targets": features.targets[chosen].tolist(),
        "shares": list(shares),
        "of": len(points),
        "files": [path.absolute().as_posix() for path in features.paths],
        "stretches": [[int(features.groups[k]), *map(float, np.round(features.spans[k], 3))] for k in chosen],
    }


def _flat(values: NDArray[np.float32]) -> Floats:
    points, _shares = principal(values)
    return np.pad(points, ((0, 0), (0, 2 - points.shape[1])))
