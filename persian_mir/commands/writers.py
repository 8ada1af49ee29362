"""How labels are printed: a table for people, CSV for spreadsheets, JSON for programs (`docs/json.md`)."""

from __future__ import annotations

import csv
import json
from collections.abc import Sequence
from typing import Any, Protocol, TextIO

from persian_mir.catalogue.correction_rows import Correction
from persian_mir.catalogue.statements import is_whole
from persian_mir.commands.labelled import Labelled, Segment, Speaker, segments, whole
from persian_mir.csv_text import as_text
from persian_mir.examples.examples import is_synthesised
from persian_mir.i18n import _, percent
from persian_mir.labels import MODAL_TASKS, describe
from persian_mir.prediction import Prediction, Verdict


class Writer(Protocol):
    """Takes labelled files one by one, as they are finished."""

    def __init__(self, out: TextIO) -> None: ...
    def write(self, labelled: Labelled) -> None:
        """Print one file."""

    def close(self) -> None:
        """Print what comes after the last file."""


class TableWriter:
    """A block a file: name, length, and a line a predictor and task."""

    def __init__(self, out: TextIO) -> None:
        self._out = out

    def write(self, labelled: Labelled) -> None:
        """Print one block at once, so that a long batch can be watched."""
        recording = labelled.recording
        if recording is None:
            print(f"{labelled.path.name}\n  {_('failed')}: {labelled.error}", file=self._out, flush=True)
            return
        minutes, seconds = divmod(round(recording.duration_s), 60)
        made = f" · {_('synthesised')}" if is_synthesised(labelled.path) else ""
        print(f"{labelled.path.name}  {minutes}:{seconds:02d}{made}", file=self._out)
        for problem in labelled.problems:
            print(f"  {_('note')}: {problem}", file=self._out)
        for predictor, predictions in labelled.answers:
            for prediction in predictions:
                told = whole(prediction, recording, labelled.said)
                said = sentence(told.machine) if told.statement is None else spoken(told.statement)
                print(f"  {prediction.task:<11}{said:<52}{predictor.name}", file=self._out)
        for one in labelled.alone():
            if is_whole(one, recording):
                print(f"  {one.task:<11}{spoken(one)}", file=self._out)
        self._out.flush()

    def close(self) -> None:
        """Nothing comes after the last file."""


def sentence(verdict: Verdict) -> str:
    """`Segah 86 %, next Shour 9 %`, or `not sure: Nava or Shour` where the lead is narrow."""
    if verdict.nothing:
        return _("no mode heard") if verdict.task in MODAL_TASKS else _("nothing heard that it knows")
    name = describe(verdict.task, verdict.label).spoken
    if not verdict.runner_up:
        return f"{name} {percent(verdict.probability)}"
    second = describe(verdict.task, verdict.runner_up).spoken
    p, q = percent(verdict.probability), percent(verdict.runner_up_probability)
    if verdict.sure:
        return _("{name} {p}, next {second} {q}").format(name=name, p=p, second=second, q=q)
    return _("not sure: {name} {p} or {second} {q}").format(name=name, p=p, second=second, q=q)


def spoken(said: Correction) -> str:
    """`Nava, says Sara`; `not Shour, says Sara`."""
    who, name = said.by or _("somebody"), describe(said.task, said.label or said.was).spoken
    return (_("{label}, says {who}") if said.label else _("not {label}, says {who}")).format(label=name, who=who)


