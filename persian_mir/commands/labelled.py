"""What is known of one file after labelling; what the writers write."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from persian_mir.prediction import Prediction, Verdict
from persian_mir.predictor import Predictor
from persian_mir.recording import Recording


@dataclass(frozen=True, slots=True)
class Labelled:
    """A file with its answers, or with the sentence that says why there are none."""

    path: Path
    recording: Recording | None = None
    problems: tuple[str, ...] = ()
    answers: Sequence[tuple[Predictor, tuple[Prediction, ...]]] = ()
    error: str | None = None

    def verdicts(self) -> dict[str, tuple[Verdict, Predictor]]:
        """One verdict a task: that of the first predictor that answers it (the modal reading comes first)."""
        best: dict[str, tuple[Verdict, Predictor]] = {}
        for predictor, predictions in self.answers:
            for prediction in predictions:
                best.setdefault(prediction.task, (prediction.verdict(), predictor))
        return best
