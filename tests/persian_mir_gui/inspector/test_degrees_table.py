"""The table of degrees beside theory."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from persian_mir.modal.reading import ModalReading
from persian_mir_gui.inspector.degrees_table import DegreesTable, cells


def test_the_table_shows_what_was_played_beside_theory(qtbot: QtBot, reading: ModalReading) -> None:
    table = DegreesTable()
    qtbot.addWidget(table)
    table.show_reading(reading)
    assert table.rowCount() == len(table.degrees) >= 5
    second = min(reading.degrees, key=lambda one: abs(one.cents - 150))
    row = cells(second)
    assert row[0] == "Fa"
    assert row[2] == row[4] == "150"
    with qtbot.waitSignal(table.listen_wanted) as asked:
        table.setCurrentCell(1, 0)
        QTest.keyClick(table, Qt.Key.Key_Return)
    assert asked.args == [pytest.approx(table.degrees[1].cents)]
