"""The plain table."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QApplication, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from persian_mir_gui.widgets.table import Cell, PlainTable
from persian_mir_gui.widgets.theme import LIGHT, apply_theme
from persian_mir_gui.widgets.widget_factories import space_out


@pytest.mark.parametrize("words", range(6, 22))
def test_a_text_just_longer_than_its_line_gets_another(qtbot: QtBot, qapp: QApplication, words: int) -> None:
    apply_theme(qapp, LIGHT)
    table = PlainTable("Queue", ("File", "Reason"))
    qtbot.addWidget(table)
    table.wrap(1)
    table.resize(500, 200)
    table.show()
    text = "damaged " * words
    table.show_rows([[Cell("notes.mp3"), Cell(text.strip())]])
    qtbot.waitUntil(lambda: table.columnWidth(1) > 300)
    lines = table.rowHeight(0) // table.fontMetrics().lineSpacing()
    wide, room = table.fontMetrics().horizontalAdvance(text.strip()), table.columnWidth(1) - 16  # 8 px on either side
    assert lines * room >= wide
    assert lines <= 2 * wide / room + 1


@pytest.mark.parametrize("dense", [False, True])
@pytest.mark.parametrize("direction", [Qt.LayoutDirection.LeftToRight, Qt.LayoutDirection.RightToLeft])
def test_a_title_stands_over_its_column(
    qtbot: QtBot, qapp: QApplication, direction: Qt.LayoutDirection, dense: bool
) -> None:
    apply_theme(qapp, LIGHT)
    qapp.setLayoutDirection(direction)
    table = PlainTable("x", ("MMMM", "MMMM"))
    table.setProperty("dense", dense)
    window = QWidget()
    qtbot.addWidget(window)
    space_out(QVBoxLayout(window)).addWidget(table)
    table.show_rows([[Cell("MMMM"), Cell("MMMM")]])
    window.resize(500, 100)
    window.show()
    last = direction == Qt.LayoutDirection.RightToLeft
    title, cell = (edge(part.grab().toImage(), last) for part in (table.horizontalHeader(), table.viewport()))
    qapp.setLayoutDirection(Qt.LayoutDirection.LeftToRight)
    assert abs(title - cell) <= 2


def edge(image: QImage, last: bool) -> int:
    """Where what is written begins, seen from the side where reading begins; in pixels."""
    ground = image.pixelColor(0, 0)
    inked = [x for x in range(image.width()) for y in range(image.height()) if image.pixelColor(x, y) != ground]
    return max(inked) if last else min(inked)


def test_wrapped_rows_grow_as_their_column_narrows_and_shrink_again(qtbot: QtBot) -> None:
    """Qt tells of a new width while the column still gives the old one: the rows were always one resize behind."""
    table = PlainTable("Queue", ("File", "Reason"))
    table.wrap(1)
    qtbot.addWidget(table)
    table.resize(900, 300)
    with qtbot.waitExposed(table):
        table.show()
    text = "The file ends before its header says it should. " * 2
    table.show_rows([[Cell("a.wav"), Cell(text)]])
    wide = table.fontMetrics().horizontalAdvance(text)
    for width in (wide + 400, 300, wide + 400):
        table.resize(width, 300)
        lines = table.rowHeight(0) // table.fontMetrics().lineSpacing()
        assert lines == 1 if width > wide else lines * table.columnWidth(1) >= wide


@pytest.mark.parametrize("direction", [Qt.LayoutDirection.LeftToRight, Qt.LayoutDirection.RightToLeft])
def test_long_texts_give_way_where_not_all_columns_have_room(
    qtbot: QtBot, qapp: QApplication, direction: Qt.LayoutDirection
) -> None:
    apply_theme(qapp, LIGHT)
    table = PlainTable("Results", ("Study", "Setting", "Accuracy", "Source"))
    table.setLayoutDirection(direction)
    table.horizontalHeader().setStretchLastSection(True)
    table.give_way(0, 1)
    qtbot.addWidget(table)
    table.resize(400, 200)
    table.show()
    long = "four hidden layers · unit not stated"
    table.show_rows([[Cell("Earlier studies"), Cell(long), Cell("85.7 (64.3–100.0)", number=True), Cell("mini-Nava")]])
    figure = table.columnWidth(2)
    assert table.horizontalScrollBar().maximum() == 0
    assert figure >= table.fontMetrics().horizontalAdvance("85.7 (64.3–100.0)")
    assert table.item(0, 1).toolTip() == long
    table.resize(900, 200)
    qtbot.waitUntil(lambda: table.columnWidth(1) > table.fontMetrics().horizontalAdvance(long))
    assert table.columnWidth(2) >= figure


@pytest.mark.parametrize("direction", [Qt.LayoutDirection.LeftToRight, Qt.LayoutDirection.RightToLeft])
def test_columns_come_closer_together_before_a_text_is_cut(
    qtbot: QtBot, qapp: QApplication, direction: Qt.LayoutDirection
) -> None:
    apply_theme(qapp, LIGHT)
    titles = ("Experiment", "Task", "Official split", "Grouped split", "Chance", "Source")
    table = PlainTable("Results", titles)
    table.setLayoutDirection(direction)
    table.horizontalHeader().setStretchLastSection(True)
    table.give_way(0)
    qtbot.addWidget(table)
    table.resize(1200, 200)
    table.show()
    figures = [Cell("85.7 (64.3–100.0)", number=True) for _column in range(2)]
    table.show_rows([[Cell("Earlier studies"), Cell("Instrument"), *figures, Cell("20.0", number=True), Cell("Nava")]])
    apart = [table.columnWidth(column) for column in range(5)]
    assert not table.property("dense")
    table.resize(sum(apart) + 30, 200)  # LAST_PX more would be enough
    qtbot.waitUntil(lambda: bool(table.property("dense")))
    assert table.columnWidth(0) > table.fontMetrics().horizontalAdvance("Earlier studies")
    assert all(table.columnWidth(column) < apart[column] for column in range(1, 4))
    table.resize(100, 200)
    assert table.columnWidth(0) >= table.horizontalHeader().sectionSizeHint(0)  # its own title stays whole
    table.resize(1200, 200)
    qtbot.waitUntil(lambda: not table.property("dense"))
    assert [table.columnWidth(column) for column in range(1, 4)] == apart[1:4]


@pytest.mark.parametrize("direction", [Qt.LayoutDirection.LeftToRight, Qt.LayoutDirection.RightToLeft])
def test_the_last_column_shrinks_with_the_window(qtbot: QtBot, direction: Qt.LayoutDirection) -> None:
    table = PlainTable("Runs", ("Date", "Task", "Recordings", "Data"))
    table.setLayoutDirection(direction)
    table.horizontalHeader().setStretchLastSection(True)
    qtbot.addWidget(table)
    table.resize(200, 200)
    table.show()
    table.show_rows([[Cell("11/29/26 6:16 AM"), Cell("Instrument"), Cell("35.7% (14–64)"), Cell("mini-Nava")]])
    qtbot.waitUntil(lambda: table.horizontalScrollBar().maximum() > 0)
    hidden = table.horizontalScrollBar().maximum()
    table.resize(1200, 200)
    qtbot.waitUntil(lambda: table.horizontalScrollBar().maximum() == 0)
    assert table.horizontalHeader().length() == table.viewport().width()
    table.resize(200, 200)
    qtbot.waitUntil(lambda: 0 < table.horizontalScrollBar().maximum() <= hidden)


@pytest.mark.parametrize("direction", [Qt.LayoutDirection.LeftToRight, Qt.LayoutDirection.RightToLeft])
def test_columns_are_left_out_and_told_rather_than_scrolled(
    qtbot: QtBot, qapp: QApplication, direction: Qt.LayoutDirection
) -> None:
    apply_theme(qapp, LIGHT)
    table = PlainTable("Runs", ("Date", "Recordings,\nofficial", "Chance", "Data"))
    table.setLayoutDirection(direction)
    table.horizontalHeader().setStretchLastSection(True)
    table.leave_out(3, 2)
    qtbot.addWidget(table)
    table.resize(900, 200)
    table.show()
    cells = (
        Cell("11/29/26 6:16 AM"),
        Cell("35.7% (14–64)", number=True),
        Cell("14.3%", number=True),
        Cell("mini-Nava"),
    )
    table.show_rows([cells])
    assert table.left_out(0) == ""
    with qtbot.waitSignal(table.left_out_changed):
        table.resize(sum(table.columnWidth(column) for column in range(3)), 200)
    assert table.left_out(0) == "Data: \u2068mini-Nava\u2069"
    table.resize(table.columnWidth(0) + table.columnWidth(1), 200)
    qtbot.waitUntil(lambda: table.left_out(0).startswith("Chance: \u206814.3%"))
    qtbot.waitUntil(lambda: table.horizontalScrollBar().maximum() == 0)
    table.resize(900, 200)
    qtbot.waitUntil(lambda: table.left_out(0) == "")
    assert table.horizontalHeader().length() == table.viewport().width()
