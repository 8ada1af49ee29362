"""A take is what was heard, with its reading beside it, whatever happens."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import soundfile
from pytestqt.qtbot import QtBot

from persian_mir.audio import open_audio
from persian_mir_gui.live import take
from persian_mir_gui.live.live import Live
from persian_mir_gui.live.take import Take, TakeError, takes_dir

RATE = 8000


def test_a_take_is_what_was_heard_with_its_reading_beside_it(heard: Any, live: Live, card: Any, qtbot: QtBot) -> None:
    live.start("Line", record=True)
    qtbot.waitUntil(lambda: (heard.last.take_s or 0) > 1.5)
    news = heard.last
    assert (news.phase, news.device, news.dropped_s) == ("listening", "Line", 0.0)
    assert news.state is not None
    assert news.state.level_db == pytest.approx(20 * np.log10(0.3 / np.sqrt(2)), abs=0.5)
    assert news.state.pitch is not None
    assert news.state.pitch.hz == pytest.approx(440, rel=0.01)
    live.stop()
    qtbot.waitUntil(lambda: live.phase == "stopped" and bool(heard.takes))
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
    assert (story["reading"]["dastgahs"], story["reading"]["modes"]) == ({}, {})
    assert heard.messages == []


def test_the_reading_is_saved_while_the_take_grows(
    monkeypatch: pytest.MonkeyPatch, live: Live, card: Any, qtbot: QtBot
) -> None:
    monkeypatch.setattr(take, "SAVE_S", 0.5)
    live.start(record=True)

    def saved() -> list[float]:
        stories = [json.loads(path.read_text(encoding="utf-8")) for path in takes_dir().glob("*.json")]
        return [story["duration_s"] for story in stories if story["reading"] is not None]

    qtbot.waitUntil(lambda: saved() != [] and saved()[0] > 1.0)
    assert live.recording
    assert len(list(takes_dir().glob("*.flac"))) == 1


def test_recording_begins_and_ends_while_it_listens(heard: Any, live: Live, card: Any, qtbot: QtBot) -> None:
    live.start()
    qtbot.waitUntil(lambda: heard.last.phase == "listening")
    for turn in (1, 2):
        live.record(True)
        qtbot.waitUntil(lambda: (heard.last.take_s or 0) > 0.2)
        live.record(False)
        qtbot.waitUntil(lambda turn=turn: len(heard.takes) == turn and heard.last.take_s is None)
    assert live.phase == "listening"
    assert len(set(heard.takes)) == 2


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
    heard: Any, monkeypatch: pytest.MonkeyPatch, live: Live, card: Any, qtbot: QtBot
) -> None:
    def full(self: Take, block: object) -> None:
        raise TakeError("The take cannot be recorded.", cure="Make room.")

    monkeypatch.setattr(take.Take, "write", full)
    live.start(record=True)
    qtbot.waitUntil(lambda: bool(heard.messages))
    qtbot.waitUntil(lambda: heard.last.phase == "listening")
    assert not live.recording
    assert heard.takes == []
    assert list(takes_dir().glob("*.flac")) == []
