"""Experiments through the real trainer, on a corpus as small as one can be."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from pytestqt.qtbot import QtBot

from persian_mir.backbones import load_backbone
from persian_mir.progress import SILENT
from persian_mir_gui.core.jobs import JobRunner
from persian_mir_gui.training.state.experiment_runs import ExperimentRuns, default_folder, read_table
from trainer.data import read_dataset
from trainer.experiments.context import ExperimentContext
from trainer.experiments.runner import run_experiment
from trainer.experiments.table import find, learning_rates

MUCH = ("visualisation", "learning-rate")  # so much that it is not over before it can be stopped


@pytest.fixture
def runs(runner: JobRunner) -> Iterator[ExperimentRuns]:
    made = ExperimentRuns(runner)
    yield made
    assert made.close()


def over(qtbot: QtBot, runs: ExperimentRuns) -> None:
    qtbot.waitUntil(lambda: not runs.busy, timeout=90_000)


@pytest.fixture
def manifest(mini_nava: Path, tmp_path: Path) -> Path:
    """One task, no official lists: little to compute."""
    lines = ["file,instrument"]
    for code, name in (("0", "tar"), ("4", "ney")):
        lines += [f"{path},{name}" for path in sorted(mini_nava.glob(f"*/Data/{code}_*.flac"))]
    path = tmp_path / "two.csv"
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def test_run_stopped_and_gone_on_with(qtbot: QtBot, runs: ExperimentRuns, mini_nava: Path, tmp_path: Path) -> None:
    told: list[Any] = []
    runs.failed.connect(told.append)
    runs.start(MUCH, mini_nava, "signal", tmp_path)
    runs.start(("table2",), mini_nava, "signal", tmp_path)  # one at a time
    assert runs.names == MUCH
    runs.work.progressed.connect(runs.stop)
    over(qtbot, runs)
    runs.work.progressed.disconnect(runs.stop)
    assert runs.table is not None
    assert runs.table.count("learning-rate") < len(learning_rates(1, 1))
    runs.start(("visualisation",), mini_nava, "signal", tmp_path)
    over(qtbot, runs)
    assert told == []
    assert runs.table.count("visualisation") == 3
    assert runs.table.synthetic
    assert runs.table.report == tmp_path / "report.html"


def test_figures_of_a_probe(qtbot: QtBot, runs: ExperimentRuns, manifest: Path, tmp_path: Path) -> None:
    context = ExperimentContext(read_dataset(manifest, "", None), load_backbone("signal"), None)
    assert run_experiment(find("table2"), context, 2, tmp_path) == 2
    with qtbot.waitSignal(runs.changed):
        runs.look(tmp_path)
    assert runs.table is not None
    assert runs.table.count("table2") == 2
    assert not runs.table.synthetic
    assert runs.table.report is None
    row = next(row for row in runs.table.rows if row.cell == "5 s")
    assert (row.task, row.split.split()[0], row.chance, row.printed) == ("instrument", "grouped", 50.0, 97.5)
    assert row.low <= row.accuracy <= row.high
    assert row.difference is None  # the printed figure is of the official split


def test_finished_results_are_looked_at_while_more_are_computed(
    qtbot: QtBot, runs: ExperimentRuns, mini_nava: Path, tmp_path: Path
) -> None:
    runs._again.setInterval(20)
    runs.start(MUCH, mini_nava, "signal", tmp_path)
    qtbot.waitUntil(lambda: runs.table is not None)
    assert runs.work.running
    assert runs.close()
    assert not runs.work.running


def test_what_cannot_be_done_is_a_message(qtbot: QtBot, runs: ExperimentRuns, tmp_path: Path) -> None:
    with qtbot.waitSignal(runs.failed) as failed:
        runs.start(("table2",), tmp_path / "nowhere", "signal", tmp_path / "out")
    assert failed.args[0].what
    assert not runs.work.running


def test_a_folder_without_results_is_an_empty_table(tmp_path: Path) -> None:
    table = read_table(tmp_path / "none", SILENT)
    assert table.rows == ()
    assert table.report is None


@pytest.mark.logs
def test_a_damaged_result_is_put_aside_and_told(qtbot: QtBot, runs: ExperimentRuns, tmp_path: Path) -> None:
    (tmp_path / "cells").mkdir()
    (tmp_path / "cells" / "x.json").write_text("{", encoding="utf-8")
    with qtbot.waitSignal(runs.changed):
        runs.look(tmp_path)
    assert runs.table is not None
    (told,) = runs.table.warnings
    assert str(tmp_path / "cells" / "x.json") in told
    assert [path.name for path in (tmp_path / "cells").iterdir()] == ["x.damaged"]


def test_the_default_folder_is_called_after_the_data() -> None:
    assert default_folder("mini Nava/1").name == "mini-Nava-1"
    assert default_folder("..").name == "data"


def test_results_are_read_without_torch() -> None:
    """Its import would make the window stutter."""
    code = "import sys, trainer.reports.report, trainer.evaluation.evaluation_file; print('torch' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"
