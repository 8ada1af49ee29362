"""The bar of playback shows what the player does, whoever had it do so."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import soundfile
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from persian_mir_gui.playback.transport import Transport
from persian_mir_gui.shell.services import Services
from persian_mir_gui.widgets.stylesheet import stylesheet
from persian_mir_gui.widgets.theme import DARK, LIGHT, Theme
from persian_mir_gui.widgets.theme_source import ThemeSource

RATE = 8000


@pytest.fixture
def services(services: Services, qtbot: QtBot, tmp_path: Path) -> Services:
    """With two recordings, the first of them shown."""
    paths = [tmp_path / f"{name}.wav" for name in "ab"]
    for path in paths:
        soundfile.write(path, np.zeros(10 * RATE, np.float32), RATE)
    services.session.open_paths(paths)
    qtbot.waitUntil(lambda: [item.state for item in services.session.items] == ["ready"] * 2)
    services.session.select(services.session.items[0])
    return services


@pytest.fixture
def transport(services: Services, themes: ThemeSource, qtbot: QtBot) -> Transport:
    s = services
    made = Transport(s.settings, s.timeline, s.session, s.player, s.ramp, themes, QWidget())
    qtbot.addWidget(made)
    return made


@pytest.mark.parametrize("rises", [False, True])
def test_loop_and_speed_end_with_their_recording(services: Services, transport: Transport, rises: bool) -> None:
    """They went on in the next one, which nobody had asked to be repeated, or slowly."""
    player, session = services.player, services.session
    services.settings.set("loop_rises", rises)
    player.set_speed(0.7)
    transport.loop.setChecked(True)
    player.set_range((RATE, 2 * RATE))
    assert player.looping
    session.select(session.items[1])
    assert (player.looping, player.span, player.speed) == (False, None, 1.0)
    assert not transport.loop.isChecked()
    assert "100%" in transport.speed.text()


@pytest.mark.parametrize("theme", [DARK, LIGHT], ids=["dark", "light"])
def test_the_loops_button_is_lit_while_something_is_repeated(
    services: Services, transport: Transport, theme: Theme
) -> None:
    transport.setStyleSheet(stylesheet({k: v.name() for k, v in vars(theme).items() if isinstance(v, QColor)}))
    transport.set_theme(theme)
    transport.loop.setEnabled(True)
    lit = {}
    for on in (False, True):
        services.player.set_loop(on)
        lit[on] = transport.loop.grab().toImage().pixelColor(6, 6).name()
    assert lit == {False: theme.raised.name(), True: theme.accent.name()}


def test_a_slow_speed_is_seen_in_a_small_window_and_does_not_enlarge_it(
    services: Services, transport: Transport, qtbot: QtBot
) -> None:
    transport.fit_to(1010)  # it is made smaller from there
    least = transport.minimumSizeHint().width()
    services.player.set_speed(0.5)
    assert not transport.speed.isHidden()
    assert transport.speed.minimumWidth() >= transport.speed.sizeHint().width()
    assert transport.minimumSizeHint().width() <= least


def test_a_loop_that_waits_says_so(services: Services, transport: Transport) -> None:
    """Its button stayed lit while nothing was repeated: who clicked behind the selection had to guess why."""
    player, timeline = services.player, services.timeline
    timeline.select(RATE, 3 * RATE)
    player.set_range((RATE, 3 * RATE))
    player.set_loop(True)
    assert (transport.selected.text(), transport.selected.toolTip()) == ("Selection 2.0 s", "")
    player.seek(5 * RATE)
    assert transport.selected.text() == "Selection 2.0 s · loop waits"
    assert transport.selected.toolTip() == "A click into the selection repeats it again."
    player.seek(2 * RATE)
    assert transport.selected.text() == "Selection 2.0 s"
    player.seek(5 * RATE)
    player.set_loop(False)
    assert transport.selected.text() == "Selection 2.0 s"


@pytest.mark.qt_log_ignore("This plugin does not support", extend=True)  # nor need it: a place is asked for
def test_the_form_of_the_loops_opens_within_the_window(transport: Transport, qtbot: QtBot) -> None:
    """In Persian the buttons end at the window's right: the form hung half out of it."""
    transport.setLayoutDirection(Qt.LayoutDirection.RightToLeft)
    transport.resize(1000, 60)
    transport.show()
    qtbot.waitExposed(transport)
    screen = transport.screen().availableGeometry()
    transport.resize(min(1000, screen.width() - 200), 60)
    transport.move(screen.left(), screen.bottom() - 200)
    button, form = transport.rising, transport.rising.form
    button.open()
    end, width = transport.x() + transport.width(), form.sizeHint().width()
    assert button.mapToGlobal(QPoint(0, 0)).x() + width > end  # there is no room beside it
    assert form.x() + width <= end
    form.close()
