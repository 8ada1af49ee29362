"""The folded profile of a known melody: what speaks for its mode, a tonic set by hand, its picture."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import QPointF, QSize, Qt
from PySide6.QtGui import QImage
from pytestqt.qtbot import QtBot

from persian_mir.modal.explanation import explain
from persian_mir.modal.reading import ModalReading, ModalSection, read_mode
from persian_mir_gui.inspector.profile_view import ProfileView
from persian_mir_gui.plots.picture_export import save_picture
from persian_mir_gui.widgets import formatting
from persian_mir_gui.widgets.theme import DARK
from persian_mir_gui.widgets.theme_source import ThemeSource
from tests.persian_mir_gui.segah import segah

pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints")


@pytest.fixture
def profile(qtbot: QtBot, reading: ModalReading, themes: ThemeSource) -> ProfileView:
    view = ProfileView(themes)
    qtbot.addWidget(view)
    view.resize(600, 220)
    view.show_reading(reading, None)
    view.show()
    return view


def test_of_several_sections_the_profile_is_of_the_one_that_is_explained(
    profile: ProfileView, reading: ModalReading
) -> None:
    whole = replace(reading, modes=reading.modes[::-1], sections=(ModalSection(0.0, 9.0, reading),))
    profile.show_reading(whole, None)
    assert profile.plot is not None
    assert profile.plot.whole is reading
    assert formatting.label_name("mode", reading.modes[0][0]) in profile.legend.text()


def hand(profile: ProfileView, cents: float) -> QPointF:
    """Where a distance from the tonic lies, half way up."""
    assert profile.plot is not None
    return QPointF(profile.plot.place(cents))


def test_what_speaks_for_the_mode_is_marked_over_its_degree(profile: ProfileView, reading: ModalReading) -> None:
    assert profile.plot is not None
    bare = profile.plot.grab().toImage()
    why = explain(reading)
    profile.show_reading(reading, None, why)
    marked = profile.plot.grab().toImage()
    places = [profile.plot.place(row.cents, 1.09) for row in why.supporting if 50 < row.cents < 1150]
    assert places
    assert all(marked.pixelColor(place) != bare.pixelColor(place) for place in places)
    free = profile.plot.place(1000, 1.09)
    assert marked.pixelColor(free) == bare.pixelColor(free)


def test_the_lines_of_the_profile_are_named(profile: ProfileView) -> None:
    assert "dashed: Segah" in profile.legend.text()
    assert profile.plot is not None
    assert "Fa +1" in profile.plot.accessibleDescription()
    assert profile.focusProxy() is profile.plot


def test_dragging_the_mark_asks_for_another_tonic(
    qtbot: QtBot, profile: ProfileView, reading: ModalReading, drag: Callable[..., None]
) -> None:
    assert reading.tonic_hz is not None
    assert profile.plot is not None
    with qtbot.waitSignal(profile.tonic_wanted) as asked:
        drag(profile.plot, hand(profile, 0), hand(profile, 153))
    degree = min(reading.degrees, key=lambda one: abs(one.cents - 150))
    assert asked.args == [pytest.approx(reading.tonic_hz * 2 ** (degree.cents / 1200))]
    with qtbot.waitSignal(profile.tonic_wanted) as asked:
        drag(profile.plot, hand(profile, 1200), hand(profile, 1100))  # away from every degree: as far as one drags
    assert asked.args == [pytest.approx(reading.tonic_hz * 2 ** (-100 / 1200), rel=0.003)]


def test_a_double_click_takes_a_peak_and_the_arrows_move_the_tonic(
    qtbot: QtBot, profile: ProfileView, reading: ModalReading
) -> None:
    assert reading.tonic_hz is not None
    assert profile.plot is not None
    with qtbot.waitSignal(profile.tonic_wanted) as asked:
        at = hand(profile, 355).toPoint()
        qtbot.mouseDClick(profile.plot.viewport(), Qt.MouseButton.LeftButton, pos=at)
    degree = min(reading.degrees, key=lambda one: abs(one.cents - 350))
    assert asked.args == [pytest.approx(reading.tonic_hz * 2 ** (degree.cents / 1200))]
    with qtbot.waitSignal(profile.tonic_wanted) as asked:
        qtbot.keyClick(profile.plot, Qt.Key.Key_Left)
    assert asked.args == [pytest.approx(reading.tonic_hz * 2 ** (-5 / 1200))]


def test_a_press_or_a_drag_away_from_the_mark_changes_nothing(
    qtbot: QtBot, profile: ProfileView, drag: Callable[..., None]
) -> None:
    assert profile.plot is not None
    seen = profile.plot.box.viewRange()
    with qtbot.assertNotEmitted(profile.tonic_wanted):
        drag(profile.plot, hand(profile, 560), hand(profile, 600))
    assert profile.plot.box.viewRange() == seen


def test_without_a_reading_the_profile_is_empty_again(profile: ProfileView) -> None:
    assert profile.plot is not None
    full = profile.plot.grab().toImage()
    profile.show_reading(None, None)
    assert profile.legend.text() == ""
    assert profile.plot.accessibleDescription() == ""
    assert profile.plot.grab().toImage() != full


@pytest.mark.parametrize("name", ["profile.png", "profile.svg"])
def test_the_profile_is_a_picture_with_its_names(profile: ProfileView, tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    profile.show_reading(profile.plot.whole if profile.plot else None, None, explain(read_mode(segah())))
    save_picture(path, QSize(600, 220), DARK.panel, "Segah", profile.paint_picture)
    if path.suffix == ".svg":
        text = path.read_text(encoding="utf-8")
        assert "dashed: Segah" in text
        assert "1200" in text
        assert "<image" not in text  # curves and marks are drawn, not pixels
    else:
        assert QImage(str(path)).size() == QSize(1200, 440)
