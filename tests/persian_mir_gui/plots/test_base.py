"""What every plot has in common."""

from __future__ import annotations

from collections.abc import Iterator

import pyqtgraph as pg
import pytest
from PySide6.QtCore import QLocale, QPoint, QPointF, Qt
from PySide6.QtGui import QImage, QPainter, QWheelEvent
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from persian_mir_gui.plots.base import NumberAxis, Plot
from persian_mir_gui.widgets.theme import DARK, LIGHT
from persian_mir_gui.widgets.theme_source import ThemeSource

pytestmark = pytest.mark.qt_log_ignore("not accepted by receiving widget", extend=True)  # nor need it be


@pytest.fixture
def persian(qapp: QApplication) -> Iterator[None]:
    before = QLocale()
    QLocale.setDefault(QLocale("fa"))
    qapp.setLayoutDirection(Qt.LayoutDirection.RightToLeft)
    yield
    QLocale.setDefault(before)
    qapp.setLayoutDirection(Qt.LayoutDirection.LeftToRight)


def made(qtbot: QtBot, themes: ThemeSource | None = None) -> Plot:
    plot = Plot("Loudness", themes or ThemeSource(DARK), NumberAxis("left"), NumberAxis("bottom"))
    qtbot.addWidget(plot)
    plot.resize(400, 200)
    plot.box.setRange(xRange=(0, 10), yRange=(0, 1))
    plot.show()
    qtbot.waitExposed(plot)
    return plot


def test_it_has_a_name_to_be_heard(qtbot: QtBot) -> None:
    assert made(qtbot).accessibleName() == "Loudness"


@pytest.mark.usefixtures("persian")
def test_in_persian_the_axis_stays_left_and_its_digits_are_persian(qtbot: QtBot) -> None:
    plot = made(qtbot)
    plot.grab()
    left, box = plot.axes["left"].geometry(), plot.box.geometry()
    assert 0 <= left.left() < left.right() <= box.left()
    assert box.right() > 390
    assert plot.axes["bottom"].tickStrings([0.0, 5.0], 1.0, 5.0) == ["۰", "۵"]


def test_it_offers_no_menu_no_buttons_and_leaves_the_keys_alone(qtbot: QtBot) -> None:
    plot = made(qtbot)
    assert plot.box.menu is None
    assert not plot.acceptDrops()
    assert not plot.viewport().acceptDrops()  # files are dropped on the window
    assert not [item for item in plot.scene().items() if isinstance(item, pg.ButtonItem)]
    qtbot.mouseClick(plot.viewport(), Qt.MouseButton.LeftButton, pos=QPoint(200, 80))
    assert plot.scene().focusItem() is None


def test_dragging_and_turning_the_wheel_leaves_the_range_alone(qtbot: QtBot) -> None:
    plot = made(qtbot)
    before = plot.box.viewRange()
    qtbot.mousePress(plot.viewport(), Qt.MouseButton.LeftButton, pos=QPoint(200, 80))
    qtbot.mouseMove(plot.viewport(), QPoint(250, 90))
    qtbot.mouseRelease(plot.viewport(), Qt.MouseButton.LeftButton, pos=QPoint(300, 90))
    assert plot.box.viewRange() == before


def test_another_theme_colours_ground_and_axes(qtbot: QtBot) -> None:
    themes = ThemeSource(DARK)
    plot = made(qtbot, themes)
    assert plot.grab().toImage().pixelColor(200, 20) == DARK.panel
    themes.set(LIGHT)
    assert plot.grab().toImage().pixelColor(200, 20) == LIGHT.panel
    assert plot.axes["left"].textPen().color() == LIGHT.text_dim


def test_it_is_painted_into_a_picture_as_it_is_seen(qtbot: QtBot) -> None:
    plot = made(qtbot)
    plot.box.addItem(pg.PlotCurveItem([0, 10], [0, 1], pen=pg.mkPen("r", width=3)))
    image = QImage(plot.size(), QImage.Format.Format_RGB32)
    painter = QPainter(image)
    plot.paint_picture(painter)
    painter.end()
    assert image == plot.grab().toImage().convertToFormat(image.format())


@pytest.mark.parametrize("zooms", [False, True])
def test_the_wheel_scrolls_on_over_a_plot_that_it_does_not_zoom(qtbot: QtBot, zooms: bool) -> None:
    """The pane of details stood still as soon as the profile came under the pointer: its hidden bar took the wheel."""
    plot = made(qtbot)
    plot.verticalScrollBar().setRange(0, 100)
    plot.box.setMouseEnabled(x=zooms, y=False)
    middle = QPointF(200, 90)
    turn = QWheelEvent(
        middle, plot.viewport().mapToGlobal(middle), QPoint(), QPoint(0, -120), Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier, Qt.ScrollPhase.NoScrollPhase, False,
    )  # fmt: skip
    QApplication.sendEvent(plot.viewport(), turn)
    assert turn.isAccepted() is zooms  # what is not accepted goes on to what the plot stands in
