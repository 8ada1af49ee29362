"""Devices that come, go, fail, or are not there."""

from __future__ import annotations

import json
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
import soundfile
from pytestqt.qtbot import QtBot

from persian_mir_gui.live import listener
from persian_mir_gui.live import live as live_service
from persian_mir_gui.live.input import RING_S, Input, Inputs
from persian_mir_gui.live.live import Live
from persian_mir_gui.playback import sound
from persian_mir_gui.playback.sound import SoundError

RATE = 8000


def test_devices_are_found_off_the_gui_thread(live: Live, card: Any, qtbot: QtBot) -> None:
    with qtbot.waitSignal(live.devices_changed):
        live.look()
    assert live.devices() == ("Mic", "Line")
    assert live.reason == ""


def test_an_input_that_comes_or_goes_is_noticed(
    monkeypatch: pytest.MonkeyPatch, live: Live, card: Any, qtbot: QtBot
) -> None:
    monkeypatch.setattr(live_service, "plugged", lambda: tuple(card.names))
    live._watch.setInterval(20)
    changes: list[tuple[str, ...]] = []
    live.devices_changed.connect(lambda: changes.append(live.devices()))
    live.watch(True)
    qtbot.waitUntil(lambda: changes == [("Mic", "Line")])
    initialised = card.refreshed
    qtbot.wait(100)
    assert card.refreshed == initialised  # nothing changed: PortAudio is left alone
    card.names["USB"] = 2
    qtbot.waitUntil(lambda: changes[1:] == [("Mic", "Line", "USB")])
    del card.names["USB"]
    qtbot.waitUntil(lambda: changes[2:] == [("Mic", "Line")])
    live.watch(False)


def test_where_the_system_does_not_tell_an_unchanged_list_is_no_news(
    monkeypatch: pytest.MonkeyPatch, live: Live, card: Any, qtbot: QtBot
) -> None:
    monkeypatch.setattr(live_service, "plugged", lambda: None)
    live._watch.setInterval(20)
    changes: list[tuple[str, ...]] = []
    live.devices_changed.connect(lambda: changes.append(live.devices()))
    live.watch(True)
    qtbot.waitUntil(lambda: card.refreshed > 3)
    assert changes == [("Mic", "Line")]


def test_an_unplugged_device_is_told_and_listened_to_again(heard: Any, live: Live, card: Any, qtbot: QtBot) -> None:
    live.start(record=True)
    qtbot.waitUntil(lambda: (heard.last.take_s or 0) > 0.3)
    card.unplugged = True
    qtbot.waitUntil(lambda: heard.last.phase == "lost")
    assert [message.level for message in heard.messages] == ["warning"]
    before = heard.last.take_s
    card.unplugged = False
    qtbot.waitUntil(lambda: heard.last.phase == "listening" and (heard.last.take_s or 0) > before + 0.3)
    assert [message.level for message in heard.messages] == ["warning", "info"]
    assert card.refreshed > 0
    live.stop()
    qtbot.waitUntil(lambda: len(heard.takes) == 1)
    story = json.loads(heard.takes[0].with_suffix(".json").read_text(encoding="utf-8"))
    assert len(story["interruptions_s"]) == 1
    assert soundfile.info(heard.takes[0]).duration == pytest.approx(story["duration_s"], abs=0.001)


def test_a_device_that_falls_silent_has_gone(
    heard: Any, monkeypatch: pytest.MonkeyPatch, live: Live, qtbot: QtBot
) -> None:
    monkeypatch.setattr(listener, "START_S", 0.1)
    monkeypatch.setattr(Inputs, "open", lambda self, name, anew=False: Input("Mute", RATE, 1))
    live.start()
    qtbot.waitUntil(lambda: heard.last.phase == "lost")


@pytest.mark.parametrize("fault", ["absent", "stuck"])
def test_what_cannot_be_opened_is_said(heard: Any, fault: str, live: Live, card: Any, qtbot: QtBot) -> None:
    card.unplugged, card.stuck = fault == "absent", fault == "stuck"
    live.start()
    qtbot.waitUntil(lambda: live.phase == "stopped" and bool(heard.messages))
    (message,) = heard.messages
    assert message.level == "error"
    assert message.cure
    assert live.reason
    card.unplugged = card.stuck = False
    qtbot.waitUntil(lambda: not live.busy)
    live.start()
    qtbot.waitUntil(lambda: heard.last.phase == "listening")


def test_without_portaudio_the_cure_is_said(monkeypatch: pytest.MonkeyPatch, live: Live, qtbot: QtBot) -> None:
    def absent() -> None:
        raise SoundError("Playback is off.", cure="Install libportaudio2.")

    monkeypatch.setattr(sound, "_library", absent)
    with qtbot.waitSignal(live.devices_changed):
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
