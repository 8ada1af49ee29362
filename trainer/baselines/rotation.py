"""Folded profiles compared in every transposition, since a mode has its shahed on any pitch."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from trainer.baselines.baseline import Examples, Floats

ROUNDS = 5  # of turning each profile to the mean of all
STARTS = 32  # profiles of a class that are tried as the one the others are first turned to

Distance = Callable[[Floats, Floats], NDArray[np.float64]]


def turned(row: Floats) -> Floats:
    """All rotations of a profile [bins]: [bins, bins], row k turned down by k bins."""
    places = np.arange(len(row))
    return np.asarray(row[(places[:, None] + places) % len(row)])


def distances(rows: Floats, templates: Floats, distance: Distance) -> NDArray[np.float64]:
    """Least distance of each of `rows` [n, bins] to each of `templates` [classes, bins], turned freely: [n, classes].
    `distance` compares [rotations, bins] with [classes, bins] and gives [rotations, classes].
    """
    return np.stack([distance(turned(row), templates).min(axis=0) for row in rows])


def aligned_means(examples: Examples, distance: Distance) -> Floats:
    """The mean profile of each class, float32 [labels, bins], its profiles turned to each other.

    They are first turned to the one nearest to all (of up to STARTS), then some times to their mean.
    """
    classes = range(len(examples.labels))
    return np.stack([_aligned_mean(examples.rows[examples.targets == k], distance) for k in classes])


def manhattan(rows: Floats, templates: Floats) -> NDArray[np.float64]:
    """Sum of absolute differences, [rows, templates]."""
    return np.asarray(np.abs(rows[:, None] - templates[None]).sum(axis=2, dtype=np.float64))


def cosine(rows: Floats, templates: Floats) -> NDArray[np.float64]:
    """1 less the cosine, [rows, templates]; 1 where there is nothing to compare."""
    lengths = np.linalg.norm(rows, axis=1)[:, None] * np.linalg.norm(templates, axis=1)
    return np.asarray(1 - (rows @ templates.T) / np.maximum(lengths, 1e-12), np.float64)


def _aligned_mean(rows: Floats, distance: Distance) -> Floats:
    tried = rows[np.unique(np.linspace(0, len(rows) - 1, STARTS).astype(int))]
    mean: Floats = tried[int(np.argmin(distances(tried, tried, distance).sum(axis=0)))]
    for _round in range(ROUNDS):
        best = [turned(row)[int(np.argmin(distance(turned(row), mean[None])[:, 0]))] for row in rows]
        mean = np.asarray(np.mean(best, axis=0, dtype=np.float64), np.float32)
    return mean
