"""What is heard is what is in the file, from where and as long as wanted."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from persian_mir.audio import open_audio
from persian_mir.recording import Recording
from persian_mir_gui.playback.player import Player


def samples(recording: Recording, start: int = 0, stop: int | None = None) -> np.ndarray:
    with open_audio(recording.path) as source:
        return source.read(start, (stop or recording.frames) - start).T


def test_all_is_played_once(
    until_stopped: Callable[[Player], None], qtbot, player: Player, card: Any, recording: Recording
) -> None:
    moves: list[int] = []
    player.moved.connect(moves.append)
    player.play()
    assert player.state == "playing"
    until_stopped(player)
    assert np.array_equal(card.played(), samples(recording))
    assert moves == sorted(moves)
    assert player.position == moves[-1] == recording.frames


def test_pause_and_play_go_on_where_it_was(
    until_stopped: Callable[[Player], None], qtbot, player: Player, card: Any, recording: Recording
) -> None:
    player.play()
    qtbot.waitUntil(lambda: player.position > 4000)
    player.toggle()
    assert player.state == "paused"
    at = player.position
    qtbot.wait(50)
    assert player.position == at
    card.heard.clear()
    player.toggle()
    until_stopped(player)
    assert np.array_equal(card.played(), samples(recording, at))


def test_seeking_while_playing(
    until_stopped: Callable[[Player], None], qtbot, player: Player, card: Any, recording: Recording
) -> None:
    player.play()
    for at in (30_000, 5_000, 20_000, 39_000):
        player.seek(at)
        assert player.position == at
    until_stopped(player)
    assert np.array_equal(card.played()[-1000:], samples(recording, 39_000))


def test_a_range_loops_until_the_loop_is_switched_off(
    until_stopped: Callable[[Player], None], qtbot, player: Player, card: Any, recording: Recording
) -> None:
    moves: list[int] = []
    player.moved.connect(moves.append)
    player.set_loop(True)
    player.play_range(1000, 1800)
    qtbot.waitUntil(lambda: len(card.heard) > 40)
    player.set_loop(False)
    until_stopped(player)
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


def test_another_rate_is_resampled(
    until_stopped: Callable[[Player], None], qtbot, player: Player, card: Any, recording: Recording
) -> None:
    card.rates = [48000]
    player.play()
    until_stopped(player)
    assert abs(len(card.played()) - 6 * recording.frames) < 50
    assert player.position == recording.frames


def test_one_loudspeaker_gets_both_sides(
    until_stopped: Callable[[Player], None], qtbot, player: Player, card: Any, recording: Recording
) -> None:
    card.channels = 1
    player.play()
    until_stopped(player)
    assert np.allclose(card.played()[:, 0], samples(recording).mean(axis=1))


def test_volume(
    until_stopped: Callable[[Player], None], qtbot, player: Player, card: Any, recording: Recording
) -> None:
    player.set_volume(0.5)
    player.play()
    until_stopped(player)
    assert np.array_equal(card.played(), samples(recording) * np.float32(0.5))
