"""The player over a sound card made of Python, eleven times as fast as a real one."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
import soundfile

from persian_mir.audio import open_audio
from persian_mir.recording import Recording
from persian_mir_gui.services import sound
from persian_mir_gui.services.player import Player

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
        self._thread.start()

    def close(self, ignore_errors: bool) -> None:
        self._open = False
        if self._thread.is_alive():
            self._thread.join()

    def _run(self) -> None:
        while self._open:
            if self._card.mute:
                time.sleep(0.001)
                continue
            if self._card.unplugged:
                self._finished()
                return
            out = np.full((BLOCK, self._channels), np.nan, np.float32)
            self._callback(out, BLOCK, SimpleNamespace(outputBufferDacTime=self.time, currentTime=self.time), None)
            self._card.heard.append(out)
            self._frames += BLOCK
            time.sleep(0.001)


class FakeCard:
    """Stands where `sounddevice` stands."""

    class PortAudioError(Exception):
        pass

    def __init__(self) -> None:
        self.heard: list[np.ndarray] = []
        self.rates = [8000, 48000]
        self.channels = 2
        self.unplugged = self.mute = self.broken = self.absent = False

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

    def OutputStream(self, *, samplerate, channels, dtype, latency, callback, finished_callback) -> FakeStream:  # noqa: N802
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


def samples(recording: Recording, start: int = 0, stop: int | None = None) -> np.ndarray:
    with open_audio(recording.path) as source:
        return source.read(start, (stop or recording.frames) - start).T


def until_stopped(qtbot, player: Player) -> None:
    qtbot.waitUntil(lambda: player.state == "stopped", timeout=20_000)


def test_all_is_played_once(qtbot, player: Player, card: FakeCard, recording: Recording) -> None:
    moves: list[int] = []
    player.moved.connect(moves.append)
    player.play()
    assert player.state == "playing"
    until_stopped(qtbot, player)
    assert np.array_equal(card.played(), samples(recording))
    assert moves == sorted(moves)
    assert player.position == moves[-1] == recording.frames


def test_pause_and_play_go_on_where_it_was(qtbot, player: Player, card: FakeCard, recording: Recording) -> None:
    player.play()
    qtbot.waitUntil(lambda: player.position > 4000)
    player.toggle()
    assert player.state == "paused"
    at = player.position
    qtbot.wait(50)
    assert player.position == at
    card.heard.clear()
    player.toggle()
    until_stopped(qtbot, player)
    assert np.array_equal(card.played(), samples(recording, at))


def test_seeking_while_playing(qtbot, player: Player, card: FakeCard, recording: Recording) -> None:
    player.play()
    for at in (30_000, 5_000, 20_000, 39_000):
        player.seek(at)
        assert player.position == at
    until_stopped(qtbot, player)
    assert np.array_equal(card.played()[-1000:], samples(recording, 39_000))


def test_a_range_loops_until_the_loop_is_switched_off(
    qtbot, player: Player, card: FakeCard, recording: Recording
) -> None:
    moves: list[int] = []
    player.moved.connect(moves.append)
    player.set_loop(True)
    player.play_range(1000, 1800)
    qtbot.waitUntil(lambda: len(card.heard) > 40)
    player.set_loop(False)
    until_stopped(qtbot, player)
    played, once = card.played(), samples(recording, 1000, 1800)
    assert len(played) % 800 == 0
    assert np.array_equal(played, np.tile(once, (len(played) // 800, 1)))
    assert all(1000 <= sample <= 1800 for sample in moves)


def test_a_range_starts_anew_and_is_left_by_seeking_out_of_it(player: Player) -> None:
    player.play_range(3000, 4000)
    player.pause()
    player.seek(3500)
    player.play_range(3000, 4000)
    assert player.span == (3000, 4000)
    player.seek(10)
    assert player.span is None
    assert player.state == "playing"


def test_another_rate_is_resampled(qtbot, player: Player, card: FakeCard, recording: Recording) -> None:
    card.rates = [48000]
    player.play()
    until_stopped(qtbot, player)
    assert abs(len(card.played()) - 6 * recording.frames) < 50
    assert player.position == recording.frames


def test_one_loudspeaker_gets_both_sides(qtbot, player: Player, card: FakeCard, recording: Recording) -> None:
    card.channels = 1
    player.play()
    until_stopped(qtbot, player)
    assert np.allclose(card.played()[:, 0], samples(recording).mean(axis=1))


def test_volume(qtbot, player: Player, card: FakeCard, recording: Recording) -> None:
    player.set_volume(0.5)
    player.play()
    until_stopped(qtbot, player)
    assert np.array_equal(card.played(), samples(recording) * np.float32(0.5))


@pytest.mark.parametrize("how", ["unplugged", "broken"])
def test_a_card_that_fails_is_a_message_and_may_come_back(
    qtbot, player: Player, card: FakeCard, how: str, recording: Recording
) -> None:
    seen: list[Any] = []
    player.failed.connect(seen.append)
    setattr(card, how, True)
    player.play()
    until_stopped(qtbot, player)
    assert [bool(message.what and message.cure) for message in seen] == [True]
    assert not player.available
    setattr(card, how, False)
    player.seek(0)
    player.play()
    until_stopped(qtbot, player)
    assert player.available
    assert np.array_equal(card.played(), samples(recording))


def test_no_card_is_said_at_once_and_one_plugged_in_later_is_found(
    qtbot, runner, card: FakeCard, recording: Recording
) -> None:
    card.absent = True
    player = Player(runner)
    player.load(recording)
    with qtbot.waitSignal(player.availability_changed):
        pass
    assert "Connect" in player.reason
    player.play()
    until_stopped(qtbot, player)
    assert player.available
    assert np.array_equal(card.played(), samples(recording))
    assert player.close()


def test_a_card_that_asks_for_nothing_is_noticed(
    qtbot, player: Player, card: FakeCard, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("persian_mir_gui.services.engine.SILENT_CARD_S", 0.1)
    seen: list[Any] = []
    player.failed.connect(seen.append)
    card.mute = True
    player.play()
    until_stopped(qtbot, player)
    assert len(seen) == 1


def test_a_file_that_went_is_a_message(qtbot, player: Player, recording: Recording) -> None:
    seen: list[Any] = []
    player.failed.connect(seen.append)
    recording.path.unlink()
    player.play()
    until_stopped(qtbot, player)
    assert len(seen) == 1
    assert player.available


def test_nothing_to_play(player: Player) -> None:
    player.load(None)
    player.play()
    player.seek(5)
    player.play_range(1, 2)
    assert player.state == "stopped"
    assert player.position == 0
