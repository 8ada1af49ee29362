"""The plain table."""

from __future__ import annotations

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from persian_mir_gui.widgets.table import Cell, PlainTable
from persian_mir_gui.widgets.theme import LIGHT, apply_theme


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
