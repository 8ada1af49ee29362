"""The list of sections, and the verdict over it."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from persian_mir.prediction import Prediction, Section, Verdict
from persian_mir.provenance import Provenance
from persian_mir.recording import Recording
from persian_mir_gui.inspector.remarks_rows import RemarksRows
from persian_mir_gui.inspector.sections_table import PERCENT, ROWS_AT_MOST, SHAHED, SectionsTable
from persian_mir_gui.inspector.verdict_block import VerdictBlock
from persian_mir_gui.widgets.stylesheet import stylesheet
from persian_mir_gui.widgets.theme import DARK, label_colour

pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints")
RATE = 100
LABELS = ("mahour", "segah", "shour")


def prediction(*parts: tuple[str, int], task: str = "mode", reason: str = "") -> Prediction:
    sections, at = [], 0
    for label, seconds in parts:
        verdict = Verdict(task, label, 0.8, "nava", 0.1) if label else Verdict(task, "", 0.3, "", 0.3, reason="No.")
        sections.append(Section(at, at + seconds * RATE, verdict, 261.6 if label else None))
        at += seconds * RATE
    row = np.array([[0.5, 0.3, 0.2]], np.float32)
    span = np.array([0]), np.array([max(at, 1)])
    return Prediction(task, LABELS, *span, row, row[0], Provenance("modal"), (), reason, tuple(sections))


def item(*predictions: Prediction) -> Any:
    recording = Recording(Path("/a.wav"), "0" * 32, RATE, 100 * RATE, 1, "WAV", "none")
    return SimpleNamespace(recording=recording, predictions={("modal", p.task): p for p in predictions})


@pytest.fixture
def table(qtbot: QtBot) -> SectionsTable:
    made = SectionsTable()
    qtbot.addWidget(made)
    return made


def texts(table: SectionsTable) -> list[list[str]]:
    return [[table.item(row, k).text() for k in range(table.columnCount())] for row in range(table.rowCount())]


def test_a_row_says_when_what_how_sure_and_on_which_shahed(table: SectionsTable) -> None:
    table.show_item(item(prediction(("mahour", 75), ("", 10), ("segah", 15))))
    first, silent, last = texts(table)
    assert first == ["\u206600:00 – 01:15\u2069", "Mahour", "80%", "261.6 Hz"]
    assert silent[1:] == ["no mode heard", "", ""]
    assert last[1] == "Segah"
    assert not table.isHidden()


@pytest.mark.parametrize("language", ["en", "fa"])
def test_no_mode_is_cut_at_the_panes_width(monkeypatch: pytest.MonkeyPatch, qtbot: QtBot, language: str) -> None:
    """Where there is no room for all, the probability is left out first, then the shahed."""
    monkeypatch.setenv("LANGUAGE", language)
    table = SectionsTable()
    table.setStyleSheet(stylesheet({k: v.name() for k, v in vars(DARK).items() if isinstance(v, QColor)}))
    qtbot.addWidget(table)
    table.show_item(item(prediction(("bayat-e-esfahan", 75), ("rast-panjgah", 25))))
    shown = {}
    for width in (600, 278, 232, 190):
        table.resize(width, 200)
        table.show()
        qtbot.waitUntil(lambda: table.columnWidth(1) >= table.sizeHintForColumn(1))
        shown[width] = [not table.isColumnHidden(column) for column in (PERCENT, SHAHED)]
    assert shown[600] == [True, True]
    assert shown[190] == [False, False]


def test_a_click_and_enter_ask_to_go_there_and_two_clicks_to_select_it(table: SectionsTable, qtbot: QtBot) -> None:
    said = prediction(("mahour", 75), ("segah", 25))
    table.show_item(item(said))
    table.resize(300, 200)
    table.show()
    with qtbot.waitSignal(table.wanted) as asked:
        place = table.visualItemRect(table.item(1, 1)).center()
        QTest.mouseClick(table.viewport(), Qt.MouseButton.LeftButton, pos=place)
    assert asked.args == [75.0, 100.0]
    with qtbot.waitSignal(table.chosen) as asked:
        QTest.mouseDClick(table.viewport(), Qt.MouseButton.LeftButton, pos=place)
    assert asked.args == [75.0, 100.0]
    table.setCurrentCell(0, 0)
    with qtbot.waitSignal(table.wanted) as asked:
        QTest.keyClick(table, Qt.Key.Key_Return)
    assert asked.args == [0.0, 75.0]


def test_the_modes_go_before_the_dastgahs_and_one_mode_has_no_list(table: SectionsTable) -> None:
    both = prediction(("shour", 50), ("segah", 50), task="dastgah"), prediction(("mahour", 50), ("segah", 50))
    table.show_item(item(*both))
    assert table.sections == both[1].sections
    table.show_item(item(prediction()))
    assert table.isHidden()
    table.show_item(None)
    assert table.isHidden()


def test_many_sections_are_scrolled(table: SectionsTable) -> None:
    table.show_item(item(prediction(*[("mahour", 5), ("segah", 5)] * 10)))
    few = SectionsTable()
    few.show_item(item(prediction(*[("mahour", 5), ("segah", 5)] * (ROWS_AT_MOST // 2))))
    assert table.sizeHint().height() == few.sizeHint().height()


def test_the_verdict_over_it_names_no_single_mode(qtbot: QtBot) -> None:
    block = VerdictBlock(large=True)
    qtbot.addWidget(block)
    said = prediction(("mahour", 50), ("segah", 30), ("shour", 20))
    block.show_verdict([("modal", said)], {"modal": "Modal reading"}, DARK)
    words = [label.text() for label in (block._name, block._other, block._line)]
    assert words == ["Several modes", "", "Mahour 50% · Segah 30% · Shour 20%"]
    block.show_verdict([("modal", prediction(("mahour", 70), ("segah", 30)))], {}, DARK)
    assert block._name.text() == "mainly Mahour"


def test_the_verdict_says_why_there_is_no_label(qtbot: QtBot) -> None:
    block = VerdictBlock(large=True)
    qtbot.addWidget(block)
    said = prediction(task="instrument", reason="It sounds unlike all of them.")
    block.show_verdict([("probe:1", said)], {}, DARK)
    assert (block._name.text(), block._line.text()) == ("none of these", "It sounds unlike all of them.")


def test_the_bar_is_shared_as_the_time_is(qtbot: QtBot) -> None:
    block = VerdictBlock(large=True)
    qtbot.addWidget(block)
    block.show_verdict([("modal", prediction(("mahour", 50), ("segah", 50)))], {}, DARK)
    block._bar.resize(200, 8)
    picture = block._bar.grab().toImage()
    middle, scale = picture.height() // 2, picture.width() / 200
    seen = [picture.pixelColor(round(x * scale), middle).name() for x in (50, 150)]
    assert seen == [label_colour(DARK, "mode", label).name() for label in ("mahour", "segah")]


def test_no_row_is_scrolled_where_the_sheet_comes_late(qtbot: QtBot) -> None:
    pane, table = QWidget(), SectionsTable()
    qtbot.addWidget(pane)
    column = QVBoxLayout(pane)
    column.addWidget(table)
    column.addStretch()
    table.show_item(item(prediction(("mahour", 40), ("shour", 40), ("mahour", 40))))
    pane.show()
    pane.setStyleSheet(stylesheet({k: v.name() for k, v in vars(DARK).items() if isinstance(v, QColor)}))
    pane.resize(300, 60)
    table.show_item(item(prediction(("shour", 40), ("segah", 40), ("mahour", 40))))
    qtbot.waitUntil(lambda: table.viewport().height() >= table.verticalHeader().length())


def test_the_bar_of_a_family_is_filled_with_both_of_its_modes(qtbot: QtBot) -> None:
    """It stopped at 53 % beneath a family that is sure to 100 %."""
    block = VerdictBlock(large=True)
    qtbot.addWidget(block)
    verdict = Verdict("mode", "mahour", 0.5, "shour", 0.5, family="mahour-rast-panjgah", family_probability=1.0)
    block.show_verdict([("modal", SimpleNamespace(verdict=lambda: verdict))], {}, DARK)
    assert [part for part, _colour in block._bar._parts] == [0.5, 0.5]


def test_probabilities_have_the_width_of_the_block_to_themselves(qtbot: QtBot) -> None:
    block = VerdictBlock(large=True)
    qtbot.addWidget(block)
    block.show_verdict([("modal", prediction(("mahour", 50), ("segah", 50)))], {"modal": "Modal reading"}, DARK)
    block.resize(280, 200)
    with qtbot.waitExposed(block):
        block.show()
    assert block._line.width() == block.width()
    assert block._who.y() < block._name.y()


def test_each_remark_is_a_row_of_its_own_and_stays_while_nothing_changes(qtbot: QtBot) -> None:
    rows = RemarksRows()
    qtbot.addWidget(rows)
    rows.show_remarks(("It hums.", "It is very quiet."), DARK)
    assert rows.texts() == ["It hums.", "It is very quiet."]
    before = rows._labels
    rows.show_remarks(("It hums.", "It is very quiet."), DARK)
    assert rows._labels is before
    rows.resize(280, 100)
    with qtbot.waitExposed(rows):
        rows.show()
    first, second = (label.parentWidget().geometry() for label in before)
    assert second.top() - first.bottom() > 4  # else they read as one paragraph
    rows.show_remarks((), DARK)
    assert rows.isHidden()
    assert not rows.texts()
