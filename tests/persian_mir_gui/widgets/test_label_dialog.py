"""A label is chosen by typing its name."""

from __future__ import annotations

from PySide6.QtWidgets import QInputDialog, QWidget
from pytestqt.qtbot import QtBot

from persian_mir_gui.widgets.label_dialog import LEAST_WIDTH, ask_label


def test_the_dialog_is_wide_enough_for_its_title(qtbot: QtBot) -> None:
    window = QWidget()
    qtbot.addWidget(window)
    taken: list[str] = []
    ask_label(window, "Mode:", "mode", ("shour", "nava"), "", taken.append)
    dialog = window.findChild(QInputDialog)
    assert dialog is not None
    assert dialog.width() >= LEAST_WIDTH
    dialog.setTextValue("نوا")
    dialog.accept()
    assert taken == ["nava"]
