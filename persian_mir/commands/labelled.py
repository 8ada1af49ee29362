"""What is known of one file after labelling, by machines and by people; what the writers write."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType
from typing import Protocol

from persian_mir.catalogue.correction_rows import Correction, Key
from persian_mir.prediction import Prediction, Verdict
from persian_mir.recording import Recording

Statements = Mapping[Key, Correction]


class Speaker(Protocol):
    """What is written of a predictor."""

    @property
    def id(self) -> str:
        """Stable and unique."""

    @property
    def name(self) -> str:
        """What a lane is called."""


@dataclass(frozen=True, slots=True)
class Segment:
    """A segment as it is written: what the machine said, and what a person said of that, if anybody did."""

    start_s: float
    stop_s: float
    machine: Verdict
    statement: Correction | None

    @property
    def label(self) -> str:
        """The label that holds: a person's wins over the machine's; empty where that was rejected, or nothing heard."""
        return self.machine.label if self.statement is None else self.statement.label

    @property
    def status(self) -> str:
        """`machine`, `accepted`, `corrected` or `rejected`; whoever plays is only `attributed` by a machine."""
        if self.statement is None:
            return machine_status(self.machine.task)
        if self.statement.label:
            return "accepted" if self.statement.label == self.machine.label else "corrected"
        return "rejected"


def machine_status(task: str) -> str:
    """How a label is called that nobody has verified."""
    return "attributed" if task == "artist" else "machine"


def segments(prediction: Prediction, recording: Recording, said: Statements) -> Iterator[Segment]:
    """The segments of a prediction, with what people said of each; a rejection of another label says nothing."""
    for index, (start, stop) in enumerate(zip(prediction.starts.tolist(), prediction.stops.tolist(), strict=True)):
        machine = prediction.segment(index)
        statement = said.get((recording.content_hash, prediction.task, start, stop))
        if statement is not None and not statement.label and statement.was != machine.label:
            statement = None
        seconds = round(start / recording.rate, 6), round(stop / recording.rate, 6)
        yield Segment(*seconds, machine, statement)


@dataclass(frozen=True, slots=True)
class Labelled:
    """A file with its answers, or with the sentence that says why there are none."""

    path: Path
    recording: Recording | None = None
    problems: tuple[str, ...] = ()
    answers: Sequence[tuple[Speaker, tuple[Prediction, ...]]] = ()
    error: str | None = None
    said: Statements = field(default_factory=lambda: MappingProxyType({}))

    def verdicts(self) -> dict[str, tuple[Verdict, Speaker]]:
        """One verdict a task: that of the first predictor that answers it (the modal reading comes first)."""
        best: dict[str, tuple[Verdict, Speaker]] = {}
        for predictor, predictions in self.answers:
            for prediction in predictions:
                best.setdefault(prediction.task, (prediction.verdict(), predictor))
        return best
