"""The small widgets that every pane is made of."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from persian_mir_gui.widgets.widget_factories import FRAME_PX, resize_within_screen


def test_a_window_is_never_larger_than_the_screen_with_its_title_bar(qtbot: QtBot) -> None:
    window = QWidget()
    qtbot.addWidget(window)
    room = window.screen().availableSize()
    resize_within_screen(window, 5000, 5000)
    assert (window.width(), window.height()) == (room.width(), room.height() - FRAME_PX)
    resize_within_screen(window, 300, 200)
    assert (window.width(), window.height()) == (300, 200)
