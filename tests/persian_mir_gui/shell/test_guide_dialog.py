"""The Persian guide runs from right to left, its code from left to right."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QTextFormat
from PySide6.QtWidgets import QApplication, QWidget

from persian_mir_gui.shell import help_dialog


def test_the_persian_guide_runs_right_to_left_and_code_does_not(
    qapp: QApplication, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(help_dialog, "language", lambda: "fa")
    parent = QWidget()
    document = help_dialog.guide_dialog(parent).text.document()
    block, directions = document.begin(), {True: set(), False: set()}
    while block.isValid():
        code = block.blockFormat().hasProperty(QTextFormat.Property.BlockCodeFence)
        directions[code].add(block.textDirection())
        block = block.next()
    assert directions == {True: {Qt.LayoutDirection.LeftToRight}, False: {Qt.LayoutDirection.RightToLeft}}
