"""A timeline on stand-ins for what opens and plays recordings, for the tests of its parts."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from PySide6.QtCore import QObject, QPoint, QPointF, Qt, Signal
from PySide6.QtGui import QImage, QWheelEvent
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from persian_mir.errors import AudioError
from persian_mir.prediction import Prediction, pooled
from persian_mir.provenance import Provenance
from persian_mir.recording import Recording
from persian_mir_gui.core.jobs import JobRunner
from persian_mir_gui.core.timeline import Timeline
from persian_mir_gui.modal.reading_work import Known
from persian_mir_gui.timeline.panes import TimelinePanes
from persian_mir_gui.timeline.view import TimelineView
from persian_mir_gui.widgets.theme import DARK
from persian_mir_gui.widgets.theme_source import ThemeSource

RATE = 44100
LABELS = ("shour", "mahour", "nava", "homayoun", "segah", "chahargah", "rast-panjgah")


class FakePyramid:
    """As `Pyramid`, of a made-up sound: louder and softer every 20 s."""

    def __init__(self, frames: int) -> None:
        self.frames = self.ready_frames = frames
        self.complete = True
        self.recording = SimpleNamespace(frames=frames, path=Path("segah.flac"))
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
    shown_changed = Signal()

    current: FakeItem | None = None


class FakeReadings(QObject):
    """As `Readings`, with nothing read."""

    changed = Signal()
    known, computing, tonic_hz = Known(), False, None


class FakeItems(QObject):
    """As `TrackItems` of a recording without items."""

    changed = Signal()
    items, chosen = (), None


class FakePlayer:
    available = True

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
    """A timeline on the screen, what moves it, and what it is shown."""

    item_of = staticmethod(made_item)
    prediction_of = staticmethod(made_prediction)
    row = staticmethod(row)
    failing = FakeItem

    def __init__(self, qtbot: QtBot) -> None:
        self.qtbot = qtbot
        self.runner, self.timeline = JobRunner(), Timeline()
        self.session, self.player = FakeSession(), FakePlayer()
        self.themes, self.marks = ThemeSource(DARK), {}
        session, player, readings, marks = self.session, self.player, FakeReadings(), lambda _item, _lane: self.marks
        self.items = FakeItems()
        services: Any = self.runner, self.timeline, session, player, readings, marks, self.items, self.themes
        stand_ins: Any = session, player
        self.view = TimelineView(self.timeline, *stand_ins, self.themes, lambda: TimelinePanes(*services))
        qtbot.addWidget(self.view)
        self.view.resize(1400, 700)
        self.view.show()
        qtbot.waitExposed(self.view)

    def show(self, item: FakeItem) -> FakeItem:
        self.session.current = item
        if item.recording is not None:
            self.timeline.set_recording(item.recording.rate, item.recording.frames)
        self.session.current_changed.emit(item)
        self.session.shown_changed.emit()
        QApplication.processEvents()
        return item

    def predict(self, key: tuple[str, str], prediction: Prediction) -> None:
        item = self.session.current
        assert item is not None
        item.predictions[key] = prediction
        self.session.predicted.emit(item)
        self.session.shown_changed.emit()
        QApplication.processEvents()

    def image(self) -> QImage:
        return self.view.panes.grab().toImage()

    def point(self, sample: float, y: int = 60) -> QPoint:
        return QPoint(round(self.view.panes.waveform.time_scale.x(sample)), y)

    def drag(self, widget: Any, start: QPoint, stop: QPoint, button: Any = Qt.MouseButton.LeftButton) -> None:
        widget = widget.viewport()
        self.qtbot.mousePress(widget, button, pos=start)
        for k in range(1, 5):
            where = QPointF(start + (stop - start) * k / 4)
            send_move(widget, where, button)
        self.qtbot.mouseRelease(widget, button, pos=stop)

    def turn_wheel(
        self, widget: Any, where: QPoint, notches: float, modifiers: Any = Qt.KeyboardModifier.NoModifier
    ) -> None:
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
        QApplication.sendEvent(widget.viewport(), event)

    def colours(self, image: QImage, start_s: float, stop_s: float, row: int = 0) -> set[str]:
        """The colours inside a lane between two times, away from text and rounded corners."""
        top = self.view.panes.lanes.geometry().top() + self.view.panes.lanes.cells.lane_rect(row).top()
        xs = range(
            round(self.view.panes.waveform.time_scale.x(start_s * RATE)),
            round(self.view.panes.waveform.time_scale.x(stop_s * RATE)),
        )
        return {image.pixelColor(x, round(top) + 4).name() for x in xs}


def send_move(widget: Any, where: QPointF, button: Any) -> None:
    from PySide6.QtCore import QEvent
    from PySide6.QtGui import QMouseEvent

    place = QPointF(widget.mapToGlobal(where.toPoint()))
    none = Qt.KeyboardModifier.NoModifier
    QApplication.sendEvent(
        widget, QMouseEvent(QEvent.Type.MouseMove, where, place, Qt.MouseButton.NoButton, button, none)
    )


@pytest.fixture
def stage(qtbot: QtBot) -> Iterator[Stage]:
    made = Stage(qtbot)
    yield made
    assert made.runner.close()
