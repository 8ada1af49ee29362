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


def test_beside_a_loop_it_plays_on_and_the_loop_is_there_when_one_comes_back(
    until_stopped: Callable[[Player], None], player: Player, card: Any, recording: Recording
) -> None:
    player.set_loop(True)
    player.set_range((3000, 4000))
    player.seek(37_000)
    assert (player.span, player.looping, player.repeating) == (None, True, False)
    player.play()
    until_stopped(player)  # at the end of the recording: what lies outside the loop is not repeated
    assert np.array_equal(card.played(), samples(recording, 37_000))
    player.seek(3500)
    assert (player.span, player.repeating) == ((3000, 4000), True)


def test_from_before_a_loop_one_runs_into_it(
    until_stopped: Callable[[Player], None], qtbot, player: Player, card: Any, recording: Recording
) -> None:
    repeats: list[int] = []
    player.repeated.connect(repeats.append)
    player.set_range((3000, 3800))
    player.set_loop(True)
    player.seek(1000)
    player.play()
    qtbot.waitUntil(lambda: len(repeats) >= 2)
    player.set_loop(False)
    until_stopped(player)
    played = card.played()
    assert np.array_equal(played[:2000], samples(recording, 1000, 3000))
    assert (len(played) - 2000) % 800 == 0
    assert np.array_equal(played[2000:3600], np.tile(samples(recording, 3000, 3800), (2, 1)))


def test_loop_leads_back_to_the_range_that_was_left(player: Player) -> None:
    player.set_range((3000, 4000))
    player.seek(9000)
    assert player.span is None
    player.set_loop(True)
    assert (player.position, player.span) == (3000, (3000, 4000))


def test_without_its_loop_one_does_not_stop_at_the_ranges_end(
    until_stopped: Callable[[Player], None], player: Player, card: Any, recording: Recording
) -> None:
    player.set_range((36_000, 37_000))
    player.set_loop(True)
    player.seek(35_000)
    player.play()
    player.set_loop(False)
    until_stopped(player)
    assert np.array_equal(card.played()[-5000:], samples(recording, 35_000))
