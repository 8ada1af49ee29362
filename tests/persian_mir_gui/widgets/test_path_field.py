"""Where a path is written and read."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLineEdit, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from persian_mir_gui.widgets.path_field import PathField

PATH = "/music/of/many/years/and/of/many/people/گلها/2026"


@pytest.fixture
def around(qtbot: QtBot) -> QWidget:
    made = QWidget()
    qtbot.addWidget(made)
    return made


@pytest.fixture
def field(qtbot: QtBot, around: QWidget) -> PathField:
    """In a Persian window."""
    around.setLayoutDirection(Qt.LayoutDirection.RightToLeft)
    made, other = PathField(), QLineEdit()
    column = QVBoxLayout(around)
    column.addWidget(other)  # which has the keyboard
    column.addWidget(made)
    around.resize(200, 100)
    with qtbot.waitExposed(around):
        around.show()
    return made


def test_a_path_is_shown_from_its_first_slash_in_both_languages(field: PathField) -> None:
    field.show_path(PATH)
    assert field.layoutDirection() == Qt.LayoutDirection.LeftToRight
    assert field.cursorPosition() == 0


def test_a_long_path_is_cut_in_its_middle_and_a_tip_tells_the_whole(qtbot: QtBot, field: PathField) -> None:
    field.setToolTip("Folder for the results")
    field.show_path(PATH)
    first, _dots, last = field.shown_text().partition("…")
    assert 3 < len(first) < len(PATH)
    assert PATH.startswith(first)
    assert 3 < len(last) < len(PATH)
    assert PATH.endswith(last)
    assert field.text() == PATH
    assert field.tip().replace("\u200b", "") == f"Folder for the results\n\u2066{PATH}\u2069"
    field.show_path("/music")
    assert (field.shown_text(), field.tip()) == ("/music", "Folder for the results")


def test_it_is_whole_while_it_is_written(qtbot: QtBot, field: PathField) -> None:
    field.show_path(PATH)
    field.setFocus()
    qtbot.waitUntil(field.hasFocus)
    assert field.shown_text() == PATH


@pytest.mark.parametrize("clear", [False, True])
def test_what_is_cut_is_painted_as_qt_paints_what_fits(qtbot: QtBot, field: PathField, clear: bool) -> None:
    field.setClearButtonEnabled(clear)
    field.show_path(PATH)
    plain = QLineEdit(field.shown_text(), field.parentWidget())
    plain.setClearButtonEnabled(clear)
    plain.setLayoutDirection(Qt.LayoutDirection.LeftToRight)
    plain.setGeometry(field.geometry())
    plain.show()
    plain.setCursorPosition(0)
    assert inked(field) == inked(plain)


def inked(field: QLineEdit) -> set[tuple[int, int]]:
    """Where something is written, a button at the end left out."""
    picture = field.grab().toImage()
    ground = picture.pixelColor(picture.width() // 2, 3)
    places = ((x, y) for x in range(4, picture.width() - 30) for y in range(6, picture.height() - 6))
    return {place for place in places if picture.pixelColor(*place).lightness() < ground.lightness() // 2}
