"""Curves over epochs."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from persian_mir_gui.plots.epoch_curves import Curve, CurvePlot, ticks
from persian_mir_gui.widgets.theme import DARK
from persian_mir_gui.widgets.theme_source import ThemeSource

pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints", "does not support raise", extend=True)


@given(st.floats(-1e6, 1e6), st.floats(1e-6, 1e6), st.integers(2, 12))
def test_ticks_are_within_and_not_too_many(low: float, span: float, count: int) -> None:
    high = low + span
    marks = ticks(low, high, count)
    assert len(marks) <= count + 1
    slack = 1e-6 * span + 1e-9 * max(abs(low), abs(high))
    assert all(low - slack <= mark <= high + slack for mark in marks)
    assert marks == sorted(marks)


def test_values_are_read_with_the_keyboard(qtbot: QtBot, themes: ThemeSource) -> None:
    plot = CurvePlot("Loss", themes)
    qtbot.addWidget(plot)
    plot.show_curves((Curve("dev", DARK.accent, ((1, 2.0), (2, 1.0), (3, 0.5))),), 10)
    assert plot.accessibleDescription() == "dev 0.5"
    qtbot.keyClick(plot, Qt.Key.Key_Left)
    assert plot.accessibleDescription() == "dev 1"
    for _press in range(20):
        qtbot.keyClick(plot, Qt.Key.Key_Left)
    assert plot.accessibleDescription() == "dev 2"


@pytest.mark.parametrize("points", [(), ((1, 0.0),), ((1, 1e30), (2, -1e30)), ((1, 0.5), (100_000, 0.5))])
def test_any_curve_can_be_painted(qtbot: QtBot, points: tuple[tuple[float, float], ...], themes: ThemeSource) -> None:
    plot = CurvePlot("Loss", themes)
    qtbot.addWidget(plot)
    plot.resize(300, 120)
    plot.show_curves((), int(points[-1][0]) if points else 0)
    empty = plot.grab().toImage()
    plot.show_curves((Curve("dev", DARK.accent, points),))
    assert (plot.grab().toImage() != empty) == bool(points)
