"""The small widgets that every pane is made of."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLineEdit, QSpinBox, QWidget
from pytestqt.qtbot import QtBot

from persian_mir_gui.widgets.widget_factories import FRAME_PX, resize_within_screen, stand_in


def test_a_window_is_never_larger_than_the_screen_with_its_title_bar(qtbot: QtBot) -> None:
    window = QWidget()
    qtbot.addWidget(window)
    room = window.screen().availableSize()
    resize_within_screen(window, 5000, 5000)
    assert (window.width(), window.height()) == (room.width(), room.height() - FRAME_PX)
    resize_within_screen(window, 300, 200)
    assert (window.width(), window.height()) == (300, 200)


@pytest.mark.parametrize("direction", [Qt.LayoutDirection.LeftToRight, Qt.LayoutDirection.RightToLeft])
def test_a_number_begins_where_reading_begins_whatever_it_is_followed_by(
    direction: Qt.LayoutDirection, qtbot: QtBot
) -> None:
    rtl = direction == Qt.LayoutDirection.RightToLeft
    for suffix in ("", " ثانیه", " s"):
        spin = QSpinBox(suffix=suffix)
        qtbot.addWidget(spin)
        spin.setLayoutDirection(direction)
        spin.resize(300, 32)
        stand_in(spin)
        inked = _inked(spin.lineEdit())
        middle = spin.lineEdit().width() / 2
        assert min(inked) > middle if rtl else max(inked) < middle


def _inked(line: QLineEdit) -> list[int]:
    """The columns in which something is written."""
    picture = line.grab().toImage()
    grounds = [picture.pixelColor(x, 2) for x in range(picture.width())]
    rows = range(6, picture.height() - 6)
    return [x for x in range(6, picture.width() - 6) if any(picture.pixelColor(x, y) != grounds[x] for y in rows)]
