"""A heading that folds what is below it away."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QPushButton
from pytestqt.qtbot import QtBot

from persian_mir_gui.widgets.fold import Fold


def test_the_sign_of_what_is_folded_points_where_reading_goes(qtbot: QtBot) -> None:
    fold = Fold("More", QLabel(), opened=False)
    qtbot.addWidget(fold)
    button = fold.findChild(QPushButton)
    assert button is not None
    assert button.text() == "More  ▸"
    fold.setLayoutDirection(Qt.LayoutDirection.RightToLeft)
    fold.set_title("More")
    assert button.text() == "More  ◂"
    button.click()
    assert button.text() == "More  ▾"
