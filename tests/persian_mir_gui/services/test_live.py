"""Live listening over a sound card that can be unplugged, and over one that does not exist."""

from __future__ import annotations

import json
import shutil
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
import soundfile
from pytestqt.qtbot import QtBot

from persian_mir.audio import open_audio
from persian_mir_gui.services import live as live_service
from persian_mir_gui.services import live_listener, live_take, sound
from persian_mir_gui.services.jobs import JobRunner
from persian_mir_gui.services.live import Live
from persian_mir_gui.services.live_input import RING_S, Input, Inputs
from persian_mir_gui.services.live_listener import LiveNews
from persian_mir_gui.services.live_take import Take, TakeError, takes_dir
from persian_mir_gui.services.messages import Message
from persian_mir_gui.services.sound import Sound, SoundError

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
    monkeypatch.setattr(live_listener, "RETRY_S", 0.05)
    return made


@pytest.fixture
def live(runner: JobRunner) -> Iterator[Live]:
    made = Live(runner, Inputs(Sound()))
    yield made
    assert made.close(5.0)


def test_devices_are_found_off_the_gui_thread(live: Live, card: FakeCard, qtbot: QtBot) -> None:
    with qtbot.waitSignal(live.devices_changed, timeout=20_000):
        live.look()
    assert live.devices() == ("Mic", "Line")
    assert live.reason == ""


def test_an_input_that_comes_or_goes_is_noticed(
    monkeypatch: pytest.MonkeyPatch, live: Live, card: FakeCard, qtbot: QtBot
) -> None:
    monkeypatch.setattr(live_service, "plugged", lambda: tuple(card.names))
    live._watch.setInterval(20)
    changes: list[tuple[str, ...]] = []
    live.devices_changed.connect(lambda: changes.append(live.devices()))
    live.watch(True)
    qtbot.waitUntil(lambda: changes == [("Mic", "Line")], timeout=20_000)
    initialised = card.refreshed
    qtbot.wait(100)
    assert card.refreshed == initialised  # nothing changed: PortAudio is left alone
    card.names["USB"] = 2
    qtbot.waitUntil(lambda: changes[1:] == [("Mic", "Line", "USB")], timeout=20_000)
    del card.names["USB"]
    qtbot.waitUntil(lambda: changes[2:] == [("Mic", "Line")], timeout=20_000)
    live.watch(False)


def test_where_the_system_does_not_tell_an_unchanged_list_is_no_news(
    monkeypatch: pytest.MonkeyPatch, live: Live, card: FakeCard, qtbot: QtBot
) -> None:
    monkeypatch.setattr(live_service, "plugged", lambda: None)
    live._watch.setInterval(20)
    changes: list[tuple[str, ...]] = []
    live.devices_changed.connect(lambda: changes.append(live.devices()))
    live.watch(True)
    qtbot.waitUntil(lambda: card.refreshed > 3, timeout=20_000)
    assert changes == [("Mic", "Line")]


def test_a_take_is_what_was_heard_with_its_reading_beside_it(live: Live, card: FakeCard, qtbot: QtBot) -> None:
    heard = Heard(live)
    live.start("Line", record=True)
    qtbot.waitUntil(lambda: (heard.last.take_s or 0) > 1.5, timeout=10_000)
    news = heard.last
    assert (news.phase, news.device, news.dropped_s) == ("listening", "Line", 0.0)
    assert news.state is not None
    assert news.state.level_db == pytest.approx(20 * np.log10(0.3 / np.sqrt(2)), abs=0.5)
    assert news.state.pitch is not None
    assert news.state.pitch.hz == pytest.approx(440, rel=0.01)
    live.stop()
    qtbot.waitUntil(lambda: live.phase == "stopped" and bool(heard.takes), timeout=20_000)
    (path,) = heard.takes
    assert path.parent == takes_dir()
    info = soundfile.info(path)
    assert (info.format, info.subtype, info.channels, info.samplerate) == ("FLAC", "PCM_24", 1, RATE)
    samples, _rate = soundfile.read(path, dtype="float32")
    wanted = 0.3 * np.sin(2 * np.pi * 440 * np.arange(len(samples)) / RATE)
    assert np.abs(samples - wanted).max() < 1e-5
    story = json.loads(path.with_suffix(".json").read_text(encoding="utf-8"))
    assert (story["format"], story["version"]) == ("persian-mir-take", 1)
    assert story["device"] == "Line"
    assert story["duration_s"] == pytest.approx(len(samples) / RATE, abs=0.001)
    assert story["reading"]["heard"] is False  # a single note is no mode
    assert heard.messages == []


def test_the_reading_is_saved_while_the_take_grows(
    monkeypatch: pytest.MonkeyPatch, live: Live, card: FakeCard, qtbot: QtBot
) -> None:
    monkeypatch.setattr(live_take, "SAVE_S", 0.5)
    live.start(record=True)

    def saved() -> list[float]:
        stories = [json.loads(path.read_text(encoding="utf-8")) for path in takes_dir().glob("*.json")]
        return [story["duration_s"] for story in stories if story["reading"] is not None]

    qtbot.waitUntil(lambda: saved() != [] and saved()[0] > 1.0, timeout=10_000)
    assert live.recording
    assert len(list(takes_dir().glob("*.flac"))) == 1


