"""Excerpts over a sound card made of Python, many times as fast as a real one."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import soundfile
from pytestqt.qtbot import QtBot

from persian_mir.audio import open_audio
from persian_mir_gui.core.jobs import JobRunner
from persian_mir_gui.core.settings import Settings
from persian_mir_gui.playback.excerpts import Excerpt, Excerpts
from persian_mir_gui.playback.player import Player

RATE = 8000


@pytest.fixture
def player(runner: JobRunner, card: Any) -> Iterator[Player]:
    made = Player(runner)
    yield made
    assert made.close()


@pytest.fixture
def excerpts(runner: JobRunner, player: Player) -> Iterator[Excerpts]:
    settings = Settings()
    settings.set("volume", 1.0)
    made = Excerpts(runner, player, settings)
    yield made
    assert made.close()


@pytest.fixture
def noise(tmp_path: Path) -> Path:
    path = tmp_path / "noise.wav"
    soundfile.write(path, np.random.default_rng(3).uniform(-0.5, 0.5, (3 * RATE, 2)), RATE, subtype="FLOAT")
    return path


def samples(path: Path, start_s: float, stop_s: float) -> np.ndarray:
    with open_audio(path) as source:
        start = round(start_s * RATE)
        return source.read(start, round(stop_s * RATE) - start).T


def until_silent(qtbot: QtBot, excerpts: Excerpts) -> None:
    qtbot.waitUntil(lambda: excerpts.playing is None)


def test_exactly_the_stretch_is_heard(qtbot: QtBot, excerpts: Excerpts, card: Any, noise: Path) -> None:
    excerpts.play([Excerpt(noise, 0.5, 1.25)])
    until_silent(qtbot, excerpts)
    assert np.array_equal(card.played(), samples(noise, 0.5, 1.25))


def test_one_after_another_and_each_is_told(qtbot: QtBot, excerpts: Excerpts, card: Any, noise: Path) -> None:
    both = [Excerpt(noise, 2.0, 2.5), Excerpt(noise, 0.0, 0.3)]
    told: list[Excerpt | None] = []
    excerpts.changed.connect(lambda: told.append(excerpts.playing))
    excerpts.play(both)
    until_silent(qtbot, excerpts)
    assert told == [*both, None]
    assert np.array_equal(card.played(), np.concatenate([samples(noise, 2.0, 2.5), samples(noise, 0.0, 0.3)]))


def test_another_one_takes_its_place_at_once(qtbot: QtBot, excerpts: Excerpts, noise: Path) -> None:
    first, second = Excerpt(noise, 0.0, 3.0), Excerpt(noise, 1.0, 1.1)
    excerpts.play([first, first])
    excerpts.play([second])
    assert excerpts.playing is second
    until_silent(qtbot, excerpts)


def test_a_missing_file_is_told_once_and_left_out(
    qtbot: QtBot, excerpts: Excerpts, card: Any, noise: Path, tmp_path: Path
) -> None:
    told: list[Any] = []
    excerpts.failed.connect(told.append)
    gone = tmp_path / "gone.wav"
    excerpts.play([Excerpt(gone, 0, 1), Excerpt(gone, 1, 2), Excerpt(noise, 0.0, 0.2)])
    until_silent(qtbot, excerpts)
    assert [message.path for message in told] == [gone]
    assert told[0].what
    assert told[0].cure
    assert np.array_equal(card.played(), samples(noise, 0.0, 0.2))


def test_a_stretch_beyond_the_end_is_cut(qtbot: QtBot, excerpts: Excerpts, card: Any, noise: Path) -> None:
    excerpts.play([Excerpt(noise, 2.5, 5.0)])  # the last window of a grid may be padded
    until_silent(qtbot, excerpts)
    assert np.array_equal(card.played(), samples(noise, 2.5, 3.0))


def test_player_and_excerpts_give_way_to_each_other(
    qtbot: QtBot, excerpts: Excerpts, player: Player, noise: Path
) -> None:
    with open_audio(noise) as source:
        player.load(source.recording)
    player.play()
    excerpts.play([Excerpt(noise, 0.0, 3.0)])
    assert player.state == "paused"
    player.play()
    assert excerpts.playing is None
    player.stop()


def test_a_card_that_fails_ends_the_row(qtbot: QtBot, excerpts: Excerpts, card: Any, noise: Path) -> None:
    told: list[Any] = []
    excerpts.failed.connect(told.append)
    card.broken = True
    excerpts.play([Excerpt(noise, 0.0, 1.0), Excerpt(noise, 1.0, 2.0)])
    until_silent(qtbot, excerpts)
    assert len(told) == 1
