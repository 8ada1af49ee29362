"""A card that fails, comes and goes; a file that went."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
import soundfile

from persian_mir.recording import Recording
from persian_mir_gui.playback.player import Player


@pytest.mark.parametrize("how", ["unplugged", "broken"])
def test_a_card_that_fails_is_a_message_and_may_come_back(
    until_stopped: Callable[[Player], None], qtbot, player: Player, card: Any, how: str, recording: Recording
) -> None:
    seen: list[Any] = []
    player.failed.connect(seen.append)
    setattr(card, how, True)
    player.play()
    until_stopped(player)
    assert [bool(message.what and message.cure) for message in seen] == [True]
    assert not player.available
    setattr(card, how, False)
    player.seek(0)
    player.play()
    until_stopped(player)
    assert player.available
    assert np.array_equal(card.played(), soundfile.read(recording.path, dtype="float32")[0])


def test_no_card_is_said_at_once_and_one_plugged_in_later_is_found(
    until_stopped: Callable[[Player], None], qtbot, runner, card: Any, recording: Recording
) -> None:
    card.absent = True
    player = Player(runner)
    player.load(recording)
    with qtbot.waitSignal(player.availability_changed):
        pass
    assert "Connect" in player.reason
    player.play()
    until_stopped(player)
    assert player.available
    assert np.array_equal(card.played(), soundfile.read(recording.path, dtype="float32")[0])
    assert player.close()


def test_a_card_that_asks_for_nothing_is_noticed(
    until_stopped: Callable[[Player], None], qtbot, player: Player, card: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("persian_mir_gui.playback.engine.SILENT_CARD_S", 0.1)
    seen: list[Any] = []
    player.failed.connect(seen.append)
    card.mute = True
    player.play()
    until_stopped(player)
    assert len(seen) == 1


def test_a_card_that_does_not_answer_holds_up_nobody(
    until_stopped: Callable[[Player], None], qtbot, player: Player, card: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """PortAudio's call to start does not come back from a sound server that dies in the middle."""
    monkeypatch.setattr("persian_mir_gui.playback.engine.STUCK_S", 0.1)
    seen: list[Any] = []
    player.failed.connect(seen.append)
    card.answers.clear()
    for _again in range(2):
        player.play()
        player.set_volume(0.5)
        until_stopped(player)
    assert [message.what for message in seen] == ["The system's sound does not answer."] * 2
    assert not player.available
    assert not player.close(0.05)
    card.answers.set()


def test_a_file_that_went_is_a_message(
    until_stopped: Callable[[Player], None], qtbot, player: Player, recording: Recording
) -> None:
    seen: list[Any] = []
    player.failed.connect(seen.append)
    recording.path.unlink()
    player.play()
    until_stopped(player)
    assert len(seen) == 1
    assert player.available


def test_nothing_to_play(player: Player) -> None:
    player.load(None)
    player.play()
    player.seek(5)
    player.play_range(1, 2)
    assert player.state == "stopped"
    assert player.position == 0
