"""What a predictor says of a recording: probabilities a segment, and a verdict on the whole."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from persian_mir.labels import families, label_ids
from persian_mir.provenance import Provenance

SURE_MARGIN = 0.15  # probability by which the first must lead the second to be named without "or"; a probe has its own
NEVER_SURE = 2.0  # no label leads by as much
# The same of the modal reading, from which nine in ten Dastgahs and more are right (`benchmarks/modal_calibration.py`):
# of windows of 10, 20, 30 and 60 s of 46 real recordings .94, .93, .93 and 1, of synthesised ones at least .99; from .7
# on .88, .90, .93 and .96.
MODAL_SURE_MARGIN = 0.8
FAMILY_SURE = 0.8  # probability of a family of modes from which it is the answer where no mode is sure
ALIKE = 1e-6  # by which probabilities that are said to be equal may differ
WHOLE_SHARE = 0.95  # of the time in one label, from which a recording of several sections is said to be in it
MAIN_SHARE = 2 / 3  # from which it is mainly in it
NOT_SURE = ""  # stands in shares for the time in sections that are sure of no label


@dataclass(frozen=True, slots=True)
class Verdict:
    """The best label of one task and the next best (empty when the task has one label only).

    Both are empty where no label holds: nothing was heard that could be named, as `reason` says in a sentence, or the
    recording is in several labels one after the other. `shares`: those labels and their share of the time, largest
    first, last what is not sure (`NOT_SURE`); empty where one label holds for all of it. `family`: where the label is
    open, that of modes which is not, with the probability of all its labels together; then it is the answer.
    `sure_margin`: by which a sure label leads.
    """

    task: str
    label: str
    probability: float
    runner_up: str
    runner_up_probability: float
    shares: tuple[tuple[str, float], ...] = ()
    reason: str = ""
    family: str = ""
    family_probability: float = 0.0
    sure_margin: float = SURE_MARGIN

    @property
    def nothing(self) -> bool:
        """Whether there is no label."""
        return not self.label

    @property
    def known_probability(self) -> float | None:
        """The probability of the label; None where there is none, for one label in n is said of nothing."""
        return self.probability if self.label else None

    @property
    def known_runner_up_probability(self) -> float | None:
        """The same of the runner-up."""
        return self.runner_up_probability if self.label and self.runner_up else None

    @property
    def several(self) -> bool:
        """Whether there is no label because there are several, each in a part of the recording."""
        return bool(self.shares) and not self.label

    @property
    def mainly(self) -> bool:
        """Whether the label is that of most of the recording, not of all."""
        return bool(self.shares) and bool(self.label)

    @property
    def sure(self) -> bool:
        """Whether there is a label, with a lead wide enough to be said without naming the runner-up."""
        return bool(self.label) and self.probability - self.runner_up_probability >= self.sure_margin


@dataclass(frozen=True, slots=True)
class Section:
    """A stretch of a recording that is one thing, from sample `start` up to `stop`; of a mode with its shahed."""

    start: int
    stop: int
    verdict: Verdict
    tonic_hz: float | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Prediction:
    """One task's labels over consecutive segments of a recording.

    `starts`, `stops`: int64 [segments], source samples. `probabilities`: float32 [segments, classes], rows sum to 1.
    `overall`: float32 [classes], the same for the whole of these segments. The arrays are read-only.
    `reasons`: of each segment why it is none of the labels, empty where it is one; `reason` of the whole. `sections`:
    at least two where the recording is one thing after another, tiling it; `overall` then holds their expected shares.
    """

    task: str
    labels: tuple[str, ...]
    starts: NDArray[np.int64]
    stops: NDArray[np.int64]
    probabilities: NDArray[np.float32]
    overall: NDArray[np.float32]
    provenance: Provenance
    reasons: tuple[str, ...] = ()
    reason: str = ""
    sections: tuple[Section, ...] = ()
    sure_margin: float = SURE_MARGIN

    def __post_init__(self) -> None:
        segments, classes = len(self.starts), len(self.labels)
        shapes = (self.stops.shape, self.probabilities.shape, self.overall.shape)
        if shapes != ((segments,), (segments, classes), (classes,)) or len(self.reasons) not in (0, segments):
            raise ValueError(f"{segments} segments and {classes} labels do not fit shapes {shapes}")
        for array in (self.starts, self.stops, self.probabilities, self.overall):
            array.flags.writeable = False

    def verdict(self) -> Verdict:
        """The recording's label and its runner-up, or how it is shared among several."""
        whole = verdict_of(self.task, self.labels, self.overall, self.reason, self.sure_margin)
        return shared(whole, self.sections)

    def segment(self, index: int) -> Verdict:
        """The same for one segment."""
        reason = self.reasons[index] if self.reasons else ""
        return verdict_of(self.task, self.labels, self.probabilities[index], reason, self.sure_margin)


