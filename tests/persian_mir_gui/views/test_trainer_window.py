"""The trainer's pages over real services; the child processes have tests of their own."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDropEvent
from PySide6.QtWidgets import QAbstractButton, QComboBox, QMessageBox, QSpinBox, QWidget
from pytestqt.qtbot import QtBot

from persian_mir_gui.services.context import Services
from persian_mir_gui.services.messages import Message
from persian_mir_gui.services.training_backbones import BackboneChoice
from persian_mir_gui.services.training_data import CheckResult, DataChoice, Fault
from persian_mir_gui.services.training_plan import Plan
from persian_mir_gui.services.training_runs import EpochRow, Result, Run, Score, new_run, save_run
from persian_mir_gui.views.theme import DARK, LIGHT
from persian_mir_gui.views.trainer_curves import Curve, CurvePlot, ticks
from persian_mir_gui.views.trainer_run import result_words
from persian_mir_gui.views.trainer_window import TrainerWindow
from persian_mir_gui.views.trainer_words import plan_sentences

pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints", "does not support raise", extend=True)

CHECKED = CheckResult(
    "mini-Nava (synthesised)",
    True,
    70,
    12,
    {"tar": {"shour": 0.5, "nava": 0.25}, "ney": {"nava": 1.0}},
    {"train": 42, "dev": 14, "test": 14},
    {"instrument": 7, "dastgah": 0},
    (Fault("corrupt", "tar/1.flac: It is damaged.", ("tar/1.flac",), ("tar/1.flac",)),),
)


@pytest.fixture
def window(services: Services, qtbot: QtBot) -> TrainerWindow:
    made = TrainerWindow(services, DARK)
    qtbot.addWidget(made)
    made.appear()
    qtbot.waitUntil(lambda: not services.io.jobs, timeout=20_000)
    return made


def choose(services: Services, result: CheckResult | None = CHECKED) -> None:
    services.training.desk.data = DataChoice(Path("/data/mini-nava"), result)
    services.training.desk.changed.emit()


def a_run(accuracy: float, losses: tuple[float, ...] = (2.0, 1.0)) -> Run:
    run = new_run(Path("/data/mini-nava"), "mini-Nava", Plan(task="instrument"))
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


# The window


def test_everything_can_be_reached_and_has_a_name(window: TrainerWindow) -> None:
    for page in (window.data, window.settings, window.run, window.runs):
        for widget in page.findChildren(QWidget):
            if isinstance(widget, QAbstractButton | QComboBox | QSpinBox) and widget.parentWidget() is not None:
                inner = isinstance(widget.parentWidget(), QComboBox) or widget.objectName().startswith("qt_")
                text = widget.text() if isinstance(widget, QAbstractButton) else ""
                assert inner or text or widget.accessibleName(), widget
                assert inner or widget.focusPolicy() & Qt.FocusPolicy.TabFocus or not text, widget


def test_pages_are_turned_with_the_keyboard(window: TrainerWindow, qtbot: QtBot) -> None:
    assert window.pages.currentWidget() is window.data
    qtbot.keyClick(window.names, Qt.Key.Key_Down)
    assert window.pages.currentWidget() is window.settings


def test_messages_are_shown(window: TrainerWindow, services: Services) -> None:
    services.training.said.emit(Message("error", "It is broken.", "Mend it."))
    assert "It is broken." in window.messages.shown_text()


def test_it_fits_a_small_screen(window: TrainerWindow, services: Services) -> None:
    choose(services)
    assert window.minimumSizeHint().width() <= 900
    assert window.minimumSizeHint().height() <= 600


@pytest.mark.parametrize("theme", [DARK, LIGHT], ids=lambda theme: theme.name)
def test_colours_change_while_it_is_open(window: TrainerWindow, services: Services, theme: object) -> None:
    services.training.active = a_run(0.9)
    services.training.advanced.emit()
    window.set_theme(theme)
    assert window.run.loss.curves[0].colour == theme.accent


# Data


def test_hours_and_faults_are_shown(window: TrainerWindow, services: Services) -> None:
    page = window.data
    choose(services)
    assert "70 recordings of 12 artists" in page.facts.text()
    assert "training 42" in page.facts.text()
    assert "Synthesised" in page.facts.text()
    assert "Instrument: 7 of 12 artists are heard with one label only." in page.alone.text()
    assert "Dastgah" not in page.alone.text()
    shown = [[page.hours.item(row, column).text() for column in range(4)] for row in range(3)]
    assert shown == [["Ney", "0.00", "1.00", "1.00"], ["Tar", "0.50", "0.25", "0.75"], ["Sum", "0.50", "1.25", "1.75"]]
    assert page.faults.item(0, 0).text() == "Cannot be read"
    assert page.whole.toPlainText() == "tar/1.flac: It is damaged."
    assert not page.sound.isVisibleTo(page)


def test_without_faults_it_says_so(window: TrainerWindow, services: Services) -> None:
    choose(services, replace(CHECKED, faults=(), parts={"": 70}))
    assert window.data.sound.isVisibleTo(window.data)
    assert "No splits are given" in window.data.facts.text()


def test_a_dropped_folder_is_chosen(window: TrainerWindow, services: Services, tmp_path: Path, monkeypatch) -> None:
    chosen: list[Path] = []
    monkeypatch.setattr(services.training.desk, "choose", chosen.append)
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(tmp_path))])
    drop = QDropEvent(
        QPointF(5, 5), Qt.DropAction.CopyAction, data, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    )
    window.data.dropEvent(drop)
    assert chosen == [tmp_path]


# Settings


PLAN = Plan("instrument", "signal", 3.0, "all", (64, 32), 3e-4, 20, 0, "grouped", "balanced", 7, "both")


def test_a_plan_is_shown_and_read_back(window: TrainerWindow) -> None:
    window.settings.show_plan(PLAN)
    assert window.settings.plan() == PLAN
    window.settings.show_plan(Plan(hidden=()))
    assert window.settings.plan() == Plan(hidden=())


def test_one_layer_of_several(window: TrainerWindow) -> None:
    page = window.settings
    page._take_backbones((BackboneChoice("signal", "S"), BackboneChoice("m", "M", 13)))
    page.backbone.setCurrentIndex(1)
    page.show_plan(Plan(layers="12"))
    assert page.plan().layers == "12"
    assert page.plan().backbone == "m"
    assert page.layer.maximum() == 12
    page.backbone.setCurrentIndex(0)
    assert page.plan().layers == "all"


def test_what_is_not_installed_is_grey_and_says_why(window: TrainerWindow) -> None:
    combo = window.settings.backbone
    item = combo.model().item(combo.findData("m-a-p/MERT-v1-95M"))
    assert not item.isEnabled()
    assert "models fetch" in item.toolTip()
    assert combo.model().item(combo.findData("signal")).isEnabled()


def test_splits_that_the_data_cannot_have_are_grey(window: TrainerWindow, services: Services) -> None:
    page = window.settings
    choose(services)
    page.split.setCurrentIndex(page.split.findData("official"))
    choose(services, replace(CHECKED, parts={"": 70}, artists=1))
    for split in ("official", "grouped"):
        assert not page.split.model().item(page.split.findData(split)).isEnabled()
    assert page.plan().split == "auto"


def test_it_says_what_will_be_fitted(window: TrainerWindow, services: Services) -> None:
    page = window.settings
    assert not page.start.isEnabled()
    choose(services)
    page.show_plan(PLAN)
    assert page.start.isEnabled()
    for part in ("Instrument", "64 + 32", "0.0003", "20 epochs", "never heard", "3 s", "modal reading"):
        assert part in page.says.text()
    assert "at most" not in page.says.text()
    assert "layer 7" in plan_sentences(replace(PLAN, layers="7"), "MERT", 13, "Nava")


# Run and runs


def test_the_run_that_is_going_on(window: TrainerWindow, services: Services, monkeypatch) -> None:
    training, page = services.training, window.run
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


def test_the_run_that_has_ended(window: TrainerWindow, services: Services) -> None:
    services.training.active = a_run(0.9)
    services.training.advanced.emit()
    page = window.run
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


def test_figures_are_sorted_as_numbers(window: TrainerWindow, services: Services) -> None:
    with_runs(services, a_run(1.0), a_run(0.095), a_run(0.5))
    table = window.runs.table
    table.sortByColumn(3, Qt.SortOrder.AscendingOrder)
    assert [table.item(row, 3).text()[:4] for row in range(3)] == ["9.5%", "50.0", "100."]


def test_one_run_shows_its_results_several_their_curves(window: TrainerWindow, services: Services) -> None:
    shown: list[Run] = []
    services.training.run_chosen.connect(shown.append)
    one, other = a_run(0.9), a_run(0.5, (3.0, 2.0, 1.0))
    with_runs(services, one, other)
    page = window.runs
    page.table.selectRow(0)
    assert shown == page.chosen()
    assert page.use.isEnabled()
    page.table.selectAll()
    assert len(page.loss.curves) == len(page.accuracy.curves) == 2
    assert not page.use.isEnabled()
    before = page.chosen()
    services.training.runs_changed.emit()
    assert page.chosen() == before


def test_deleting_is_confirmed_and_undone(window: TrainerWindow, services: Services, qtbot: QtBot) -> None:
    with_runs(services, a_run(0.9), a_run(0.5))
    page = window.runs
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


# Curves


@given(st.floats(-1e6, 1e6), st.floats(1e-6, 1e6), st.integers(2, 12))
def test_ticks_are_within_and_not_too_many(low: float, span: float, count: int) -> None:
    high = low + span
    marks = ticks(low, high, count)
    assert len(marks) <= count + 1
    slack = 1e-6 * span + 1e-9 * max(abs(low), abs(high))
    assert all(low - slack <= mark <= high + slack for mark in marks)
    assert marks == sorted(marks)


def test_values_are_read_with_the_keyboard(qtbot: QtBot) -> None:
    plot = CurvePlot("Loss", DARK)
    qtbot.addWidget(plot)
    plot.show_curves((Curve("dev", DARK.accent, ((1, 2.0), (2, 1.0), (3, 0.5))),), 10)
    assert plot.accessibleDescription() == "dev 0.5"
    qtbot.keyClick(plot, Qt.Key.Key_Left)
    assert plot.accessibleDescription() == "dev 1"
    for _press in range(20):
        qtbot.keyClick(plot, Qt.Key.Key_Left)
    assert plot.accessibleDescription() == "dev 2"


@pytest.mark.parametrize("points", [(), ((1, 0.0),), ((1, 1e30), (2, -1e30)), ((1, 0.5), (100_000, 0.5))])
def test_any_curve_can_be_painted(qtbot: QtBot, points: tuple[tuple[float, float], ...]) -> None:
    plot = CurvePlot("Loss", DARK)
    qtbot.addWidget(plot)
    plot.resize(300, 120)
    plot.show_curves((), int(points[-1][0]) if points else 0)
    empty = plot.grab().toImage()
    plot.show_curves((Curve("dev", DARK.accent, points),))
    assert (plot.grab().toImage() != empty) == bool(points)
