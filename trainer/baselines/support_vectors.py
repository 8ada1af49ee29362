"""Support vector machines that are kept as plain arrays: scikit-learn fits them, numpy answers.

One machine a pair of labels (one-vs-one); a label's logit is the sum of what its pairs say for it.
"""

from __future__ import annotations

from itertools import combinations
from typing import Any

import numpy as np
from numpy.typing import NDArray

from trainer.baselines.baseline import Arrays, Examples, Floats

Reals = NDArray[np.float64]
Integers = NDArray[np.int64]

CERTAIN = 1.0  # a pair's say is held within this, its margin
FOLDS = 3  # in which the cost is chosen, of the training part alone


def fit_svm(examples: Examples, kernel: str, costs: tuple[float, ...]) -> Arrays:
    """Fit on standardised rows; of several `costs` the best in folds of the training part is taken."""
    from sklearn.svm import SVC

    rows, targets = examples.rows.astype(np.float64), examples.targets
    mean, std = rows.mean(axis=0), rows.std(axis=0)
    std = np.where(std > 1e-9, std, 1)
    scaled = (rows - mean) / std
    cost = costs[0] if len(costs) == 1 else _best_cost(scaled, targets, kernel, costs)
    machine = SVC(kernel=kernel, C=cost, decision_function_shape="ovo").fit(scaled, targets)
    duals, offsets = _pairs(machine, len(examples.labels))
    kept = {"mean": mean, "std": std, "vectors": machine.support_vectors_, "duals": duals, "offsets": offsets}
    kept["gamma"] = np.array([machine._gamma if kernel == "rbf" else 0.0])  # 0: linear
    return {name: np.asarray(one, np.float32) for name, one in kept.items()}


def svm_logits(arrays: Arrays, rows: Floats) -> Floats:
    """float32 [segments, labels]: what the pairs of each label say for it, summed."""
    scaled = (rows - arrays["mean"]) / arrays["std"]
    gamma = float(arrays["gamma"][0])
    products = scaled @ arrays["vectors"].T
    if gamma:
        squares = (scaled**2).sum(axis=1)[:, None] + (arrays["vectors"] ** 2).sum(axis=1) - 2 * products
        products = np.exp(-gamma * np.maximum(squares, 0))
    said = np.clip(products @ arrays["duals"].T + arrays["offsets"], -CERTAIN, CERTAIN)
    count = round((1 + np.sqrt(1 + 8 * said.shape[1])) / 2)
    logits = np.zeros((len(rows), count), np.float32)
    for k, (one, other) in enumerate(combinations(range(count), 2)):
        logits[:, one] += said[:, k]
        logits[:, other] -= said[:, k]
    return logits


def _pairs(machine: Any, count: int) -> tuple[Reals, Reals]:
    """Weights of the support vectors for each pair [pairs, vectors], positive for its first label, and offsets [pairs].

    libsvm keeps [labels - 1, vectors]: the vectors of label i against j in row j - 1, those of j in row i. With two
    labels scikit-learn turns the sign.
    """
    dual, ends = machine.dual_coef_, np.cumsum([0, *machine.n_support_])
    if count == 2:
        return -dual, -machine.intercept_
    duals = np.zeros((count * (count - 1) // 2, dual.shape[1]))
    for k, (one, other) in enumerate(combinations(range(count), 2)):
        duals[k, ends[one] : ends[one + 1]] = dual[other - 1, ends[one] : ends[one + 1]]
        duals[k, ends[other] : ends[other + 1]] = dual[one, ends[other] : ends[other + 1]]
    return duals, machine.intercept_


def _best_cost(rows: Reals, targets: Integers, kernel: str, costs: tuple[float, ...]) -> float:
    """The first of `costs` that names most right in folds; the first at all where a label is too rare to be parted."""
    from sklearn.model_selection import StratifiedKFold, cross_val_score
    from sklearn.svm import SVC

    if np.bincount(targets).min() < FOLDS:
        return costs[0]
    folds = StratifiedKFold(FOLDS, shuffle=True, random_state=0)
    scores = [cross_val_score(SVC(kernel=kernel, C=cost), rows, targets, cv=folds).mean() for cost in costs]
    return costs[int(np.argmax(scores))]
