"""Points on a map whose places are known, by mouse and by keyboard."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QPoint, QPointF, Qt
from pytestqt.qtbot import QtBot

from persian_mir_gui.plots.point_marks import COLOURS, SHAPES, mark_of
from persian_mir_gui.plots.point_scatter import PointScatter, nearest, neighbour
from persian_mir_gui.widgets.theme import DARK, LIGHT
from persian_mir_gui.widgets.theme_source import ThemeSource

pytestmark = pytest.mark.qt_log_ignore("not accepted by receiving widget", extend=True)

PLACES = np.array([[0.0, 0.0], [1.0, 0.0], [0.0, 1.0], [1.0, 1.0], [0.5, 0.5]])
Drag = Callable[..., None]


@pytest.fixture
def scatter(qtbot: QtBot) -> PointScatter:
    made = PointScatter("Map", ThemeSource(DARK))
    qtbot.addWidget(made)
    made.resize(500, 400)
    made.show()
    marks = [mark_of(DARK, "artist", str(k), k) for k in range(3)]
    made.show_points(PLACES, np.array([0, 0, 1, 1, 2]), marks, "point {}".format, anew=True)
    return made


def pixel(scatter: PointScatter, point: int) -> QPoint:
    return scatter.mapFromScene(scatter.place(point))


def test_all_of_it_is_seen_at_first_and_left_is_left(scatter: PointScatter) -> None:
    scatter.setLayoutDirection(Qt.LayoutDirection.RightToLeft)
    places = [pixel(scatter, point) for point in range(5)]
    assert all(scatter.rect().contains(place) for place in places)
    assert places[0].x() < places[1].x()
    assert places[2].y() < places[0].y()


def test_a_press_means_the_point_under_it(scatter: PointScatter, qtbot: QtBot) -> None:
    with qtbot.waitSignal(scatter.play_wanted) as asked:
        qtbot.mouseClick(scatter.viewport(), Qt.MouseButton.LeftButton, pos=pixel(scatter, 3) + QPoint(4, 3))
    assert asked.args == [3]
    assert scatter.accessibleDescription() == "point 3"
    with qtbot.assertNotEmitted(scatter.play_wanted):
        qtbot.mouseClick(scatter.viewport(), Qt.MouseButton.LeftButton, pos=pixel(scatter, 3) + QPoint(-60, 60))


def test_a_frame_holds_the_points_in_it(scatter: PointScatter, drag: Drag, qtbot: QtBot) -> None:
    start, stop = pixel(scatter, 2) - QPoint(9, 9), pixel(scatter, 4) + QPoint(9, 9)
    with qtbot.waitSignal(scatter.framed) as asked:
        drag(scatter, QPointF(start), QPointF(stop))
    assert asked.args[0].tolist() == [2, 4]
    assert pixel(scatter, 2) - QPoint(9, 9) == start  # the map itself has not moved


def test_the_other_button_moves_the_map(scatter: PointScatter, drag: Drag) -> None:
    before = pixel(scatter, 4)
    drag(scatter, QPointF(200, 200), QPointF(260, 230), button=Qt.MouseButton.RightButton)
    moved = pixel(scatter, 4) - before
    assert (moved - QPoint(60, 30)).manhattanLength() <= 2


def test_zooming_leads_near_and_f_shows_all_again(scatter: PointScatter, qtbot: QtBot) -> None:
    wide = pixel(scatter, 1).x() - pixel(scatter, 0).x()
    scatter.zoom(4.0)
    assert pixel(scatter, 1).x() - pixel(scatter, 0).x() == pytest.approx(4 * wide, abs=4)
    qtbot.keyClick(scatter, Qt.Key.Key_F)
    assert pixel(scatter, 1).x() - pixel(scatter, 0).x() == wide


def test_arrows_walk_and_enter_plays(scatter: PointScatter, qtbot: QtBot) -> None:
    qtbot.keyClick(scatter, Qt.Key.Key_Right)
    assert scatter.current == 4  # the middle first
    scatter.set_current(0)
    for key, point in ((Qt.Key.Key_Right, 1), (Qt.Key.Key_Up, 3), (Qt.Key.Key_Left, 2), (Qt.Key.Key_Down, 0)):
        qtbot.keyClick(scatter, key)
        assert scatter.current == point
    with qtbot.waitSignal(scatter.play_wanted) as asked:
        qtbot.keyClick(scatter, Qt.Key.Key_Return)
    assert asked.args == [0]


def test_what_is_hidden_is_neither_seen_nor_meant(scatter: PointScatter) -> None:
    place = scatter.place(3)
    assert scatter.point_at(place) == 3
    seen = scatter.grab().toImage()
    scatter.hide_groups(frozenset({1}))
    assert scatter.shown.tolist() == [True, True, False, False, True]
    assert scatter.point_at(place) is None
    assert scatter.grab().toImage() != seen


def test_the_point_that_is_meant_and_the_one_heard_are_ringed(scatter: PointScatter) -> None:
    bare = scatter.grab().toImage()
    scatter.set_current(4)
    ringed = scatter.grab().toImage()
    assert ringed != bare
    scatter.set_playing(4)
    assert scatter.grab().toImage() != ringed


def test_marks_differ_by_colour_or_shape() -> None:
    count = len(COLOURS) * len(SHAPES)
    marks = {(one.colour.name(), one.shape) for one in (mark_of(DARK, "artist", str(k), k) for k in range(count))}
    assert len(marks) == count
    first = [mark_of(LIGHT, "dastgah", label, k).shape for k, label in enumerate(("shour", "mahour", "nava"))]
    assert len(set(first)) == 3
    pictures = [mark_of(DARK, "artist", str(k), k).picture(DARK) for k in range(count)]
    assert all(one != other for k, one in enumerate(pictures) for other in pictures[:k])


def test_the_nearest_point_within_reach() -> None:
    places = np.array([[0.0, 0.0], [10.0, 0.0], [np.inf, np.inf]])
    assert nearest(places, 7, 0, 5) == 1
    assert nearest(places, 5, 30, 5) is None
    assert nearest(np.zeros((0, 2)), 0, 0, 5) is None


@given(st.lists(st.tuples(st.integers(0, 50), st.integers(0, 50)), min_size=2, max_size=30, unique=True), st.data())
def test_an_arrow_leads_in_its_direction_or_nowhere(spots: list[tuple[int, int]], data: st.DataObject) -> None:
    places = np.array(spots, np.float64)
    start = data.draw(st.integers(0, len(spots) - 1))
    direction = data.draw(st.sampled_from([(1, 0), (-1, 0), (0, 1), (0, -1)]))
    end = neighbour(places, start, direction)
    if end != start:
        assert (places[end] - places[start]) @ np.array(direction) > 0
