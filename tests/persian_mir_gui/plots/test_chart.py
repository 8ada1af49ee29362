"""Frames side by side lie inside what holds them, whichever way is read."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QFrame
from pytestqt.qtbot import QtBot

from persian_mir_gui.plots.chart import framed, side_by_side


@pytest.fixture(params=["en", "fa"])
def direction(request: pytest.FixtureRequest, qapp: QApplication) -> Iterator[None]:
    ways = {"en": Qt.LayoutDirection.LeftToRight, "fa": Qt.LayoutDirection.RightToLeft}
    qapp.setLayoutDirection(ways[request.param])
    yield
    qapp.setLayoutDirection(Qt.LayoutDirection.LeftToRight)


@pytest.mark.usefixtures("direction")
@pytest.mark.parametrize("width", [700, 701, 1200])
def test_no_border_is_cut_off(qtbot: QtBot, width: int) -> None:
    splitter = side_by_side(Qt.Orientation.Horizontal)
    qtbot.addWidget(splitter)
    for _number in range(2):
        splitter.addWidget(framed(QFrame()))
    splitter.resize(width, 200)
    splitter.show()
    assert all(splitter.rect().contains(splitter.widget(place).geometry()) for place in range(2))
