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
    text = help_dialog.guide_dialog(parent).text
    document = text.document()
    block = document.begin()
    directions: dict[bool, set[Qt.LayoutDirection]] = {True: set(), False: set()}
    while block.isValid():
        code = block.blockFormat().hasProperty(QTextFormat.Property.BlockCodeFence)
        directions[code].add(block.textDirection())
        block = block.next()
    assert directions == {True: {Qt.LayoutDirection.LeftToRight}, False: {Qt.LayoutDirection.RightToLeft}}


@pytest.mark.parametrize("language", ["en", "fa"])
def test_no_line_of_the_guide_is_cut(qapp: QApplication, monkeypatch: pytest.MonkeyPatch, language: str) -> None:
    monkeypatch.setattr(help_dialog, "language", lambda: language)
    parent = QWidget()
    dialog = help_dialog.guide_dialog(parent)
    dialog.show()
    qapp.processEvents()
    assert dialog.text.horizontalScrollBar().maximum() == 0


def test_an_option_within_persian_words_is_not_turned_round(
    qapp: QApplication, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(help_dialog, "language", lambda: "fa")
    parent = QWidget()
    assert "\u2066--modal-window\u2069" in help_dialog.guide_dialog(parent).text.toPlainText()


@pytest.mark.parametrize(("direction", "first"), [("LeftToRight", "Qt 6"), ("RightToLeft", "LGPL")])
def test_the_columns_of_a_page_change_sides(monkeypatch: pytest.MonkeyPatch, direction: str, first: str) -> None:
    monkeypatch.setattr(
        help_dialog.QGuiApplication, "layoutDirection", lambda: getattr(Qt.LayoutDirection, direction)
    )  # Qt's tables run from left to right in both
    page = help_dialog.about_page()
    assert page[page.index("<td") :].split(">", 1)[1].startswith(first)
