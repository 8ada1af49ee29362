"""The timeline as a hand meets it, on stand-ins for what opens and plays recordings."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from PySide6.QtCore import QObject, QPoint, QPointF, Qt, Signal
from PySide6.QtGui import QImage, QNativeGestureEvent, QPointingDevice, QWheelEvent
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from persian_mir.corrections import Correction
from persian_mir.errors import AudioError
from persian_mir.prediction import Prediction, pooled
from persian_mir.provenance import Provenance
from persian_mir.recording import Recording
from persian_mir_gui.services.jobs import JobRunner
from persian_mir_gui.services.reading import Known
from persian_mir_gui.services.timeline import Timeline
from persian_mir_gui.views import timeline_samples
from persian_mir_gui.views.theme import DARK, LIGHT
from persian_mir_gui.views.timeline_axis import GUTTER
from persian_mir_gui.views.timeline_samples import Stretch
from persian_mir_gui.views.timeline_view import TimelineView

pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints")  # the offscreen display cannot

RATE = 44100
LABELS = ("shour", "mahour", "nava", "homayoun", "segah", "chahargah", "rast-panjgah")


class FakePyramid:
    """As `Pyramid`, of a made-up sound: louder and softer every 20 s."""

    def __init__(self, frames: int) -> None:
        self.frames = self.ready_frames = frames
        self.complete = True
        self.recording = SimpleNamespace(frames=frames)
        self.asked, self.loudness = 0, 1.0

    def peaks(self, start: float, stop: float, columns: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        self.asked += 1
        at = np.linspace(start, stop, columns, endpoint=False) / RATE
        jitter = np.modf(np.sin(np.floor(at * 40) * 12.9898) * 43758.5453)[0]
        loud = 0.35 + 0.25 * np.sin(at / 3.1) ** 2 + 0.15 * jitter * np.exp(-np.mod(at, 1.7))
        loud = np.where((at >= 0) & (at * RATE < self.ready_frames), loud, 0).astype(np.float32)
        loud *= np.float32(self.loudness)
        return -loud * 0.92, loud, loud * 0.42


@dataclass(eq=False)
class FakeItem:
    """As `Item`."""

    path: Path = Path("segah.flac")
    state: str = "ready"
    recording: Recording | None = None
    pyramid: FakePyramid | None = None
    error: AudioError | None = None
    synthesised: bool = False
    predictions: dict[tuple[str, str], Prediction] = field(default_factory=dict)
    predictor_names: dict[str, str] = field(default_factory=dict)
    labelling: str = "none"


class FakeSession(QObject):
    added, changed, removed = Signal(object), Signal(object), Signal(object)
    current_changed, pyramid_grew, predicted = Signal(object), Signal(object), Signal(object)

    current: FakeItem | None = None


class FakeReadings(QObject):
    """As `Readings`, with nothing read."""

    changed = Signal()
    known, computing, tonic_hz = Known(), False, None


class FakeReview(QObject):
    """As `Review`, with nothing said."""

    changed, active, target = Signal(), False, None

    def marks(self, item: object, lane: object) -> dict[int, Correction]:
        return {}


class FakePlayer:
    def __init__(self) -> None:
        self.sought: list[int] = []

    def seek(self, sample: int) -> None:
        self.sought.append(sample)


def made_item(seconds: float = 240.0) -> FakeItem:
    frames = round(seconds * RATE)
    tags = {"title": "Segah, daramad", "title-fa": "سه‌گاه، درآمد"}
    recording = Recording(Path("segah.flac"), "0" * 32, RATE, frames, 1, "FLAC", "none", tags)
    return FakeItem(recording=recording, pyramid=FakePyramid(frames))


def made_prediction(
    rows: list[list[float]], seconds: float, hop: float | None = None, labels: tuple[str, ...] = LABELS
) -> Prediction:
    starts = np.round(np.arange(len(rows)) * (hop or seconds) * RATE).astype(np.int64)
    stops = starts + round(seconds * RATE)
    chances = np.array(rows, np.float32)
    return Prediction("dastgah", labels, starts, stops, chances, pooled(chances, stops - starts), Provenance("test"))


def row(label: str, probability: float, next_label: str = "shour", next_probability: float = 0.0) -> list[float]:
    rest = (1 - probability - next_probability) / 5
    return [{label: probability, next_label: next_probability}.get(one, rest) for one in LABELS]


class Stage:
    """A timeline on the screen, and what moves it."""

    def __init__(self, qtbot: QtBot) -> None:
        self.qtbot = qtbot
        self.runner, self.timeline = JobRunner(), Timeline()
        self.session, self.player = FakeSession(), FakePlayer()
        services: Any = SimpleNamespace(
            io=self.runner,
            timeline=self.timeline,
            session=self.session,
            player=self.player,
            readings=FakeReadings(),
            review=FakeReview(),
        )
        self.view = TimelineView(services, DARK)
        qtbot.addWidget(self.view)
        self.view.resize(1400, 700)
        self.view.show()
        qtbot.waitExposed(self.view)

    def show(self, item: FakeItem) -> FakeItem:
        self.session.current = item
        if item.recording is not None:
            self.timeline.set_recording(item.recording.rate, item.recording.frames)
        self.session.current_changed.emit(item)
        QApplication.processEvents()
        return item

    def predict(self, key: tuple[str, str], prediction: Prediction) -> None:
        item = self.session.current
        assert item is not None
        item.predictions[key] = prediction
        self.session.predicted.emit(item)
        QApplication.processEvents()

    def image(self) -> QImage:
        return self.view.grab().toImage()

    def point(self, sample: float, y: int = 60) -> QPoint:
        return QPoint(round(self.view.axis.x(sample)), y)

    def drag(self, widget: Any, start: QPoint, stop: QPoint, button: Any = Qt.MouseButton.LeftButton) -> None:
        self.qtbot.mousePress(widget, button, pos=start)
        for k in range(1, 5):
            where = QPointF(start + (stop - start) * k / 4)
            send_move(widget, where, button)
        self.qtbot.mouseRelease(widget, button, pos=stop)


def send_move(widget: Any, where: QPointF, button: Any) -> None:
    from PySide6.QtCore import QEvent
    from PySide6.QtGui import QMouseEvent

    place = QPointF(widget.mapToGlobal(where.toPoint()))
    none = Qt.KeyboardModifier.NoModifier
    QApplication.sendEvent(
        widget, QMouseEvent(QEvent.Type.MouseMove, where, place, Qt.MouseButton.NoButton, button, none)
    )


def turn_wheel(widget: Any, where: QPoint, notches: float, modifiers: Any = Qt.KeyboardModifier.NoModifier) -> None:
    event = QWheelEvent(
        QPointF(where),
        QPointF(widget.mapToGlobal(where)),
        QPoint(),
        QPoint(0, round(120 * notches)),
        Qt.MouseButton.NoButton,
        modifiers,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    QApplication.sendEvent(widget, event)


@pytest.fixture
def stage(qtbot: QtBot) -> Iterator[Stage]:
    made = Stage(qtbot)
    yield made
    assert made.runner.close()


@pytest.mark.parametrize("second", [0.0, 1.25, 100.0, 239.9])
def test_a_click_seeks_the_sample_under_it(stage: Stage, second: float) -> None:
    stage.show(made_item())
    where = stage.point(second * RATE)
    stage.qtbot.mouseClick(stage.view.waveform, Qt.MouseButton.LeftButton, pos=where)
    expected = stage.view.axis.sample(where.x(), stage.timeline.frames)
    assert stage.timeline.playhead == expected
    assert stage.player.sought == [expected]
    assert abs(expected - second * RATE) <= stage.view.axis.samples_per_pixel
    assert stage.timeline.selection is None


def test_a_click_beside_the_time_axis_does_nothing(stage: Stage) -> None:
    stage.show(made_item())
    stage.qtbot.mouseClick(stage.view.waveform, Qt.MouseButton.LeftButton, pos=QPoint(GUTTER // 2, 50))
    assert stage.player.sought == []


def test_a_drag_selects_and_its_edges_can_be_moved(stage: Stage) -> None:
    stage.show(made_item())
    start, stop = stage.point(60 * RATE), stage.point(90 * RATE)
    stage.drag(stage.view.waveform, start, stop)
    samples = [stage.view.axis.sample(p.x(), stage.timeline.frames) for p in (start, stop)]
    assert stage.timeline.selection == tuple(samples)
    assert stage.player.sought == []
    farther = stage.point(120 * RATE)
    stage.drag(stage.view.ruler, QPoint(stop.x(), 9), QPoint(farther.x(), 9))
    assert stage.timeline.selection == (samples[0], stage.view.axis.sample(farther.x(), stage.timeline.frames))


def test_shift_click_extends_the_selection_to_either_side(stage: Stage) -> None:
    stage.show(made_item())
    stage.timeline.select(60 * RATE, 90 * RATE)
    shift = Qt.KeyboardModifier.ShiftModifier
    left, right = stage.point(30 * RATE), stage.point(150 * RATE)
    stage.qtbot.mouseClick(stage.view.waveform, Qt.MouseButton.LeftButton, shift, left)
    first = stage.view.axis.sample(left.x(), stage.timeline.frames)
    assert stage.timeline.selection == (first, 90 * RATE)
    stage.qtbot.mouseClick(stage.view.waveform, Qt.MouseButton.LeftButton, shift, right)
    assert stage.timeline.selection == (first, stage.view.axis.sample(right.x(), stage.timeline.frames))


@pytest.mark.parametrize("notches", [1, 3, -2, 0.25])
def test_ctrl_wheel_keeps_the_sample_under_the_pointer(stage: Stage, notches: float) -> None:
    stage.show(made_item())
    stage.timeline.set_view(50 * RATE, 110 * RATE)
    where = stage.point(70 * RATE)
    before = stage.view.axis
    turn_wheel(stage.view.waveform, where, notches, Qt.KeyboardModifier.ControlModifier)
    after = stage.view.axis
    assert (after.samples_per_pixel < before.samples_per_pixel) == (notches > 0)
    assert after.position(where.x()) == pytest.approx(before.position(where.x()), abs=0.01)


def test_the_wheel_and_the_middle_button_move_without_zooming(stage: Stage) -> None:
    stage.show(made_item())
    stage.timeline.set_view(50 * RATE, 110 * RATE)
    turn_wheel(stage.view.waveform, stage.point(70 * RATE), -1)
    assert stage.timeline.view == pytest.approx((56 * RATE, 116 * RATE))
    held = stage.view.axis.position(500)
    stage.drag(stage.view.waveform, QPoint(500, 50), QPoint(620, 50), Qt.MouseButton.MiddleButton)
    assert stage.view.axis.position(620) == pytest.approx(held, abs=1)
    assert stage.timeline.selection is None


def test_moving_stops_at_the_ends(stage: Stage) -> None:
    stage.show(made_item())
    stage.timeline.set_view(0, 60 * RATE)
    turn_wheel(stage.view.waveform, stage.point(70), 5)
    assert stage.timeline.view == (0, 60 * RATE)


def test_the_overview_frames_the_view_and_moves_it(stage: Stage) -> None:
    stage.show(made_item())
    stage.timeline.set_view(60 * RATE, 120 * RATE)
    overview, axis = stage.view.overview, stage.view.overview.axis
    assert overview.frame.left() == pytest.approx(axis.x(60 * RATE))
    middle, right = overview.frame.center().toPoint(), round(overview.frame.right())
    stage.drag(overview, middle, middle + QPoint(100, 0))
    moved = 100 * axis.samples_per_pixel
    assert stage.timeline.view == pytest.approx((60 * RATE + moved, 120 * RATE + moved), abs=1)
    stage.drag(overview, QPoint(right + 100, 20), QPoint(right + 160, 20))
    assert stage.timeline.view[0] == pytest.approx(60 * RATE + moved, abs=1)
    assert stage.timeline.view[1] == pytest.approx(120 * RATE + 160 * axis.samples_per_pixel, abs=2 * RATE)
    stage.timeline.set_view(0, 20 * RATE)
    stage.qtbot.mouseClick(overview, Qt.MouseButton.LeftButton, pos=QPoint(round(axis.x(200 * RATE)), 20))
    assert sum(stage.timeline.view) / 2 == pytest.approx(200 * RATE, abs=axis.samples_per_pixel)


def test_keys_seek_zoom_and_select(stage: Stage) -> None:
    stage.show(made_item())
    timeline = stage.timeline
    stage.view.activateWindow()
    stage.view.setFocus()
    stage.qtbot.waitUntil(stage.view.waveform.hasFocus)

    def press(key: Any, modifier: Any = Qt.KeyboardModifier.NoModifier) -> None:
        stage.qtbot.keyClick(stage.view.waveform, key, modifier)

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


def test_the_view_follows_until_the_user_looks_elsewhere(stage: Stage) -> None:
    stage.show(made_item())
    stage.timeline.set_view(0, 10 * RATE)
    stage.timeline.set_playhead(11 * RATE)
    assert stage.view.axis.shows(11 * RATE)
    stage.timeline.set_view(100 * RATE, 110 * RATE)
    stage.timeline.set_playhead(12 * RATE)
    assert stage.timeline.view == (100 * RATE, 110 * RATE)
    assert not stage.view.playhead.isVisible()
    stage.qtbot.mouseClick(stage.view.waveform, Qt.MouseButton.LeftButton, pos=stage.point(105 * RATE))
    stage.timeline.set_playhead(111 * RATE)
    assert stage.view.axis.shows(111 * RATE)


def test_the_playhead_stands_on_its_sample(stage: Stage) -> None:
    stage.show(made_item())
    stage.timeline.set_playhead(77 * RATE)
    head = stage.view.playhead
    assert abs(head.geometry().center().x() - stage.view.axis.x(77 * RATE)) <= 1
    below, above = stage.image(), DARK.playhead
    x = round(stage.view.axis.x(77 * RATE))
    y = stage.view.waveform.geometry().top() + 5
    assert any(abs(below.pixelColor(x + k, y).red() - above.red()) < 60 for k in (-1, 0, 1))


def test_lanes_know_what_is_under_the_pointer(stage: Stage) -> None:
    item = stage.show(made_item())
    item.predictor_names = {"modal": "Modal reading"}
    stage.predict(("modal", "dastgah"), made_prediction([row("segah", 0.9), row("nava", 0.4, "shour", 0.35)], 30))
    lanes = stage.view.lanes
    assert lanes.isVisible()
    found = lanes.hit(stage.view.axis.x(45 * RATE), 10)
    assert found is not None
    assert found[1] == 1
    text = lanes.describe(*found)
    assert "not sure: Nava or Shour" in text
    assert "40%" in text
    assert "next: Shour 35%" in text
    assert "00:30.000 – 01:00.000" in text
    assert "Modal reading" in text
    assert lanes.hit(stage.view.axis.x(61 * RATE), 10) is None
    assert lanes.hit(stage.view.axis.x(45 * RATE), lanes.lane_rect(0).bottom() + 3) is None


def test_a_double_click_selects_the_segment(stage: Stage) -> None:
    stage.show(made_item())
    stage.predict(("modal", "dastgah"), made_prediction([row("segah", 0.9), row("nava", 0.9)], 30))
    where = stage.point(45 * RATE, 10)
    stage.qtbot.mouseDClick(stage.view.lanes, Qt.MouseButton.LeftButton, pos=where)
    assert stage.timeline.selection == (30 * RATE, 60 * RATE)


def test_lanes_are_reached_by_keys(stage: Stage) -> None:
    stage.show(made_item())
    stage.predict(("a", "dastgah"), made_prediction([row("segah", 0.9)] * 2, 30))
    stage.predict(("b", "dastgah"), made_prediction([row("segah", 0.9)] * 4, 5))
    stage.timeline.set_playhead(12 * RATE)
    stage.qtbot.keyClick(stage.view.lanes, Qt.Key.Key_Down)
    stage.qtbot.keyClick(stage.view.lanes, Qt.Key.Key_Return)
    assert stage.timeline.selection == (10 * RATE, 15 * RATE)


def test_segments_appear_as_they_are_computed_and_many_lanes_scroll(stage: Stage) -> None:
    stage.show(made_item())
    assert not stage.view.lanes.isVisible()
    stage.predict(("a", "dastgah"), made_prediction([row("segah", 0.9)], 30))
    height = stage.view.lanes.height()
    stage.predict(("a", "dastgah"), made_prediction([row("segah", 0.9)] * 3, 30))
    assert len(stage.view.lanes.lanes[0]) == 3
    for k in range(9):
        stage.predict((f"p{k}", "dastgah"), made_prediction([row("nava", 0.9)], 30))
    assert height < stage.view.lanes.height() < 10 * height
    before = stage.view.lanes.lane_rect(9).top()
    turn_wheel(stage.view.lanes, QPoint(20, 20), -3)
    assert stage.view.lanes.lane_rect(9).top() < before
    stage.show(made_item())
    assert not stage.view.lanes.isVisible()


def colours(image: QImage, stage: Stage, start_s: float, stop_s: float, row: int = 0) -> set[str]:
    """The colours inside a lane between two times, away from text and rounded corners."""
    top = stage.view.lanes.geometry().top() + stage.view.lanes.lane_rect(row).top()
    xs = range(round(stage.view.axis.x(start_s * RATE)), round(stage.view.axis.x(stop_s * RATE)))
    return {image.pixelColor(x, round(top) + 4).name() for x in xs}


def test_what_is_not_sure_is_hatched_and_what_is_sure_is_not(stage: Stage) -> None:
    stage.show(made_item(60))
    stage.predict(("m", "dastgah"), made_prediction([row("segah", 0.9), row("nava", 0.4, "shour", 0.35)], 30))
    image = stage.image()
    assert len(colours(image, stage, 5, 25)) == 1
    hatched = colours(image, stage, 35, 55)
    assert DARK.panel.name() in hatched
    assert len(hatched) > 1


def test_the_surer_the_stronger(stage: Stage) -> None:
    stage.show(made_item(60))
    stage.predict(("m", "dastgah"), made_prediction([row("segah", 0.95), row("segah", 0.45)], 30))
    image = stage.image()
    (strong,), (weak,) = colours(image, stage, 5, 25), colours(image, stage, 35, 55)
    assert int(strong[1:3], 16) > int(weak[1:3], 16)


def test_thousands_of_segments_become_a_band_of_their_colours(stage: Stage) -> None:
    stage.show(made_item(3 * 3600))
    stage.predict(("m", "dastgah"), made_prediction([row("segah", 0.9)] * 1080 + [row("nava", 0.9)] * 1080, 5))
    image = stage.image()
    first, second = colours(image, stage, 600, 5000), colours(image, stage, 5900, 10000)
    assert len(first) == len(second) == 1
    assert first != second


def test_in_persian_time_still_runs_left_to_right(stage: Stage, qapp: QApplication) -> None:
    qapp.setLayoutDirection(Qt.LayoutDirection.RightToLeft)
    try:
        stage.show(made_item())
        stage.predict(("m", "dastgah"), made_prediction([row("segah", 0.9)], 30))
        for pane in (stage.view.overview, stage.view.ruler, stage.view.waveform, stage.view.lanes):
            assert pane.layoutDirection() == Qt.LayoutDirection.LeftToRight
        labels = stage.view.ruler.labels()
        assert [x for x, _ in labels] == sorted(x for x, _ in labels)
        assert [text for _, text in labels] == sorted(text for _, text in labels)
        image = stage.image()
        assert colours(image, stage, 5, 25) != colours(image, stage, 35, 55)
    finally:
        qapp.setLayoutDirection(Qt.LayoutDirection.LeftToRight)


def test_another_theme_repaints_everything(stage: Stage) -> None:
    stage.show(made_item())
    dark = stage.image()
    stage.view.set_theme(LIGHT)
    light = stage.image()
    for pane in (stage.view.overview, stage.view.waveform):
        corner = pane.geometry().topLeft() + QPoint(GUTTER + 6, 6)
        assert dark.pixelColor(corner) == DARK.panel or pane is stage.view.overview
        assert light.pixelColor(corner).lightness() > 200 > dark.pixelColor(corner).lightness()
    assert light.pixelColor(3, 300) == LIGHT.background


def test_every_state_says_what_it_is(stage: Stage) -> None:
    waveform = stage.view.waveform
    assert waveform.words() == "Open a recording or drop files here"
    stage.show(FakeItem(state="opening"))
    assert waveform.words() == "Opening…"
    error = AudioError("The file is empty.", path="a.wav", cure="Copy it again.")
    stage.show(FakeItem(state="failed", error=error))
    assert waveform.words() == "The file is empty.\nCopy it again."
    assert not stage.image().isNull()
    stage.show(made_item())
    assert waveform.words() == ""


def test_the_header_names_the_recording_in_both_scripts(stage: Stage) -> None:
    item = made_item(252.38)
    item.synthesised = True
    stage.show(item)
    title, facts = stage.view.header.title.text(), stage.view.header.facts.text()
    assert "Segah, daramad" in title
    assert "سه‌گاه، درآمد" in title
    assert "synthesised" in facts
    assert "FLAC · 44.1 kHz · mono · 04:12.380" in facts


def test_a_waveform_that_is_still_read_ends_where_it_is_known(stage: Stage) -> None:
    item = made_item()
    assert item.pyramid is not None
    item.pyramid.ready_frames = item.pyramid.frames // 2
    stage.show(item)

    def painted(second: float) -> bool:
        pane = stage.view.waveform.geometry()
        x = round(stage.view.axis.x(second * RATE))
        return stage.image().pixelColor(x, pane.center().y()) != DARK.panel

    assert painted(100)
    assert not painted(140)
    item.pyramid.ready_frames = item.pyramid.frames
    stage.session.pyramid_grew.emit(item)
    assert painted(140)


def test_a_moving_playhead_asks_the_pyramid_nothing(stage: Stage) -> None:
    item = stage.show(made_item())
    stage.image()
    assert item.pyramid is not None
    asked = item.pyramid.asked
    for second in range(10):
        stage.timeline.set_playhead(second * RATE)
        QApplication.processEvents()
    assert item.pyramid.asked == asked


def test_single_samples_are_read_by_a_job_and_drawn_when_there(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[tuple[int, int]] = []

    def read(path: Path, start: int, frames: int, _progress: object) -> Stretch:
        asked.append((start, frames))
        wave = np.sin((start + np.arange(frames)) / 5).astype(np.float32)
        return Stretch(path, start, wave[None])

    monkeypatch.setattr(timeline_samples, "read_stretch", read)
    stage.show(made_item())
    stage.timeline.set_view(100 * RATE, 100 * RATE + 150)
    coarse = stage.image()
    stage.qtbot.waitSignal(stage.view.waveform._reader.arrived).wait()
    fine = stage.image()
    assert fine != coarse
    assert len(asked) == 1
    assert asked[0][0] <= 100 * RATE < 100 * RATE + 150 <= sum(asked[0])
    stage.timeline.set_view(100 * RATE + 50, 100 * RATE + 250)
    stage.image()
    assert len(asked) == 1


@pytest.mark.parametrize("size", [(40, 40), (GUTTER, 100), (3000, 200)])
def test_any_size_can_be_painted(stage: Stage, size: tuple[int, int]) -> None:
    stage.show(made_item(0.0001))
    stage.predict(("m", "dastgah"), made_prediction([row("segah", 0.9)], 30))
    stage.view.resize(*size)
    assert not stage.image().isNull()


def test_a_quiet_recording_is_painted_as_high_as_a_loud_one(stage: Stage) -> None:
    item = stage.show(made_item())
    loud = stage.image()
    assert item.pyramid is not None
    quiet = made_item()
    assert quiet.pyramid is not None
    quiet.pyramid.loudness = 0.125
    stage.show(quiet)
    assert stage.image() == loud


def test_a_pinch_zooms_where_the_fingers_are(stage: Stage) -> None:
    stage.show(made_item())
    where = QPointF(stage.point(70 * RATE))
    before = stage.view.axis
    device = QPointingDevice.primaryPointingDevice()
    kind = Qt.NativeGestureType.ZoomNativeGesture
    event = QNativeGestureEvent(kind, device, 2, where, where, where, 0.5, QPointF())
    assert QApplication.sendEvent(stage.view.waveform, event)
    after = stage.view.axis
    assert after.samples_per_pixel == pytest.approx(before.samples_per_pixel / 1.5)
    assert after.position(where.x()) == pytest.approx(before.position(where.x()), abs=0.01)


def test_samples_that_cannot_be_read_leave_the_coarse_picture(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[int] = []

    def read(path: Path, start: int, frames: int, _progress: object) -> Stretch:
        asked.append(start)
        raise AudioError("The file is gone.", path=path)

    monkeypatch.setattr(timeline_samples, "read_stretch", read)
    stage.show(made_item())
    with stage.qtbot.waitSignal(stage.view.waveform._reader.arrived):
        stage.timeline.set_view(100 * RATE, 100 * RATE + 150)
        coarse = stage.image()
    assert stage.image() == coarse
    stage.timeline.set_view(200 * RATE, 200 * RATE + 150)
    stage.image()
    assert len(asked) == 1
