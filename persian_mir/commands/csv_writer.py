"""Labels as CSV, for spreadsheets."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping
from typing import TextIO

from persian_mir.catalogue.correction_rows import Correction
from persian_mir.catalogue.statements import Statements, is_whole
from persian_mir.commands.labelled import (
    LabelledFile,
    Segment,
    machine_status,
    seconds,
    segments,
    times_of,
    whole,
)
from persian_mir.csv_text import as_text
from persian_mir.prediction import Prediction, Verdict
from persian_mir.recording import Recording


class CsvWriter:
    """A row a recording, section and segment (`part`), for each task and predictor; that of the recording has no times.

    `label` is what people said where they said anything. A probability is always a machine's, so `probability` is empty
    there; `machine_label` and `machine_probability` are the machine's own in every row. Where no label holds, `reason`
    says why, and `shares` of a recording in several: `mahour 0.62; shour 0.28; not-sure 0.10`.
    """

    COLUMNS = (
        "file",
        "start_s",
        "stop_s",
        "task",
        "label",
        "probability",
        "runner_up",
        "runner_up_probability",
    )
    LAST = (
        *("predictor", "error", "status", "verified_by", "verified_at", "machine_label", "machine_probability"),
        *("part", "shares", "reason", "shahed_hz", "family", "family_probability", "sure"),
    )

    def __init__(self, out: TextIO) -> None:
        self._rows = csv.DictWriter(out, self.COLUMNS + self.LAST, restval="")
        self._rows.writeheader()

    def write(self, labelled: LabelledFile) -> None:
        """Write all rows of one file."""
        name, recording = str(labelled.path), labelled.recording
        if recording is None:
            self._write({"file": name, "error": labelled.error})
            return
        for predictor, predictions in labelled.answers:
            for prediction in predictions:
                for cells in _rows(prediction, recording, labelled.said):
                    self._write({"file": name, "predictor": predictor.id} | cells)
        for said in labelled.alone():
            self._write({"file": name} | _alone_cells(said, recording))

    def _write(self, cells: Mapping[str, object]) -> None:
        self._rows.writerow({key: as_text(cell) if isinstance(cell, str) else cell for key, cell in cells.items()})

    def close(self) -> None:
        """Nothing comes after the last row."""


def _rows(prediction: Prediction, recording: Recording, said: Statements) -> Iterator[dict[str, object]]:
    yield {"part": "recording"} | _segment_cells(whole(prediction, recording, said))
    for section in prediction.sections:
        start, stop = seconds(section, recording)
        hz = "" if section.tonic_hz is None else f"{section.tonic_hz:.2f}"
        place: dict[str, object] = {"part": "section", "start_s": start, "stop_s": stop, "shahed_hz": hz}
        yield place | {"status": machine_status(prediction.task)} | _cells(section.verdict)
    for one in segments(prediction, recording, said):
        yield {"part": "segment", "start_s": one.start_s, "stop_s": one.stop_s} | _segment_cells(one)


def _alone_cells(said: Correction, recording: Recording) -> dict[str, object]:
    """Of what a person said and no predictor answers."""
    times: dict[str, object] = {"part": "recording"}
    if not is_whole(said, recording):
        times = {"part": "segment", **times_of(said)}
    person = {"verified_by": said.by, "verified_at": said.when, "machine_label": said.was}
    return times | {"task": said.task, "label": said.label, "status": said.status} | person


def _cells(verdict: Verdict) -> dict[str, object]:
    shares = "; ".join(f"{label or 'not-sure'} {share:.2f}" for label, share in verdict.shares)
    cells: dict[str, object] = {"task": verdict.task, "shares": shares, "reason": verdict.reason}
    cells["sure"] = "true" if verdict.sure else "false"
    if verdict.nothing:
        return cells
    probability = f"{verdict.probability:.4f}"
    machine = {"machine_label": verdict.label, "machine_probability": probability}
    second = {"runner_up": verdict.runner_up}
    if verdict.runner_up:
        second["runner_up_probability"] = f"{verdict.runner_up_probability:.4f}"
    if verdict.family:
        second |= {"family": verdict.family, "family_probability": f"{verdict.family_probability:.4f}"}
    return cells | {"label": verdict.label, "probability": probability} | second | machine


def _segment_cells(one: Segment) -> dict[str, object]:
    """From the task on. What a person said has neither a probability nor a runner-up."""
    said, cells = one.statement, _cells(one.machine) | {"status": one.status}
    if said is None:
        return cells
    nothing = dict.fromkeys(("probability", "runner_up", "runner_up_probability", "shares", "reason"), "")
    nothing |= {"family": "", "family_probability": "", "sure": ""}
    return cells | nothing | {"label": one.label, "verified_by": said.by, "verified_at": said.when}
