"""Mains hum in sound as it comes in."""

from __future__ import annotations

import numpy as np
import pytest

from persian_mir.audio.live_hum import LOOK_S, SPOILT_S, LiveHum

RATE = 16_000


def hum_of(hz: float, seconds: float, rms: float = 0.02) -> np.ndarray:
    times = np.arange(round(seconds * RATE)) / RATE
    made = sum(np.sin(2 * np.pi * hz * k * times + k) / k for k in range(1, 16))
    return np.asarray(rms * made / np.sqrt(np.mean(np.square(made))), np.float32)


def melody(seconds: float, steps: tuple[float, ...] = (220.0, 247.5, 293.3, 330.0)) -> np.ndarray:
    """Plucked notes of half a second."""
    times, note = np.arange(round(seconds * RATE)) / RATE, np.arange(RATE // 2) / RATE
    sound = np.zeros(len(times))
    for number, at in enumerate(range(0, len(times) - len(note), len(note))):
        hz = steps[number % len(steps)]
        tone = sum(np.sin(2 * np.pi * hz * k * note) / k for k in range(1, 6))
        sound[at : at + len(note)] += 0.1 * tone * np.exp(-3 * note)
    return sound.astype(np.float32)


def fed(sound: np.ndarray, size: int) -> tuple[LiveHum, np.ndarray]:
    hum = LiveHum(RATE)
    return hum, np.concatenate([hum.push(sound[at : at + size]) for at in range(0, len(sound), size)])


def level(sound: np.ndarray) -> float:
    return float(np.sqrt(np.mean(np.square(sound, dtype=np.float64))))


@pytest.mark.parametrize("hz", [50.02, 59.97])
def test_hum_is_gone_once_it_was_heard_for_a_while(hz: float) -> None:
    music, added = melody(40.0), hum_of(hz, 40.0)
    hum, out = fed(music + added, 1024)
    late = slice(round(20 * RATE), None)
    assert hum.found
    assert len(out) == len(music)
    assert level(out[late] - music[late]) < 0.2 * level(added)  # -14 dB
    early = slice(0, round(LOOK_S * RATE) - 1024)
    np.testing.assert_array_equal(out[early], (music + added)[early])


def test_nothing_waits_and_nothing_depends_on_the_size_of_the_blocks() -> None:
    sound = melody(25.0) + hum_of(50.0, 25.0)
    hum = LiveHum(RATE)
    assert all(len(hum.push(sound[at : at + 700])) == min(700, len(sound) - at) for at in range(0, len(sound), 700))
    one, other = fed(sound, 512)[1], fed(sound, len(sound))[1]
    assert level(one - other) < 1e-3 * level(sound)


def test_music_alone_comes_out_as_it_went_in() -> None:
    for sound in (melody(40.0), melody(40.0, (100.0, 150.0, 200.0)), np.zeros(30 * RATE, np.float32)):
        hum, out = fed(sound, 4096)
        assert not hum.found
        np.testing.assert_array_equal(out, sound)


def test_a_held_note_on_a_line_stays() -> None:
    seconds = 40.0
    times = np.arange(round(seconds * RATE)) / RATE
    note = (0.1 * np.sin(2 * np.pi * 200.0 * times)).astype(np.float32)
    note[: 20 * RATE] = 0
    added = hum_of(50.0, seconds, 0.01)
    hum, out = fed(melody(seconds) * (times < 20) + note + added, 1600)
    assert hum.found
    late = slice(round(30 * RATE), None)
    assert level(out[late]) > 0.8 * level(note[late])


def test_hum_that_begins_later_is_found_within_what_is_said_to_be_spoilt() -> None:
    sound = melody(60.0)
    sound[30 * RATE :] += hum_of(50.0, 30.0)
    hum, at = LiveHum(RATE), 0
    while not hum.found and at < len(sound):
        hum.push(sound[at : at + RATE])
        at += RATE
    assert hum.found
    assert at / RATE - 30 <= SPOILT_S
