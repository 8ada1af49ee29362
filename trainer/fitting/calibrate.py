"""What a fitted head does not know of itself: how sure it may be, and how far its knowledge reaches."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from persian_mir.probes.ood_detector import OodDetector, distances
from persian_mir.probes.probe import softmax

Floats = NDArray[np.float32]
Integers = NDArray[np.int64]

TEMPERATURES = np.geomspace(0.1, 50, 400)
FAMILIAR = 0.95  # share of held-out segments that are let through unchanged
BEYOND = 1.25  # times their reach, from where on nothing is known; flattening never changes which label leads
USUAL_REACH = (1 + BEYOND) / 2  # times their reach, where a recording is taken for unknown: strangeness `UNKNOWN`
SHRINKAGE = 0.03  # of the covariance towards its diagonal's mean: few recordings, many dimensions


def temperature(logits: Floats, targets: Integers) -> float:
    """The temperature with the lowest loss on held-out segments (Guo et al. 2017); 1 where there are none.

    Of n segments one more is counted as named wrong (Platt 1999, Probabilistic Outputs for Support Vector Machines),
    so that a few segments, all named right, do not make the probe boundlessly sure.
    """
    count, classes = logits.shape
    if not count:
        return 1.0
    doubt = 1 / (count + 2)
    wanted = np.full((count, classes), doubt / (classes - 1))
    wanted[np.arange(count), targets] = 1 - doubt
    losses = [-(wanted * np.log(np.maximum(softmax(logits / t), 1e-12))).sum() for t in TEMPERATURES]
    return float(TEMPERATURES[int(np.argmin(losses))])


def novelty(inputs: Floats, targets: Integers, classes: int, dev: Floats, reach: float = USUAL_REACH) -> OodDetector:
    """The guard over what the head saw: float32 [segments, width]. `dev` segments say what is still familiar; what lies
    on the mean `reach` times as far is unknown.

    Without held-out segments the training's own distances are taken; they are too small, so the guard is stricter.
    """
    centres = np.stack([inputs[targets == k].mean(axis=0) for k in range(classes)])
    inner = (inputs - centres[targets]).astype(np.float64)
    covariance = inner.T @ inner / len(inner)
    level = max(float(np.trace(covariance)) / len(covariance), 1e-6)
    values, vectors = np.linalg.eigh((1 - SHRINKAGE) * covariance + SHRINKAGE * level * np.eye(len(covariance)))
    whitening = np.asarray((vectors / np.sqrt(values)) @ vectors.T, dtype=np.float32)
    seen = distances(centres, whitening, dev if len(dev) else inputs)
    near = max(float(np.quantile(seen, FAMILIAR)), 1e-3)
    near *= reach / USUAL_REACH
    return OodDetector(centres, whitening, near, BEYOND * near)
