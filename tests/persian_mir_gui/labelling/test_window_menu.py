"""The choice of the modal reading's window, and of the speed of playback."""

from __future__ import annotations

from PySide6.QtWidgets import QToolButton
from pytestqt.qtbot import QtBot

from persian_mir_gui.labelling.predictor_bar import PredictorBar
from persian_mir_gui.playback.speed_button import SPEEDS, SpeedButton, step_speed
from persian_mir_gui.shell.services import Services
from persian_mir_gui.widgets.theme_source import ThemeSource


def test_the_window_is_chosen_beside_the_predictor_and_kept(
    services: Services, qtbot: QtBot, themes: ThemeSource
) -> None:
    bar = PredictorBar(services.settings, services.labelling, themes)
    qtbot.addWidget(bar)
    shown = [action.text() for action in bar.windows.actions() if action.isChecked()]
    assert shown == ["30 s"]
    (sixty,) = [action for action in bar.windows.actions() if action.text() == "60 s"]
    sixty.trigger()
    assert services.settings.get("modal_window") == 60
    assert [action.text() for action in bar.windows.actions() if action.isChecked()] == ["60 s"]
    assert any(button.text() == "60 s ▾" for button in bar.findChildren(QToolButton))
    assert bar.windows.menuAction() in bar.menu.actions()


def test_the_speed_is_chosen_and_stepped(services: Services, qtbot: QtBot) -> None:
    button = SpeedButton(services.player)
    qtbot.addWidget(button)
    assert button.text() == "100% ▾"
    (half,) = [action for action in button.menu().actions() if action.text() == "50%"]
    half.trigger()
    assert services.player.speed == 0.5
    assert button.text() == "50% ▾"
    step_speed(services.player, 1)
    assert services.player.speed == SPEEDS[SPEEDS.index(0.5) + 1]
    services.player.set_speed(2.0)
    step_speed(services.player, 1)
    assert services.player.speed == 2.0
    step_speed(services.player, -1)
    assert services.player.speed == 1.0
