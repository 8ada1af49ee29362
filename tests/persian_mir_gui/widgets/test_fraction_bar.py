"""The bar of some work."""

from __future__ import annotations

from pytestqt.qtbot import QtBot

from persian_mir_gui.widgets.fraction_bar import FractionBar


def test_it_fills_and_runs_to_and_fro_where_nobody_knows(qtbot: QtBot) -> None:
    bar = FractionBar()
    qtbot.addWidget(bar)
    bar.show_fraction(0.25)
    assert bar.value() == 0.25 * bar.maximum() > 0
    bar.show_fraction(None)
    assert (bar.minimum(), bar.maximum()) == (0, 0)
    bar.show_fraction(1.0)
    assert bar.value() == bar.maximum() > 0