class CsvWriter:
    """A row a segment, task and predictor; the row of the whole recording has no times.

    `label` is what people said where they said anything. A probability is always a machine's, so `probability` is empty
    there; `machine_label` and `machine_probability` are the machine's own in every row.
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
    LAST = ("predictor", "error", "status", "verified_by", "verified_at", "machine_label", "machine_probability")

    def __init__(self, out: TextIO) -> None:
        self._rows = csv.writer(out)
        self._rows.writerow(self.COLUMNS + self.LAST)

    def write(self, labelled: Labelled) -> None:
        """Write all rows of one file."""
        name = str(labelled.path)
        if labelled.recording is None:
            self._write([name, *[""] * 8, labelled.error, *[""] * 5])
            return
        for predictor, predictions in labelled.answers:
            for prediction in predictions:
                verdict = whole(prediction, labelled.recording, labelled.said)
                self._write([name, "", "", *_segment_cells(verdict, predictor.id)])
                for one in segments(prediction, labelled.recording, labelled.said):
                    self._write([name, one.start_s, one.stop_s, *_segment_cells(one, predictor.id)])
        for said in labelled.alone():
            times = ("", "") if is_whole(said, labelled.recording) else _times(said)
            label = (said.task, said.label, "", "", "", "", "")
            self._write([name, *times, *label, said.status, said.by, said.when, said.was, ""])

    def _write(self, cells: Sequence[object]) -> None:
        self._rows.writerow([as_text(cell) if isinstance(cell, str) else cell for cell in cells])

    def close(self) -> None:
        """Nothing comes after the last row."""


def _cells(verdict: Verdict) -> tuple[str, str, str, str, str]:
    if verdict.nothing:
        return verdict.task, "", "", "", ""
    return (
        verdict.task,
        verdict.label,
        f"{verdict.probability:.4f}",
        verdict.runner_up,
        f"{verdict.runner_up_probability:.4f}",
    )


def _times(said: Correction) -> tuple[float, float]:
    return round(said.start / said.rate, 6), round(said.stop / said.rate, 6)


def _segment_cells(one: Segment, predictor: str) -> tuple[str, ...]:
    """From the task on. What a person said has neither a probability nor a runner-up."""
    said, cells = one.statement, _cells(one.machine)
    if said is not None:
        cells = (one.machine.task, one.label, "", "", "")
    who = ("", "") if said is None else (said.by, said.when)
    return (*cells, predictor, "", one.status, *who, *_cells(one.machine)[1:3])


class JsonWriter:
    """An array with one object a file, written as they come; complete when closed."""

    def __init__(self, out: TextIO) -> None:
        self._out = out
        self._before = "[\n"

    def write(self, labelled: Labelled) -> None:
        """Write one object."""
        self._out.write(self._before + json.dumps(as_json(labelled), ensure_ascii=False, allow_nan=False))
        self._before = ",\n"

    def close(self) -> None:
        """End the array."""
        self._out.write("[]\n" if self._before == "[\n" else "\n]\n")


def as_json(labelled: Labelled) -> dict[str, Any]:
    """The documented object of one file."""
    recording = labelled.recording
    return {
        "file": str(labelled.path),
        "error": labelled.error,
        "synthesised": is_synthesised(labelled.path),
        "problems": list(labelled.problems),
        "verdicts": {
            **{task: _verdict_json(one, predictor) for task, (one, predictor) in labelled.verdicts().items()},
            **{
                one.task: {"label": one.label, "probability": None, "predictor": None, **_spoken_json(one)}
                for one in labelled.alone()
                if recording is not None and is_whole(one, recording)
            },
        },
        "segments": [
            *(
                {"start_s": one.start_s, "stop_s": one.stop_s, "task": prediction.task, **_segment_json(one, predictor)}
                for predictor, predictions in labelled.answers
                for prediction in predictions
                if recording is not None
                for one in segments(prediction, recording, labelled.said)
            ),
            *(
                dict(zip(("start_s", "stop_s"), _times(one), strict=True))
                | {"task": one.task, "label": one.label, "probability": None, "predictor": None, **_spoken_json(one)}
                for one in labelled.alone()
                if recording is not None and not is_whole(one, recording)
            ),
        ],
        "predictors": [_predictor_json(predictor, predictions) for predictor, predictions in labelled.answers],
    }


def _segment_json(one: Segment, predictor: Speaker) -> dict[str, Any]:
    said = one.statement
    return {
        "label": one.label or None,
        "probability": None if said else round(one.machine.probability, 6),
        "predictor": predictor.id,
        "status": one.status,
        "verified": None if said is None else _verified_json(said, one.machine.label),
        "machine_label": one.machine.label or None,
        "machine_probability": round(one.machine.probability, 6),
    }


def _spoken_json(said: Correction) -> dict[str, Any]:
    """What a person said of what no predictor answers."""
    verified = _verified_json(said, said.was)
    return {"status": said.status, "verified": verified, "machine_label": None, "machine_probability": None}


def _verified_json(said: Correction, machine_label: str) -> dict[str, str]:
    return {"by": said.by, "at": said.when, "machine_label": machine_label}


def _verdict_json(one: Segment, predictor: Speaker) -> dict[str, Any]:
    """The verdict that holds; a runner-up to what a person said makes no sense."""
    second = _ranks(one.machine) if one.statement is None else {"runner_up": None, "runner_up_probability": None}
    return _segment_json(one, predictor) | second


def _ranks(verdict: Verdict) -> dict[str, Any]:
    """The machine's own verdict."""
    return {
        "label": verdict.label or None,
        "probability": round(verdict.probability, 6),
        "runner_up": None if verdict.nothing else verdict.runner_up,
        "runner_up_probability": round(verdict.runner_up_probability, 6),
    }


def _predictor_json(predictor: Speaker, predictions: tuple[Prediction, ...]) -> dict[str, Any]:
    provenance = predictions[0].provenance
    return {
        "id": predictor.id,
        "name": predictor.name,
        "models": dict(provenance.models),
        "parameters": dict(provenance.parameters),
        "program": provenance.program,
        "time": provenance.time,
        "verdicts": {prediction.task: _ranks(prediction.verdict()) for prediction in predictions},
    }


WRITERS: dict[str, type[Writer]] = {"table": TableWriter, "csv": CsvWriter, "json": JsonWriter}
