"""What is synthesised to listen to, and that asking again means silence."""

from __future__ import annotations

import itertools
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from pytestqt.qtbot import QtBot

from persian_mir_gui.playback.ring import Ring
from persian_mir_gui.playback.tones import BLOCK, LOUDNESS, RATE, Tones, drone_blocks, plucked, resampled, scale_blocks
from persian_mir_gui.shell.services import Services

pytestmark = pytest.mark.usefixtures("fake")


def pitch_of(samples: np.ndarray, rate: int = RATE) -> float:
    """The strongest frequency below 1 kHz, by parabola through a windowed spectrum."""
    spectrum = np.abs(np.fft.rfft(samples * np.hanning(len(samples))))
    top = int(np.argmax(spectrum[: round(1000 * len(samples) / rate)]))
    a, b, c = np.log(spectrum[top - 1 : top + 2])
    return float((top + 0.5 * (a - c) / (a - 2 * b + c)) * rate / len(samples))


@pytest.mark.parametrize("hz", [146.83, 316.3, 523.25])
def test_a_plucked_note_has_its_pitch_and_begins_and_ends_softly(hz: float) -> None:
    note = plucked(hz)
    assert 1200 * abs(np.log2(pitch_of(note[: RATE // 2]) / hz)) < 3
    assert abs(note[0]) < 1e-6
    assert abs(note[-1]) < 1e-3
    assert np.abs(note).max() <= 1.0


def test_a_drone_runs_on_without_a_click() -> None:
    sound = np.concatenate(list(itertools.islice(drone_blocks(200.0), 60)))
    assert np.abs(sound).max() <= LOUDNESS
    assert np.abs(np.diff(sound)).max() < 0.05
    assert abs(pitch_of(sound[RATE:]) - 200.0) < 0.2


def test_a_scale_is_as_long_as_its_notes_and_no_louder() -> None:
    blocks = list(scale_blocks([220.0, 240.0, 330.0]))
    assert all(len(block) <= BLOCK for block in blocks)
    assert np.abs(np.concatenate(blocks)).max() == pytest.approx(LOUDNESS, rel=0.01)


def test_another_rate_shifts_no_pitch() -> None:
    other = resampled(plucked(300.0), 44_100)
    assert abs(pitch_of(other[:22_050], 44_100) - 300.0) < 0.5


class FakeOutput:
    """As `Output`; a card that plays everything at once, or nothing while `held`."""

    def __init__(self, held: bool) -> None:
        self.rate, self.channels, self.volume = RATE, 2, 1.0
        self.ring = Ring(2 * RATE, 2)
        self.gone = SimpleNamespace(is_set=lambda: False)
        self.held, self.closed = held, False
        self.heard: list[np.ndarray] = []

    def start(self, volume: float) -> None:
        self.volume = volume

    def played(self) -> float:
        if not self.held:
            out = np.zeros((2 * RATE, 2), np.float32)
            self.heard.append(out[: self.ring.take(out)])
            return float(self.ring.written)
        return 0.0

    def complete(self) -> bool:
        self.played()
        return self.ring.ended and self.ring.empty

    def close(self) -> None:
        self.closed = True


class FakeSound:
    def __init__(self, held: bool) -> None:
        self.output = FakeOutput(held)

    def open(self, rate: int) -> FakeOutput:
        return self.output


def made(services: Services, held: bool) -> tuple[Tones, FakeOutput]:
    sound: Any = FakeSound(held)
    tones = services.tones
    tones._sound = sound
    return tones, sound.output


def test_a_scale_is_heard_to_its_end(services: Services, qtbot: QtBot) -> None:
    tones, output = made(services, held=False)
    told: list[float] = []
    tones.heard.connect(told.append)
    tones.play("played", [220.0, 240.0])
    assert tones.playing == "played"
    qtbot.waitUntil(lambda: tones.playing == "")
    heard = np.concatenate(output.heard)[:, 0]
    np.testing.assert_array_equal(heard, np.concatenate(list(scale_blocks([220.0, 240.0]))))
    assert told[-1] == pytest.approx(len(heard) / RATE)
    assert output.closed


def test_asking_for_the_drone_again_means_silence(services: Services, qtbot: QtBot) -> None:
    tones, _output = made(services, held=True)
    tones.drone(200.0)
    assert tones.playing == "drone"
    tones.drone(200.0)
    assert tones.playing == ""
    qtbot.waitUntil(lambda: not tones.runner.jobs)
    tones.drone(200.0)
    tones.stop()
    qtbot.waitUntil(lambda: not tones.runner.jobs)
    assert tones.playing == ""
