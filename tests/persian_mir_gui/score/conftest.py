"""The score window over a recording of the synthesiser."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
import soundfile
from pytestqt.qtbot import QtBot

from persian_mir.examples.performance import Truth
from persian_mir.examples.synthesise import synthesise
from persian_mir_gui.playback import sound
from persian_mir_gui.score.score_window import ScoreWindow
from persian_mir_gui.shell.services import Services
from persian_mir_gui.widgets.theme_source import ThemeSource
from tests.persian_mir_gui.playback.player.conftest import FakeCard

RATE, SECONDS = 16_000, 12.0


@pytest.fixture
def card(monkeypatch: pytest.MonkeyPatch) -> FakeCard:
    made = FakeCard()
    made.rates = [RATE]
    monkeypatch.setattr(sound, "_library", lambda: made)
    return made


@pytest.fixture(scope="module")
def played(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Truth]:
    made = synthesise("segah", "setar", 3, SECONDS, 220.0, RATE)
    path = tmp_path_factory.mktemp("played") / "segah.wav"
    soundfile.write(path, made.samples, RATE)
    return path, made.truth


@pytest.fixture
def window(qtbot: QtBot, services: Services, themes: ThemeSource, monkeypatch: pytest.MonkeyPatch) -> ScoreWindow:
    monkeypatch.setattr(ScoreWindow, "appear", ScoreWindow.show)  # an offscreen display cannot raise it
    made = ScoreWindow(services.score, services.settings, services.timeline, services.player, themes)
    qtbot.addWidget(made)
    made.resize(900, 640)
    made.show()
    return made


@pytest.fixture
def written(
    qtbot: QtBot, services: Services, window: ScoreWindow, played: tuple[Path, Truth], opened: Callable[[Path], None]
) -> ScoreWindow:
    opened(played[0])
    window.write.click()
    qtbot.waitUntil(lambda: bool(services.score.pages))
    return window


@pytest.fixture
def opened(qtbot: QtBot, services: Services) -> Callable[[Path], None]:
    def wait(path: Path) -> None:
        services.session.open_paths([path])
        qtbot.waitUntil(lambda: services.score.item is not None and services.timeline.frames > 0)

    return wait
