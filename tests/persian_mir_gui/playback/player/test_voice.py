"""Notes beside a recording: a recording of clicks, one a second, at each of which a note begins."""

from __future__ import annotations

import math
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import soundfile
from scipy.signal import butter, sosfiltfilt

from persian_mir.audio import open_audio
from persian_mir.recording import Recording
from persian_mir_gui.playback.player import Player
from persian_mir_gui.playback.voice import Voice

RATE, CLICK_HZ = 8000, 3000.0
STARTS_S = np.arange(1.0, 6.0)
HZ = 440 * 2 ** (np.array([0, 150, 350, -250, 50]) / 1200)  # with koron and sori: quarter tones


def voice(share: float) -> Voice:
    starts = (STARTS_S * RATE).astype(np.int64)
    return Voice(starts, starts + RATE // 2, HZ, RATE, share)


@pytest.fixture
def clicks(tmp_path: Path) -> Recording:
    path = tmp_path / "clicks.wav"
    times = np.arange(7 * RATE) / RATE
    sounds = (times % 1.0 < 0.25) & (times >= 1) & (times < 6)
    soundfile.write(path, 0.4 * np.sin(2 * np.pi * CLICK_HZ * times) * sounds, RATE, subtype="FLOAT")
    with open_audio(path) as source:
        return source.recording


def begun(sound: np.ndarray, low: float, high: float) -> np.ndarray:
    """Seconds at which something begins to sound in a band."""
    band = np.abs(sosfiltfilt(butter(4, (low, high), "band", fs=RATE, output="sos"), sound))
    loud = np.flatnonzero(band > 0.3 * band.max()) / RATE
    return loud[np.diff(loud, prepend=-1.0) > 0.3]


def clicks_in(sound: np.ndarray) -> np.ndarray:
    return begun(sound, CLICK_HZ - 200, CLICK_HZ + 200)


def notes_in(sound: np.ndarray) -> np.ndarray:
    return begun(sound, 300.0, 700.0)


def pitch_at(sound: np.ndarray, seconds: float) -> float:
    piece = sound[round(seconds * RATE) :][: RATE // 3]
    power = np.abs(np.fft.rfft(piece * np.hanning(len(piece)), 1 << 17))[: (700 << 17) // RATE]
    return float(np.argmax(power)) * RATE / (1 << 17)


def cents_off(sound: np.ndarray, speed: float) -> np.ndarray:
    heard = [pitch_at(sound, start / speed + 0.02) for start in STARTS_S]
    return np.abs(1200 * np.log2(np.array(heard) / HZ))


@pytest.fixture
def heard(player: Player, card: Any, clicks: Recording, until_stopped: Callable[[Player], None]) -> Callable[..., Any]:
    def play(voice: Voice | None, speed: float = 1.0) -> np.ndarray:
        player.load(clicks)
        player.set_voice(voice)
        player.set_speed(speed)
        card.pause_s = 0.01  # a busy machine keeps up with that: what comes too late is silence
        player.play()
        until_stopped(player)
        return np.concatenate(card.heard)[: round(7 * RATE / speed), 0]

    return play


@pytest.mark.parametrize("speed", [1.0, 0.5, 0.7])
def test_both_sound_together_at_the_pitch_of_the_notes(heard: Callable[..., Any], speed: float) -> None:
    sound = heard(voice(0.5), speed)
    for found in (clicks_in(sound), notes_in(sound)):
        assert found * speed == pytest.approx(STARTS_S, abs=0.03)
    assert cents_off(sound, speed).max() < 25


def test_the_recording_alone_is_untouched(heard: Callable[..., Any], clicks: Recording) -> None:
    with open_audio(clicks.path) as source:
        assert np.array_equal(heard(None), source.read(0, clicks.frames)[0])


def test_the_notes_alone_are_heard_without_the_recording(heard: Callable[..., Any]) -> None:
    sound = heard(voice(1.0))
    assert notes_in(sound) == pytest.approx(STARTS_S, abs=0.03)
    assert cents_off(sound, 1.0).max() < 5
    assert sound == pytest.approx(voice(1.0).sound(0, 7 * RATE), abs=1e-6)


def test_the_balance_moves_from_one_to_the_other(heard: Callable[..., Any], clicks: Recording) -> None:
    with open_audio(clicks.path) as source:
        recorded = source.read(0, clicks.frames)[0]
    notes = voice(1.0).sound(0, clicks.frames)
    assert heard(voice(0.25)) == pytest.approx(0.75 * recorded + 0.25 * notes, abs=1e-6)


def test_notes_at_every_place_are_the_same_however_they_are_asked_for() -> None:
    whole = voice(0.5).sound(0, 7 * RATE)
    parts = [voice(0.5).sound(at, 997) for at in range(0, 7 * RATE, 997)]
    assert np.array_equal(np.concatenate(parts)[: len(whole)], whole)
    assert np.abs(whole).max() <= 0.5


def test_in_a_loop_that_speeds_up_they_stay_together(
    qtbot, player: Player, card: Any, clicks: Recording, until_stopped: Callable[[Player], None]
) -> None:
    player.load(clicks)
    player.set_voice(voice(0.5))
    player.set_loop(True)
    player.set_speed(0.5)
    player.repeated.connect(lambda _times: player.set_speed(player.speed + 0.25))
    card.pause_s = 0.02
    player.play_range(round(1.8 * RATE), round(3.8 * RATE))
    qtbot.waitUntil(lambda: player.speed >= 1.25)
    player.set_loop(False)
    until_stopped(player)
    sound = np.concatenate(card.heard)[:, 0]
    first, second = clicks_in(sound), notes_in(sound)
    assert len(first) >= 6  # two in each turn, at three speeds at least
    assert second == pytest.approx(first, abs=0.03 / 0.5)  # of the recording, at the slowest


def test_notes_come_and_go_while_it_plays_without_a_jump(
    qtbot, player: Player, card: Any, clicks: Recording, until_stopped: Callable[[Player], None]
) -> None:
    player.load(clicks)
    card.pause_s, card.waits_at_s = 0.02, 1.5
    player.play()
    qtbot.waitUntil(lambda: player.position > 1.2 * RATE)
    player.set_voice(voice(1.0))
    card.waits_at_s = 3.6
    qtbot.waitUntil(lambda: player.position > 3.5 * RATE)
    player.set_voice(None)
    card.waits_at_s = math.inf
    until_stopped(player)
    sound = np.concatenate(card.heard)[: 7 * RATE, 0]
    assert notes_in(sound) == pytest.approx([2.0, 3.0], abs=0.03)
    assert clicks_in(sound)[0] == pytest.approx(1.0, abs=0.03)
    assert clicks_in(sound)[-2:] == pytest.approx([4.0, 5.0], abs=0.03)


def test_another_recording_is_heard_without_them(
    player: Player, card: Any, clicks: Recording, until_stopped: Callable[[Player], None]
) -> None:
    player.load(clicks)
    player.set_voice(voice(1.0))
    player.load(clicks)
    player.play()
    until_stopped(player)
    assert len(clicks_in(np.concatenate(card.heard)[:, 0])) == len(STARTS_S)
