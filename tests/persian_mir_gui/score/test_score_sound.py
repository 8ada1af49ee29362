"""The notes of a score are heard: with the recording, alone, and the pages turn with them."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
from pytestqt.qtbot import QtBot

from persian_mir.examples.performance import Truth
from persian_mir.modal.names import NoteName
from persian_mir.transcription.formats import score_format
from persian_mir.transcription.score import Score, ScoreNote
from persian_mir_gui.playback.player import Player
from persian_mir_gui.playback.voice import Voice
from persian_mir_gui.score.score_window import ScoreWindow
from persian_mir_gui.shell.services import Services
from tests.persian_mir_gui.playback.player.conftest import FakeCard
from tests.persian_mir_gui.score.conftest import RATE


def choose(window: ScoreWindow, what: str) -> None:
    box = window.sounding.what
    box.setCurrentIndex(box.findData(what))
    box.activated.emit(box.currentIndex())


@pytest.fixture
def voices(monkeypatch: pytest.MonkeyPatch) -> list[Voice | None]:
    """What the player was given to sound with the recording."""
    given: list[Voice | None] = []
    monkeypatch.setattr(Player, "set_voice", lambda _self, voice: given.append(voice))
    return given


def pitch_of(sound: np.ndarray, about: float) -> float:
    power = np.abs(np.fft.rfft(sound * np.hanning(len(sound)), 1 << 18))
    hz = np.arange(len(power)) * RATE / (1 << 18)
    near = (hz > about * 0.9) & (hz < about * 1.1)
    return float(hz[near][power[near].argmax()])


def test_the_notes_sound_when_and_as_high_as_the_recording(
    services: Services, written: ScoreWindow, voices: list[Voice | None], played: tuple[Path, Truth]
) -> None:
    choose(written, "notes")
    voice = voices[-1]
    assert voice is not None
    assert voice.share == 1.0
    long = [note for note in played[1].notes if note.stroke == "plain" and note.stop_s - note.start_s > 0.25]
    quarters = [note for note in long if round(1200 * np.log2(note.hz / 440) / 50) % 2]
    assert len(quarters) >= 3
    off = []
    for note in long:
        begin = int(np.abs(voice.starts / RATE - note.start_s).argmin())
        assert voice.starts[begin] / RATE == pytest.approx(note.start_s, abs=0.03)
        sound = voice.sound(int(voice.starts[begin]) + 200, RATE // 5)
        off.append(abs(1200 * np.log2(pitch_of(sound, note.hz) / note.hz)))
    assert np.mean(np.array(off) < 25) > 0.9


def test_recording_notes_or_both_are_heard_and_closing_leaves_the_recording(
    services: Services, written: ScoreWindow, voices: list[Voice | None]
) -> None:
    bar = written.sounding
    assert bar.what.isVisible()
    assert not bar.balance.isVisible()
    choose(written, "both")
    assert bar.balance.isVisible()
    assert voices[-1] is not None
    assert voices[-1].share == 0.5
    bar.balance.setValue(80)
    assert voices[-1] is not None
    assert voices[-1].share == 0.8
    choose(written, "recording")
    assert voices[-1] is None
    choose(written, "both")
    assert voices[-1] is not None
    assert voices[-1].share == 0.8
    written.close()
    assert voices[-1] is None
    assert services.score.sounding == "recording"


def test_another_recording_is_not_heard_with_the_notes_of_the_first(
    qtbot: QtBot, services: Services, written: ScoreWindow, voices: list[Voice | None], tone: Path
) -> None:
    choose(written, "both")
    services.session.open_paths([tone])
    qtbot.waitUntil(lambda: services.score.item is not None and services.score.item.path == tone)
    assert voices[-1] is None
    assert not written.sounding.what.isVisible()


def test_a_score_without_a_recording_is_heard_from_the_note_that_is_clicked(
    qtbot: QtBot, services: Services, window: ScoreWindow, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    heard: list[np.ndarray] = []
    monkeypatch.setattr(type(services.tones), "sound", lambda _self, _name, samples: heard.append(samples))
    monkeypatch.setattr(type(services.player), "available", True)
    names = [NoteName("Mi", "koron", 4), NoteName("Fa", "", 4), NoteName("Fa", "sori", 4)]
    phrase = tuple(ScoreNote(name, Fraction(1), k * 0.6, k * 0.6 + 0.6) for k, name in enumerate(names))
    path = tmp_path / "three.musicxml"
    path.write_bytes(score_format("musicxml").written(Score("three", (phrase,), 0.6)))
    services.score.open_score(path)
    qtbot.waitUntil(lambda: bool(services.score.pages))
    assert not window.sounding.what.isVisible()
    window.sounding.play.click()
    qtbot.waitUntil(lambda: len(heard) == 1)
    window.pages.note_clicked.emit(2)
    qtbot.waitUntil(lambda: len(heard) == 2)
    for samples, first in ((heard[0], 0), (heard[1], 2)):
        piece = samples[4800:19_200:3]  # at RATE
        assert 1200 * np.log2(pitch_of(piece, names[first].hz) / names[first].hz) == pytest.approx(0.0, abs=15.0)


def test_the_pages_of_a_score_without_a_recording_turn_with_what_sounds(
    qtbot: QtBot, services: Services, window: ScoreWindow, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    tones, desk, bar = services.tones, services.score, window.sheet.verticalScrollBar()
    monkeypatch.setattr(type(tones), "sound", lambda self, name, _samples: self._now(name))  # a card of the test's own
    monkeypatch.setattr(type(services.player), "available", True)
    window.resize(900, 330)
    notes = [ScoreNote(NoteName("Do", "", 4), Fraction(1), k * 0.1, k * 0.1 + 0.1) for k in range(36)]
    path = tmp_path / "long.musicxml"
    path.write_bytes(score_format("musicxml").written(Score("long", (tuple(notes),), 0.1)))
    desk.open_score(path)
    qtbot.waitUntil(lambda: bool(desk.pages) and not desk.runner.jobs)
    window.sounding.play.click()
    qtbot.waitUntil(lambda: desk.playing)
    tops = []
    for note in range(36):
        tones.heard.emit(note * 0.1 + 0.05)
        assert window.pages._marked == note
        rect = window.pages.rect_of(note)
        assert rect is not None
        tops.append(bar.value())
        assert tops[-1] <= rect.top()
    assert tops == sorted(tops)
    assert tops[0] < tops[-1]
    window.pages.note_clicked.emit(3)  # it goes on from there
    qtbot.waitUntil(lambda: window.pages._marked == 3 or desk.now_s < 1.0)
    tones.heard.emit(0.15)
    assert window.pages._marked == 4


def test_the_pages_follow_a_slow_loop_and_a_jump_out_of_it(
    qtbot: QtBot, monkeypatch: pytest.MonkeyPatch, card: FakeCard, services: Services, written: ScoreWindow
) -> None:
    player, timeline, draft = services.player, services.timeline, services.score.draft
    assert draft is not None
    written.resize(900, 330)
    card.pause_s = 0.005
    seen: list[int] = []

    def look(_sample: int) -> None:
        marked = written.pages._marked
        assert marked == draft.at(timeline.playhead / RATE)
        if marked is not None and marked not in seen[-1:]:
            seen.append(marked)
            rect = written.pages.rect_of(marked)
            assert rect is not None
            top = written.sheet.verticalScrollBar().value()
            assert top <= rect.top()
            assert rect.bottom() <= top + written.sheet.viewport().height()

    player.moved.connect(look)
    choose(written, "both")
    player.set_speed(0.5)
    player.set_loop(True)
    player.play_range(*(round(draft.times[k].start_s * RATE) + 1 for k in (10, 13)))
    qtbot.waitUntil(lambda: len(seen) >= 7)
    assert seen[:7] == [draft.times[k].place for k in (10, 11, 12, 10, 11, 12, 10)]
    written.pages.note_clicked.emit(draft.times[2].place)
    qtbot.waitUntil(lambda: draft.times[3].place in seen)
    assert draft.times[2].place in seen
    player.stop()


def test_a_loop_and_a_slow_speed_are_told_where_the_notes_are(services: Services, written: ScoreWindow) -> None:
    marks = written.sounding.marks
    assert not marks.isVisible()
    services.player.set_loop(True)
    services.player.set_speed(0.7)
    assert marks.isVisible()
    assert marks.text() == "loop · speed 70%"
    services.player.load(None)
    assert not marks.isVisible()
