"""What a lane shows, as numbers: one cell a segment, its label, runner-up and certainty. No painting."""

from __future__ import annotations

import itertools
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

from persian_mir.catalogue.corrections import Correction
from persian_mir.prediction import Prediction, Verdict

Marks = Mapping[int, Correction]  # what people said, by the segment's place
NO_MARKS: Marks = MappingProxyType({})
APART = 1 << 40  # said by no other segment


@dataclass(frozen=True, slots=True, eq=False)
class Lane:
    """One predictor's answers to one task.

    `edges`: float64 [segments, 2], source samples, where each segment's cell begins and ends; `best`: int [segments],
    the label's index; `probability`: float32 [segments]; `sure`: bool [segments], see `Verdict.sure`; `says`:
    int64 [segments], the same number where the same is said; `joins`: the same, where all that are not sure are alike.
    """

    predictor: str
    prediction: Prediction
    edges: NDArray[np.float64]
    best: NDArray[np.intp]
    probability: NDArray[np.float32]
    sure: NDArray[np.bool_]
    says: NDArray[np.int64]
    joins: NDArray[np.int64]
    who: str = ""  # the predictor's id

    @property
    def task(self) -> str:
        """The task answered."""
        return self.prediction.task

    @property
    def key(self) -> tuple[str, str]:
        """The predictor's id and the task, as the session knows the prediction."""
        return self.who, self.task

    def __len__(self) -> int:
        return len(self.best)

    def verdict(self, index: int) -> Verdict:
        """Label and runner-up of a segment."""
        return self.prediction.segment(index)

    def visible(self, start: float, stop: float) -> range:
        """The segments whose cells meet samples `start` to `stop`."""
        first = int(np.searchsorted(self.edges[:, 1], start, side="right"))
        last = int(np.searchsorted(self.edges[:, 0], stop, side="left"))
        return range(first, max(first, last))

    def runs(self, among: range, marks: Marks = NO_MARKS, apart: int = -1) -> list[range]:
        """The segments of `among`, joined where neighbours touch and say the same, by machine or by people.

        The segment `apart` stays by itself.
        """
        if not among:
            return []
        says = self.joins[among.start : among.stop].copy()
        kinds: dict[tuple[str, str], int] = {}
        for k in marks.keys() & set(among):
            kind = (marks[k].label, "" if marks[k].label else marks[k].was)
            says[k - among.start] = -1 - kinds.setdefault(kind, len(kinds))
        if apart in among:
            says[apart - among.start] = APART
        edges = self.edges[among.start : among.stop]
        cuts = np.flatnonzero((np.diff(says) != 0) | (edges[1:, 0] > edges[:-1, 1])) + 1 + among.start
        bounds = [among.start, *cuts.tolist(), among.stop]
        return [range(first, last) for first, last in itertools.pairwise(bounds)]

    def at(self, sample: float) -> int | None:
        """The segment whose cell holds a sample."""
        index = int(np.searchsorted(self.edges[:, 0], sample, side="right")) - 1
        return index if index >= 0 and sample < self.edges[index, 1] else None

    def covering(self, samples: NDArray[np.float64]) -> NDArray[np.intp]:
        """For each sample the segment whose cell holds it, or -1."""
        index = np.searchsorted(self.edges[:, 0], samples, side="right") - 1
        return np.where((index >= 0) & (samples < self.edges[index, 1]), index, -1)


def lane(predictor: str, prediction: Prediction, who: str = "") -> Lane:
    """The lane of a prediction by the predictor of that name."""
    best = np.argmax(prediction.probabilities, axis=1)
    probability = prediction.probabilities[np.arange(len(best)), best]
    verdicts = [prediction.segment(k) for k in range(len(best))]
    sure = np.array([verdict.sure for verdict in verdicts], dtype=bool)
    kinds: dict[tuple[str, str], int] = {}  # who is not sure names two
    said = [(verdict.label, "" if verdict.sure else verdict.runner_up) for verdict in verdicts]
    says = np.array([kinds.setdefault(one, len(kinds)) for one in said], dtype=np.int64)
    unsure = np.array([not verdict.sure and not verdict.nothing for verdict in verdicts], dtype=bool)
    joins = np.where(unsure, len(kinds), says)
    return Lane(predictor, prediction, cells(prediction), best, probability, sure, says, joins, who)


def cells(prediction: Prediction) -> NDArray[np.float64]:
    """Where segments begin and end on the screen: where two overlap, half of the overlap belongs to each.

    A segment of a long window and a short hop thus owns the hop in its middle, the stretch it speaks for best.
    """
    edges = np.column_stack((prediction.starts, prediction.stops)).astype(np.float64)
    overlap = np.maximum(edges[:-1, 1] - edges[1:, 0], 0.0)
    edges[:-1, 1] -= overlap / 2
    edges[1:, 0] += overlap / 2
    return edges


def lanes_of(predictions: Mapping[tuple[str, str], Prediction], names: Mapping[str, str]) -> list[Lane]:
    """The lanes of a recording, in the order in which its predictors began to answer."""
    return [
        lane(names.get(predictor, predictor), prediction, predictor)
        for (predictor, _task), prediction in predictions.items()
        if len(prediction.starts)
    ]
