"""The teacher's screen: nothing gives the answer away before it is revealed."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
import soundfile
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QLabel
from pytestqt.qtbot import QtBot

from persian_mir.labels import label_ids
from persian_mir.prediction import Prediction
from persian_mir.provenance import Provenance
from persian_mir_gui.services.context import Services, build_services, close_services
from persian_mir_gui.views.teacher_screen import TeacherScreen

RATE = 8000
pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints", "does not support raise", extend=True)


@pytest.fixture
def services(qapp: QApplication) -> Iterator[Services]:
    made = build_services()
    yield made
    close_services(made)


@pytest.fixture
def screen(services: Services, qtbot: QtBot, tmp_path: Path) -> TeacherScreen:
    """Over two recordings in Segah."""
    paths = [tmp_path / f"Segah {k}.wav" for k in (1, 2)]
    for path in paths:
        soundfile.write(path, np.zeros(10 * RATE, np.float32), RATE)
    services.session.open_paths(paths)
    qtbot.waitUntil(lambda: [item.state for item in services.session.items] == ["ready"] * 2, timeout=10_000)
    ids = label_ids("dastgah")
    row = np.full((1, len(ids)), 0.02, np.float32)
    row[0, ids.index("segah")] = 0.88
    span = np.array([0]), np.array([10 * RATE])
    for item in services.session.items:
        said = Prediction("dastgah", ids, *span, row, row[0], Provenance("modal"))
        services.session.put_prediction(item, "modal", "Modal reading", said)
    made = TeacherScreen(services)
    qtbot.addWidget(made)
    made.loop_wanted.connect(services.player.set_loop)
    made.appear()
    return made


def shown(screen: TeacherScreen) -> str:
    return " ".join(label.text() for label in screen.findChildren(QLabel))


def test_hidden_until_revealed_and_hidden_again(screen: TeacherScreen) -> None:
    assert "Segah" not in shown(screen)
    assert "سه‌گاه" not in shown(screen)
    screen.turn()
    assert screen.name.text() == "Segah"
    assert screen.other.text() == "سه‌گاه"
    assert "88%" in screen.more.text()
    screen.turn()
    assert "Segah" not in shown(screen)


def test_the_next_recording_is_hidden_again(screen: TeacherScreen, services: Services) -> None:
    services.session.select(services.session.items[0])
    screen.turn()
    screen._step(1)
    assert services.session.current is services.session.items[1]
    assert not screen.revealed
    assert "Segah" not in shown(screen)
    screen._step(1)
    assert services.session.current is services.session.items[1]


def test_keys(screen: TeacherScreen, qtbot: QtBot, services: Services) -> None:
    screen.activateWindow()
    qtbot.waitUntil(screen.isActiveWindow, timeout=2000)
    qtbot.keyClick(screen, Qt.Key.Key_Space)
    assert screen.revealed
    qtbot.keyClick(screen, Qt.Key.Key_Return)
    assert not screen.revealed
    before = screen.grab().toImage()
    qtbot.keyClick(screen, Qt.Key.Key_C)
    assert screen.grab().toImage() != before
    qtbot.keyClick(screen, Qt.Key.Key_L)
    assert services.player.looping
    assert "loop" in screen.state.text()
    qtbot.keyClick(screen, Qt.Key.Key_Escape)
    assert not screen.isVisible()


def test_without_a_recording_it_says_so(screen: TeacherScreen, services: Services) -> None:
    services.session.close_all()
    assert screen.name.text() == "No recording is open"
