"""Runs on the disk, and the command lines that make them."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC
from pathlib import Path

import pytest

from persian_mir.progress import SILENT, Progress
from persian_mir_gui.training.state.runs import (
    RECORD,
    EpochRow,
    Result,
    Run,
    Score,
    bring_back,
    load_run,
    load_runs,
    new_run,
    put_aside,
    save_run,
    with_epoch,
)
from trainer.fitting.fit_options import FitOptions


@pytest.fixture
def run() -> Run:
    return new_run(Path("/data/نوا"), "نوا", FitOptions(hidden=(64, 32)), Path("/data/more.csv"))


def finished(run: Run) -> Run:
    score = Score(0.9, 0.8, 0.95, 40)
    result = Result("test", {"official": score}, {"official": score, "grouped": score}, 1 / 7, 0.2, "Beware.")
    epochs = (EpochRow(1, 2.0, None, None, 1e-3), EpochRow(2, 1.0, 1.5, 0.5, 1e-3))
    return replace(run, state="done", epochs=epochs, result=result, message="", notes={"recordings": 70})


def test_a_run_survives_the_disk(run: Run) -> None:
    save_run(finished(run))
    assert load_run(run.folder) == finished(run)
    assert load_run(run.folder).when.tzinfo == UTC
    assert [path.name for path in run.folder.iterdir()] == [RECORD]


def test_one_that_was_running_was_interrupted(run: Run) -> None:
    assert load_run(run.folder).state == "interrupted"
    assert load_run(run.folder).can_go_on


def test_two_of_the_same_second_have_folders_of_their_own(run: Run) -> None:
    other = new_run(run.data, run.data_name, run.plan)
    assert other.folder != run.folder
    assert {one.folder for one in load_runs(SILENT)} == {run.folder, other.folder}


@pytest.mark.logs
@pytest.mark.parametrize("text", ["", "{", "[]", '{"format": "persian-mir-run", "version": 1}', "[" * 100_000])
def test_a_damaged_record_is_put_aside_and_told(run: Run, text: str, caplog: pytest.LogCaptureFixture) -> None:
    sound = new_run(run.data, run.data_name, run.plan)
    (run.folder / RECORD).write_text(text, encoding="utf-8")
    assert [one.folder for one in load_runs(SILENT)] == [sound.folder]
    assert "not a record" in caplog.text
    assert (run.folder / "run.damaged").read_text(encoding="utf-8") == text
    told: list[Path] = []
    (run.folder / RECORD).write_text(text, encoding="utf-8")
    progress = Progress()
    progress.publish = told.append  # type: ignore[method-assign]
    load_runs(progress)
    assert told == [run.folder / RECORD]


def test_deleting_only_puts_aside(run: Run) -> None:
    run.probe.write_bytes(b"probe")
    aside = put_aside(run)
    assert load_runs(SILENT) == []
    assert aside.probe.read_bytes() == b"probe"
    assert bring_back(aside).folder == run.folder
    assert run.probe.read_bytes() == b"probe"


def test_epochs_told_again_take_the_place_of_the_old() -> None:
    rows = tuple(EpochRow(k, float(k), None, None, 1e-3) for k in (1, 2, 3))
    again = EpochRow(2, 9.0, None, None, 1e-3)
    assert with_epoch(rows, again) == (rows[0], again)
