"""Recordings whose files were moved by hand are found again in the window."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import soundfile
from pytestqt.qtbot import QtBot

from persian_mir.audio import open_audio
from persian_mir.catalogue.catalogue import Catalogue
from persian_mir_gui.archive.archive_window import ArchiveWindow
from persian_mir_gui.archive.relink_dialog import RelinkDialog
from persian_mir_gui.library.ledger import Ledger


@pytest.fixture
def shelf(tmp_path: Path) -> Path:
    """Three recordings in the catalogue, two of which were moved away and renamed."""
    old, new = tmp_path / "shelf", tmp_path / "new" / "deeper"
    old.mkdir()
    new.mkdir(parents=True)
    with Catalogue.open(tmp_path / "catalogue.sqlite") as catalogue:
        for number in range(3):
            file = old / f"{number}.flac"
            sound = np.random.default_rng(number).uniform(-0.3, 0.3, 8000)
            soundfile.write(file, sound, 8000)
            catalogue.put_recording(open_audio(file).recording)
    (old / "0.flac").rename(new / "گل‌ها.flac")
    (old / "1.flac").rename(tmp_path / "elsewhere.flac")
    (new / "notes.flac").write_bytes(b"no sound")
    soundfile.write(new / "0.flac", np.zeros(100), 8000)  # called as the first was, and another
    return tmp_path


@pytest.fixture
def path(shelf: Path) -> Path:
    return shelf / "catalogue.sqlite"


def paths(shelf: Path) -> list[str]:
    with Catalogue.open(shelf / "catalogue.sqlite") as catalogue:
        rows = sorted(catalogue.page().rows, key=lambda row: row.id)
        return [str(row.path.relative_to(shelf)) for row in rows]


def test_several_are_found_in_a_folder_by_their_sound_and_it_is_undone(
    qtbot: QtBot, window: ArchiveWindow, ledger: Ledger, shelf: Path
) -> None:
    window.rows.table.selectAll()
    window.relink.find_in_folder(shelf / "new")
    (dialog,) = window.findChildren(RelinkDialog)
    qtbot.waitUntil(lambda: dialog.table.rowCount() == 2)
    first, second = (dialog.table.item(row, 1).text() for row in range(2))
    assert "گل‌ها" in first
    assert second == "not found"
    for words in ("Found: 1 recording.", "Not found: 1 recording.", "where it was: 1 recording."):
        assert words in dialog.told.text()
    qtbot.waitUntil(lambda: "file" in window.undo.toolTip())
    dialog.close_.click()
    assert paths(shelf) == ["new/deeper/گل‌ها.flac", "shelf/1.flac", "shelf/2.flac"]
    window.undo.click()
    qtbot.waitUntil(lambda: "file" in window.redo.toolTip())
    assert paths(shelf) == ["shelf/0.flac", "shelf/1.flac", "shelf/2.flac"]
    window.redo.click()
    qtbot.waitUntil(lambda: "file" in window.undo.toolTip())
    assert paths(shelf)[0] == "new/deeper/گل‌ها.flac"


def test_one_whose_file_is_gone_says_so_and_is_linked_to_a_file_of_its_sound_alone(
    qtbot: QtBot, window: ArchiveWindow, ledger: Ledger, shelf: Path
) -> None:
    place = next(k for k, row in enumerate(window.rows.model.rows) if row.path.name == "1.flac")
    window.rows.table.selectRow(place)
    qtbot.waitUntil(lambda: window.form.find_file.isVisibleTo(window.form))
    (row,) = window.rows.chosen()
    window.relink.find_in_file(row, shelf / "shelf" / "2.flac")
    qtbot.waitUntil(window.messages.isVisible)
    assert paths(shelf)[1] == "shelf/1.flac"
    window.relink.find_in_file(row, shelf / "elsewhere.flac")
    qtbot.waitUntil(lambda: paths(shelf)[1] == "elsewhere.flac")
    qtbot.waitUntil(lambda: not window.form.find_file.isVisibleTo(window.form))


def test_a_folder_that_is_not_there_is_told(qtbot: QtBot, window: ArchiveWindow, shelf: Path) -> None:
    window.rows.table.selectAll()
    window.relink.find_in_folder(shelf / "nowhere")
    (dialog,) = window.findChildren(RelinkDialog)
    qtbot.waitUntil(lambda: "does not exist" in dialog.told.text())
    dialog.close_.click()
