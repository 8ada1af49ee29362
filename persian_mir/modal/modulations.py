"""Modulations: where the reading of a recording changes for good."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby, pairwise
from math import ceil

from persian_mir.labels import label_ids
from persian_mir.modal.reading import ModalReading
from persian_mir.prediction import Prediction, Verdict, verdict_of

LEAST_CELLS = 6  # of 5 s: as long as a window of 30 s, so that the two sides of a change need not share any sound


@dataclass(frozen=True, slots=True)
class Modulation:
    """From `start_s` on the mode (or Dastgah) is `to_mode`; before it was `from_mode`."""

    start_s: float
    from_mode: str
    to_mode: str


def find_modulations(readings: Sequence[ModalReading], starts_s: Sequence[float]) -> tuple[Modulation, ...]:
    """Changes of mode in the readings of consecutive cells that begin at `starts_s`.

    A side of a change is at least six cells that name one mode and are sure of it; what is not sure lies between.
    """
    verdicts = [verdict_of("mode", label_ids("mode"), reading.probabilities("mode")) for reading in readings]
    return _changes(verdicts, starts_s)


def predicted_modulations(prediction: Prediction, rate: int) -> tuple[Modulation, ...]:
    """The same from a prediction of modes or Dastgahs; `rate`: samples a second of its recording.

    Where it was read from windows of another length, a side is as many cells as fill one.
    """
    verdicts = [prediction.segment(k) for k in range(len(prediction.starts))]
    return _changes(verdicts, [int(start) / rate for start in prediction.starts], _least_cells(prediction))


def _least_cells(prediction: Prediction) -> int:
    window, hop = (prediction.provenance.parameters.get(key) for key in ("window_s", "hop_s"))
    if not isinstance(window, int | float) or not isinstance(hop, int | float) or hop <= 0:
        return LEAST_CELLS
    return ceil(window / hop)


def _changes(
    verdicts: Sequence[Verdict], starts_s: Sequence[float], least: int = LEAST_CELLS
) -> tuple[Modulation, ...]:
    sure = [(verdict.label, start) for verdict, start in zip(verdicts, starts_s, strict=True) if verdict.sure]
    stretches: list[tuple[str, float]] = []
    for label, group in groupby(sure, key=lambda pair: pair[0]):
        starts = [start for _label, start in group]
        if len(starts) < least:
            continue
        if stretches and stretches[-1][0] == label:
            continue  # it came back after a passing visit elsewhere
        stretches.append((label, starts[0]))
    changes = pairwise(stretches)
    return tuple(Modulation(start, before, after) for (before, _start), (after, start) in changes)
