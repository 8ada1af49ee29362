"""All windows beside the main one are alike."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from persian_mir_gui.app import build_program, parse
from persian_mir_gui.shell.main_window import MainWindow
from persian_mir_gui.widgets.side_window import SideWindow

pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints", "does not support raise", extend=True)


@pytest.fixture
def window(qapp, qtbot: QtBot) -> Iterator[MainWindow]:
    made = build_program(qapp, parse([])).window
    qtbot.addWidget(made, before_close_func=lambda _window: None)
    made.show()
    yield made
    made.close()


def test_escape_closes_each_of_them(window: MainWindow, qtbot: QtBot) -> None:
    others = [other for other in window._others if other is not window.teacher]  # which has its own keys
    assert len(others) == 9
    for other in others:
        assert isinstance(other, SideWindow)
        assert other.foot is window.transport
        other.appear()
        other.activateWindow()
        qtbot.waitUntil(other.isActiveWindow)
        qtbot.keyClick(other, Qt.Key.Key_Escape)
        assert not other.isVisible(), other.windowTitle()
