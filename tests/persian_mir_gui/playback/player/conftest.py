"""A player over a sound card made of Python, eleven times as fast as a real one."""

from __future__ import annotations

import math
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
import soundfile

from persian_mir.audio import open_audio
from persian_mir.recording import Recording
from persian_mir_gui.playback import sound
from persian_mir_gui.playback.player import Player

BLOCK = 512


class FakeStream:
    def __init__(self, card: FakeCard, samplerate: int, channels: int, callback: Any, finished: Any) -> None:
        self._card, self._rate, self._channels = card, samplerate, channels
        self._callback, self._finished = callback, finished
        self._frames = 0
        self._open = True
        self._thread = threading.Thread(target=self._run)

    @property
    def time(self) -> float:
        return self._frames / self._rate

    def start(self) -> None:
        self._card.answers.wait()
        self._thread.start()

    def close(self, ignore_errors: bool) -> None:
        self._open = False
        if self._thread.is_alive():
            self._thread.join()

    def _run(self) -> None:
        while self._open:
            if self._card.mute or self.time >= self._card.waits_at_s:
                time.sleep(0.001)
                continue
            if self._card.unplugged:
                self._finished()
                return
            out = np.full((BLOCK, self._channels), np.nan, np.float32)
            self._callback(out, BLOCK, SimpleNamespace(outputBufferDacTime=self.time, currentTime=self.time), None)
            self._card.heard.append(out)
            self._frames += BLOCK
            time.sleep(self._card.pause_s)


class FakeCard:
    """Stands where `sounddevice` stands."""

    class PortAudioError(Exception):
        pass

    def __init__(self) -> None:
        self.heard: list[np.ndarray] = []
        self.rates = [8000, 48000]
        self.channels = 2
        self.pause_s = 0.001
        self.waits_at_s = math.inf  # until a test sets a later time: what it does meanwhile is heard from there
        self.unplugged = self.mute = self.broken = self.absent = False
        self.answers = threading.Event()
        self.answers.set()

    def _terminate(self) -> None:
        """As in the real library, what was plugged in meanwhile is seen after this."""

    def _initialize(self) -> None:
        self.absent = False

    def query_devices(self, kind: str = "") -> Any:
        if self.absent:
            raise self.PortAudioError("no device")
        device = {"name": "Fake", "max_output_channels": self.channels, "default_samplerate": self.rates[-1]}
        return device if kind else [device]

    def check_output_settings(self, channels: int, dtype: str, samplerate: int) -> None:
        if samplerate not in self.rates:
            raise self.PortAudioError("rate")

    def OutputStream(self, *, samplerate, device, channels, dtype, latency, callback, finished_callback) -> FakeStream:  # noqa: N802
        if self.broken:
            raise self.PortAudioError("busy")
        return FakeStream(self, samplerate, channels, callback, finished_callback)

    def played(self) -> np.ndarray:
        whole = np.concatenate(self.heard)
        return whole[whole.any(axis=1)]


@pytest.fixture
def card(monkeypatch: pytest.MonkeyPatch) -> FakeCard:
    made = FakeCard()
    monkeypatch.setattr(sound, "_library", lambda: made)
    return made


@pytest.fixture
def player(runner, card: FakeCard, recording: Recording) -> Iterator[Player]:
    made = Player(runner)
    made.load(recording)
    yield made
    assert made.close()


@pytest.fixture
def recording(tmp_path: Path) -> Recording:
    path = tmp_path / "noise.wav"
    soundfile.write(path, np.random.default_rng(3).uniform(-0.5, 0.5, (40_000, 2)), 8000, subtype="FLOAT")
    with open_audio(path) as source:
        return source.recording


@pytest.fixture
def until_stopped(qtbot) -> Callable[[Player], None]:
    """Waits until all has been played."""
    return lambda player: qtbot.waitUntil(lambda: player.state == "stopped")
