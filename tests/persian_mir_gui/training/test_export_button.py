"""What the pages of the trainer give away: tables, pictures, drawings."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest
from PySide6.QtGui import QImage
from PySide6.QtSvg import QSvgRenderer
from PySide6.QtWidgets import QFileDialog
from pytestqt.qtbot import QtBot

from persian_mir_gui.core.messages import Message
from persian_mir_gui.shell.services import Services
from persian_mir_gui.training.confusion.page import ConfusionView
from persian_mir_gui.training.export_button import ExportButton
from persian_mir_gui.training.state.dataset_selection import DataChoice
from persian_mir_gui.widgets.theme_source import ThemeSource

pytestmark = pytest.mark.qt_log_ignore("does not support", extend=True)


@pytest.fixture
def said(services: Services) -> list[Message]:
    messages: list[Message] = []
    services.training.message_posted.connect(messages.append)
    return messages


@pytest.fixture
def view(qtbot: QtBot, services: Services, judged_file: Path, themes: ThemeSource) -> ConfusionView:
    made = ConfusionView(services.io, services.excerpts, services.training, services.study, themes)
    qtbot.addWidget(made)
    services.study.judged.open(judged_file)
    qtbot.waitUntil(lambda: services.study.judged.run is not None)
    made.resize(800, 600)
    made.show()
    return made


def write(button: ExportButton, path: Path, said: list[Message], qtbot: QtBot) -> Message:
    sheet = button._offer()
    assert sheet is not None
    said.clear()
    button.write(sheet, path)
    qtbot.waitUntil(lambda: bool(said))
    return said[-1]


def test_the_table_holds_every_cell_of_the_matrix(
    view: ConfusionView, said: list[Message], tmp_path: Path, qtbot: QtBot
) -> None:
    path = tmp_path / "out.csv"
    assert write(view.export, path, said, qtbot).what == "Exported out.csv."
    rows = list(csv.DictReader(path.read_text(encoding="utf-8").splitlines()))
    counts = {(row["labelled"], row["named"]): int(row["count"]) for row in rows}
    assert len(counts) == len(rows) == 9
    assert counts["mahour", "segah"] == 2
    assert {row["counted"] for row in rows} == {"segments"}
    assert {row["split"] for row in rows} == {"official"}


@pytest.mark.parametrize("name", ["page.png", "page.svg"])
def test_the_page_is_a_picture(
    view: ConfusionView, said: list[Message], tmp_path: Path, qtbot: QtBot, name: str
) -> None:
    path = tmp_path / name
    assert write(view.export, path, said, qtbot).level == "info"
    if path.suffix == ".svg":
        assert QSvgRenderer(str(path)).isValid()
        text = path.read_text(encoding="utf-8")
        assert "Mahour" in text  # letters, not pixels
        assert "<image" not in text
    else:
        assert QImage(str(path)).size() == 2 * view.charts.size()


def test_the_data_are_never_written_over(
    view: ConfusionView, services: Services, said: list[Message], tmp_path: Path, qtbot: QtBot
) -> None:
    manifest = tmp_path / "manifest.csv"
    manifest.write_text("file,dastgah\n", encoding="utf-8")
    services.training.desk.data = DataChoice(manifest)
    assert write(view.export, manifest, said, qtbot).level == "error"
    assert manifest.read_text(encoding="utf-8") == "file,dastgah\n"


def test_a_folder_that_is_not_there_is_said(
    view: ConfusionView, said: list[Message], tmp_path: Path, qtbot: QtBot
) -> None:
    (tmp_path / "file").write_text("")
    assert write(view.export, tmp_path / "file" / "out.csv", said, qtbot).level == "error"
    assert write(view.export, tmp_path / "none" / "out.png", said, qtbot).level == "error"


@pytest.mark.parametrize(("chosen", "name"), [("Table (*.csv)", "a.csv"), ("Drawing (*.svg)", "a.svg")])
def test_a_name_without_suffix_gets_that_of_its_kind(
    view: ConfusionView,
    said: list[Message],
    tmp_path: Path,
    qtbot: QtBot,
    monkeypatch: pytest.MonkeyPatch,
    chosen: str,
    name: str,
) -> None:
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_asked: (str(tmp_path / "a"), chosen))
    view.export.click()
    qtbot.waitUntil(lambda: bool(said))
    assert (tmp_path / name).is_file()
