"""The small widgets that every pane is made of."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QFont
from PySide6.QtWidgets import QLineEdit, QPushButton, QSpinBox, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from persian_mir_gui.widgets.widget_factories import (
    FRAME_PX,
    GapArea,
    TurnButton,
    resize_within_screen,
    scaled,
    set_role,
    space_out,
    stand_in,
)


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


def test_a_button_that_takes_another_role_is_written_as_large_as_before(qtbot: QtBot) -> None:
    button = QPushButton("Stop")
    qtbot.addWidget(button)
    button.setStyleSheet('QPushButton[role="primary"] { font-weight: 600; }')
    set_role(button, "role", "primary")
    button.setFont(scaled(button.font(), 2.0, bold=True))
    large = button.font().pointSizeF()
    for role in ("", "", "primary"):
        set_role(button, "role", role)
        assert button.font().pointSizeF() == large


@pytest.mark.parametrize("direction", [Qt.LayoutDirection.LeftToRight, Qt.LayoutDirection.RightToLeft])
def test_what_is_scrolled_keeps_a_gap_beside_the_bar_and_without_it_none(
    direction: Qt.LayoutDirection, qtbot: QtBot
) -> None:
    inner, frame = QWidget(), QPushButton("Golha")
    space_out(QVBoxLayout(inner)).addWidget(frame)
    area = GapArea(inner, 7)
    qtbot.addWidget(area)
    area.setLayoutDirection(direction)
    area.resize(300, 200)
    with qtbot.waitExposed(area):
        area.show()
    assert frame.width() == area.width()
    frame.setMinimumHeight(500)
    qtbot.waitUntil(lambda: frame.width() == area.viewport().width() - 7)
    bar_at_left = direction == Qt.LayoutDirection.RightToLeft
    assert frame.x() == (7 if bar_at_left else 0)
    frame.setMinimumHeight(20)
    qtbot.waitUntil(lambda: frame.width() == area.width())


def _inked(line: QLineEdit) -> list[int]:
    """The columns in which something is written."""
    picture = line.grab().toImage()
    grounds = [picture.pixelColor(x, 2) for x in range(picture.width())]
    rows = range(6, picture.height() - 6)
    return [x for x in range(6, picture.width() - 6) if any(picture.pixelColor(x, y) != grounds[x] for y in rows)]


def test_a_button_that_begins_and_ends_is_always_as_wide(qtbot: QtBot) -> None:
    """ "Listen" became "Stop listening", and the button beside it moved under the pointer."""
    button, plain = TurnButton("Go", "Stop listening"), QPushButton("Stop listening")
    qtbot.addWidget(button)
    qtbot.addWidget(plain)
    widths = set()
    for text, role in (("Go", "primary"), ("Stop listening", ""), ("Go", "")):
        button.setText(text)
        button.setFont(scaled(button.font(), 1.0, bold=role == "primary"))
        widths |= {button.sizeHint().width(), button.minimumSizeHint().width()}
    assert len(widths) == 1
    assert widths.pop() >= plain.sizeHint().width()


@pytest.mark.parametrize("pixels", [12, 31, 60])
def test_such_a_button_has_room_for_large_type_in_pixels_too(qtbot: QtBot, pixels: int) -> None:
    """On the teacher's screen "Reveal" and "Play" were cut on all sides."""
    button, plain = TurnButton("Hide", "Reveal"), QPushButton("Hide")
    font = QFont()
    font.setPixelSize(pixels)
    for one in (button, plain):
        qtbot.addWidget(one)
        one.setFont(font)
    assert button.sizeHint().height() >= plain.sizeHint().height()
    assert button.sizeHint().width() >= plain.sizeHint().width()


@pytest.mark.parametrize("direction", [Qt.LayoutDirection.LeftToRight, Qt.LayoutDirection.RightToLeft])
def test_a_form_grows_no_wider_than_is_asked_and_stays_where_reading_begins(
    direction: Qt.LayoutDirection, qtbot: QtBot
) -> None:
    """On a large screen its fields reached from edge to edge, far from what they are called."""
    inner = QWidget()
    area = GapArea(inner, 8, 400)
    area.setLayoutDirection(direction)
    qtbot.addWidget(area)
    area.resize(1000, 300)
    area.show()
    assert inner.width() == 400
    corner = inner.mapTo(area, QPoint(0, 0))
    assert corner.y() == 0
    assert corner.x() == (0 if direction == Qt.LayoutDirection.LeftToRight else 600)
    area.resize(300, 300)
    assert inner.width() == 300
