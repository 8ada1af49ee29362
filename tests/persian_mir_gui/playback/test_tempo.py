"""Slow playback: the length changes, the pitch does not, and every sound stays where the playhead says."""

from __future__ import annotations

import numpy as np
import pytest

from persian_mir_gui.playback import tempo
from persian_mir_gui.playback.sound import SoundError
from persian_mir_gui.playback.tempo import Tempo

SPEEDS = (0.25, 0.3, 0.5, 0.75, 0.9, 1.25, 2.0)


def stretched(sound: np.ndarray, rate: int, speed: float, block: int = 2048) -> np.ndarray:
    made = Tempo(rate, sound.shape[1], speed)
    made.begin(np.zeros((made.lead, sound.shape[1]), np.float32))
    starts = range(0, len(sound), block)
    return np.concatenate([made.stretch(sound[at : at + block], at + block >= len(sound)) for at in starts])


@pytest.mark.parametrize("rate", [8000, 44_100])
@pytest.mark.parametrize("speed", SPEEDS)
def test_the_length_changes_and_the_pitch_stays(rate: int, speed: float) -> None:
    times = np.arange(4 * rate) / rate
    tone = 0.3 * np.sin(2 * np.pi * 440 * times)[:, None].astype(np.float32)
    slow = stretched(tone, rate, speed)
    assert abs(len(slow) - len(tone) / speed) <= 1
    middle = slow[len(slow) // 4 : -len(slow) // 4, 0]
    power = np.abs(np.fft.rfft(middle * np.hanning(len(middle)), 1 << 18))
    hz = float(np.argmax(power)) * rate / (1 << 18)
    assert abs(1200 * np.log2(hz / 440)) < 5
    assert np.sqrt(np.mean(middle**2)) == pytest.approx(0.3 / np.sqrt(2), rel=0.1)


@pytest.mark.parametrize("speed", SPEEDS)
def test_for_twenty_seconds_every_sound_is_where_the_playhead_is(speed: float) -> None:
    rate, onsets = 44_100, np.arange(20) * 44_100
    ring = np.arange(rate // 4) / rate
    sound = np.zeros((20 * rate, 1), np.float32)
    for at in onsets:
        sound[at : at + len(ring), 0] = 0.5 * np.sin(2 * np.pi * 440 * ring) * np.exp(-ring / 0.1)
    slow = np.abs(stretched(sound, rate, speed)[:, 0])
    errors = []
    for at in onsets:
        begin = max(0, int((at - 0.1 * rate) / speed))
        heard = begin + int(np.argmax(slow[begin : begin + int(0.5 * rate / speed)] > 0.05))
        errors.append((heard * speed - at) / rate)
    assert np.abs(errors).max() < (0.02 if speed > 1 else 0.015)


def test_two_sides_stay_two_sides() -> None:
    rate = 44_100
    times = np.arange(2 * rate) / rate
    sides = np.stack([0.3 * np.sin(2 * np.pi * 440 * times), np.zeros_like(times)], axis=1).astype(np.float32)
    slow = stretched(sides, rate, 0.5)
    assert slow[:, 0].std() > 0.1
    assert not slow[:, 1].any()


def test_less_than_a_window_is_played_whole() -> None:
    assert len(stretched(np.full((100, 1), 0.1, np.float32), 44_100, 0.5)) == 200


def test_an_ffmpeg_without_the_filter_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tempo, "FILTER", "no such filter")
    with pytest.raises(SoundError, match="no filter") as caught:
        Tempo(44_100, 1, 0.5)
    assert "pip install av" in caught.value.cure


def test_the_limits_are_the_players() -> None:
    for speed in (tempo.SLOWEST / 2, tempo.FASTEST * 2):
        with pytest.raises(ValueError, match="speed"):
            Tempo(44_100, 1, speed)
