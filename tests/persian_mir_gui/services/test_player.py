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
from scipy.ndimage import median_filter

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
    qtbot, player: Player, card: FakeCard, tone: Recording, rates: list[int]
) -> None:
    card.rates = rates
    moves: list[int] = []
    player.moved.connect(moves.append)
    player.load(tone)
    with qtbot.waitSignal(player.speed_changed) as told:
        player.set_speed(0.5)
    assert told.args == [0.5]
    player.play()
    until_stopped(qtbot, player)
    played = card.played()
    assert len(played) == pytest.approx(2 * tone.frames * rates[0] / 8000, rel=0.01)
    assert pitch_of(played, rates[0]) == pytest.approx(440, abs=1)
    assert moves == sorted(moves)
    assert moves[-1] == tone.frames


def test_a_slow_loop_keeps_to_its_range(qtbot, player: Player, card: FakeCard, tone: Recording) -> None:
    moves: list[int] = []
    player.moved.connect(moves.append)
    player.load(tone)
    player.set_loop(True)
    player.set_speed(0.5)
    player.play_range(8000, 12_000)
    qtbot.waitUntil(lambda: sum(map(len, card.heard)) > 40_000)
    player.set_loop(False)
    until_stopped(qtbot, player)
    assert all(8000 <= sample <= 12_000 for sample in moves)
    turns = len(card.played()) / 8000
    assert round(turns) >= 2
    assert turns == pytest.approx(round(turns), abs=0.02)


def test_a_change_of_speed_neither_clicks_nor_jumps(qtbot, player: Player, card: FakeCard, tmp_path: Path) -> None:
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
        qtbot.waitUntil(lambda heard=heard: len(card.heard) > heard + 15, timeout=20_000)
    until_stopped(qtbot, player)
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
