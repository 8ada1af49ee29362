"""From which lead on a label is called sure: where nine in ten were right when a probe was judged."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from persian_mir.prediction import NEVER_SURE, SURE_MARGIN, leads
from trainer.evaluation.evaluate import Evaluation, Floats, Integers, evaluate, recordings

RIGHT = 0.9  # share of what is called sure that has to be right; else the word is not used
LEAST = 10  # segments, and recordings, that are sure: fewer prove nothing, unless they are half of what there is
FEWEST = 4  # of fewer nine in ten are not said, whatever there is
MARGINS = np.arange(round(100 * SURE_MARGIN), 100) / 100


@dataclass(frozen=True, slots=True, eq=False)
class Answered:
    """Segments that a probe did not learn from, and what it said of them: what `evaluate` takes."""

    rows: Floats
    targets: Integers
    groups: Integers
    labels: tuple[str, ...]
    lengths: NDArray[Any]
    strange: Floats

    def evaluation(self, sure_margin: float = SURE_MARGIN) -> Evaluation:
        """Judge them, with sure labels leading by `sure_margin`."""
        place = (self.targets, self.groups, self.labels, self.lengths, self.strange)
        return evaluate(self.rows, *place, sure_margin)

    def sure_margin(self) -> float:
        """By how much a label must lead, of a segment and of a recording, for nine in ten to be right."""
        _owners, named, truths = recordings(self.rows, self.targets, self.groups, self.lengths, self.strange)
        return max(least_margin(self.rows, self.targets), least_margin(named, truths))


def judged_margin(answered: Mapping[str, Answered]) -> tuple[str, float]:
    """By which of these parts is said what is sure, and from which lead on: artists never heard, else what there is;
    "" and NEVER_SURE for nothing.
    """
    by = "grouped" if "grouped" in answered else next(iter(answered), "")
    return by, answered[by].sure_margin() if by else NEVER_SURE


def least_margin(rows: Floats, targets: Integers) -> float:
    """The least lead from which on `RIGHT` of the labels are right; NEVER_SURE where there is none."""
    lead, right = leads(rows), rows.argmax(axis=1) == targets
    least = max(FEWEST, min(LEAST, len(rows) / 2))
    for margin in MARGINS:
        sure = lead >= margin
        if sure.sum() >= least and right[sure].mean() >= RIGHT:
            return float(margin)
    return NEVER_SURE
