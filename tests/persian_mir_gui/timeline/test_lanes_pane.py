"""Lanes of segments: what they show, and how they are reached."""

from __future__ import annotations

from typing import Any

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QContextMenuEvent, QFont, QFontMetricsF
from PySide6.QtWidgets import QApplication

from persian_mir.catalogue.corrections import Correction
from persian_mir_gui.plots.lanes import fitted
from persian_mir_gui.widgets.theme import DARK

pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints")  # the offscreen display cannot

RATE = 44100


def test_lanes_know_what_is_under_the_pointer(stage: Any) -> None:
    item = stage.show(stage.item_of())
    item.predictor_names = {"modal": "Modal reading"}
    stage.predict(
        ("modal", "dastgah"), stage.prediction_of([stage.row("segah", 0.9), stage.row("nava", 0.4, "shour", 0.35)], 30)
    )
    lanes = stage.view.panes.lanes
    assert lanes.isVisible()
    found = lanes.hit(stage.view.panes.waveform.time_scale.x(45 * RATE), 10)
    assert found is not None
    assert found[1] == 1
    text = lanes.describe(*found)
    assert "not sure: Nava or Shour" in text
    assert "40%" in text
    assert "next: Shour 35%" in text
    assert "Sure from a lead of 15 points on" in text
    assert "00:30.000 – 01:00.000" in text
    assert "Modal reading" in text
    assert lanes.hit(stage.view.panes.waveform.time_scale.x(61 * RATE), 10) is None
    assert lanes.hit(stage.view.panes.waveform.time_scale.x(45 * RATE), lanes.cells.lane_rect(0).bottom() + 3) is None


def test_a_name_too_long_for_its_place_keeps_what_tells_it_from_others(stage: Any) -> None:
    """Of "Classical features, 5 s (1a2b)" all that tells two probes apart was cut off."""
    font = QFont(stage.view.font())
    width = QFontMetricsF(font).horizontalAdvance("Classical featu")
    for name, end in (("Classical features, 5 s", " 5 s"), ("Classical features, 5 s (1a2b)", " (1a2b)")):
        text = fitted(name, font, width)
        assert text.startswith("Cla")
        assert text.endswith(end)
        assert "…" in text
        assert QFontMetricsF(font).horizontalAdvance(text) <= width
    assert fitted("Modal", font, width) == "Modal"
    assert len(fitted("Classicalfeaturesoffiveseconds", font, width)) > 8


def test_a_name_is_told_in_full_under_the_pointer(stage: Any) -> None:
    item = stage.show(stage.item_of())
    item.predictor_names = {"probe:1a2b": "Classical features, 5 s (1a2b)"}
    stage.predict(("probe:1a2b", "dastgah"), stage.prediction_of([stage.row("segah", 0.9)], 30))
    lanes = stage.view.panes.lanes
    assert lanes.describe_at(20, 10) == "Dastgah · Classical features, 5 s (1a2b)"
    assert not lanes.describe_at(20, 500)


def test_a_double_click_selects_the_segment(stage: Any) -> None:
    stage.show(stage.item_of())
    stage.predict(("modal", "dastgah"), stage.prediction_of([stage.row("segah", 0.9), stage.row("nava", 0.9)], 30))
    where = stage.point(45 * RATE, 10)
    stage.qtbot.mouseDClick(stage.view.panes.lanes.viewport(), Qt.MouseButton.LeftButton, pos=where)
    assert stage.timeline.selection == (30 * RATE, 60 * RATE)


def test_lanes_are_reached_by_keys(stage: Any) -> None:
    stage.show(stage.item_of())
    stage.predict(("a", "dastgah"), stage.prediction_of([stage.row("segah", 0.9)] * 2, 30))
    stage.predict(("b", "dastgah"), stage.prediction_of([stage.row("segah", 0.9)] * 4, 5))
    stage.timeline.set_playhead(12 * RATE)
    stage.qtbot.keyClick(stage.view.panes.lanes, Qt.Key.Key_Down)
    stage.qtbot.keyClick(stage.view.panes.lanes, Qt.Key.Key_Return)
    assert stage.timeline.selection == (10 * RATE, 15 * RATE)


def test_segments_appear_as_they_are_computed_and_many_lanes_scroll(stage: Any) -> None:
    stage.show(stage.item_of())
    assert not stage.view.panes.lanes.isVisible()
    stage.predict(("a", "dastgah"), stage.prediction_of([stage.row("segah", 0.9)], 30))
    height = stage.view.panes.lanes.height()
    stage.predict(("a", "dastgah"), stage.prediction_of([stage.row("segah", 0.9)] * 3, 30))
    assert len(stage.view.panes.lanes.lanes[0]) == 3
    for k in range(9):
        stage.predict((f"p{k}", "dastgah"), stage.prediction_of([stage.row("nava", 0.9)], 30))
    assert height < stage.view.panes.lanes.height() < 10 * height
    before = stage.view.panes.lanes.cells.lane_rect(9).top()
    stage.turn_wheel(stage.view.panes.lanes, QPoint(20, 20), -3)
    assert stage.view.panes.lanes.cells.lane_rect(9).top() < before
    stage.show(stage.item_of())
    assert not stage.view.panes.lanes.isVisible()


def test_what_is_not_sure_is_hatched_and_what_is_sure_is_not(stage: Any) -> None:
    stage.show(stage.item_of(60))
    stage.predict(
        ("m", "dastgah"), stage.prediction_of([stage.row("segah", 0.9), stage.row("nava", 0.4, "shour", 0.35)], 30)
    )
    image = stage.image()
    assert len(stage.colours(image, 5, 25)) == 1
    hatched = stage.colours(image, 35, 55)
    assert DARK.panel.name() in hatched
    assert len(hatched) > 1


