"""What is known of one file after labelling, by machines and by people; what the writers write."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType
from typing import Protocol

from persian_mir.catalogue.correction_rows import Correction
from persian_mir.catalogue.statements import Statements, of_segments, of_whole, status_of
from persian_mir.prediction import Prediction, Section, Verdict
from persian_mir.recording import Recording


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
    """A segment, or the whole recording, as it is written: what the machine said, and what a person said of that."""

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
        return status_of(self.statement.label, self.machine.label)


def machine_status(task: str) -> str:
    """How a label is called that nobody has verified."""
    return "attributed" if task == "artist" else "machine"


def seconds(stretch: Section, recording: Recording) -> tuple[float, float]:
    """When a section begins and ends."""
    return round(stretch.start / recording.rate, 6), round(stretch.stop / recording.rate, 6)


def times_of(said: Correction) -> dict[str, float]:
    """When what a person labelled begins and ends."""
    return {"start_s": round(said.start / said.rate, 6), "stop_s": round(said.stop / said.rate, 6)}


def segments(prediction: Prediction, recording: Recording, said: Statements) -> Iterator[Segment]:
    """The segments of a prediction, with what people said of each."""
    statements = of_segments(prediction, recording, said)
    for index, (start, stop) in enumerate(zip(prediction.starts.tolist(), prediction.stops.tolist(), strict=True)):
        seconds = round(start / recording.rate, 6), round(stop / recording.rate, 6)
        yield Segment(*seconds, prediction.segment(index), statements.get(index))


def whole(prediction: Prediction, recording: Recording, said: Statements) -> Segment:
    """The verdict of a prediction, with what people said of the whole recording."""
    return Segment(0.0, recording.duration_s, prediction.verdict(), of_whole(prediction, recording, said))


@dataclass(frozen=True, slots=True)
class LabelledFile:
    """A file with its answers, or with the sentence that says why there are none."""

    path: Path
    recording: Recording | None = None
    problems: tuple[str, ...] = ()
    answers: Sequence[tuple[Speaker, tuple[Prediction, ...]]] = ()
    error: str | None = None
    said: Statements = field(default_factory=lambda: MappingProxyType({}))

    def verdicts(self) -> dict[str, tuple[Segment, Speaker]]:
        """One verdict a task: that of the first predictor that answers it (the modal reading comes first)."""
        best: dict[str, tuple[Segment, Speaker]] = {}
        for predictor, predictions in self.answers:
            for prediction in predictions:
                if self.recording is not None:
                    best.setdefault(prediction.task, (whole(prediction, self.recording, self.said), predictor))
        return best

    def alone(self) -> list[Correction]:
        """Labels that people gave to what no predictor answers: a stretch of their own, or a task."""
        if self.recording is None:
            return []
        spoken = {(p.task, *ends) for _who, told in self.answers for p in told for ends in _ends(p, self.recording)}
        return [
            one
            for one in self.said.values()
            if one.label and (one.task, one.start, one.stop) not in spoken and one.start < self.recording.frames
        ]


def _ends(prediction: Prediction, recording: Recording) -> set[tuple[int, int]]:
    """Of every segment, and of the whole."""
    return {*zip(prediction.starts.tolist(), prediction.stops.tolist(), strict=True), (0, recording.frames)}
