"""How good a probe is, by segment and by recording, with what chance and the commonest label would reach beside it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from persian_mir.i18n import _, figures
from persian_mir.prediction import SURE_MARGIN, leads
from persian_mir.probes.ood_detector import whole
from trainer.evaluation.bootstrap import interval

Floats = NDArray[np.float32]
Integers = NDArray[np.int64]

WRITTEN = {  # names that files and events have always had
    "majority_baseline": "majority",
    "ece": "error",
    "coverage": "sure",
    "selective_accuracy": "sure_accuracy",
}
BINS = 10  # of the calibration curve
LEAK_GAP = 0.15  # by which the official figure may exceed the artist-grouped one before it is warned of


@dataclass(frozen=True, slots=True)
class ClassScore:
    """One label: how many items carry it, how many of those named so do, how many of those that do are named so."""

    label: str
    count: int
    precision: float
    recall: float
    f1: float


@dataclass(frozen=True, slots=True)
class Bin:
    """Items whose first label was given about one probability: its mean, and how often it was right."""

    count: int
    probability: float
    accuracy: float


@dataclass(frozen=True, slots=True)
class Metrics:
    """The judgement over items of one kind, segments or recordings; shares are 0..1.

    `low`, `high`: 95 % interval of the accuracy. `macro_f1`: mean over the labels that occur. `confusion[i][j]`: items
    of label i named j. `ece`: expected calibration error (Naeini et al. 2015). `majority_baseline`: the commonest
    label's share. `coverage`: the share that is named without "or"; `selective_accuracy`: how often that is right, None
    where there is none of them; both are None where an older program judged.
    """

    count: int
    accuracy: float
    low: float
    high: float
    macro_f1: float
    chance: float
    majority_baseline: float
    ece: float
    classes: tuple[ClassScore, ...]
    confusion: tuple[tuple[int, ...], ...]
    calibration: tuple[Bin, ...]
    coverage: float | None = None
    selective_accuracy: float | None = None


@dataclass(frozen=True, slots=True)
class Evaluation:
    """What a probe is worth on one part of the data."""

    labels: tuple[str, ...]
    segments: Metrics
    recordings: Metrics

    def as_dict(self) -> dict[str, Any]:
        """Return it for JSON, where figures have the names of `WRITTEN`."""

        def level(one: Metrics) -> dict[str, Any]:
            return {WRITTEN.get(key, key): value for key, value in asdict(one).items()}

        return {"labels": list(self.labels), "segments": level(self.segments), "recordings": level(self.recordings)}


def evaluate(
    rows: Floats,
    targets: Integers,
    groups: Integers,
    labels: Sequence[str],
    lengths: NDArray[Any] | None = None,
    strange: Floats | None = None,
    sure_margin: float = SURE_MARGIN,
) -> Evaluation:
    """Judge probabilities `rows` [segments, classes] against `targets`; `groups` tells each segment's recording.

    Recordings are named as labelling names them (`probes.novelty.whole`) from `lengths` (None: all alike) and what
    `strange` says (None: nothing is). From a lead of `sure_margin` on a label is sure. A recording with two labels
    counts once for each, over the segments that carry it.
    Raises ValueError for nothing.
    """
    if not len(rows):
        raise ValueError("there is nothing to judge")
    segments = _level(rows, targets, groups, labels, sure_margin)
    own, named, truths = recordings(rows, targets, groups, lengths, strange)
    return Evaluation(tuple(labels), segments, _level(named, truths, own, labels, sure_margin))


def recordings(
    rows: Floats,
    targets: Integers,
    groups: Integers,
    lengths: NDArray[Any] | None = None,
    strange: Floats | None = None,
) -> tuple[Integers, Floats, Integers]:
    """Owner, probabilities and label of each recording that is judged: see `evaluate`."""
    pairs, item = np.unique(np.stack([groups, targets], axis=1), axis=0, return_inverse=True)
    long = np.ones(len(rows)) if lengths is None else lengths
    odd = np.zeros(len(rows), np.float32) if strange is None else strange
    places = np.split(np.argsort(item.reshape(-1), kind="stable"), np.cumsum(np.bincount(item.reshape(-1)))[:-1])
    named = np.stack([whole(rows[mine], long[mine], odd[mine]) for mine in places])
    return pairs[:, 0], named, pairs[:, 1]


def leak_warning(official: Evaluation, grouped: Evaluation) -> str:
    """A sentence where the official figure much exceeds the artist-grouped one; empty where it does not."""
    one, other = official.segments, grouped.segments
    if one.accuracy - other.accuracy < LEAK_GAP:
        return ""
    return artists_leak(one.accuracy, other.accuracy, one.chance)


def artists_leak(official: float, grouped: float, chance: float) -> str:
    """That sentence, of accuracies of segments, 0 to 1."""
    text = _(
        "Warning: on the given split {official:.1%} of the segments are named right, on artists never heard before "
        "{grouped:.1%} (chance {chance:.1%}). Much of the first figure is knowledge of the artists, not of the task."
    )
    return figures(text.format(official=official, grouped=grouped, chance=chance))


def chance_warning(accuracy: float, chance: float) -> str:
    """A sentence where the accuracy on unheard artists lies far below chance; empty where it does not."""
    if accuracy >= chance / 2:
        return ""
    return _(
        "Far below chance on artists never heard. That happens where an artist plays one label only: setting the "
        "artist aside takes much of the label along, and anything else is named. What was learnt is the artists."
    )


def _level(rows: Floats, targets: Integers, groups: Integers, labels: Sequence[str], sure_margin: float) -> Metrics:
    named = rows.argmax(axis=1)
    right = named == targets
    confusion = np.zeros((len(labels), len(labels)), np.int64)
    np.add.at(confusion, (targets, named), 1)
    classes = tuple(_class(label, confusion, k) for k, label in enumerate(labels))
    low, high = interval(right, groups)
    bins = calibration(rows, targets)
    sure = leads(rows) >= sure_margin
    error = sum(one.count * abs(one.probability - one.accuracy) for one in bins) / len(rows)
    return Metrics(
        count=len(rows),
        accuracy=float(right.mean()),
        low=low,
        high=high,
        macro_f1=float(np.mean([one.f1 for one in classes if one.count])),
        chance=1 / len(labels),
        majority_baseline=float(confusion.sum(axis=1).max()) / len(rows),
        ece=float(error),
        classes=classes,
        confusion=tuple(tuple(row) for row in confusion.tolist()),
        calibration=bins,
        coverage=float(sure.mean()),
        selective_accuracy=float(right[sure].mean()) if sure.any() else None,
    )


def _class(label: str, confusion: Integers, k: int) -> ClassScore:
    right, named, count = int(confusion[k, k]), int(confusion[:, k].sum()), int(confusion[k].sum())
    return ClassScore(
        label,
        count,
        right / named if named else 0.0,
        right / count if count else 0.0,
        2 * right / max(named + count, 1),
    )


def calibration(rows: Floats, targets: Integers) -> tuple[Bin, ...]:
    """The calibration curve in ten bins of equal width; empty bins are left out."""
    sure = rows.max(axis=1).astype(np.float64)
    right = rows.argmax(axis=1) == targets
    place = np.minimum((sure * BINS).astype(np.int64), BINS - 1)
    chosen = [place == k for k in range(BINS)]
    return tuple(
        Bin(int(mine.sum()), float(sure[mine].mean()), float(right[mine].mean())) for mine in chosen if mine.any()
    )
