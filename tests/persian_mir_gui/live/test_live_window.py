"""The live window over a listener that is not there: what it shows of what it is told."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from persian_mir.modal.live import LiveReader, LiveState, pitch_now
from persian_mir.modal.pitch import HOP_S, PitchTrack
from persian_mir.modal.profile import fold_octaves
from persian_mir.modal.reading import ModalReading, read_mode
from persian_mir_gui.core.messages import Message
from persian_mir_gui.live.listener import LiveNews
from persian_mir_gui.live.live_window import LiveWindow, status_words
from persian_mir_gui.shell.services import Services
from persian_mir_gui.widgets.theme import DARK, LIGHT
from persian_mir_gui.widgets.theme_source import ThemeSource

COURSE = [(0, 2), (135, 1), (0, 1), (-100, 0.5), (-365, 1), (-500, 0.5), (0, 1.5), (135, 0.6), (390, 0.8), (0, 2)]


@pytest.fixture
def window(services: Services, qtbot: QtBot, themes: ThemeSource) -> LiveWindow:
    made = LiveWindow(services.live, services.reference, themes)
    qtbot.addWidget(made)
    return made


@pytest.fixture(scope="module")
def reading() -> ModalReading:
    once = np.concatenate([np.full(round(length / HOP_S), cents) for cents, length in COURSE])
    hz = 220.0 * 2 ** (np.resize(once, round(30 / HOP_S)) / 1200)
    return read_mode(PitchTrack(hz.astype(np.float32), np.ones(len(hz), np.float32)))


def trace(hz: float | None) -> PitchTrack:
    """Twenty seconds of one note."""
    frames = round(20 / HOP_S)
    return PitchTrack(np.full(frames, hz or 0.0, np.float32), np.full(frames, float(hz is not None), np.float32))


def state(reading: ModalReading | None, hz: float | None = 221.0) -> LiveState:
    counts = np.zeros(240) if reading is None else fold_octaves(reading.track, np.ones(len(reading.track.hz)))
    pitch = None if hz is None else pitch_now(hz, reading)
    heard = 30.0 if reading else 4.2
    return LiveState(31.0, -20.0, -9.0, pitch, heard, counts / max(counts.sum(), 1.0), reading, 30.9, trace(hz))


def test_before_the_first_answer_it_says_when_it_comes(window: LiveWindow) -> None:
    window._show(LiveNews("listening", state(None)))
    assert "first answer after 10 s" in window.status.text()
    assert "4 s so far" in window.status.text()
    assert window.ranking.name.text() == "–"
    assert window.note.text().startswith("La")


def test_then_names_note_and_mode(window: LiveWindow, reading: ModalReading) -> None:
    window._show(LiveNews("listening", state(reading), take_s=61.0))
    assert window.ranking.name.text() == "Chahargah"
    assert window.ranking.other.text() == "چهارگاه"
    assert "off the degree" in window.off.text()
    assert "221.0 Hz" in window.off.text()
    assert "01:01" in window.time.text()


def leaning(reading: ModalReading, first: float, second: float) -> ModalReading:
    return replace(reading, dastgahs=(("chahargah", first), ("segah", second)))


def test_one_answer_with_its_runner_up_and_how_sure_it_is(window: LiveWindow, reading: ModalReading) -> None:
    window._show(LiveNews("listening", state(leaning(reading, 0.9, 0.05))))
    assert window.ranking.name.text() == "Chahargah"
    assert window.ranking.line.text() == "90% · next: Segah 5%"
    window._show(LiveNews("listening", state(leaning(reading, 0.4, 0.35))))
    assert window.ranking.name.text() == "Chahargah"
    assert window.ranking.line.text() == "not sure · 40% · next: Segah 35%"


@pytest.mark.usefixtures("card")
def test_while_it_records_the_button_says_stop(window: LiveWindow, services: Services, qtbot: QtBot) -> None:
    assert window.record.text() == "Record"
    window.record.click()
    qtbot.waitUntil(lambda: services.live.phase == "listening")
    assert window.record.text() == "Stop recording"
    window.record.click()
    assert window.record.text() == "Record"
    assert window.listen.text() == "Stop listening"
    window.listen.click()
    qtbot.waitUntil(lambda: not services.live.busy)
    assert window.listen.text() == "Listen"


def test_silence_and_loss_are_shown(window: LiveWindow, reading: ModalReading) -> None:
    window._show(LiveNews("listening", state(reading, None)))
    assert window.note.text() == "–"
    window._show(LiveNews("lost", state(reading), dropped_s=1.25))
    assert "as soon as it is back" in window.status.text()
    assert "1.2 s of sound were lost" in window.status.text()
    assert window.note.text() == "–"


def test_no_mode_is_no_dastgah(window: LiveWindow) -> None:
    reader = LiveReader(16_000)
    news = LiveNews("listening", state(reader.read()))
    window._show(news)
    assert window.ranking.name.text() == "No mode heard"
    assert status_words(news) in window.status.text()


def test_a_message_is_shown_until_the_next_try(window: LiveWindow) -> None:
    window._say(Message("error", "There is no sound input.", "Connect a microphone."))
    assert window.status.text() == "There is no sound input. Connect a microphone."
    window._say_taken(Path("/music/2026.flac"))
    assert "2026.flac" in window.status.text()


def picture(widget: QWidget) -> QImage:
    return widget.grab().toImage()


@pytest.mark.parametrize("theme", [DARK, LIGHT], ids=lambda theme: theme.name)
def test_meters_show_what_changes(
    window: LiveWindow, reading: ModalReading, theme: object, themes: ThemeSource
) -> None:
    themes.set(theme)
    window.show()
    assert window.plots is not None
    meters = (window.level, window.needle, window.plots.profile, window.plots.trace)
    window._show(LiveNews("listening", None))
    empty = [picture(meter) for meter in meters]
    window._show(LiveNews("listening", state(reading)))
    full = [picture(meter) for meter in meters]
    assert all(before != after for before, after in zip(empty, full, strict=True))


def test_a_large_window_is_read_across_a_room(window: LiveWindow, reading: ModalReading, qtbot: QtBot) -> None:
    window.show()
    window._show(LiveNews("listening", state(reading), take_s=61.0))
    small = window.note.height(), window.level.height()
    window.resize(1720, 1240)
    qtbot.waitUntil(lambda: window.note.height() > 1.8 * small[0] and window.level.height() > 1.8 * small[1])
    large = {part.font().pointSizeF() for part in (window.devices, window.listen, window.record, window.status)}
    assert large == {2 * window.font().pointSizeF()}
    dot = window.record.iconSize()
    assert dot == QSize(32, 32)
    assert window.record.icon().actualSize(dot) == dot  # it is drawn so large, too
    window.resize(860, 620)  # nothing large stands in the way back
    qtbot.waitUntil(lambda: (window.note.height(), window.level.height()) == small)
    assert (window.width(), window.height()) == (860, 620)


def test_what_is_not_known_yet_stands_where_reading_begins(
    qapp: QApplication, services: Services, qtbot: QtBot, themes: ThemeSource
) -> None:
    qapp.setLayoutDirection(Qt.LayoutDirection.RightToLeft)
    try:
        window = LiveWindow(services.live, services.reference, themes)
    finally:
        qapp.setLayoutDirection(Qt.LayoutDirection.LeftToRight)
    qtbot.addWidget(window)
    right = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignAbsolute
    for label in (window.ranking.name, window.note):  # a dash of itself runs to the right, and stood on the left
        assert label.text() == "–"
        assert label.alignment() & right == right


def test_the_rows_below_the_answer_are_said_to_be_modes(window: LiveWindow, reading: ModalReading) -> None:
    assert window.ranking._grid_title.text() == "Mode"
    assert not window.ranking._grid_title.isVisibleTo(window)  # nothing is heard yet
    window.ranking.show_reading(reading)
    assert window.ranking._grid_title.isVisibleTo(window)
