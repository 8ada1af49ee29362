"""The trainer's pages of the run that is going on and of all runs."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QMessageBox
from pytestqt.qtbot import QtBot

from persian_mir_gui.shell.services import Services
from persian_mir_gui.training.fit.run_page import horizon, how_split, result_words
from persian_mir_gui.training.state.runs import EpochRow, Result, Run, Score, new_run, save_run
from persian_mir_gui.training.trainer_window import TrainerWindow
from persian_mir_gui.widgets.theme import DARK, LIGHT
from persian_mir_gui.widgets.theme_source import ThemeSource
from trainer.fitting.fit_options import FitOptions

pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints", "does not support raise", extend=True)


def a_run(accuracy: float, losses: tuple[float, ...] = (2.0, 1.0)) -> Run:
    run = new_run(Path("/data/mini-nava"), "mini-Nava", FitOptions(task="instrument"))
    epochs = tuple(EpochRow(k, loss, loss, 0.5, 1e-3) for k, loss in enumerate(losses, 1))
    score = Score(accuracy, accuracy - 0.05, accuracy + 0.05, 40)
    result = Result("test", {"official": score}, {"official": score}, 0.2, 0.3)
    run = replace(run, state="done", epochs=epochs, result=result)
    run.probe.write_bytes(b"probe")
    save_run(run)
    return run


def with_runs(services: Services, *runs: Run) -> None:
    services.training.shelf.runs = runs
    services.training.runs_changed.emit()


@pytest.mark.parametrize("theme", [DARK, LIGHT], ids=lambda theme: theme.name)
def test_colours_change_while_it_is_open(
    trainer: TrainerWindow, services: Services, theme: object, themes: ThemeSource
) -> None:
    services.training.active = a_run(0.9)
    services.training.advanced.emit()
    themes.set(theme)
    assert trainer.run.loss.curves[0].colour == theme.accent


def test_the_run_that_is_going_on(trainer: TrainerWindow, services: Services, monkeypatch) -> None:
    training, page = services.training, trainer.run
    training.active = replace(a_run(0.9), state="running", result=None)
    monkeypatch.setattr(type(training), "running", property(lambda _self: True))
    training.course.fraction, training.course.seconds_left = 0.5, 12.0
    training.advanced.emit()
    assert page.state.text() == "Epoch 2 of 50 · 12 s left"
    assert page.stop.isVisibleTo(page)
    assert not page.resume.isVisibleTo(page)
    assert page.bar.value() == 500
    assert [curve.points for curve in page.loss.curves] == [((1, 2.0), (2, 1.0))] * 2
    training.course.note = "Judging"
    training.advanced.emit()
    assert page.state.text() == "Judging · 12 s left"


def test_the_run_that_has_ended(trainer: TrainerWindow, services: Services) -> None:
    services.training.active = a_run(0.9)
    services.training.advanced.emit()
    page = trainer.run
    assert "90.0% (85–95)" in page.result.text()
    assert "Chance: 20.0%" in page.result.text()
    assert page.use.isVisibleTo(page)
    services.training.active = replace(a_run(0.9), state="interrupted")
    services.training.advanced.emit()
    assert page.resume.isVisibleTo(page)


def test_both_splits_stand_side_by_side() -> None:
    one, other = Score(0.9, 0.8, 1.0, 40), Score(0.2, 0.1, 0.3, 40)
    both = {"official": one, "grouped": other}
    text = result_words(Result("test", both, both, 0.2, 0.25))
    assert text.splitlines()[0].startswith("Official test part: segments 90.0% (80–100)")
    assert text.splitlines()[1].startswith("Artists never heard before: segments 20.0% (10–30)")


def test_parts_that_were_drawn_are_not_called_official() -> None:
    run = replace(a_run(0.9), notes={"split": {"how": "recording", "hash": "x"}})
    assert run.result is not None
    text = result_words(run.result, how_split(run))
    assert "Recordings never heard before" in text
    assert "Official" not in text
    assert how_split(replace(run, notes={"split": None})) == ""


def test_figures_are_sorted_as_numbers(trainer: TrainerWindow, services: Services) -> None:
    with_runs(services, a_run(1.0), a_run(0.095), a_run(0.5))
    table = trainer.runs.table
    table.sortByColumn(3, Qt.SortOrder.AscendingOrder)
    assert [table.item(row, 3).text()[:4] for row in range(3)] == ["9.5%", "50.0", "100."]


def test_one_run_shows_its_results_several_their_curves(trainer: TrainerWindow, services: Services) -> None:
    shown: list[Run] = []
    services.training.run_chosen.connect(shown.append)
    one, other = a_run(0.9), a_run(0.5, (3.0, 2.0, 1.0))
    with_runs(services, one, other)
    page = trainer.runs
    page.table.selectRow(0)
    assert shown == page.chosen()
    assert page.use.isEnabled()
    page.table.selectAll()
    assert len(page.loss.curves) == len(page.accuracy.curves) == 2
    assert not page.use.isEnabled()
    before = page.chosen()
    services.training.runs_changed.emit()
    assert page.chosen() == before


@pytest.mark.parametrize("direction", [Qt.LayoutDirection.LeftToRight, Qt.LayoutDirection.RightToLeft])
def test_the_first_run_is_selected_as_soon_as_somebody_looks(
    trainer: TrainerWindow, services: Services, qtbot: QtBot, direction: Qt.LayoutDirection
) -> None:
    with_runs(services, a_run(0.9), a_run(0.5))
    trainer.setLayoutDirection(direction)
    with qtbot.waitExposed(trainer):
        trainer.show()
    trainer.show_page(trainer.runs)
    assert len(trainer.runs.chosen()) == 1
    assert trainer.runs.use.isEnabled()
    services.training.runs_changed.emit()
    assert len(trainer.runs.chosen()) == 1


def test_deleting_is_confirmed_and_undone(trainer: TrainerWindow, services: Services, qtbot: QtBot) -> None:
    with_runs(services, a_run(0.9), a_run(0.5))
    page = trainer.runs
    assert not page.delete.isEnabled()
    page.table.selectRow(0)
    page.ask_to_delete()
    box = page.findChild(QMessageBox)
    assert isinstance(box, QMessageBox)
    assert len(services.training.shelf.runs) == 2
    assert box.defaultButton().text() != "Delete"
    next(button for button in box.buttons() if button.text() == "Delete").click()
    qtbot.waitUntil(lambda: len(services.training.shelf.runs) == 1)
    assert page.undo.isVisibleTo(page)
    page.undo.click()
    assert len(services.training.shelf.runs) == 2
    assert not page.undo.isVisibleTo(page)


def test_what_the_trainer_remarks_is_shown(trainer: TrainerWindow, services: Services) -> None:
    events = [{"event": "remark", "note": "The features cannot be kept."}] * 2 + [{"event": "skipped"}] * 3
    run = a_run(0.9)
    for event in events:
        run = services.training.course.take(event, run)
    services.training.active = run
    services.training.advanced.emit()
    assert trainer.run.remarks.text() == "The features cannot be kept.\nRecordings left out: 3."


def test_the_first_run_is_selected_when_the_runs_become_known(trainer: TrainerWindow, services: Services) -> None:
    trainer.show_page(trainer.runs)
    one = a_run(0.9)
    with_runs(services, one)
    assert trainer.runs.chosen() == [one]


def test_the_table_is_no_higher_than_its_rows_and_all_runs_can_be_exported(
    trainer: TrainerWindow, services: Services, qtbot: QtBot
) -> None:
    page = trainer.runs
    assert not page.export.isEnabled()
    with_runs(services, a_run(0.9), a_run(0.5))
    trainer.resize(1920, 1200)
    trainer.show_page(page)
    qtbot.waitUntil(lambda: page.loss.height() > 600)
    sheet = page._sheet()
    assert sheet is not None
    rows = [dict(zip(sheet.header, row, strict=True)) for row in sheet.rows()]
    assert [row["segments_official_accuracy"] for row in rows] == [0.9, 0.5]
    assert [row["segments_grouped_accuracy"] for row in rows] == [None, None]
    assert rows[0]["task"] == "instrument"
    assert rows[0]["epochs"] == 2


def test_a_run_without_a_curve_says_why(trainer: TrainerWindow, services: Services) -> None:
    states = {"interrupted": "interrupted", "stopped": "stopped", "failed": "failed", "running": "not over yet"}
    for state, word in states.items():
        with_runs(services, replace(a_run(0.9), state=state, epochs=(), result=None, message=""))
        trainer.runs.table.selectRow(0)
        assert word in trainer.runs.loss.nothing.text()
        assert trainer.runs.accuracy.nothing.text() == trainer.runs.loss.nothing.text()
    alone = tuple(replace(row, dev_loss=None, dev_accuracy=None) for row in a_run(0.9).epochs)
    with_runs(services, replace(a_run(0.9), epochs=alone))
    trainer.runs.table.selectRow(0)
    assert "no dev part" in trainer.runs.loss.nothing.text()


def test_a_small_window_tells_what_the_table_has_no_room_for(
    trainer: TrainerWindow, services: Services, qtbot: QtBot
) -> None:
    with_runs(services, replace(a_run(0.9), message="The disk is full."))
    trainer.resize(900, 600)
    with qtbot.waitExposed(trainer):
        trainer.show()
    trainer.show_page(trainer.runs)
    page = trainer.runs
    qtbot.waitUntil(lambda: "Data: " in page.told.text())
    assert page.told.text().startswith("The disk is full.\n")
    assert page.table.horizontalScrollBar().maximum() == 0
    trainer.resize(1920, 1200)
    qtbot.waitUntil(lambda: page.told.text() == "The disk is full.")


def test_the_first_epochs_of_hundreds_have_room() -> None:
    assert [horizon(done, 400) for done in (0, 10, 11, 21, 399)] == [10, 10, 20, 40, 400]
    assert horizon(2, 5) == 5
