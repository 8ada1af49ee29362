"""How labels are printed: a table for people, CSV for spreadsheets, JSON for programs (`docs/json.md`)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Protocol, TextIO

from persian_mir.catalogue.statements import is_whole
from persian_mir.commands.csv_writer import CsvWriter
from persian_mir.commands.json_writer import JsonWriter
from persian_mir.commands.labelled import LabelledFile, whole
from persian_mir.commands.verdict_text import clock, section_lines, sentence, spoken
from persian_mir.examples.examples import is_synthesised
from persian_mir.i18n import _
from persian_mir.prediction import Prediction
from persian_mir.visible import visible


class Writer(Protocol):
    """Takes labelled files one by one, as they are finished."""

    def __init__(self, out: TextIO) -> None: ...
    def write(self, labelled: LabelledFile) -> None:
        """Print one file."""

    def close(self) -> None:
        """Print what comes after the last file."""


class TableWriter:
    """A block a file: name, length, and a line a predictor and task."""

    def __init__(self, out: TextIO) -> None:
        self._out = out

    def write(self, labelled: LabelledFile) -> None:
        """Print one block at once, so that a long batch can be watched."""
        recording, name = labelled.recording, visible(labelled.path.name)
        if recording is None:
            print(f"{name}\n  {_('failed')}: {labelled.error}", file=self._out, flush=True)
            return
        made = f" · {_('synthesised')}" if is_synthesised(labelled.path) else ""
        print(f"{name}  {clock(recording.duration_s)}{made}", file=self._out)
        for problem in labelled.problems:
            print(f"  {_('note')}: {problem}", file=self._out)
        for predictor, predictions in labelled.answers:
            for prediction in predictions:
                told = whole(prediction, recording, labelled.said)
                said = sentence(told.machine) if told.statement is None else spoken(told.statement)
                print(f"  {prediction.task:<11}{said:<51} {predictor.name}", file=self._out)
                for line in self._below(prediction, recording.rate, told.statement is None):
                    print(f"  {'':<11}{line}", file=self._out)
        for one in labelled.alone():
            if is_whole(one, recording):
                print(f"  {one.task:<11}{spoken(one)}", file=self._out)
        self._out.flush()

    def close(self) -> None:
        """Nothing comes after the last file."""

    @staticmethod
    def _below(prediction: Prediction, rate: int, machine: bool) -> Iterator[str]:
        """Why there is no label, and the sections; what a person said of the whole needs neither."""
        if machine and prediction.reason:
            yield prediction.reason
        if machine:
            yield from section_lines(prediction.sections, rate)


WRITERS: dict[str, type[Writer]] = {"table": TableWriter, "csv": CsvWriter, "json": JsonWriter}
