"""The timeline as a hand meets it: clicks, drags, wheel, keys and gestures."""

from __future__ import annotations

from typing import Any

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QNativeGestureEvent, QPointingDevice
from PySide6.QtWidgets import QApplication

from persian_mir_gui.plots.time_scale import GUTTER

pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints")  # the offscreen display cannot

RATE = 44100


@pytest.mark.parametrize("second", [0.0, 1.25, 100.0, 239.9])
def test_a_click_seeks_the_sample_under_it(stage: Any, second: float) -> None:
    stage.show(stage.item_of())
    where = stage.point(second * RATE)
    stage.qtbot.mouseClick(stage.view.panes.waveform.viewport(), Qt.MouseButton.LeftButton, pos=where)
    expected = stage.view.panes.waveform.time_scale.sample(where.x(), stage.timeline.frames)
    assert stage.timeline.playhead == expected
    assert stage.player.sought == [expected]
    assert abs(expected - second * RATE) <= stage.view.panes.waveform.time_scale.samples_per_pixel
    assert stage.timeline.selection is None


def test_a_click_beside_the_time_axis_does_nothing(stage: Any) -> None:
    stage.show(stage.item_of())
    stage.qtbot.mouseClick(stage.view.panes.waveform.viewport(), Qt.MouseButton.LeftButton, pos=QPoint(GUTTER // 2, 50))
    assert stage.player.sought == []


def test_a_drag_selects_and_its_edges_can_be_moved(stage: Any) -> None:
    stage.show(stage.item_of())
    start, stop = stage.point(60 * RATE), stage.point(90 * RATE)
    stage.drag(stage.view.panes.waveform, start, stop)
    samples = [stage.view.panes.waveform.time_scale.sample(p.x(), stage.timeline.frames) for p in (start, stop)]
    assert stage.timeline.selection == tuple(samples)
    assert stage.player.sought == []
    farther = stage.point(120 * RATE)
    stage.drag(stage.view.panes.waveform, QPoint(stop.x(), 9), QPoint(farther.x(), 9))
    assert stage.timeline.selection == (
        samples[0],
        stage.view.panes.waveform.time_scale.sample(farther.x(), stage.timeline.frames),
    )


def test_a_drag_is_told_once_when_it_ends(stage: Any) -> None:
    stage.show(stage.item_of())
    settled: list[object] = []
    stage.timeline.selection_settled.connect(settled.append)
    stage.drag(stage.view.panes.waveform, stage.point(60 * RATE), stage.point(90 * RATE))
    assert settled == [stage.timeline.selection]


def test_shift_click_extends_the_selection_to_either_side(stage: Any) -> None:
    stage.show(stage.item_of())
    stage.timeline.select(60 * RATE, 90 * RATE)
    shift = Qt.KeyboardModifier.ShiftModifier
    left, right = stage.point(30 * RATE), stage.point(150 * RATE)
    stage.qtbot.mouseClick(stage.view.panes.waveform.viewport(), Qt.MouseButton.LeftButton, shift, left)
    first = stage.view.panes.waveform.time_scale.sample(left.x(), stage.timeline.frames)
    assert stage.timeline.selection == (first, 90 * RATE)
    stage.qtbot.mouseClick(stage.view.panes.waveform.viewport(), Qt.MouseButton.LeftButton, shift, right)
    assert stage.timeline.selection == (
        first,
        stage.view.panes.waveform.time_scale.sample(right.x(), stage.timeline.frames),
    )


@pytest.mark.parametrize("notches", [1, 3, -2, 0.25])
def test_ctrl_wheel_keeps_the_sample_under_the_pointer(stage: Any, notches: float) -> None:
    stage.show(stage.item_of())
    stage.timeline.set_view(50 * RATE, 110 * RATE)
    where = stage.point(70 * RATE)
    before = stage.view.panes.waveform.time_scale
    stage.turn_wheel(stage.view.panes.waveform, where, notches, Qt.KeyboardModifier.ControlModifier)
    after = stage.view.panes.waveform.time_scale
    assert (after.samples_per_pixel < before.samples_per_pixel) == (notches > 0)
    assert after.position(where.x()) == pytest.approx(before.position(where.x()), abs=0.01)


def test_the_wheel_and_the_middle_button_move_without_zooming(stage: Any) -> None:
    stage.show(stage.item_of())
    stage.timeline.set_view(50 * RATE, 110 * RATE)
    stage.turn_wheel(stage.view.panes.waveform, stage.point(70 * RATE), -1)
    assert stage.timeline.view == pytest.approx((56 * RATE, 116 * RATE))
    held = stage.view.panes.waveform.time_scale.position(500)
    stage.drag(stage.view.panes.waveform, QPoint(500, 50), QPoint(620, 50), Qt.MouseButton.MiddleButton)
    assert stage.view.panes.waveform.time_scale.position(620) == pytest.approx(held, abs=1)
    assert stage.timeline.selection is None


def test_moving_stops_at_the_ends(stage: Any) -> None:
    stage.show(stage.item_of())
    stage.timeline.set_view(0, 60 * RATE)
    stage.turn_wheel(stage.view.panes.waveform, stage.point(70), 5)
    assert stage.timeline.view == (0, 60 * RATE)


def test_the_overview_frames_the_view_and_moves_it(stage: Any) -> None:
    stage.show(stage.item_of())
    stage.timeline.set_view(60 * RATE, 120 * RATE)
    overview, axis = stage.view.panes.overview, stage.view.panes.overview.time_scale
    assert overview.frame.getRegion() == (60 * RATE, 120 * RATE)
    middle, right = QPoint(round(axis.x(90 * RATE)), 20), round(axis.x(120 * RATE))
    stage.drag(overview, middle, middle + QPoint(100, 0))
    moved = 100 * axis.samples_per_pixel
    assert stage.timeline.view == pytest.approx((60 * RATE + moved, 120 * RATE + moved), abs=1)
    stage.drag(overview, QPoint(right + 100, 20), QPoint(right + 160, 20))
    assert stage.timeline.view[0] == pytest.approx(60 * RATE + moved, abs=1)
    assert stage.timeline.view[1] == pytest.approx(120 * RATE + 160 * axis.samples_per_pixel, abs=2 * RATE)
    stage.timeline.set_view(0, 20 * RATE)
    stage.qtbot.mouseClick(overview.viewport(), Qt.MouseButton.LeftButton, pos=QPoint(round(axis.x(200 * RATE)), 20))
    assert sum(stage.timeline.view) / 2 == pytest.approx(200 * RATE, abs=axis.samples_per_pixel)


def test_the_frame_of_a_short_stretch_can_be_seen_and_moved(stage: Any) -> None:
    stage.show(stage.item_of(3 * 3600))
    stage.timeline.set_view(3600 * RATE, 3601 * RATE)
    overview, scale = stage.view.panes.overview, stage.view.panes.overview.time_scale
    left, right = overview.frame.getRegion()
    assert (right - left) / scale.samples_per_pixel == pytest.approx(4)
    at = QPoint(round(scale.x(3600.5 * RATE)), 20)
    stage.drag(overview, at, at + QPoint(100, 0))
    start, stop = stage.timeline.view
    assert stop - start == pytest.approx(RATE)
    assert start == pytest.approx(3600 * RATE + 100 * scale.samples_per_pixel, abs=2)


def test_keys_seek_zoom_and_select(stage: Any) -> None:
    stage.show(stage.item_of())
    timeline = stage.timeline
    stage.view.activateWindow()
    stage.view.setFocus()
    stage.qtbot.waitUntil(stage.view.panes.waveform.hasFocus)

    def press(key: Any, modifier: Any = Qt.KeyboardModifier.NoModifier) -> None:
        stage.qtbot.keyClick(stage.view.panes.waveform, key, modifier)

    press(Qt.Key.Key_Right)
    press(Qt.Key.Key_Right, Qt.KeyboardModifier.ShiftModifier)
    press(Qt.Key.Key_Left)
    assert timeline.playhead == 5 * RATE
    press(Qt.Key.Key_BracketLeft)
    assert timeline.selection == (5 * RATE, timeline.frames)
    timeline.set_playhead(9 * RATE)
    press(Qt.Key.Key_BracketRight)
    assert timeline.selection == (5 * RATE, 9 * RATE)
    press(Qt.Key.Key_Z)
    assert timeline.view == (5 * RATE, 9 * RATE)
    press(Qt.Key.Key_PageDown)
    assert timeline.view == (9 * RATE, 13 * RATE)
    press(Qt.Key.Key_End)
    assert timeline.playhead == timeline.frames
    assert timeline.view[1] == timeline.frames
    press(Qt.Key.Key_Plus)
    assert timeline.view[1] - timeline.view[0] == pytest.approx(4 * RATE / 1.5)
    press(Qt.Key.Key_F)
    assert timeline.view == (0, timeline.frames)
    press(Qt.Key.Key_Home)
    assert timeline.playhead == 0
    press(Qt.Key.Key_Escape)
    assert timeline.selection is None


def test_the_view_follows_until_the_user_looks_elsewhere(stage: Any) -> None:
    stage.show(stage.item_of())
    stage.timeline.set_view(0, 10 * RATE)
    stage.timeline.set_playhead(11 * RATE)
    assert stage.view.panes.waveform.time_scale.shows(11 * RATE)
    stage.timeline.set_view(100 * RATE, 110 * RATE)
    stage.timeline.set_playhead(12 * RATE)
    assert stage.timeline.view == (100 * RATE, 110 * RATE)
    assert not stage.view.panes.playhead.isVisible()
    stage.qtbot.mouseClick(stage.view.panes.waveform.viewport(), Qt.MouseButton.LeftButton, pos=stage.point(105 * RATE))
    stage.timeline.set_playhead(111 * RATE)
    assert stage.view.panes.waveform.time_scale.shows(111 * RATE)


def test_a_pinch_zooms_where_the_fingers_are(stage: Any) -> None:
    stage.show(stage.item_of())
    where = QPointF(stage.point(70 * RATE))
    before = stage.view.panes.waveform.time_scale
    device = QPointingDevice.primaryPointingDevice()
    kind = Qt.NativeGestureType.ZoomNativeGesture
    event = QNativeGestureEvent(kind, device, 2, where, where, where, 0.5, QPointF())
    assert QApplication.sendEvent(stage.view.panes.waveform.viewport(), event)
    after = stage.view.panes.waveform.time_scale
    assert after.samples_per_pixel == pytest.approx(before.samples_per_pixel / 1.5)
    assert after.position(where.x()) == pytest.approx(before.position(where.x()), abs=0.01)


def test_each_pane_follows_the_timeline_and_moves_it(stage: Any) -> None:
    stage.show(stage.item_of())
    stage.predict(("m", "dastgah"), stage.prediction_of([stage.row("segah", 0.9)], 30))
    panes, told = stage.view.panes, []
    stage.timeline.view_changed.connect(lambda: told.append(stage.timeline.view))
    boxes = [pane.box for pane in (panes.waveform, panes.lanes, panes.pitch)]
    for k, box in enumerate(boxes):
        box.setXRange(k * 10 * RATE, (k * 10 + 5) * RATE, padding=0)
        assert stage.timeline.view == (k * 10 * RATE, (k * 10 + 5) * RATE)
        assert {tuple(other.viewRange()[0]) for other in boxes} == {stage.timeline.view}
    assert len(told) == 3
    boxes[0].setXRange(-50 * RATE, 10 * RATE, padding=0)  # beyond the beginning
    assert stage.timeline.view == (0, 60 * RATE)
    assert {tuple(other.viewRange()[0]) for other in boxes} == {(0, 60 * RATE)}


def test_pyqtgraphs_own_mouse_and_menu_are_off(stage: Any) -> None:
    stage.show(stage.item_of())
    stage.timeline.set_view(50 * RATE, 110 * RATE)
    pane = stage.view.panes.pitch
    before, height = stage.timeline.view, pane.box.viewRange()[1]
    stage.qtbot.mouseClick(pane.viewport(), Qt.MouseButton.RightButton, pos=stage.point(70 * RATE))
    stage.drag(pane, stage.point(70 * RATE), stage.point(90 * RATE), Qt.MouseButton.RightButton)
    stage.turn_wheel(pane, stage.point(70 * RATE), 0.0)
    assert (stage.timeline.view, pane.box.viewRange()[1]) == (before, height)
    assert QApplication.activePopupWidget() is None
    assert stage.timeline.selection is None
    assert stage.player.sought == []
