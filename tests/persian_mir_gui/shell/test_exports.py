"""Pictures and data that are written from the window."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import QSize
from PySide6.QtGui import QPainter

from persian_mir.modal.reading import ModalReading
from persian_mir.progress import SILENT
from persian_mir_gui.plots.picture_export import ExportError, save_picture
from persian_mir_gui.shell.exports import write_data
from persian_mir_gui.widgets.theme import DARK


def test_a_folder_that_is_not_there_is_said(tmp_path: Path) -> None:
    def nothing(_painter: QPainter) -> None:
        return

    with pytest.raises(ExportError, match="could not be written"):
        save_picture(tmp_path / "no" / "x.png", QSize(10, 10), DARK.panel, "", nothing)


def test_data_files_hold_the_scale_and_the_track(tmp_path: Path, reading: ModalReading) -> None:
    for what, name in (("pitch-track", "a.csv"), ("scala", "a.scl"), ("tuning", "a.tun")):
        write_data(what, tmp_path / name, reading.track, reading, "Segah", SILENT)
    assert len((tmp_path / "a.csv").read_text().splitlines()) == len(reading.track.hz) + 1
    assert "Segah" in (tmp_path / "a.scl").read_text()
    assert "[Tuning]" in (tmp_path / "a.tun").read_text()
