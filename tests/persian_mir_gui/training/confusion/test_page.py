"""The confusion page over a judged file whose every cell is known."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QFontMetrics
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from persian_mir_gui.core.messages import Message
from persian_mir_gui.playback.excerpts import Excerpt
from persian_mir_gui.plots.confusion_matrix import FACT, ConfusionMatrix
from persian_mir_gui.shell.services import Services
from persian_mir_gui.training.confusion.page import ConfusionView
from persian_mir_gui.training.confusion.sheet import warning_words
from persian_mir_gui.training.state.runs import Result, Run, Score, new_run
from persian_mir_gui.widgets.theme import DARK, LIGHT, apply_theme
from persian_mir_gui.widgets.theme_source import ThemeSource
from trainer.evaluation.evaluate import ClassScore
from trainer.fitting.fit_options import FitOptions


@pytest.fixture
def played(services: Services, monkeypatch: pytest.MonkeyPatch) -> list[list[Excerpt]]:
    """What was asked for, in place of the sound card."""
    wishes: list[list[Excerpt]] = []
    monkeypatch.setattr(type(services.excerpts), "play", lambda _self, wish: wishes.append(list(wish)))
    return wishes


@pytest.fixture
def view(qtbot: QtBot, services: Services, judged_file: Path, themes: ThemeSource) -> ConfusionView:
    made = ConfusionView(services.io, services.excerpts, services.training, services.study, themes)
    qtbot.addWidget(made)
    assert "Choose a finished run" in made.empty.text()
    services.study.judged.open(judged_file)
    qtbot.waitUntil(lambda: services.study.judged.run is not None)
    made.resize(750, 560)
    made.show()
    return made


def counts(view: ConfusionView) -> list[list[int]]:
    size = range(view.matrix.rowCount())
    return [[view.matrix.item(row, column).data(FACT)[0] for column in size] for row in size]


def test_the_matrix_has_counts_shares_and_names(view: ConfusionView) -> None:
    assert counts(view) == [[3, 1, 0], [0, 2, 2], [1, 0, 3]]
    assert view.matrix.item(1, 2).data(FACT) == (2, 0.5, False)
    assert view.matrix.item(1, 2).toolTip() == "Labelled Mahour, named Segah: 2 of 4, 50%"
    assert view.matrix.verticalHeaderItem(0).text() == "Shour"
    assert view.classes.item(0, 3).text() == "75%"  # recall of Shour


def test_figures_stand_beside_chance_and_the_commonest_label(view: ConfusionView) -> None:
    assert view.figures.text().startswith("67% right (")
    assert "chance 33%" in view.figures.text()
    assert "commonest label 33%" in view.figures.text()
    assert "knowledge of the artists" in view.warning.text()
    assert view.warning.isVisible()
    assert not view.synthetic.isVisible()


def test_a_run_that_was_not_warned_of_is_not_warned_of_here(view: ConfusionView, services: Services) -> None:
    run = services.study.judged.run
    assert run is not None
    assert "knowledge of the artists" in warning_words(run)
    assert warning_words(replace(run, judged=replace(run.judged, warning=""))) == ""


def test_recordings_instead_of_segments(view: ConfusionView) -> None:
    view.kind.setCurrentIndex(1)
    view.kind.activated.emit(1)
    assert counts(view) == [[2, 0, 0], [0, 1, 1], [1, 0, 1]]
    view.show_cell(1, 2)
    assert [row.excerpt.stop_s for row in view.list.model.rows] == [6.0]


def test_a_cell_by_keyboard_lists_its_segments_and_enter_plays_one(
    qtbot: QtBot, view: ConfusionView, played: list[list[Excerpt]], judged_file: Path
) -> None:
    view.matrix.setCurrentCell(1, 1)
    qtbot.keyClick(view.matrix, Qt.Key.Key_Right)
    qtbot.keyClick(view.matrix, Qt.Key.Key_Return)
    assert view.list.title.text() == "Labelled Mahour, named Segah: 2"
    shown = [view.list.model.index(0, column).data() for column in range(5)]
    assert shown[0] == "\u20663.wav\u2069"
    assert shown[2:] == ["Mahour", "Segah", "90%"]
    qtbot.keyClick(view.matrix, Qt.Key.Key_Return)
    assert [len(wish) for wish in played] == [2]
    played.clear()
    view.list.table.selectRow(0)
    qtbot.keyClick(view.list.table, Qt.Key.Key_Return)
    assert played == [[Excerpt(judged_file.parent / "3.wav", 0.0, 3.0)]]


def test_one_press_plays_and_buttons_walk(qtbot: QtBot, view: ConfusionView, played: list[list[Excerpt]]) -> None:
    view.show_cell(1, 2)
    table = view.list.table
    where = table.visualRect(view.list.model.index(1, 0)).center()
    qtbot.mouseClick(table.viewport(), Qt.MouseButton.LeftButton, pos=where)
    view.list.before.click()
    assert not view.list.before.isEnabled()
    view.list.after.click()
    assert not view.list.after.isEnabled()
    view.list.all.click()
    names = [[(one.path.name, one.start_s) for one in wish] for wish in played]
    first, second = ("3.wav", 0.0), ("3.wav", 3.0)
    assert names[0] == names[2]
    assert sorted(names[1] + names[2]) == sorted(names[3])
    assert len(names[3]) == 2
    assert (first in names[3]) or (second in names[3])


def test_what_is_heard_is_marked_and_a_second_press_stops(view: ConfusionView, services: Services) -> None:
    view.show_cell(1, 2)
    excerpt = view.list.model.rows[1].excerpt
    services.excerpts._now(excerpt)
    assert view.list.heard == 1
    assert view.list.table.currentIndex().row() == 1
    assert view.list.play.text() == "Stop"
    view.list.play.click()
    assert services.excerpts.playing is None
    assert view.list.play.text() == "Play"


def test_turning_away_brings_silence(view: ConfusionView, services: Services) -> None:
    view.show_cell(1, 2)
    services.excerpts._now(view.list.model.rows[0].excerpt)
    view.hide()
    assert services.excerpts.playing is None


def test_the_other_split_has_figures_but_nothing_to_hear(view: ConfusionView) -> None:
    view.show_cell(1, 2)
    view.split.setCurrentIndex(1)
    view.split.activated.emit(1)
    assert counts(view)[0] == [0, 4, 0]
    assert view.list.model.rows == ()
    assert "not kept" in view.list.title.text()


def test_trouble_is_told_where_one_looks(view: ConfusionView, services: Services, judged_file: Path) -> None:
    view.show_cell(1, 2)
    services.excerpts.failed.emit(Message("error", "There is no such file.", "Bring it back.", judged_file))
    assert view.list.trouble.text() == "\u2066probe.judged.json\u2069: There is no such file. Bring it back."
    assert view.list.trouble.isVisible()


def test_both_colour_schemes_are_painted(view: ConfusionView, qtbot: QtBot, themes: ThemeSource) -> None:
    dark = view.grab().toImage()
    themes.set(LIGHT)
    assert view.grab().toImage() != dark


def test_a_file_that_cannot_be_read_says_so(view: ConfusionView, services: Services, qtbot: QtBot) -> None:
    path = services.study.judged.run.path if services.study.judged.run else Path()
    path.write_text("{}", encoding="utf-8")
    with qtbot.waitSignal(services.study.judged.failed):
        services.study.judged.open(path)
    assert view.pages.currentIndex() == 0
    assert "Fit the probe again" in view.empty.text()


def test_the_matrix_of_twelve_labels_needs_no_scrolling(qtbot: QtBot, themes: ThemeSource) -> None:
    matrix = ConfusionMatrix(themes)
    qtbot.addWidget(matrix)
    matrix.show_counts(tuple(map(str, range(1, 13))), ((1,) * 12,) * 12)
    matrix.resize(480, 330)
    matrix.show()
    qtbot.waitExposed(matrix)
    assert not matrix.horizontalScrollBar().isVisible()
    assert not matrix.verticalScrollBar().isVisible()
    assert matrix.verticalHeader().length() <= matrix.viewport().height()


NAMES = ("Shour", "Mahour", "Nava", "Homayoun", "Segah", "Chahargah", "Rast-Panjgah")


@pytest.mark.parametrize(("wide", "turned"), [(900, False), (420, False), (300, True)])
def test_the_names_of_columns_are_whole_lying_or_on_end(
    qtbot: QtBot, qapp: QApplication, themes: ThemeSource, wide: int, turned: bool
) -> None:
    apply_theme(qapp, DARK)
    matrix = ConfusionMatrix(themes)
    qtbot.addWidget(matrix)
    matrix.resize(wide, 330)
    matrix.show()
    matrix.show_counts(NAMES, ((1,) * 7,) * 7)
    head = matrix.horizontalHeader()
    qtbot.waitUntil(lambda: getattr(head, "turned", None) == turned)
    assert [matrix.horizontalHeaderItem(column).text() for column in range(7)] == list(NAMES)
    metrics = QFontMetrics(head.viewport().font())  # which it is painted with
    longest = max(metrics.horizontalAdvance(word) for name in NAMES for word in name.replace("-", "- ").split())
    assert longest <= (head.height() if turned else head.sectionSize(0))


def run_of(judged: Path, task: str = "dastgah") -> Run:
    """A finished run whose judged segments are a copy of these."""
    run = new_run(Path("/data/mini-nava"), "mini-Nava", FitOptions(task=task))
    shutil.copy(judged, run.judged)
    score = Score(0.5, 0.4, 0.6, 12)
    return replace(run, state="done", result=Result("test", {"official": score}, {"official": score}, 0.3, 0.3))


def test_two_runs_stand_side_by_side(
    view: ConfusionView, services: Services, qtbot: QtBot, judged_file: Path, played: list[list[Excerpt]]
) -> None:
    assert not view.compare.isVisible()  # there is no other
    other, instrument = run_of(judged_file), run_of(judged_file, "instrument")
    services.training.shelf.runs = (other, instrument)
    services.training.runs_changed.emit()
    assert view.compare.isVisible()
    assert view.compare.count() == 2  # of the same task
    view.compare.setCurrentIndex(1)
    view.compare.activated.emit(1)
    qtbot.waitUntil(lambda: services.study.other.run is not None)
    first, second = view.panels
    assert first.isVisible()
    assert second.isVisible()
    assert not view.side.isVisible()
    assert second.matrix.item(1, 2).data(FACT) == (2, 0.5, False)
    assert "66.7%" in second.legend.text()
    second.matrix.setCurrentCell(1, 2)
    qtbot.keyClick(second.matrix, Qt.Key.Key_Return)
    assert [row.excerpt.path.name for row in view.list.model.rows] == ["3.wav", "3.wav"]
    qtbot.keyClick(second.matrix, Qt.Key.Key_Return)
    assert [len(wish) for wish in played] == [2]
    sheet = view._sheet()
    assert sheet is not None
    assert len(list(sheet.rows())) == 2 * 9
    view.compare.setCurrentIndex(0)
    view.compare.activated.emit(0)
    assert not second.isVisible()
    assert view.side.isVisible()


def test_a_run_that_is_deleted_is_compared_no_more(
    view: ConfusionView, services: Services, qtbot: QtBot, judged_file: Path
) -> None:
    services.training.shelf.runs = (run_of(judged_file),)
    services.training.runs_changed.emit()
    view.compare.setCurrentIndex(1)
    view.compare.activated.emit(1)
    qtbot.waitUntil(lambda: services.study.other.run is not None)
    services.training.shelf.runs = ()
    services.training.runs_changed.emit()
    assert services.study.other.run is None
    assert not view.panels[1].isVisible()


def test_no_label_of_a_small_window_is_cut_in_the_middle(view: ConfusionView, qtbot: QtBot) -> None:
    """Three and a half of five rows stood over a calibration with room to spare."""
    labels = ("santoor", "ney", "setar", "tar", "kamancheh")
    view.resize(750, 600)
    view.classes.show_scores("instrument", tuple(ClassScore(label, 3, 0.5, 0.5, 0.5) for label in labels))
    needed = len(labels) * view.classes.rowHeight(0)
    qtbot.waitUntil(lambda: view.classes.viewport().height() >= needed)
    assert view.curve.height() >= view.curve.minimumSizeHint().height()
