"""Another recording is shown from its top; a new reading of the same one moves nothing."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
import soundfile
from PySide6.QtWidgets import QScrollBar
from pytestqt.qtbot import QtBot

from persian_mir.examples.synthesise import synthesise
from persian_mir.prediction import Section
from persian_mir_gui.inspector.inspector import Inspector
from persian_mir_gui.inspector.sections_table import ROWS_AT_MOST
from persian_mir_gui.library.session import Item
from persian_mir_gui.shell.services import Services
from persian_mir_gui.widgets.theme_source import ThemeSource

RATE = 16_000
LANE = ("modal", "mode")


@pytest.fixture
def inspector(qtbot: QtBot, services: Services, themes: ThemeSource, tmp_path: Path) -> Inspector:
    """As low as in a small window, of two recordings that were read."""
    s = services
    for name, mode in (("a.wav", "segah"), ("b.wav", "nava")):
        soundfile.write(tmp_path / name, synthesise(mode, "setar", 3, 40.0, 220.0, RATE).samples, RATE)
    made = Inspector(
        s.settings, s.messages, s.timeline, s.session, s.player, s.readings, s.gushehs, s.tones, s.review, themes
    )
    qtbot.addWidget(made)
    made.resize(300, 420)
    made.show()
    s.session.open_paths([tmp_path / "a.wav", tmp_path / "b.wav"])
    qtbot.waitUntil(lambda: [item.state for item in s.session.items] == ["ready"] * 2)
    s.labelling.label(s.session.items)
    qtbot.waitUntil(lambda: not s.labelling.running and s.readings.known.whole is not None)
    qtbot.waitUntil(lambda: bar(made).maximum() > 300)
    return made


def bar(inspector: Inspector) -> QScrollBar:
    return inspector.area.verticalScrollBar()


def test_another_recording_is_shown_from_its_top(qtbot: QtBot, services: Services, inspector: Inspector) -> None:
    bar(inspector).setValue(240)
    services.session.select(services.session.items[1])
    qtbot.waitUntil(lambda: services.readings.known.whole is not None and bar(inspector).maximum() > 300)
    assert bar(inspector).value() == 0


def test_a_new_reading_of_the_same_one_moves_nothing(qtbot: QtBot, services: Services, inspector: Inspector) -> None:
    bar(inspector).setValue(240)
    before = services.readings.known.whole
    services.readings.set_tonic(247.0)
    qtbot.waitUntil(lambda: services.readings.known.whole not in (None, before))
    tell_sections(services, services.session.items[0], "segah")
    qtbot.waitUntil(lambda: inspector.sections.rowCount() > ROWS_AT_MOST)
    assert bar(inspector).value() == 240


def test_the_sections_of_another_recording_begin_with_the_first(
    qtbot: QtBot, services: Services, inspector: Inspector
) -> None:
    first, second = services.session.items
    for item, mode in ((first, "segah"), (second, "nava")):
        tell_sections(services, item, mode)
    table = inspector.sections.verticalScrollBar()
    qtbot.waitUntil(lambda: table.maximum() > 0)
    table.setValue(table.maximum())
    services.session.select(second)
    assert inspector.sections.sections[0].verdict.label == "nava"
    assert table.value() == 0


def tell_sections(services: Services, item: Item, mode: str) -> None:
    """Have the mode known with more sections than are seen at once."""
    known = item.predictions[LANE]
    assert item.recording is not None
    edges = np.linspace(0, item.recording.frames, 2 * ROWS_AT_MOST + 1).astype(int).tolist()
    verdict = replace(known.verdict(), label=mode)
    parts = pairwise(edges)
    told = replace(known, sections=tuple(Section(start, stop, verdict) for start, stop in parts))
    services.session.put_prediction(item, LANE[0], "Modal reading", told)
