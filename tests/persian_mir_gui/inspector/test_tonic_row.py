"""The field that takes a tonic."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from persian_mir.modal.pitch import HOP_S, PitchTrack
from persian_mir.modal.reading import read_mode
from persian_mir_gui.inspector.tonic_row import TonicRow
from persian_mir_gui.modal.reading_work import Known

COURSE = [(0, 2), (150, 0.6), (0, 1), (-150, 0.6), (-350, 1), (-150, 0.4), (0, 2), (150, 0.5), (350, 0.6), (0, 1)]


class FakeReadings:
    def __init__(self) -> None:
        cents = np.concatenate([np.full(round(length / HOP_S), step) for step, length in COURSE * 4])
        track = PitchTrack((320 * 2 ** (cents / 1200)).astype(np.float32), np.ones(len(cents), np.float32))
        self.known = Known(track, read_mode(track))
        self.tonic_hz: float | None = None
        self.asked: list[float | None] = []

    def set_tonic(self, hz: float | None) -> None:
        self.asked.append(hz)
        self.tonic_hz = hz


@pytest.fixture
def row(qtbot: QtBot) -> TonicRow:
    stand_ins: Any = (None, FakeReadings())
    made = TonicRow(*stand_ins)
    qtbot.addWidget(made)
    made.refresh()
    made.show()
    return made


def typed(row: TonicRow, qtbot: QtBot, text: str) -> list[float | None]:
    row.entry.clear()
    qtbot.keyClicks(row.entry, text)
    qtbot.keyClick(row.entry, Qt.Key.Key_Return)
    return row._readings.asked


def test_a_note_is_taken_in_the_octave_that_is_played(row: TonicRow, qtbot: QtBot) -> None:
    assert typed(row, qtbot, "220.5 Hz") == [220.5]
    assert typed(row, qtbot, "F")[-1] == pytest.approx(349.23, abs=0.01)
    assert row.entry.text() == ""
    row.refresh()
    assert row.note.text() == "set by hand"
    assert row.reset.isVisible()


def test_auto_gives_the_tonic_back(row: TonicRow, qtbot: QtBot) -> None:
    typed(row, qtbot, "A3")
    assert typed(row, qtbot, "auto")[-1] is None


def test_what_cannot_be_a_tonic_says_what_can(row: TonicRow, qtbot: QtBot) -> None:
    assert typed(row, qtbot, "H3") == []
    assert row.wrong.isVisible()
    assert "H3" in row.wrong.text()
    assert "E koron 4" in row.wrong.text()
    qtbot.keyClick(row.entry, Qt.Key.Key_A)
    assert not row.wrong.isVisible()


def test_the_tonic_is_read_out_in_words(row: TonicRow) -> None:
    assert row.text.text().startswith("320.0 Hz · Mi koron (")