def test_the_surer_the_stronger(stage: Any) -> None:
    stage.show(stage.item_of(60))
    stage.predict(("m", "dastgah"), stage.prediction_of([stage.row("segah", 0.95), stage.row("segah", 0.45)], 30))
    image = stage.image()
    (strong,), (weak,) = stage.colours(image, 5, 25), stage.colours(image, 35, 55)
    assert int(strong[1:3], 16) > int(weak[1:3], 16)


def test_thousands_of_segments_become_a_band_of_their_colours(stage: Any) -> None:
    stage.show(stage.item_of(3 * 3600))
    stage.predict(
        ("m", "dastgah"), stage.prediction_of([stage.row("segah", 0.9)] * 1080 + [stage.row("nava", 0.9)] * 1080, 5)
    )
    image = stage.image()
    first, second = stage.colours(image, 600, 5000), stage.colours(image, 5900, 10000)
    assert len(first) == len(second) == 1
    assert first != second


def test_in_persian_time_still_runs_left_to_right(stage: Any, qapp: QApplication) -> None:
    qapp.setLayoutDirection(Qt.LayoutDirection.RightToLeft)
    try:
        stage.show(stage.item_of())
        stage.predict(("m", "dastgah"), stage.prediction_of([stage.row("segah", 0.9)], 30))
        for pane in (stage.view.panes.overview, stage.view.panes.waveform, stage.view.panes.lanes):
            assert pane.layoutDirection() == Qt.LayoutDirection.LeftToRight
        labels = stage.view.panes.waveform.ruler.labels()
        assert [x for x, _ in labels] == sorted(x for x, _ in labels)
        assert [text for _, text in labels] == sorted(text for _, text in labels)
        image = stage.image()
        assert stage.colours(image, 5, 25) != stage.colours(image, 35, 55)
    finally:
        qapp.setLayoutDirection(Qt.LayoutDirection.LeftToRight)


def inked(stage: Any, start_s: float, stop_s: float, ink: str) -> list[float]:
    """The seconds between two times at which a lane has pixels of a colour, away from the cells' frames."""
    image, lanes = stage.image(), stage.view.panes.lanes
    scale, top = lanes.time_scale, lanes.geometry().top()
    columns = range(round(scale.x(start_s * RATE)) + 3, round(scale.x(stop_s * RATE)) - 3)
    found = [x for x in columns if any(image.pixelColor(x, top + y).name() == ink for y in range(8, 25))]
    return [scale.position(x) / RATE for x in found]


def test_equal_neighbours_are_one_cell_under_one_word_that_stays_in_view(stage: Any) -> None:
    stage.show(stage.item_of(600))
    stage.predict(("m", "dastgah"), stage.prediction_of([stage.row("segah", 0.9)] * 120, 5))
    written = inked(stage, 0, 600, "#000000")
    assert written
    assert max(written) - min(written) < 30  # one word, though every segment is narrower than it
    stage.timeline.set_view(300 * RATE, 420 * RATE)
    assert 300 < min(inked(stage, 300, 420, "#000000")) < 310


def test_a_cell_too_narrow_for_its_word_keeps_a_letter(stage: Any) -> None:
    stage.show(stage.item_of(240))
    rows = [stage.row("segah", 0.9), stage.row("chahargah", 0.9)] * 24
    stage.predict(("m", "dastgah"), stage.prediction_of(rows, 5))
    written = inked(stage, 0, 240, "#000000")
    assert {int(second // 5) for second in written} == set(range(48))


def test_the_tick_of_a_reviewed_cell_leaves_its_label_readable(stage: Any) -> None:
    item = stage.show(stage.item_of(240))
    assert item.recording is not None
    said = Correction(item.path, "0" * 32, RATE, 0, 1, "dastgah", "accepted", "segah", "segah", by="Sara")
    rows = [stage.row("segah", 0.9), stage.row("chahargah", 0.9)] * 4
    stage.marks[2] = said
    for seconds in (30, 8, 4):  # room for word and tick, for the word, for a letter
        stage.predict(("m", "dastgah"), stage.prediction_of(rows, seconds))
        written = inked(stage, 2 * seconds, 3 * seconds, "#000000")
        assert written
        stage.marks.clear()
        stage.view.show_target(None)
        bare = inked(stage, 2 * seconds, 3 * seconds, "#000000")
        assert len([second for second in written if second < max(bare)]) >= 0.8 * len(bare) - 2
        stage.marks[2] = said


def test_a_click_is_told_and_so_is_a_right_click(stage: Any) -> None:
    stage.show(stage.item_of(60))
    stage.predict(("m", "dastgah"), stage.prediction_of([stage.row("segah", 0.9)] * 2, 30))
    told: list[tuple[object, ...]] = []
    stage.view.segment_clicked.connect(lambda *what: told.append(what))
    stage.view.menu_wanted.connect(lambda lane, index, _where: told.append((lane, index, "menu")))
    lanes, where = stage.view.panes.lanes, stage.point(45 * RATE, 10)
    stage.qtbot.mouseClick(lanes.viewport(), Qt.MouseButton.LeftButton, pos=where)
    event = QContextMenuEvent(QContextMenuEvent.Reason.Mouse, where, lanes.mapToGlobal(where))
    QApplication.sendEvent(lanes.viewport(), event)
    assert told == [(("m", "dastgah"), 1), (("m", "dastgah"), 1, "menu")]
    stage.timeline.set_playhead(12 * RATE)  # the menu key means the segment under the playhead
    QApplication.sendEvent(lanes, QContextMenuEvent(QContextMenuEvent.Reason.Keyboard, QPoint(3, 3), QPoint(3, 3)))
    assert told[2:] == [(("m", "dastgah"), 0, "menu")]
