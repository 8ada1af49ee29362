"""Curves over epochs."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QImage, QPainter
from pytestqt.qtbot import QtBot

from persian_mir_gui.plots.epoch_curves import Curve, CurvePlot, charted
from persian_mir_gui.widgets.theme import DARK
from persian_mir_gui.widgets.theme_source import ThemeSource

pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints", "does not support raise", extend=True)


@pytest.fixture
def plot(qtbot: QtBot) -> CurvePlot:
    made = CurvePlot("Loss", ThemeSource(DARK))
    qtbot.addWidget(made)
    made.resize(400, 150)
    made.show()
    return made


def falling(name: str = "dev") -> Curve:
    return Curve(name, DARK.accent, ((1, 2.0), (2, 1.0), (3, 0.5)))


def test_values_are_read_with_the_keyboard(plot: CurvePlot, qtbot: QtBot) -> None:
    plot.show_curves((falling(),), 10)
    assert plot.accessibleDescription() == "dev 0.5"
    qtbot.keyClick(plot, Qt.Key.Key_Left)
    assert plot.accessibleDescription() == "dev 1"
    for _press in range(20):
        qtbot.keyClick(plot, Qt.Key.Key_Left)
    assert plot.accessibleDescription() == "dev 2"


def test_values_are_read_under_the_pointer(plot: CurvePlot, drag: Callable[..., None]) -> None:
    plot.show_curves((falling(),), 3)
    middle = plot.box.sceneBoundingRect().center()
    drag(plot, middle - QPointF(90, 0), middle, button=Qt.MouseButton.NoButton)
    assert plot.accessibleDescription() == "dev 1"


def test_a_drag_moves_the_epochs_and_a_double_click_shows_all(
    plot: CurvePlot, drag: Callable[..., None], qtbot: QtBot
) -> None:
    plot.show_curves((falling(),), 100)
    plot.box.setXRange(10, 20, padding=0)
    middle = plot.box.sceneBoundingRect().center()
    drag(plot, middle, middle + QPointF(plot.box.width() / 4, 0))
    assert plot.box.viewRange()[0] == pytest.approx([7.5, 17.5], abs=0.3)
    qtbot.mouseDClick(plot.viewport(), Qt.MouseButton.LeftButton, pos=middle.toPoint())
    assert plot.box.viewRange()[0] == pytest.approx([1, 100])


def test_the_chart_names_its_lines_whatever_they_are_called(qtbot: QtBot) -> None:
    plot = CurvePlot("Loss", ThemeSource(DARK))
    chart = charted(plot)
    qtbot.addWidget(chart)
    plot.show_curves((falling("<b>dev</b>"),))
    assert "\u2068&lt;b&gt;dev&lt;/b&gt;\u2069&nbsp;\u20680.5\u2069" in chart.legend.text()
    assert DARK.accent.name() in chart.legend.text()


def test_what_one_has_zoomed_to_stays_while_epochs_come(plot: CurvePlot, qtbot: QtBot) -> None:
    plot.show_curves((falling(),), 100)
    plot.box.setXRange(10, 20, padding=0)
    plot.box.sigRangeChangedManually.emit((True, False))  # as after a turn of the wheel
    plot.show_curves((falling(),), 100)
    assert plot.box.viewRange()[0] == pytest.approx([10, 20])
    qtbot.keyClick(plot, Qt.Key.Key_F)
    assert plot.box.viewRange()[0] == pytest.approx([1, 100])


def test_epochs_are_whole_numbers(plot: CurvePlot) -> None:
    plot.show_curves((falling(),), 3)
    levels = plot.axes["bottom"].tickSpacing(1.0, 3.0, 400.0)
    assert [step for step, _start in levels] == [1.0]


@pytest.mark.parametrize("points", [(), ((1, 0.0),), ((1, 1e30), (2, -1e30)), ((1, 0.5), (100_000, 0.5))])
def test_any_curve_can_be_painted(plot: CurvePlot, points: tuple[tuple[float, float], ...]) -> None:
    plot.show_curves((), int(points[-1][0]) if points else 0)
    empty = plot.grab().toImage()
    plot.show_curves((Curve("dev", DARK.accent, points),))
    assert (plot.grab().toImage() != empty) == bool(points)


def test_without_a_curve_there_are_words_and_no_numbers(plot: CurvePlot) -> None:
    plot.show_curves((), 10, "It was interrupted.")
    assert plot.nothing.isVisible()
    assert [axis.opacity() for axis in plot.axes.values()] == [0.0, 0.0]
    plot.show_curves((falling(),), 10, "It was interrupted.")
    assert not plot.nothing.isVisible()
    assert [axis.opacity() for axis in plot.axes.values()] == [1.0, 1.0]


def test_the_ends_of_both_axes_are_numbered_in_a_low_plot(qtbot: QtBot) -> None:
    plot = CurvePlot("Accuracy", ThemeSource(DARK), shares=True)
    qtbot.addWidget(plot)
    plot.resize(240, 80)
    plot.show()
    plot.show_curves((Curve("", DARK.accent, ((1, 0.5), (60, 0.6))),), 60)
    image = QImage(1, 1, QImage.Format.Format_ARGB32)
    painter = QPainter(image)
    texts = {
        side: [text for _rect, _flags, text in axis.generateDrawSpecs(painter)[2]] for side, axis in plot.axes.items()
    }
    painter.end()
    assert {"0%", "100%"} <= set(texts["left"])
    assert "60" in texts["bottom"]


def test_the_legend_of_dates_is_read_in_order_and_not_broken(qtbot: QtBot) -> None:
    plot = CurvePlot("Loss", ThemeSource(DARK))
    chart = charted(plot)
    qtbot.addWidget(chart)
    plot.show_curves((falling("9:57\u202fPM"),))
    assert "\u20689:57&nbsp;PM\u2069&nbsp;\u20680.5\u2069" in chart.legend.text()
    chart.legend.setLayoutDirection(Qt.LayoutDirection.RightToLeft)
    plot.show_curves((falling(""),))
    assert chart.legend.text().startswith("\u200f")  # else numbers alone stand at the other side of the line
