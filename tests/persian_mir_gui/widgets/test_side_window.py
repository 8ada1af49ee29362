"""The windows beside the main one: alike in their keys, and out of the way of the transport."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QRect, Qt
from PySide6.QtWidgets import QLineEdit, QVBoxLayout
from pytestqt.qtbot import QtBot

from persian_mir_gui.widgets.side_window import SideWindow, place_beside

pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints", "does not support raise", extend=True)

SCREEN = QRect(0, 0, 1920, 1080)


@pytest.fixture
def window(qtbot: QtBot) -> SideWindow:
    made = SideWindow()
    QVBoxLayout(made).addWidget(QLineEdit())
    qtbot.addWidget(made)
    made.come_forward()
    made.activateWindow()
    qtbot.waitUntil(made.isActiveWindow)
    return made


def test_escape_closes_it_also_from_a_field(window: SideWindow, qtbot: QtBot) -> None:
    field = window.findChild(QLineEdit)
    field.setFocus()
    qtbot.keyClick(field, Qt.Key.Key_Escape)
    assert not window.isVisible()


def test_f11_fills_the_screen_and_escape_gives_it_back_before_it_closes(window: SideWindow, qtbot: QtBot) -> None:
    qtbot.keyClick(window, Qt.Key.Key_F11)
    assert window.isFullScreen()
    qtbot.keyClick(window, Qt.Key.Key_F11)
    assert not window.isFullScreen()
    qtbot.keyClick(window, Qt.Key.Key_F11)
    qtbot.keyClick(window, Qt.Key.Key_Escape)
    assert not window.isFullScreen()
    assert window.isVisible()
    qtbot.keyClick(window, Qt.Key.Key_Escape)
    assert not window.isVisible()


@pytest.mark.parametrize(
    ("whole", "width", "height"),
    [
        (QRect(0, 0, 1920, 1080), 900, 680),  # it fills the screen
        (QRect(300, 200, 1200, 800), 900, 680),
        (QRect(0, 0, 1366, 728), 820, 640),
        (QRect(1200, 0, 700, 500), 820, 640),  # a low one: below it is room
    ],
)
def test_it_hides_nothing_of_the_foot(whole: QRect, width: int, height: int) -> None:
    foot = QRect(whole.left(), whole.bottom() - 59, whole.width(), 60)
    if whole.height() == 500:
        height = 500
    place = QRect(place_beside(foot, whole, SCREEN, width, height), QRect(0, 0, width, height).size())
    assert not place.intersects(foot)
    assert SCREEN.contains(place)


def test_where_there_is_no_room_it_is_wholly_on_the_screen() -> None:
    small = QRect(0, 0, 1024, 600)
    place = place_beside(QRect(0, 540, 1024, 60), small, small, 900, 600)
    assert (place.x(), place.y()) == (61, 0)
