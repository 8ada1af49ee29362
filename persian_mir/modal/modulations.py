"""Modulations: where a recording changes its mode, from one section to the next."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

from persian_mir.prediction import Prediction, Verdict


@dataclass(frozen=True, slots=True)
class Modulation:
    """From `start_s` on the mode (or Dastgah) is what `after` says; it was what `before` says. Either may be unsure."""

    start_s: float
    before: Verdict
    after: Verdict


def predicted_modulations(prediction: Prediction, rate: int) -> tuple[Modulation, ...]:
    """The changes between the sections of a prediction; what was not heard lies between. `rate`: samples a second."""
    heard = [section for section in prediction.sections if section.verdict.label]
    return tuple(
        Modulation(after.start / rate, before.verdict, after.verdict)
        for before, after in pairwise(heard)
        if before.verdict.label != after.verdict.label
    )
