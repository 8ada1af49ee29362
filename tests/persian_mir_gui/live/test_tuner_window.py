"""The tuning's window over a listener that is not there: strings, pitches, what is measured."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from persian_mir.labels import label_ids
from persian_mir.modal.live import LiveState, PitchNow
from persian_mir.modal.names import note_name
from persian_mir.modal.pitch import PitchTrack
from persian_mir.modal.string_tunings import note, sounding_hz
from persian_mir.prediction import Prediction
from persian_mir.provenance import Provenance
from persian_mir_gui.live.listener import LiveNews
from persian_mir_gui.live.tuner import modes_of
from persian_mir_gui.live.tuner_window import TunerWindow
from persian_mir_gui.shell.services import Services
from persian_mir_gui.widgets.theme_source import ThemeSource


@pytest.fixture
def played(services: Services, monkeypatch: pytest.MonkeyPatch) -> list[list[float]]:
    found: list[list[float]] = []
    monkeypatch.setattr(services.tones, "play", lambda _name, hz: found.append(list(hz)))
    return found


@pytest.fixture
def window(services: Services, qtbot: QtBot, themes: ThemeSource, played: list[list[float]]) -> TunerWindow:
    made = TunerWindow(services.tuner, themes)
    qtbot.addWidget(made)
    made.show()
    made.activateWindow()
    qtbot.waitUntil(made.isActiveWindow)
    services.tuner.choose("mode", "segah")
    return made


def hear(services: Services, hz: float | None) -> None:
    pitch = None if hz is None else PitchNow(hz * 1.002, note_name(hz), 0.0, False, hz)
    trace = PitchTrack(np.zeros(10, np.float32), np.zeros(10, np.float32))
    state = LiveState(3.0, -20.0, -9.0, pitch, 2.0, np.zeros(240), None, 0.0, trace)
    services.live.heard.emit(LiveNews("listening", state))


def test_the_strings_have_their_notes_and_sound(window: TunerWindow, qtbot: QtBot, played: list[list[float]]) -> None:
    assert [button.string.note.text for button in window.strings.buttons] == ["Do", "Sol", "La koron", "Fa"]
    window.strings.buttons[2].click()
    qtbot.keyClick(window, "1")
    window.all.click()
    assert [round(hz, 1) for hz in played[0]] == [213.7]
    assert [round(hz, 1) for hz in played[1]] == [261.6]
    assert [round(hz) for hz in played[2]] == [262, 196, 214, 175]
    assert "setarkhaneh" in window.source.text()


def test_the_nearest_string_is_measured(window: TunerWindow, services: Services) -> None:
    low = sounding_hz(note("La-koron 3")) * 2 ** (-18 / 1200)
    hear(services, low)
    assert window.heard.text() == "La koron 3"
    assert window.advice.text() == "18 ¢ too low: tighten"
    assert "18" in window.strings.buttons[2].toolTip()
    hear(services, low * 2 ** (30 / 1200))
    assert window.advice.text() == "12 ¢ too high: loosen"
    hear(services, sounding_hz(note("La-koron 3")) * 2 ** (3 / 1200))
    assert window.advice.text() == "In tune"
    hear(services, None)
    assert (window.heard.text(), window.advice.text()) == ("–", "")
    assert round(services.tuner.last[2]) == 3


def test_the_level_is_shown(window: TunerWindow, services: Services) -> None:
    silent = window.level.grab().toImage()
    hear(services, 196.0)
    assert window.level.grab().toImage() != silent


def test_one_string_alone_is_measured_when_it_is_chosen(window: TunerWindow, services: Services, qtbot: QtBot) -> None:
    qtbot.keyClick(window, Qt.Key.Key_4, Qt.KeyboardModifier.ControlModifier)
    assert services.tuner.pinned == 3
    hear(services, sounding_hz(note("Sol 3")))
    assert window.heard.text() == "Fa 3"
    assert window.advice.text() == "200 ¢ too high: loosen"
    qtbot.keyClick(window, Qt.Key.Key_4, Qt.KeyboardModifier.ControlModifier)
    hear(services, sounding_hz(note("Sol 3")))
    assert window.heard.text() == "Sol 3"


def test_the_programs_own_sound_is_not_measured(
    window: TunerWindow, services: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(type(services.tones), "playing", property(lambda _self: "degree"))
    hear(services, 196.0)
    assert window.heard.text() == "–"


def test_another_reference_and_sounding(window: TunerWindow, services: Services, played: list[list[float]]) -> None:
    window.reference.setValue(432.0)
    window.strings.buttons[0].click()
    assert played[-1][0] == pytest.approx(261.63 * 432 / 440, abs=0.01)
    window.transposed.setCurrentIndex(window.transposed.findData(-2))
    window.transposed.activated.emit(window.transposed.currentIndex())
    assert services.tuner.hz(0) == pytest.approx(261.63 * 432 / 440 * 2 ** (-200 / 1200), abs=0.01)
    assert services.settings.get("tuner_a") == 4320


def test_the_recordings_own_tonic(window: TunerWindow, services: Services, monkeypatch: pytest.MonkeyPatch) -> None:
    assert not window.recording.isEnabled()
    monkeypatch.setattr(type(services.tuner), "tonic", property(lambda _self: (246.9, note("Si-koron 3"))))
    services.tuner.changed.emit()
    assert window.recording.isEnabled()
    window.recording.setCurrentIndex(window.recording.findText("Mi koron"))
    window.recording.activated.emit(window.recording.currentIndex())
    called = sounding_hz(note("Mi-koron 4"), services.tuner.a4_hz, services.tuner.transposed)
    assert min(abs(1200 * np.log2(called / 246.9) + 1200 * k) for k in (-1, 0, 1)) < 0.5


@pytest.mark.parametrize(("instrument", "count"), [("tar", 4), ("santoor", 27), ("kamancheh", 4), ("oud", 5)])
def test_every_instrument(window: TunerWindow, services: Services, instrument: str, count: int) -> None:
    window.instrument.setCurrentIndex(window.instrument.findData(instrument))
    window.instrument.activated.emit(window.instrument.currentIndex())
    QApplication.sendPostedEvents()
    assert len(window.strings.buttons) == count
    assert services.tuner.tuning.instrument == instrument
    window.grab()


def test_closing_ends_the_listening_that_it_began(
    window: TunerWindow, services: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []
    monkeypatch.setattr(services.live, "start", lambda *_device: asked.append("start"))
    monkeypatch.setattr(services.live, "stop", lambda: asked.append("stop"))
    window.listen.click()
    window.close()
    assert asked == ["start", "stop"]


def test_all_of_a_large_window_is_written_large_also_while_it_listens(
    window: TunerWindow, services: Services, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    window.resize(1720, 1280)
    qtbot.waitUntil(lambda: window.width() > 1700)
    monkeypatch.setattr(type(services.live), "busy", property(lambda _live: True))
    hear(services, 262.0)
    assert window.listen.text() == "Stop listening"
    large = window.all.font().pointSizeF()
    assert large > 1.7 * window.font().pointSizeF()
    assert [part.font().pointSizeF() for part in (window.listen, window.reference.lineEdit())] == [large, large]


def sure_of(task: str, label: str) -> Prediction:
    ids = label_ids(task)
    row = np.full((1, len(ids)), 0.01, np.float32)
    row[0, ids.index(label)] = 0.9
    return Prediction(task, ids, np.array([0]), np.array([8000]), row, row[0], Provenance("modal"))


def test_it_opens_on_the_mode_of_the_recording_shown(
    window: TunerWindow, services: Services, qtbot: QtBot, tone: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(TunerWindow, "come_forward", TunerWindow.show)
    monkeypatch.setattr(services.live, "look", lambda: None)
    services.tuner.choose("mode", "shour")
    services.session.open_paths([tone])
    qtbot.waitUntil(lambda: [item.state for item in services.session.items] == ["ready"])
    item = services.session.items[0]
    window.appear()
    assert window.mode.currentData() == "shour"  # nothing is known of it
    services.session.put_prediction(item, "modal", "Modal reading", sure_of("dastgah", "chahargah"))
    window.appear()
    assert window.mode.currentData() == "chahargah"
    services.tuner.choose("mode", "nava")
    window.appear()
    assert window.mode.currentData() == "nava"  # as the player chose for it
    item.said["mode"] = SimpleNamespace(label="mahour")
    window.appear()
    assert window.mode.currentData() == "mahour"  # a person knows better
    assert modes_of(item) == ["mahour", "chahargah"]


@pytest.mark.parametrize("language", ["en", "fa"])
def test_nothing_moves_with_what_is_heard(
    window: TunerWindow, services: Services, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch, language: str
) -> None:
    """A Persian note was lower than the dash for none: strings and needle moved with each that was plucked."""
    monkeypatch.setenv("LANGUAGE", language)
    window.resize(900, 600)
    places = []
    for hz in (None, 262.0, 213.0, None, 175.0):
        hear(services, hz)
        qtbot.wait(1)
        parts = (*window.strings.buttons, window.listen, window.all, window.level, window.needle, window.source)
        places.append([(part.mapTo(window, QPoint(0, 0)), part.size()) for part in parts])
    assert all(one == places[0] for one in places)
