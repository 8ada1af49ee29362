"""A recording, and windows of the whole program in either language."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
import soundfile
from PySide6.QtCore import QLocale, Qt, QTranslator
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from persian_mir_gui.app import build_program, parse
from persian_mir_gui.core.settings import Settings
from persian_mir_gui.shell.main_window import MainWindow
from tests.persian_mir_gui.whole_window.hands import RATE, Make


@pytest.fixture
def wav(tmp_path: Path) -> Path:
    """Six seconds of a plucked scale."""
    path = tmp_path / "scale.wav"
    notes = 220.0 * 2 ** (np.array([0, 2, 3.5, 5, 7, 8, 10, 12, 10, 8, 7, 5]) / 12)
    time = np.arange(RATE // 2) / RATE
    sound = [np.exp(-4 * time) * sum(np.sin(2 * np.pi * f * k * time) / k for k in (1, 2, 3)) for f in notes]
    soundfile.write(path, 0.3 * np.concatenate(sound), RATE)
    return path


@pytest.fixture
def make(qtbot: QtBot, qapp: QApplication) -> Iterator[Make]:
    """Builds windows that do not label by themselves; closes them, and puts the application back as it was."""
    windows: list[MainWindow] = []

    def build(*arguments: str | Path, label: bool = False) -> MainWindow:
        Settings().set("label_on_open", label)
        program = build_program(qapp, parse([str(argument) for argument in arguments]))
        window = program.window
        window.services = program.services  # for the tests alone
        qtbot.addWidget(window)
        window.resize(1200, 800)
        with qtbot.waitExposed(window):
            window.show()
        windows.append(window)
        return window

    hook = sys.excepthook
    yield build
    for window in windows:
        window.close()
    sys.excepthook = hook


@pytest.fixture
def persian(qapp: QApplication, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A window in Persian, and everything as before afterwards."""
    monkeypatch.setenv("LANGUAGE", "en")
    before = QLocale()
    Settings().set("language", "fa")
    yield
    for translator in qapp.findChildren(QTranslator):
        qapp.removeTranslator(translator)
    qapp.setLayoutDirection(Qt.LayoutDirection.LeftToRight)
    QLocale.setDefault(before)


@pytest.fixture(params=["en", "fa"])
def spoken(request: pytest.FixtureRequest) -> None:
    """Either language."""
    if request.param == "fa":
        request.getfixturevalue("persian")
