"""The program comes back to where the user was."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import QObject
from pytestqt.qtbot import QtBot

from persian_mir_gui.shell.place import ReturnToPlace, read_place, remember_place
from persian_mir_gui.shell.services import Services

pytestmark = pytest.mark.usefixtures("fake")


def open_tone(services: Services, qtbot: QtBot, tone: Path) -> None:
    services.session.open_paths([tone])
    qtbot.waitUntil(lambda: services.timeline.frames > 0)


@pytest.mark.parametrize("playhead", [1000, 2500, 4000])
def test_view_playhead_and_selection_come_back(services: Services, qtbot: QtBot, tone: Path, playhead: int) -> None:
    """Outside the selection, too, where one listens while its loop waits."""
    open_tone(services, qtbot, tone)
    timeline = services.timeline
    timeline.selection_settled.connect(services.player.set_range)  # as the window does
    timeline.set_view(1000, 5000)
    timeline.select(2000, 3000)
    timeline.set_playhead(playhead)
    remember_place(services.settings, services.session, timeline)
    services.session.close_all()
    parent = QObject()
    ReturnToPlace(services.settings, services.session, timeline, services.player, parent)
    open_tone(services, qtbot, tone)
    qtbot.waitUntil(lambda: timeline.playhead == playhead)
    assert (timeline.view, timeline.selection) == ((1000.0, 5000.0), (2000, 3000))
    assert services.player.position == playhead  # Play goes on from there, not from the start


@pytest.mark.parametrize(
    "text",
    ["", "{", "[]", '{"path": 1}', '{"path": "a", "frames": 1, "view": [0], "playhead": 0, "selection": []}',
     '{"path": "a", "frames": 1, "view": [0, Infinity], "playhead": 0, "selection": []}',
     '{"path": "a", "frames": 1e999, "view": [0, 1], "playhead": 0, "selection": []}', "[" * 100_000],
)  # fmt: skip
def test_what_is_no_place_is_none(text: str) -> None:
    assert read_place(text) is None
