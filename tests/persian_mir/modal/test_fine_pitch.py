"""The pitch of a held note to a cent, alone and as a tuner hears it."""

from __future__ import annotations

import numpy as np
import pytest

from persian_mir.modal.fine_pitch import LENGTH, fine_hz
from persian_mir.modal.live import LiveReader

RATE = 16_000


def plucked(hz: float, seconds: float = 1.0, rate: int = RATE) -> np.ndarray:
    times = np.arange(round(seconds * rate)) / rate
    wave = sum(k**-1.2 * np.sin(2 * np.pi * k * hz * times + k) * np.exp(-k * times / 2) for k in range(1, 9))
    return np.asarray(0.2 * wave, np.float32)


@pytest.mark.parametrize("cents", [-18.0, 0.0, 7.0])
@pytest.mark.parametrize("hz", [73.4, 98.0, 196.0, 261.6, 440.0, 1396.9])
def test_within_a_cent_of_a_string(hz: float, cents: float) -> None:
    true = hz * 2 ** (cents / 1200)
    found = fine_hz(plucked(true), hz, RATE)
    assert found is not None
    assert abs(1200 * np.log2(found / true)) < 1.0


def test_a_weak_fundamental_does_no_harm() -> None:
    times = np.arange(RATE) / RATE
    sound = sum(a * np.sin(2 * np.pi * k * 175.0 * times) for k, a in ((1, 0.01), (2, 0.3), (3, 0.2)))
    found = fine_hz(np.asarray(sound, np.float32), 174.6, RATE)
    assert found is not None
    assert abs(1200 * np.log2(found / 175.0)) < 1.0


def test_nothing_where_another_note_sounds_or_too_little() -> None:
    assert fine_hz(plucked(220.0), 196.0, RATE) is None
    assert fine_hz(plucked(220.0)[: LENGTH - 1], 220.0, RATE) is None
    assert fine_hz(np.zeros(RATE, np.float32), 220.0, RATE) is None


@pytest.mark.parametrize("rate", [16_000, 44_100])
@pytest.mark.parametrize("hz", [98.0, 196.0 * 2 ** (-18 / 1200), 261.63])
def test_the_live_reader_tells_it(hz: float, rate: int) -> None:
    reader, sound = LiveReader(rate), plucked(hz, 2.0, rate)
    state = None
    for at in range(0, len(sound), rate // 20):
        state = reader.feed(sound[at : at + rate // 20])
    assert state is not None
    assert state.pitch is not None
    assert state.pitch.fine_hz is not None
    assert abs(1200 * np.log2(state.pitch.fine_hz / hz)) < 1.0
