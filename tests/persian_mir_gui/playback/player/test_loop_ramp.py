"""Loops whose speed rises: after so many repeats, by so much, up to the end, at the same pitch."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import soundfile
from PySide6.QtWidgets import QSpinBox

from persian_mir.audio import open_audio
from persian_mir.recording import Recording
from persian_mir_gui.core.settings import Settings
from persian_mir_gui.playback.loop_ramp import LoopRamp, Ramp
from persian_mir_gui.playback.loop_ramp_button import LoopRampButton, progress_words
from persian_mir_gui.playback.playback_request import Plan
from persian_mir_gui.playback.player import Player

RATE = 8000


@pytest.fixture
def settings(qapp) -> Settings:
    made = Settings()
    for key, value in (("loop_start", 0.5), ("loop_step", 0.25), ("loop_repeats", 2), ("loop_rises", True)):
        made.set(key, value)
    return made


@pytest.fixture
def tone(tmp_path: Path) -> Recording:
    path = tmp_path / "tone.wav"
    soundfile.write(path, 0.3 * np.sin(2 * np.pi * 440 * np.arange(5 * RATE) / RATE), RATE, subtype="FLOAT")
    with open_audio(path) as source:
        return source.recording


@pytest.fixture
def ramp(settings: Settings, player: Player) -> Iterator[LoopRamp]:
    made = LoopRamp(settings, player)
    yield made
    made.deleteLater()


def test_each_speed_follows_from_the_one_before() -> None:
    ramp, speeds = Ramp(0.5, 0.15, 3, 0.9), [0.5]
    for _time in range(4):
        speeds.append(ramp.after(speeds[-1]))
    assert speeds == [0.5, 0.65, 0.8, 0.9, 0.9]
    assert ramp.after(1.0) == 1.0  # chosen by hand: it is not taken back


@pytest.mark.parametrize(("at", "played", "laps"), [(100, 0, 0), (100, 99, 0), (150, 50, 1), (100, 350, 3)])
def test_repeats_are_counted_from_the_start_of_the_range(at: int, played: int, laps: int) -> None:
    assert Plan(None, at, 100, 200).laps(played) == laps


def test_the_speed_rises_to_the_end_and_the_pitch_stays(
    qtbot, ramp: LoopRamp, player: Player, card: Any, tone: Recording, until_stopped: Callable[[Player], None]
) -> None:
    card.pause_s = 0.01
    speeds: list[float] = []
    repeats: list[int] = []
    player.speed_changed.connect(speeds.append)
    player.repeated.connect(repeats.append)
    player.load(tone)
    player.set_loop(True)
    assert player.speed == 0.5
    player.play_range(RATE, 2 * RATE)
    qtbot.waitUntil(lambda: sum(repeats) >= 5)
    assert speeds == [0.5, 0.75, 1.0]
    assert ramp.done == 1  # of the two that were played at full speed
    player.set_loop(False)
    assert not ramp.running
    until_stopped(player)
    played = card.played()[:, 0]
    power = np.abs(np.fft.rfft(played * np.hanning(len(played)), 1 << 20))
    hz = float(np.argmax(power)) * card.rates[0] / (1 << 20)
    assert abs(1200 * np.log2(hz / 440)) < 5


def test_what_was_before_comes_back(ramp: LoopRamp, player: Player, settings: Settings, tone: Recording) -> None:
    player.load(tone)
    player.set_speed(0.8)
    player.set_loop(True)
    assert (player.speed, ramp.running) == (0.5, True)
    player.set_loop(False)
    assert (player.speed, ramp.running) == (0.8, False)
    settings.set("loop_rises", False)
    player.set_loop(True)
    assert player.speed == 0.8
    settings.set("loop_rises", True)
    assert player.speed == 0.5


def test_another_phrase_begins_slowly_again(ramp: LoopRamp, player: Player, tone: Recording) -> None:
    player.load(tone)
    player.set_loop(True)
    for _time in range(2):
        player.repeated.emit(1)
    assert player.speed == 0.75
    player.set_range((0, RATE))
    assert (player.speed, ramp.done) == (0.5, 0)


def test_outside_the_loop_it_sounds_as_fast_as_before(ramp: LoopRamp, player: Player, tone: Recording) -> None:
    player.load(tone)
    player.set_range((RATE, 2 * RATE))
    player.set_loop(True)
    assert player.speed == 0.5
    player.seek(3 * RATE)
    assert (player.speed, ramp.running) == (1.0, False)
    player.seek(RATE)
    assert (player.speed, ramp.running) == (0.5, True)


def test_the_form_sets_it_and_the_button_says_where_it_is(
    qtbot, ramp: LoopRamp, player: Player, settings: Settings, tone: Recording
) -> None:
    button = LoopRampButton(ramp, settings)
    qtbot.addWidget(button)
    assert button.text() == "↗ from 50%"
    assert button.accessibleName() == "Loops begin at 50% and speed up to 100%"
    values = {key: field.value() for key, field in button.form.fields.items()}
    assert values == {"loop_start": 50, "loop_step": 25, "loop_repeats": 2, "loop_end": 100}
    start: QSpinBox = button.form.fields["loop_start"]
    start.setValue(60)
    assert settings.get("loop_start") == 0.6
    player.load(tone)
    player.set_loop(True)
    player.repeated.emit(1)
    assert button.text() == "↗ Repeat 2 of 2"
    assert button.toolTip() == button.accessibleName() == progress_words(ramp)
    button.shorten(True)
    assert button.text() == "↗ 2/2"
    assert button.accessibleName() == progress_words(ramp)
    assert progress_words(ramp) == "Repeat 2 of 2 at 60%, up to 100%"
    button.form.rises.click()
    assert not settings.get("loop_rises")
    assert (button.text(), player.speed) == ("↗", 1.0)
