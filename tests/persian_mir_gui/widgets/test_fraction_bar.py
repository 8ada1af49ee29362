"""The bar of some work."""

from __future__ import annotations

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from persian_mir_gui.widgets.fraction_bar import FractionBar
from persian_mir_gui.widgets.theme import DARK, LIGHT, Theme, apply_theme, contrast


def test_it_fills_and_runs_to_and_fro_where_nobody_knows(qtbot: QtBot) -> None:
    bar = FractionBar()
    qtbot.addWidget(bar)
    bar.show_fraction(0.25)
    assert bar.value() == 0.25 * bar.maximum() > 0
    bar.show_fraction(None)
    assert (bar.minimum(), bar.maximum()) == (0, 0)
    bar.show_fraction(1.0)
    assert bar.value() == bar.maximum() > 0


@pytest.mark.parametrize("theme", [LIGHT, DARK])
@pytest.mark.parametrize("ground", ["background", "panel"])
def test_one_sees_how_long_an_empty_bar_is(qtbot: QtBot, qapp: QApplication, theme: Theme, ground: str) -> None:
    """In light colours what was not done yet was as light as what is around it, and a share of nothing seen."""
    apply_theme(qapp, theme)
    bar = FractionBar()
    qtbot.addWidget(bar)
    bar.resize(200, 5)
    bar.show_fraction(0.0)
    track = bar.grab().toImage().pixelColor(100, 2)
    assert contrast(track, getattr(theme, ground)) > 1.2
