"""The file under the window: written by another program, damaged, not to be read."""

from __future__ import annotations

from pathlib import Path

from pytestqt.qtbot import QtBot

from persian_mir_gui.archive.archive_window import ArchiveWindow
from persian_mir_gui.library import ledger_work
from persian_mir_gui.library.ledger import Ledger
from tests.persian_mir_gui.archive.hands import TITLES, choose, fill, name


def test_what_another_program_labels_appears_by_itself(qtbot: QtBot, window: ArchiveWindow, path: Path) -> None:
    choose(window, 1)
    fill(path, 8)
    qtbot.waitUntil(lambda: len(window.rows.model.rows) == 8)
    assert "8" in window.bar.number.text()
    assert [row.title for row in window.rows.chosen()] == [TITLES[1]]


def test_a_damaged_catalogue_is_said_and_left_alone(qtbot: QtBot, tmp_path: Path) -> None:
    damaged = tmp_path / "damaged.sqlite"
    damaged.write_bytes(b"no catalogue at all" * 100)
    ledger = Ledger(path=damaged)
    with qtbot.waitSignal(ledger.failed) as failed:
        ledger.wake()
    assert failed.args[0].path == damaged
    assert failed.args[0].cure
    assert damaged.read_bytes() == b"no catalogue at all" * 100
    assert ledger.close(10.0)


def test_what_cannot_be_read_is_told_once_not_at_every_look(qtbot: QtBot, tmp_path: Path) -> None:
    damaged = tmp_path / "damaged.sqlite"
    damaged.write_bytes(b"no catalogue at all" * 100)
    ledger = Ledger(path=damaged)
    told: list[object] = []
    ledger.failed.connect(told.append)
    for _recording in range(3):  # as each that is shown asks for its items
        with qtbot.waitSignal(ledger.read(ledger_work.describe, name(0)).failed):
            pass
    assert len(told) == 1
    with qtbot.waitSignal(ledger.failed):  # what somebody does is always answered
        ledger.undo()
    assert ledger.close(10.0)
