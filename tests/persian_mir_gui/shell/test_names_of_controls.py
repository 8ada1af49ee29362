"""Whoever hears the screen, or points at a picture, learns what each control does."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractSlider,
    QAbstractSpinBox,
    QComboBox,
    QLabel,
    QLineEdit,
    QPlainTextEdit,
    QScrollBar,
    QWidget,
)
from pytestqt.qtbot import QtBot

from persian_mir_gui.app import build_program, parse
from persian_mir_gui.shell.main_window import MainWindow

pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints", "does not support raise", extend=True)
CONTROLS = (QAbstractButton, QAbstractSlider, QAbstractSpinBox, QComboBox, QLineEdit, QPlainTextEdit)


@pytest.fixture
def window(qapp, qtbot: QtBot) -> Iterator[MainWindow]:
    program = build_program(qapp, parse([]))
    made = program.window
    made.services = program.services  # for the tests alone
    qtbot.addWidget(made, before_close_func=lambda _window: None)
    for other in (made.trainer, made.teacher, made.live):
        other.appear()
    qtbot.waitUntil(lambda: not made.services.io.jobs)
    made.review.retrain.setText("Retrain with 1 correction")  # as it says when there are any; hidden until then
    yield made
    made.close()


def controls(window: QWidget) -> Iterator[QWidget]:
    """All that can be acted on or reached by Tab, without the parts that Qt puts into its own widgets."""
    for widget in window.findChildren(QWidget):
        inner = isinstance(widget.parentWidget(), QComboBox | QAbstractSpinBox | QLineEdit)
        of_qt = widget.objectName().startswith("qt_") or isinstance(widget, QScrollBar)
        in_list = type(widget.parentWidget()).__name__ == "QFrame" and type(widget).__name__ == "QListView"
        reached = bool(widget.focusPolicy() & Qt.FocusPolicy.TabFocus) and widget.focusProxy() is None
        if (isinstance(widget, CONTROLS) or reached) and not (inner or of_qt or in_list):
            yield widget


def said(widget: QWidget) -> str:
    text = widget.text() if isinstance(widget, QAbstractButton | QLabel) else ""
    return text or widget.accessibleName()


def test_every_control_has_a_name(window: MainWindow) -> None:
    found = list(controls(window))
    assert len(found) > 120
    nameless = [f"{type(one).__name__} in {type(one.parentWidget()).__name__}" for one in found if not said(one)]
    assert nameless == []


def test_what_shows_a_picture_only_has_a_tooltip(window: MainWindow) -> None:
    bare = [
        one.accessibleName()
        for one in controls(window)
        if isinstance(one, QAbstractButton | QAbstractSlider | QAbstractSpinBox)
        and not (isinstance(one, QAbstractButton) and one.text())
        and not one.toolTip()
    ]
    assert bare == []
