"""Live listening over a sound card that can be unplugged."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from persian_mir_gui.core.jobs import JobRunner
from persian_mir_gui.core.messages import Message
from persian_mir_gui.live import listener
from persian_mir_gui.live.input import Inputs
from persian_mir_gui.live.listener import LiveNews
from persian_mir_gui.live.live import Live
from persian_mir_gui.playback import sound
from persian_mir_gui.playback.sound import Sound

RATE, BLOCK = 8000, 160


class FakeStream:
    """Delivers a tone in real time from a thread of its own, as PortAudio does."""

    def __init__(self, card: FakeCard, samplerate: int, channels: int, callback: Any, finished: Any) -> None:
        self._card, self._rate, self._channels = card, samplerate, channels
        self._callback, self._finished = callback, finished
        self._open = True
        self._thread = threading.Thread(target=self._run)

    def start(self) -> None:
        if self._card.stuck:
            raise self._card.PortAudioError("stuck")
        self._thread.start()

    def close(self, ignore_errors: bool) -> None:
        self._open = False
        if self._thread.is_alive():
            self._thread.join()

    def _run(self) -> None:
        at = 0
        while self._open:
            time.sleep(BLOCK / self._rate)
            if self._card.unplugged:
                self._finished()
                return
            times = (at + np.arange(BLOCK)) / self._rate
            tone = np.repeat(0.3 * np.sin(2 * np.pi * 440 * times).astype(np.float32)[:, None], self._channels, 1)
            at += BLOCK
            self._callback(tone, BLOCK, None, SimpleNamespace(input_overflow=False))


class FakeCard:
    """Stands where `sounddevice` stands."""

    class PortAudioError(Exception):
        pass

    def __init__(self) -> None:
        self.unplugged = self.stuck = False
        self.refreshed = 0
        self.names = {"Speaker": 0, "Mic": 2, "Line": 1}

    def _terminate(self) -> None:
        self.refreshed += 1

    def _initialize(self) -> None:
        pass

    def query_devices(self, kind: str = "") -> Any:
        if self.unplugged:
            if kind:
                raise self.PortAudioError("no device")
            return []
        devices = [
            {"name": name, "max_input_channels": channels, "default_samplerate": RATE}
            for name, channels in self.names.items()
        ]
        return devices[1] if kind else devices

    def InputStream(self, *, samplerate, device, channels, dtype, latency, callback, finished_callback):  # noqa: N802
        return FakeStream(self, samplerate, channels, callback, finished_callback)


class Heard:
    """Everything that a Live said."""

    def __init__(self, live: Live) -> None:
        self.news: list[LiveNews] = []
        self.takes: list[Path] = []
        self.messages: list[Message] = []
        live.heard.connect(self.news.append)
        live.taken.connect(self.takes.append)
        live.failed.connect(self.messages.append)

    @property
    def last(self) -> LiveNews:
        return self.news[-1] if self.news else LiveNews("stopped")


@pytest.fixture
def card(monkeypatch: pytest.MonkeyPatch) -> FakeCard:
    made = FakeCard()
    monkeypatch.setattr(sound, "_library", lambda: made)
    monkeypatch.setattr(listener, "RETRY_S", 0.05)
    return made


@pytest.fixture
def live(runner: JobRunner) -> Iterator[Live]:
    made = Live(runner, Inputs(Sound()))
    yield made
    assert made.close(5.0)


@pytest.fixture
def heard(live: Live) -> Heard:
    return Heard(live)
