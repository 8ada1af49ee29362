"""What a predictor says of a recording: probabilities a segment, and a verdict on the whole."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from persian_mir.provenance import Provenance

SURE_MARGIN = 0.15  # probability by which the first must lead the second to be named without "or"
ALIKE = 1e-6  # by which probabilities that are said to be equal may differ


@dataclass(frozen=True, slots=True)
class Verdict:
    """The best label of one task and the next best (empty when the task has one label only).

    Both are empty where all labels are equally probable: nothing was heard that could be named.
    """

    task: str
    label: str
    probability: float
    runner_up: str
    runner_up_probability: float

    @property
    def nothing(self) -> bool:
        """Whether there is no label."""
        return not self.label

    @property
    def sure(self) -> bool:
        """Whether the lead is wide enough to be said without naming the runner-up."""
        return self.probability - self.runner_up_probability >= SURE_MARGIN


@dataclass(frozen=True, slots=True, eq=False)
class Prediction:
    """One task's labels over consecutive segments of a recording.

    `starts`, `stops`: int64 [segments], source samples. `probabilities`: float32 [segments, classes], rows sum to 1.
    `overall`: float32 [classes], the same for the whole of these segments. The arrays are read-only.
    """

    task: str
    labels: tuple[str, ...]
    starts: NDArray[np.int64]
    stops: NDArray[np.int64]
    probabilities: NDArray[np.float32]
    overall: NDArray[np.float32]
    provenance: Provenance

    def __post_init__(self) -> None:
        segments, classes = len(self.starts), len(self.labels)
        shapes = (self.stops.shape, self.probabilities.shape, self.overall.shape)
        if shapes != ((segments,), (segments, classes), (classes,)):
            raise ValueError(f"{segments} segments and {classes} labels do not fit shapes {shapes}")
        for array in (self.starts, self.stops, self.probabilities, self.overall):
            array.flags.writeable = False

    def verdict(self) -> Verdict:
        """The recording's label and its runner-up."""
        return verdict_of(self.task, self.labels, self.overall)

    def segment(self, index: int) -> Verdict:
        """The same for one segment."""
        return verdict_of(self.task, self.labels, self.probabilities[index])


def verdict_of(task: str, labels: Sequence[str], probabilities: NDArray[np.float32]) -> Verdict:
    """First and second of a row of probabilities; neither where they are all alike."""
    if len(labels) > 1 and float(np.ptp(probabilities)) < ALIKE:
        return Verdict(task, "", float(probabilities[0]), "", float(probabilities[0]))
    order = np.argsort(-probabilities, kind="stable")
    first = int(order[0])
    second = int(order[1]) if len(order) > 1 else None
    return Verdict(
        task,
        labels[first],
        float(probabilities[first]),
        "" if second is None else labels[second],
        0.0 if second is None else float(probabilities[second]),
    )


def leads(probabilities: NDArray[np.float32]) -> NDArray[np.float64]:
    """By how much the first label of each row [rows, classes] leads the second: a verdict is sure from SURE_MARGIN."""
    ranked = np.sort(probabilities.astype(np.float64), axis=1)
    return np.asarray(ranked[:, -1] - ranked[:, -2])


def pooled(probabilities: NDArray[np.float32], lengths: NDArray[np.int64]) -> NDArray[np.float32]:
    """A recording's probabilities from its segments': geometric mean weighted by length, renormalised.

    The geometric mean (a mean of log-probabilities) is what the segments say together if each is one piece of
    evidence of a strength in proportion to its length, with the scale of a single segment's confidence kept.
    """
    weights = lengths / lengths.sum()
    logs = np.log(np.maximum(probabilities, 1e-9)).T @ weights
    odds = np.exp(logs - logs.max())
    return np.asarray(odds / odds.sum(), dtype=np.float32)


def joined(parts: Sequence[Prediction]) -> Prediction:
    """Consecutive parts of one prediction, as they were published, as one; pooled anew over all segments."""
    first = parts[0]
    starts, stops = (np.concatenate([getattr(part, name) for part in parts]) for name in ("starts", "stops"))
    probabilities = np.concatenate([part.probabilities for part in parts])
    overall = pooled(probabilities, stops - starts)
    return Prediction(first.task, first.labels, starts, stops, probabilities, overall, first.provenance)