def test_recording_begins_and_ends_while_it_listens(live: Live, card: FakeCard, qtbot: QtBot) -> None:
    heard = Heard(live)
    live.start()
    qtbot.waitUntil(lambda: heard.last.phase == "listening", timeout=20_000)
    for turn in (1, 2):
        live.record(True)
        qtbot.waitUntil(lambda: (heard.last.take_s or 0) > 0.2, timeout=20_000)
        live.record(False)
        qtbot.waitUntil(lambda turn=turn: len(heard.takes) == turn and heard.last.take_s is None, timeout=20_000)
    assert live.phase == "listening"
    assert len(set(heard.takes)) == 2


def test_an_unplugged_device_is_told_and_listened_to_again(live: Live, card: FakeCard, qtbot: QtBot) -> None:
    heard = Heard(live)
    live.start(record=True)
    qtbot.waitUntil(lambda: (heard.last.take_s or 0) > 0.3, timeout=20_000)
    card.unplugged = True
    qtbot.waitUntil(lambda: heard.last.phase == "lost", timeout=20_000)
    assert [message.level for message in heard.messages] == ["warning"]
    before = heard.last.take_s
    card.unplugged = False
    qtbot.waitUntil(lambda: heard.last.phase == "listening" and (heard.last.take_s or 0) > before + 0.3, timeout=20_000)
    assert [message.level for message in heard.messages] == ["warning", "info"]
    assert card.refreshed > 0
    live.stop()
    qtbot.waitUntil(lambda: len(heard.takes) == 1, timeout=20_000)
    story = json.loads(heard.takes[0].with_suffix(".json").read_text(encoding="utf-8"))
    assert len(story["interruptions_s"]) == 1
    assert soundfile.info(heard.takes[0]).duration == pytest.approx(story["duration_s"], abs=0.001)


def test_a_device_that_falls_silent_has_gone(monkeypatch: pytest.MonkeyPatch, live: Live, qtbot: QtBot) -> None:
    monkeypatch.setattr(live_listener, "START_S", 0.1)
    monkeypatch.setattr(Inputs, "open", lambda self, name, anew=False: Input("Mute", RATE, 1))
    heard = Heard(live)
    live.start()
    qtbot.waitUntil(lambda: heard.last.phase == "lost", timeout=20_000)


@pytest.mark.parametrize("fault", ["absent", "stuck"])
def test_what_cannot_be_opened_is_said(fault: str, live: Live, card: FakeCard, qtbot: QtBot) -> None:
    heard = Heard(live)
    card.unplugged, card.stuck = fault == "absent", fault == "stuck"
    live.start()
    qtbot.waitUntil(lambda: live.phase == "stopped" and bool(heard.messages), timeout=20_000)
    (message,) = heard.messages
    assert message.level == "error"
    assert message.cure
    assert live.reason
    card.unplugged = card.stuck = False
    qtbot.waitUntil(lambda: not live.busy, timeout=20_000)
    live.start()
    qtbot.waitUntil(lambda: heard.last.phase == "listening", timeout=20_000)


def test_without_portaudio_the_cure_is_said(monkeypatch: pytest.MonkeyPatch, live: Live, qtbot: QtBot) -> None:
    def absent() -> None:
        raise SoundError("Playback is off.", cure="Install libportaudio2.")

    monkeypatch.setattr(sound, "_library", absent)
    with qtbot.waitSignal(live.devices_changed, timeout=20_000):
        live.look()
    assert live.reason.startswith("Live listening is off")
    assert live.reason.endswith("Install libportaudio2.")


def test_sound_without_room_is_dropped_and_counted() -> None:
    stream = Input("Mic", RATE, 1)
    block = np.zeros((RATE, 1), np.float32)
    for _second in range(int(RING_S) + 3):
        stream.deliver(block, RATE, None, SimpleNamespace(input_overflow=True))
    assert stream.dropped == 3 * RATE
    assert stream.overflows == stream.calls == int(RING_S) + 3


def test_a_take_cut_off_by_a_crash_can_be_opened(tmp_path: Path) -> None:
    take = Take(tmp_path, 44_100, 2, "Mic")
    noise = np.random.default_rng(5).uniform(-0.5, 0.5, (4410, 2)).astype(np.float32)
    for _tenth in range(50):
        take.write(noise)
    cut = Path(shutil.copy(take.path, tmp_path / "crashed.flac"))
    take.finish(None)
    with open_audio(cut) as source:
        assert 4.0 < source.recording.duration_s <= 5.0
        samples = source.read(0, 4410)
    assert np.abs(samples.T - noise).max() < 1e-6


def test_a_full_disk_ends_the_take_not_the_listening(
    monkeypatch: pytest.MonkeyPatch, live: Live, card: FakeCard, qtbot: QtBot
) -> None:
    def full(self: Take, block: object) -> None:
        raise TakeError("The take cannot be recorded.", cure="Make room.")

    monkeypatch.setattr(live_take.Take, "write", full)
    heard = Heard(live)
    live.start(record=True)
    qtbot.waitUntil(lambda: bool(heard.messages), timeout=20_000)
    qtbot.waitUntil(lambda: heard.last.phase == "listening", timeout=20_000)
    assert not live.recording
    assert heard.takes == []
    assert list(takes_dir().glob("*.flac")) == []
