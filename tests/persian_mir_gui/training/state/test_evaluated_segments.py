"""A judged file as the confusion page sees it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from PySide6.QtCore import QObject
from pytestqt.qtbot import QtBot

from persian_mir.progress import SILENT
from persian_mir_gui.core.jobs import JobRunner
from persian_mir_gui.shell.services import Services
from persian_mir_gui.training.state.evaluated_segments import KINDS, EvaluatedSegmentsFile, load
from trainer.data.nava import MARK

pytestmark = pytest.mark.usefixtures("fake")


def test_every_cell_holds_as_many_as_the_matrix_says(judged_file: Path) -> None:
    run = load(judged_file, SILENT)
    for kind in KINDS:
        confusion = run.level("official", kind).confusion
        for i, truth in enumerate(run.judged.labels):
            for j, named in enumerate(run.judged.labels):
                assert len(run.cell(kind, truth, named)) == confusion[i][j]


def test_a_cell_lists_stretches_the_surest_first(judged_file: Path) -> None:
    run = load(judged_file, SILENT)
    cases = run.cell("segments", "mahour", "segah")
    known = [(case.excerpt.path.name, case.excerpt.start_s, case.probability) for case in cases]
    assert known == [("3.wav", 0.0, 0.9), ("3.wav", 3.0, 0.6)]
    surest = [case.probability for case in run.cases["segments"]]
    assert surest == sorted(surest, reverse=True)


def test_a_recording_is_listed_from_its_first_segment_to_its_last(judged_file: Path) -> None:
    run = load(judged_file, SILENT)
    case = next(case for case in run.cases["recordings"] if case.excerpt.path.name == "3.wav")
    assert (case.excerpt.start_s, case.excerpt.stop_s) == (0.0, 6.0)
    assert (case.truth, case.named) == ("mahour", "segah")


def test_it_is_known_of_which_split_the_segments_are(judged_file: Path) -> None:
    assert load(judged_file, SILENT).listed == {"official"}


def test_synthetic_recordings_are_known_as_such(judged_file: Path) -> None:
    assert not load(judged_file, SILENT).synthetic
    (judged_file.parent / MARK).write_text("made by a computer", encoding="utf-8")
    assert load(judged_file, SILENT).synthetic


@pytest.fixture
def shown(runner: JobRunner) -> Iterator[EvaluatedSegmentsFile]:
    made = EvaluatedSegmentsFile(runner)
    yield made
    made.deleteLater()


def test_reading_goes_on_beside_the_window(qtbot: QtBot, shown: EvaluatedSegmentsFile, judged_file: Path) -> None:
    shown.open(judged_file)
    assert shown.reading
    assert shown.run is None
    qtbot.waitUntil(lambda: shown.run is not None)
    assert not shown.reading
    shown.open(None)
    assert shown.run is None


def test_a_run_without_a_judged_file_shows_nothing(shown: EvaluatedSegmentsFile, tmp_path: Path) -> None:
    shown.open(tmp_path / "none.json")
    assert shown.run is None
    assert not shown.reading


def test_a_damaged_file_is_a_message(qtbot: QtBot, shown: EvaluatedSegmentsFile, tmp_path: Path) -> None:
    told: list[Any] = []
    shown.failed.connect(told.append)
    path = tmp_path / "x.judged.json"
    path.write_text('{"format": "persian-mir-judged"}', encoding="utf-8")
    shown.open(path)
    qtbot.waitUntil(lambda: bool(told))
    assert told[0].path == path
    assert told[0].cure
    assert not shown.reading


def test_the_newest_wish_wins(qtbot: QtBot, shown: EvaluatedSegmentsFile, judged_file: Path, tmp_path: Path) -> None:
    other = tmp_path / "other.judged.json"
    other.write_bytes(judged_file.read_bytes())
    shown.open(judged_file)
    shown.open(other)
    qtbot.waitUntil(lambda: shown.run is not None)
    assert shown.run is not None
    assert shown.run.path == other


def test_choosing_a_run_reads_its_file(qtbot: QtBot, services: Services, judged_file: Path) -> None:
    assert isinstance(services.training, QObject)
    services.training.run_chosen.emit(SimpleNamespace(judged=judged_file))
    qtbot.waitUntil(lambda: services.study.judged.run is not None)
