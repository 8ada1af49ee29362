"""What a fitted head does not know of itself: how sure it may be, and how far its knowledge reaches."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from persian_mir.probes.novelty import Novelty, distances
from persian_mir.probes.probe import softmax

Floats = NDArray[np.float32]
Integers = NDArray[np.int64]

TEMPERATURES = np.geomspace(0.5, 20, 200)  # a dev part that is named all right must not make it boundlessly sure
FAMILIAR = 0.99  # share of held-out segments that are let through unchanged
SHRINKAGE = 0.1  # of the covariance towards its diagonal's mean: few recordings, many dimensions


def temperature(logits: Floats, targets: Integers) -> float:
    """The temperature with the lowest loss on held-out segments (Guo et al. 2017); 1 where there are none."""
    if not len(targets):
        return 1.0
    rows = np.arange(len(targets))
    losses = [-np.log(np.maximum(softmax(logits / t)[rows, targets], 1e-12)).mean() for t in TEMPERATURES]
    return float(TEMPERATURES[int(np.argmin(losses))])


def novelty(inputs: Floats, targets: Integers, classes: int, held_out: Floats) -> Novelty:
    """The guard over what the head saw: float32 [segments, width]. `held_out` segments say what is still familiar.

    Without held-out segments the training's own distances are taken; they are too small, so the guard is stricter.
    """
    centres = np.stack([inputs[targets == k].mean(axis=0) for k in range(classes)])
    inner = (inputs - centres[targets]).astype(np.float64)
    covariance = inner.T @ inner / len(inner)
    level = max(float(np.trace(covariance)) / len(covariance), 1e-6)
    values, vectors = np.linalg.eigh((1 - SHRINKAGE) * covariance + SHRINKAGE * level * np.eye(len(covariance)))
    whitening = np.asarray((vectors / np.sqrt(values)) @ vectors.T, dtype=np.float32)
    seen = distances(centres, whitening, held_out if len(held_out) else inputs)
    near = max(float(np.quantile(seen, FAMILIAR)), 1e-3)
    return Novelty(centres, whitening, near, 2 * near)
