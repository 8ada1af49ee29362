"""Slower and faster, at the same pitch."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import soundfile
from scipy.ndimage import median_filter

from persian_mir.audio import open_audio
from persian_mir.recording import Recording
from persian_mir_gui.playback.player import Player


def pitch_of(sound: np.ndarray, rate: int) -> float:
    fine = max(len(sound), 1 << 15)
    return float(np.argmax(np.abs(np.fft.rfft(sound[:, 0] * np.hanning(len(sound)), fine)))) * rate / fine


@pytest.fixture
def tone(tmp_path: Path) -> Recording:
    path = tmp_path / "tone.wav"
    soundfile.write(path, 0.3 * np.sin(2 * np.pi * 440 * np.arange(40_000) / 8000), 8000, subtype="FLOAT")
    with open_audio(path) as source:
        return source.recording


@pytest.mark.parametrize("rates", [[8000, 48000], [48000]])
def test_half_as_fast_is_twice_as_long_at_the_same_pitch(
    until_stopped: Callable[[Player], None], qtbot, player: Player, card: Any, tone: Recording, rates: list[int]
) -> None:
    card.rates = rates
    moves: list[int] = []
    player.moved.connect(moves.append)
    player.load(tone)
    with qtbot.waitSignal(player.speed_changed) as told:
        player.set_speed(0.5)
    assert told.args == [0.5]
    player.play()
    until_stopped(player)
    played = card.played()
    assert len(played) == pytest.approx(2 * tone.frames * rates[0] / 8000, rel=0.01)
    assert pitch_of(played, rates[0]) == pytest.approx(440, abs=1)
    assert moves == sorted(moves)
    assert moves[-1] == tone.frames


def test_a_slow_loop_keeps_to_its_range(
    until_stopped: Callable[[Player], None], qtbot, player: Player, card: Any, tone: Recording
) -> None:
    moves: list[int] = []
    player.moved.connect(moves.append)
    player.load(tone)
    player.set_loop(True)
    player.set_speed(0.5)
    player.play_range(8000, 12_000)
    qtbot.waitUntil(lambda: sum(map(len, card.heard)) > 40_000)
    player.set_loop(False)
    until_stopped(player)
    assert all(8000 <= sample <= 12_000 for sample in moves)
    turns = len(card.played()) / 8000
    assert round(turns) >= 2
    assert turns == pytest.approx(round(turns), abs=0.02)


def test_a_change_of_speed_neither_clicks_nor_jumps(
    until_stopped: Callable[[Player], None], qtbot, player: Player, card: Any, tmp_path: Path
) -> None:
    """A tone that rises by 100 Hz a second says itself where in the recording it is."""
    rate, path = 8000, tmp_path / "rising.wav"
    times = np.arange(8 * rate) / rate
    soundfile.write(path, 0.3 * np.sin(2 * np.pi * (300 * times + 50 * times**2)), rate, subtype="FLOAT")
    with open_audio(path) as source:
        player.load(source.recording)
    card.pause_s = 0.02  # three times as fast as a real one: slow enough never to wait for the decoder
    player.play()
    for speed in (0.5, 0.25, 1.0, 0.75, 2.0, 1.0):
        heard = len(card.heard)
        player.set_speed(speed)
        qtbot.waitUntil(lambda heard=heard: len(card.heard) > heard + 15)
    until_stopped(player)
    sound = np.concatenate(card.heard)[:, 0]
    first, last = np.flatnonzero(sound)[[0, -1]]
    sound = sound[first : last + 1]
    assert np.abs(np.diff(sound)).max() < 1.2 * 0.3 * 2 * np.pi * 1100 / rate
    heard_s = np.array(
        [(pitch_of(sound[at : at + 512, None], rate) - 300) / 100 for at in range(0, len(sound) - 512, 512)]
    )
    heard_s = median_filter(heard_s, 5)  # where the speed changes two tones meet, and neither is measured
    pace = (heard_s[4:] - heard_s[:-4]) / (4 * 512 / rate)  # source seconds a second
    assert pace.min() > 0.1
    assert pace.max() < 2.3
    assert heard_s[-1] == pytest.approx(8, abs=0.2)
