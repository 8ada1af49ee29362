"""The experiments page: what it offers, what it starts, what it shows."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from persian_mir_gui.core.messages import Message
from persian_mir_gui.shell.services import Services
from persian_mir_gui.training.experiments.page import ExperimentsPage, experiments
from persian_mir_gui.training.state.dataset_selection import DataChoice
from persian_mir_gui.training.state.experiment_runs import ResultRow, ResultTable, default_folder
from persian_mir_gui.widgets.theme import LIGHT, apply_theme
from persian_mir_gui.widgets.theme_source import ThemeSource
from trainer.experiments.published import STUDIES
from trainer.experiments.table import EXPERIMENTS


@pytest.fixture
def page(qtbot: QtBot, services: Services, tmp_path: Path, themes: ThemeSource) -> ExperimentsPage:
    services.training.desk.data = DataChoice(tmp_path / "mini")
    made = ExperimentsPage(services.io, services.settings, services.training, services.study, themes)
    qtbot.addWidget(made)
    made.show()
    qtbot.waitUntil(lambda: made.start.isEnabled())
    return made


def row(split: str, **other: Any) -> ResultRow:
    values: dict[str, Any] = {
        "experiment": "table2", "task": "instrument", "cell": "5 s", "split": f"{split} ({split})",
        "backbone": "signal", "dataset": "mini-Nava", "accuracy": 90.0, "low": 85.0, "high": 94.0,
        "recordings": 95.0, "chance": 20.0, "printed": 97.5, "difference": -7.5,
    }  # fmt: skip
    return ResultRow(**values | other)


def test_every_experiment_of_the_trainer_is_offered_with_its_question() -> None:
    assert [name for name, _title, _answer in experiments()] == [one.name for one in EXPERIMENTS]
    assert all(answer.endswith("?") for _name, _title, answer in experiments())


def test_the_folder_is_called_after_the_data_until_the_user_names_one(
    qtbot: QtBot, page: ExperimentsPage, services: Services, tmp_path: Path
) -> None:
    assert page.folder.text() == str(default_folder("mini"))
    page.folder.clear()
    qtbot.keyClicks(page.folder, str(tmp_path / "own"))
    services.training.desk.data = DataChoice(tmp_path / "other")
    services.training.data_changed.emit()
    assert page.out == tmp_path / "own"
    page.folder.clear()
    qtbot.keyClicks(page.folder, "relative")
    assert page.out is None
    assert not page.start.isEnabled()


def test_what_is_ticked_is_started_and_can_be_stopped(
    qtbot: QtBot, page: ExperimentsPage, services: Services, tmp_path: Path
) -> None:
    for name, tick in page.ticks.items():
        tick.setChecked(name == "table4")
    page.start.click()  # the data are not there
    assert services.study.experiments.names == ("table4",)
    assert page.start.text() == "Stop"
    assert not page.folder.isEnabled()
    qtbot.waitUntil(lambda: not services.study.experiments.work.running)
    assert page.start.text() == "Start"
    assert str(tmp_path / "mini") in page.status.text()
    for tick in page.ticks.values():
        tick.setChecked(False)
    assert not page.start.isEnabled()


def test_official_and_grouped_stand_side_by_side_with_the_printed_figure(
    page: ExperimentsPage, services: Services, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = (row("official"), row("grouped", accuracy=21.0, low=15.0, high=27.0, difference=None))
    report = tmp_path / "report.html"
    table = ResultTable(tmp_path, rows, (), True, ("Warning: this.",), report)
    services.study.experiments.table = table
    services.study.experiments.changed.emit()
    assert page.results.item(0, 0).text() == "Audio length · \u2068mini-Nava\u2069"
    assert page.results.columnSpan(0, 0) == page.results.columnCount()
    texts = [page.results.item(1, column).text().strip("\u2066\u2069") for column in range(8)]
    assert texts == [
        *("Instrument", "5 s", "90.0 (85.0–94.0)", "21.0 (15.0–27.0)", "20.0", "97.5", "−7.5"),
        "Classical features",
    ]
    assert page.results.rowCount() == 1 + 1 + 1 + len(STUDIES)
    assert "synthetic" in page.warning.text()
    assert "Warning: this." in page.warning.text()
    assert page.counts["table2"].text() == "1 done"
    opened: list[Any] = []
    monkeypatch.setattr(QDesktopServices, "openUrl", opened.append)
    page.report.click()
    assert [url.toLocalFile() for url in opened] == [str(report)]


def test_printed_figures_are_shown_and_the_slow_systems_are_not_ticked(page: ExperimentsPage) -> None:
    assert page.results.rowCount() == 1 + len(STUDIES)
    assert page.results.parentWidget().objectName() == "chart"  # in a frame, as on the other pages
    assert [name for name, tick in page.ticks.items() if not tick.isChecked()] == ["earlier-studies"]


def test_a_system_of_an_earlier_study_has_its_name_and_its_figures(
    page: ExperimentsPage, services: Services, tmp_path: Path
) -> None:
    plain = {"experiment": "earlier-studies", "cell": "azarnet", "backbone": "", "printed": None, "difference": None}
    rows = tuple(replace(row(split), **plain) for split in ("official", "published (segments)", "grouped (artist)"))
    services.study.experiments.table = ResultTable(tmp_path, rows, (), False, (), None)
    services.study.experiments.changed.emit()
    assert page.results.item(0, 0).text() == "Earlier studies · \u2068mini-Nava\u2069"
    texts = [page.results.item(1, column).text() for column in range(8)]
    assert texts[:2] == ["Instrument", "after AzarNet"]
    assert texts[7] == "–"


def test_no_text_of_our_own_figures_is_cut_in_a_small_window(
    qtbot: QtBot, qapp: QApplication, page: ExperimentsPage, services: Services, tmp_path: Path
) -> None:
    apply_theme(qapp, LIGHT)
    rows = (row("official", experiment="table3", task="instrument", cell="layer 12"), row("grouped", cell="0.001"))
    services.study.experiments.table = ResultTable(tmp_path, rows, (), True, (), None)
    page.resize(750, 600)  # beside the names of the pages, in a window of 900
    services.study.experiments.changed.emit()
    table = page.results
    qtbot.waitUntil(lambda: table.horizontalScrollBar().maximum() == 0 and table.viewport().width() < 750)
    for column in range(table.columnCount()):
        asked = [table.fontMetrics().horizontalAdvance(table.item(place, column).text()) for place in (1, 3)]
        assert table.columnWidth(column) >= max(asked) + 6, column


def test_trouble_is_said(page: ExperimentsPage, services: Services) -> None:
    services.study.experiments.failed.emit(Message("error", "No space is left.", "Free some."))
    assert page.status.text() == "No space is left. Free some."
