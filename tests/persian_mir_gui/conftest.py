"""The window's tests need Qt; where it cannot be loaded they are skipped, and say why."""

from __future__ import annotations

import gc
import importlib.util
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import soundfile

from persian_mir.audio import AudioSource
from persian_mir.modal.reading import ModalReading, read_mode
from persian_mir.prediction import Prediction, joined
from persian_mir.progress import SILENT, Progress
from persian_mir.provenance import Provenance
from tests.persian_mir_gui.segah import segah

try:
    from PySide6.QtCore import QCoreApplication, QEvent
    from PySide6.QtWidgets import QApplication, QGraphicsView
    from pytestqt.qtbot import QtBot

    from persian_mir_gui.core.jobs import JobRunner
    from persian_mir_gui.labelling.predictors import make_predictor
    from persian_mir_gui.shell.services import Services, build_services, close_services
    from persian_mir_gui.widgets.theme import DARK
    from persian_mir_gui.widgets.theme_source import ThemeSource
except ImportError as error:
    pytest.skip(f"Qt cannot be loaded: {error}", allow_module_level=True)

LABELS = ("santoor", "ney")
PAUSE_MS = 12
PATIENCE_MS = 60_000  # how long anything may take on a crowded machine: no test is about time


class PatientBot(QtBot):
    """Waits as long as it takes, where a test does not say how long."""

    def waitUntil(self, callback: Callable[[], bool | None], *, timeout: int = PATIENCE_MS) -> None:  # noqa: N802
        super().waitUntil(callback, timeout=timeout)

    def waitSignal(self, signal: Any, *, timeout: int = PATIENCE_MS, **told: Any) -> Any:  # noqa: N802
        return super().waitSignal(signal, timeout=timeout, **told)

    def waitExposed(self, widget: Any, *, timeout: int = PATIENCE_MS) -> Any:  # noqa: N802
        return super().waitExposed(widget, timeout=timeout)


@pytest.fixture
def qtbot(qapp: QApplication, request: pytest.FixtureRequest) -> QtBot:
    """In place of pytest-qt's own, which gives up after 5 s."""
    return PatientBot(request)


class FakePredictor:
    """Ten segments of equal length, published one by one, `pause_s` each. `fault` is raised after the fifth."""

    id, name, tasks = "modal", "Fake", ("instrument",)

    def __init__(self, pause_s: float = 0.0, fault: Exception | None = None) -> None:
        self.pause_s, self.fault = pause_s, fault

    def predict(self, source: AudioSource, progress: Progress = SILENT) -> tuple[Prediction, ...]:
        edges = np.linspace(0, source.recording.frames, 11).astype(np.int64)
        parts = []
        for k in range(10):
            progress.step(k / 10)
            if self.fault is not None and k == 5:
                raise self.fault
            time.sleep(self.pause_s)
            rows = np.array([[0.8, 0.2]], np.float32)
            span = edges[k : k + 1].copy(), edges[k + 1 : k + 2].copy()
            parts.append(Prediction("instrument", LABELS, *span, rows, rows[0].copy(), Provenance(self.id)))
            progress.publish(parts[-1])
        return (joined(parts),)


@pytest.fixture(autouse=True, scope="module")
def _garbage_on_this_thread() -> Iterator[None]:
    """As in the program (see `core.garbage`): no thread of a job destroys what an earlier test left behind."""
    gc.disable()
    yield
    destroy_what_was_closed()  # before the collector takes the Python side of it
    gc.collect()
    gc.enable()


@pytest.fixture(autouse=True)
def _nothing_of_an_earlier_test(_garbage_on_this_thread: None) -> None:
    destroy_what_was_closed()


def destroy_what_was_closed() -> None:
    """Destroy widgets that are to be deleted later: Qt would do it in the event loop of some later test."""
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)


@pytest.fixture
def runner(qapp) -> Iterator[JobRunner]:
    made = JobRunner()
    yield made
    assert made.close()
    made.deleteLater()


@pytest.fixture
def services(qapp: QApplication, request: pytest.FixtureRequest) -> Iterator[Services]:
    """All services of the program, over folders of the test's own; beside the fixture `fake` it alone labels."""
    fake = request.getfixturevalue("fake") if "fake" in request.fixturenames else None
    made = build_services(make=make_predictor if fake is None else lambda _choice, _device: fake)
    yield made
    assert close_services(made, 10.0)


@pytest.fixture
def themes(qapp: QApplication) -> ThemeSource:
    """The dark theme, until a test sets another."""
    return ThemeSource(DARK)


@pytest.fixture
def fake() -> FakePredictor:
    return FakePredictor()


@pytest.fixture
def tone(tmp_path: Path) -> Path:
    return write_tone(tmp_path / "tone.wav")


def write_tone(path: Path, seconds: float = 1.0, rate: int = 8000) -> Path:
    samples = 0.3 * np.sin(2 * np.pi * 440 * np.arange(round(seconds * rate)) / rate)
    soundfile.write(path, samples.astype(np.float32), rate)
    return path


@pytest.fixture(scope="session")
def reading() -> ModalReading:
    """Of a melody in Segah whose truth is known."""
    return read_mode(segah())


@pytest.fixture
def judged_file(tmp_path: Path) -> Path:
    """A judged file with known confusions, its recordings beside it."""
    spec = importlib.util.spec_from_file_location("judged_files", Path(__file__).with_name("judged_files.py"))
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    path: Path = module.make_judged(tmp_path)
    return path


@pytest.fixture
def drag() -> Callable[..., None]:
    """A hand that drags over a plot, or moves over it without a button.

    Qt's own test mouse says nothing of the buttons that are held while it moves, and pyqtgraph puts off what moves
    faster than a hundred times a second.
    """
    from PySide6.QtCore import QEvent, QPointF, Qt
    from PySide6.QtGui import QMouseEvent
    from PySide6.QtTest import QTest

    left, none = Qt.MouseButton.LeftButton, Qt.MouseButton.NoButton

    def hand(
        view: QGraphicsView, start: QPointF, stop: QPointF, button: Qt.MouseButton = left, drop: bool = True
    ) -> None:
        def send(kind: QEvent.Type, at: QPointF, held: Qt.MouseButton, which: Qt.MouseButton = none) -> None:
            where = QPointF(view.viewport().mapToGlobal(at))
            event = QMouseEvent(kind, at, where, which, held, Qt.KeyboardModifier.NoModifier)
            QApplication.sendEvent(view.viewport(), event)
            QTest.qWait(PAUSE_MS)

        send(QEvent.Type.MouseMove, start, none)
        if button != none:
            send(QEvent.Type.MouseButtonPress, start, button, button)
        for part in (0.1, 0.4, 0.7, 1.0):
            send(QEvent.Type.MouseMove, start + (stop - start) * part, button)
        if drop and button != none:
            send(QEvent.Type.MouseButtonRelease, stop, none, button)

    return hand
