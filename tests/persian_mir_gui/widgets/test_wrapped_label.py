"""Where the lines of a Persian text begin."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QFont
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from persian_mir_gui.widgets.widget_factories import quiet, scaled
from persian_mir_gui.widgets.wrapped_label import WrappedLabel

LINES = 3


def beginnings(label: WrappedLabel) -> list[int]:
    """How far from the right edge the ink of each line begins, in pixels."""
    picture = label.grab().toImage()
    high = picture.height() // LINES
    dark = [
        [picture.pixelColor(x, y).lightness() < 128 for y in range(k * high, (k + 1) * high)]
        for k in range(LINES)
        for x in reversed(range(picture.width()))
    ]
    columns = [dark[k * picture.width() : (k + 1) * picture.width()] for k in range(LINES)]
    return [next(place for place, column in enumerate(line) if any(column)) for line in columns]


@pytest.mark.parametrize("side", [Qt.AlignmentFlag.AlignLeading, Qt.AlignmentFlag.AlignRight])
def test_all_lines_begin_at_the_edge(qtbot: QtBot, qapp: QApplication, side: Qt.AlignmentFlag) -> None:
    """A line that went on in the next one began one space further in."""
    label = WrappedLabel(" ".join(["ماهور"] * 2 * LINES))
    qtbot.addWidget(label)
    label.setLayoutDirection(Qt.LayoutDirection.RightToLeft)
    label.setStyleSheet("background: white; color: black;")
    label.setFont(scaled(qapp.font(), 1.7, bold=True))
    label.setAlignment(side | Qt.AlignmentFlag.AlignAbsolute if side == Qt.AlignmentFlag.AlignRight else side)
    wide = label.fontMetrics().horizontalAdvance("ماهور ماهور") + 12
    label.resize(wide, label.heightForWidth(wide))
    found = beginnings(label)
    assert max(found) - min(found) <= 1


def test_what_is_quiet_and_wraps_is_such_a_label(qtbot: QtBot) -> None:
    label = quiet("متن", wrap=True)
    qtbot.addWidget(label)
    assert isinstance(label, WrappedLabel)
    assert not isinstance(quiet("متن"), WrappedLabel)


@pytest.mark.parametrize("size", [9, 13, 26])
def test_one_line_is_as_high_in_each_script_and_in_both(qtbot: QtBot, size: int) -> None:
    label = WrappedLabel()
    qtbot.addWidget(label)
    label.setFont(QFont("Sans Serif", size))
    heights = set()
    for text in ("Heard", "شنیده", "کلید Ctrl", "۱۲ –"):
        label.setText(text)
        heights |= {label.sizeHint().height(), label.heightForWidth(2000)}
    assert len(heights) == 1


@pytest.mark.parametrize("direction", [Qt.LayoutDirection.LeftToRight, Qt.LayoutDirection.RightToLeft])
@pytest.mark.parametrize("word", ["fitted ", "آموزش "])
def test_a_line_is_no_longer_than_is_asked_however_wide_the_window(
    qtbot: QtBot, direction: Qt.LayoutDirection, word: str
) -> None:
    """A sentence of 200 letters was one line of 1600 px, whose end led to no beginning."""
    label = WrappedLabel(30 * word)
    qtbot.addWidget(label)
    label.setLayoutDirection(direction)
    label.limit_lines(40)
    label.resize(1600, label.heightForWidth(1600))
    longest = 40 * label.fontMetrics().averageCharWidth()
    picture = label.grab().toImage()
    ground = picture.pixelColor(1599 if direction == Qt.LayoutDirection.LeftToRight else 0, 0)
    rows = range(picture.height())
    inked = [x for x in range(1600) if any(picture.pixelColor(x, y) != ground for y in rows)]
    right_to_left = direction == Qt.LayoutDirection.RightToLeft
    assert inked[0] >= (1600 - longest if right_to_left else 0)
    assert inked[-1] < (1600 if right_to_left else longest + 2)  # what hangs over
    assert inked[-1] - inked[0] > 0.6 * longest
    other = WrappedLabel(30 * word)
    qtbot.addWidget(other)
    assert label.heightForWidth(1600) == other.heightForWidth(longest) > 2 * label.fontMetrics().height()
    assert label.heightForWidth(100) == other.heightForWidth(100)
    assert label.minimumSizeHint() == other.minimumSizeHint()
