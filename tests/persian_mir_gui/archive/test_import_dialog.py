"""Labels of another program are looked at in the window, then taken in as one step."""

from __future__ import annotations

from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from persian_mir.catalogue.catalogue import Catalogue
from persian_mir.catalogue.statement_rows import in_force
from persian_mir.recording import Recording
from persian_mir_gui.archive.archive_window import ArchiveWindow
from persian_mir_gui.archive.import_dialog import ImportDialog
from persian_mir_gui.core.settings import Settings
from persian_mir_gui.library.ledger import Ledger
from persian_mir_gui.widgets.table import PlainTable
from persian_mir_gui.widgets.theme_source import ThemeSource
from persian_mir_gui.widgets.widget_factories import select_rows

HASH = f"{7:064x}"


@pytest.fixture
def path(tmp_path: Path) -> Path:
    with Catalogue.open(tmp_path / "catalogue.sqlite") as catalogue:
        catalogue.put_recording(Recording(Path("/archive/take.flac"), HASH, 100, 1000, 1, "FLAC", "sndfile", {}))
    return tmp_path / "catalogue.sqlite"


@pytest.fixture
def labels(tmp_path: Path) -> Path:
    """Audacity labels: two that the vocabulary knows, one that it does not."""
    file = tmp_path / "take.txt"
    file.write_text("0.0\t4.0\tsehgah\n4.0\t6.0\tماهور\n6.0\t8.0\tno such thing\n", encoding="utf-8")
    return file


def texts(table: PlainTable, column: int) -> list[str]:
    cells = (table.item(row, column) for row in range(table.rowCount()))
    return [cell.text().strip("\u2068\u2069") for cell in cells if cell is not None]


def statements(tmp_path: Path) -> list[tuple[int, int, str]]:
    with Catalogue.open(tmp_path / "catalogue.sqlite") as catalogue:
        return [(one.start, one.stop, one.label) for one in in_force(catalogue.statements_of(HASH)) if one.label]


def test_matches_are_shown_first_then_taken_and_undone(
    qtbot: QtBot, ledger: Ledger, labels: Path, tmp_path: Path
) -> None:
    dialog = ImportDialog(ledger, labels)
    qtbot.addWidget(dialog)
    qtbot.waitUntil(dialog.take.isEnabled)
    assert texts(dialog.matches, 1) == ["sehgah", "ماهور", "no such thing"]
    assert texts(dialog.matches, 2) == ["Segah", "Mahour", ""]
    assert texts(dialog.matches, 3)[2] == "no match"
    assert texts(dialog.recordings, 0) == ["take.flac"]
    assert "1" in texts(dialog.recordings, 3)[0]
    assert statements(tmp_path) == []
    with qtbot.waitSignal(dialog.taken) as taken:
        dialog.take.click()
    assert taken.args == [1]
    assert statements(tmp_path) == [(0, 400, "segah"), (400, 600, "mahour")]
    ledger.undo()
    qtbot.waitUntil(lambda: not ledger.runner.jobs)
    assert statements(tmp_path) == []


@pytest.mark.parametrize(("name", "text"), [("take.odt", "x"), ("other.txt", "0\t1\tsegah\n"), ("take.eaf", "<broken")])
def test_what_cannot_be_taken_is_said(qtbot: QtBot, ledger: Ledger, tmp_path: Path, name: str, text: str) -> None:
    file = tmp_path / name
    file.write_text(text)
    dialog = ImportDialog(ledger, file)
    qtbot.addWidget(dialog)
    before = dialog.said.text()
    qtbot.waitUntil(lambda: dialog.said.text() != before)
    told = dialog.said.text() + " ".join(texts(dialog.recordings, 3))
    assert name in told or "not read" in told
    assert not told.startswith("/")  # a Persian line would be turned round by it
    assert not dialog.take.isEnabled()


def test_the_window_says_how_many_recordings_were_given_labels(
    qtbot: QtBot, ledger: Ledger, labels: Path, themes: ThemeSource
) -> None:
    window = ArchiveWindow(ledger, lambda: "Sara", Settings(), themes)
    qtbot.addWidget(window)
    window.show()
    window.exchange.show_import(labels)
    dialog = window.findChild(ImportDialog)
    qtbot.waitUntil(dialog.take.isEnabled)
    dialog.take.click()
    qtbot.waitUntil(lambda: "1 recording" in window.messages._what.text())


def test_labels_are_for_the_recording_that_is_chosen(
    qtbot: QtBot, ledger: Ledger, labels: Path, themes: ThemeSource, tmp_path: Path
) -> None:
    window = ArchiveWindow(ledger, lambda: "Sara", Settings(), themes)
    qtbot.addWidget(window)
    ledger.wake()
    qtbot.waitUntil(lambda: bool(window.rows.model.rows))
    select_rows(window.rows.table, [0])
    window.exchange.show_import(labels.rename(tmp_path / "called otherwise.txt"))
    dialog = window.findChild(ImportDialog)
    qtbot.waitUntil(dialog.take.isEnabled)
    assert texts(dialog.recordings, 0) == ["take.flac"]
