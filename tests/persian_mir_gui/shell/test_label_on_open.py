"""What is opened is labelled at once, until that is cancelled."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from persian_mir_gui.library.session import Item
from persian_mir_gui.shell.after_opening import LabelOnOpen
from persian_mir_gui.shell.services import Services

pytestmark = pytest.mark.usefixtures("fake")


def test_cancel_holds_for_what_is_still_being_opened(services: Services, tone: Path, qtbot: QtBot) -> None:
    LabelOnOpen(services.session, services.labelling, services.settings, services.session)
    paths = [Path(shutil.copy(tone, tone.with_name(f"{k:03}.wav"))) for k in range(60)]
    finished: list[Item] = []
    services.labelling.finished.connect(finished.append)
    services.session.open_paths(paths)
    qtbot.waitUntil(lambda: bool(finished))
    services.labelling.cancel()
    opening = [item for item in services.session.items if item.state == "opening"]
    qtbot.waitUntil(lambda: not services.io.jobs and not services.labelling.running)
    assert {item.state for item in services.session.items} == {"ready"}
    assert {item.labelling for item in opening} <= {"none"}
    later = Path(shutil.copy(tone, tone.with_name("later.wav")))
    services.session.open_paths([later])
    qtbot.waitUntil(lambda: services.session.items[-1].labelling == "done")


def test_without_a_predictor_nothing_is_said_for_each(services: Services, tone: Path, qtbot: QtBot) -> None:
    LabelOnOpen(services.session, services.labelling, services.settings, services.session)
    services.labelling.predictors.choose("modal", False)
    told: list[object] = []
    services.messages.posted.connect(told.append)
    services.session.open_paths([Path(shutil.copy(tone, tone.with_name(f"{k}.wav"))) for k in range(5)])
    qtbot.waitUntil(lambda: len(services.session.items) == 5 and not services.io.jobs)
    assert {item.labelling for item in services.session.items} == {"none"}
    assert told == []
