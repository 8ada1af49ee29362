"""What a fitted head does not know of itself: how sure it may be, and how far its knowledge reaches."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from persian_mir.probes.ood_detector import OodDetector, distances, likeness
from persian_mir.probes.probe import softmax

Floats = NDArray[np.float32]
Integers = NDArray[np.int64]

TEMPERATURES = np.geomspace(0.1, 50, 400)
FAMILIAR = 0.95  # share of held-out segments that are let through unchanged
BEYOND = 1.25  # times their reach, from where on nothing is known; flattening never changes which label leads
USUAL_REACH = (1 + BEYOND) / 2  # times their reach, where a recording is taken for unknown: strangeness `UNKNOWN`
SHRINKAGE = 0.03  # of the covariance towards its diagonal's mean: few recordings, many dimensions
CONTRAST_SHRINKAGE = 0.1


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


def novelty(
    inputs: Floats,
    targets: Integers,
    classes: int,
    dev: Floats,
    reach: float = USUAL_REACH,
    others: Floats | None = None,
) -> OodDetector:
    """The guard over what the head saw: float32 [segments, width]. `dev` segments say what is still familiar; what lies
    on the mean `reach` times as far is unknown. `others` [sounds, width] are none of the classes.

    Without held-out segments the training's own distances are taken; they are too small, so the guard is stricter.
    """
    centres = np.stack([inputs[targets == k].mean(axis=0) for k in range(classes)])
    inner = (inputs - centres[targets]).astype(np.float64)
    values, vectors = np.linalg.eigh(_covariance(inner, SHRINKAGE))
    whitening = np.asarray((vectors / np.sqrt(values)) @ vectors.T, dtype=np.float32)
    held_out = dev if len(dev) else inputs
    plain = OodDetector(centres, whitening, 0.0, 1.0)
    if others is not None and len(others):
        plain = replace(plain, contrast=_contrast(plain, inner, others, held_out))
    near = max(float(np.quantile(plain.away(held_out), FAMILIAR)), 1e-3)
    near *= reach / USUAL_REACH
    return replace(plain, near=near, far=BEYOND * near)


def _contrast(guard: OodDetector, inner: NDArray[np.float64], others: Floats, held_out: Floats) -> Floats:
    """The weights of `OodDetector.contrast`: linear discriminants of each class against all `others` as one Gaussian of
    the same covariance. Half of the `held_out` known reach 0, and a deviation of theirs counts as one in distance does.
    """
    centres, middle = guard.centres.astype(np.float64), others.mean(axis=0, dtype=np.float64)
    apart = np.linalg.inv(_covariance(np.concatenate([inner, others - middle]), CONTRAST_SHRINKAGE))
    weights = 2 * (middle - centres) @ apart
    constants = np.einsum("kw,wv,kv->k", centres, apart, centres) - middle @ apart @ middle
    contrast = np.column_stack([weights, constants])
    like = likeness(contrast, held_out)
    contrast[:, -1] -= np.median(like)
    spread = np.std(distances(guard.centres, guard.whitening, held_out)) / max(float(np.std(like)), 1e-9)
    return np.asarray(contrast * spread, dtype=np.float32)


def _covariance(inner: NDArray[np.float64], shrinkage: float) -> NDArray[np.float64]:
    """That of rows of mean 0, shrunk towards its diagonal's mean."""
    covariance = inner.T @ inner / len(inner)
    level = max(float(np.trace(covariance)) / len(covariance), 1e-6)
    return np.asarray((1 - shrinkage) * covariance + shrinkage * level * np.eye(len(covariance)))
