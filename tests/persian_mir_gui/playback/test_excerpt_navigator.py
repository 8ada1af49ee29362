"""An excerpt shown in the main window."""

from __future__ import annotations

from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from persian_mir_gui.playback.excerpts import Excerpt
from persian_mir_gui.shell.services import Services

pytestmark = pytest.mark.usefixtures("fake")


def test_the_recording_is_opened_and_the_stretch_selected(qtbot: QtBot, services: Services, tone: Path) -> None:
    services.study.showing.show(Excerpt(tone, 0.25, 0.75))
    qtbot.waitUntil(lambda: services.timeline.selection == (2000, 6000))
    assert services.timeline.playhead == 2000
    assert [item.path for item in services.session.items] == [tone]
    services.timeline.clear_selection()
    services.study.showing.show(Excerpt(tone, 0.5, 1.0))  # it is there already
    assert services.timeline.selection == (4000, 8000)
    services.player.seek(5000)
    services.study.showing.show(Excerpt(tone, 0.5, 1.0))  # and the playhead is within
    assert services.player.position == services.timeline.playhead == 4000


def test_choosing_another_recording_later_selects_nothing(qtbot: QtBot, services: Services, tone: Path) -> None:
    services.study.showing.show(Excerpt(tone, 0.25, 0.75))
    qtbot.waitUntil(lambda: services.timeline.selection is not None)
    services.session.select(None)
    services.session.select(services.session.items[0])
    assert services.timeline.selection is None