def verdict_of(
    task: str,
    labels: Sequence[str],
    probabilities: NDArray[np.float32],
    reason: str = "",
    sure_margin: float = SURE_MARGIN,
) -> Verdict:
    """First and second of a row of probabilities; neither where they are all alike, or a `reason` says that none is."""
    if reason or (len(labels) > 1 and float(np.ptp(probabilities)) < ALIKE):
        return Verdict(task, "", 1 / len(labels), "", 1 / len(labels), reason=reason)
    order = np.argsort(-probabilities, kind="stable")
    first = int(order[0])
    second = int(order[1]) if len(order) > 1 else None
    verdict = Verdict(
        task,
        labels[first],
        float(probabilities[first]),
        "" if second is None else labels[second],
        0.0 if second is None else float(probabilities[second]),
        sure_margin=sure_margin,
    )
    return verdict if verdict.sure else _with_family(verdict, labels, probabilities)


def _with_family(verdict: Verdict, labels: Sequence[str], probabilities: NDArray[np.float32]) -> Verdict:
    """The same with the family of modes that is sure where the label is not, if both labels are of it."""
    if tuple(labels) != label_ids(verdict.task) or not verdict.runner_up:
        return verdict
    both = {labels.index(verdict.label), labels.index(verdict.runner_up)}
    for family, places in families(verdict.task):
        together = float(probabilities[list(places)].sum())
        if both <= set(places) and together >= FAMILY_SURE:
            return replace(verdict, family=family, family_probability=min(together, 1.0))
    return verdict


def shared(whole: Verdict, sections: Sequence[Section]) -> Verdict:
    """The verdict on a recording of `sections`, if any; `whole` is that of their probabilities, mixed by time.

    A section counts for a label that it is sure of. Where they are sure of one label at most, and that has not most of
    the time, all of them together say what the recording is.
    """
    lengths: Counter[str] = Counter()
    for section in sections:
        if section.verdict.label:
            lengths[section.verdict.label if section.verdict.sure else NOT_SURE] += section.stop - section.start
    shares = [(label, length / lengths.total()) for label, length in lengths.most_common()]
    shares.sort(key=lambda share: share[0] == NOT_SURE)
    if not lengths or shares[0][0] == NOT_SURE or shares[0][1] >= WHOLE_SHARE:
        return whole
    first, share = shares[0]
    if share >= MAIN_SHARE and first == whole.label:
        return replace(whole, shares=tuple(shares))
    if len(lengths) - (NOT_SURE in lengths) < 2:
        return whole
    return replace(whole, label="", runner_up="", shares=tuple(shares), family="", family_probability=0.0)


def outright(sure_margin: float) -> float:
    """The probability from which on a label leads by a margin, whatever the second label is."""
    return (1 + sure_margin) / 2


def leads(probabilities: NDArray[np.float32]) -> NDArray[np.float64]:
    """By how much the first label of each row [rows, classes] leads the second."""
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
    reasons: tuple[str, ...] = ()
    if any(part.reasons for part in parts):
        reasons = tuple(reason for part in parts for reason in part.reasons or ("",) * len(part.starts))
    return replace(
        first, starts=starts, stops=stops, probabilities=probabilities, overall=overall, reasons=reasons, reason="",
        sections=(),
    )  # fmt: skip
