"""Getting a model is a button: from a hub on this machine, with its licence, stopped, gone on with, removed."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from persian_mir.models.fetch import fetch
from persian_mir.models.store import find_installed
from persian_mir.models.unavailable import unavailable
from persian_mir.progress import Cancelled, Progress
from persian_mir_gui.core.messages import Message, Messages
from persian_mir_gui.labelling.models import Models
from persian_mir_gui.labelling.models_window import ModelRow, ModelsWindow

pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints", "does not support raise", extend=True)
ID = "facebook/hubert-base-ls960"


class StopHalfway(Progress):
    def step(self, fraction: float, note: str = "") -> None:
        if fraction > 0.5:
            raise Cancelled


@pytest.fixture
def said() -> list[Message]:
    return []


@pytest.fixture
def models(qapp: object, said: list[Message]) -> Iterator[Models]:
    messages = Messages()
    messages.posted.connect(said.append)
    made = Models(messages)
    yield made
    assert made.close(10.0)


@pytest.fixture
def window(models: Models, qtbot: QtBot) -> ModelsWindow:
    made = ModelsWindow(models)
    qtbot.addWidget(made)
    made.appear()
    qtbot.waitUntil(lambda: ID in made.rows)
    return made


def test_the_row_that_is_asked_for_comes_into_sight(window: ModelsWindow, qtbot: QtBot) -> None:
    last = list(window.rows)[-1]
    window.appear(last)
    qtbot.waitUntil(lambda: not window.rows[last].visibleRegion().isEmpty())


def row_of(window: ModelsWindow) -> ModelRow:
    return window.rows[ID]


def test_nothing_is_fetched_before_the_licence_is_accepted(window: ModelsWindow, of_the_hub: Any) -> None:
    row = row_of(window)
    assert "Apache-2.0" in row.accept.text()
    assert "378 MB" in row.about.text()
    assert not row.get.isEnabled()
    row.get.click()
    assert of_the_hub.asked == []
    row.accept.setChecked(True)
    assert row.get.isEnabled()


def test_what_cannot_be_had_stands_below_with_the_reason(window: ModelsWindow) -> None:
    window.refresh()
    labels = [label for label in window.findChildren(QLabel) if not isinstance(label.parent(), ModelRow)]
    told = {one.name: label for one in unavailable() for label in labels if one.reason in label.text()}
    assert list(told) == ["MusicHuBERT", "PASE", "PEMR", "MERT v2"]
    lowest = max(row.mapTo(window, row.rect().bottomLeft()).y() for row in window.rows.values())
    assert all(label.mapTo(window, label.rect().topLeft()).y() > lowest for label in told.values())


def test_a_press_brings_the_model_and_says_where_it_lies(
    window: ModelsWindow, models: Models, of_the_hub: Any, qtbot: QtBot, said: list[Message]
) -> None:
    row = row_of(window)
    row.accept.setChecked(True)
    with qtbot.waitSignal(models.installed):
        row.get.click()
        assert not row.stop.isHidden()
    qtbot.waitUntil(lambda: not row.remove.isHidden())
    model = find_installed(ID)
    assert model is not None
    assert str(model.folder).replace("/", "") in row.place.text().translate(
        {0x200B: None, 0x2066: None, 0x2069: None, 47: None}
    )
    assert said[-1].level == "info"
    row.remove.click()
    qtbot.waitUntil(lambda: not row.get.isHidden())
    assert find_installed(ID) is None


def test_what_was_cut_off_goes_on_where_it_stopped(
    window: ModelsWindow, models: Models, of_the_hub: Any, qtbot: QtBot
) -> None:
    with pytest.raises(Cancelled):
        fetch(ID, lambda _licence: True, StopHalfway())
    models.refresh()
    row = row_of(window)
    qtbot.waitUntil(lambda: row.get.text() == "Go on fetching")
    row.accept.setChecked(True)
    with qtbot.waitSignal(models.installed):
        row.get.click()
    assert of_the_hub.transfers("pytorch_model.bin")[-1] is not None, "asked for the rest only"
    qtbot.waitUntil(lambda: not row.remove.isHidden())


def test_why_a_download_failed_stands_in_its_row(
    window: ModelsWindow, models: Models, of_the_hub: Any, qtbot: QtBot
) -> None:
    """The message bar of the main window lies behind this one."""
    row, weights = row_of(window), of_the_hub.files["pytorch_model.bin"]
    del of_the_hub.files["pytorch_model.bin"]
    row.accept.setChecked(True)
    row.get.click()
    qtbot.waitUntil(lambda: not row.fault.isHidden())
    assert row.fault.text() == f"{models.failures[ID].what} {models.failures[ID].cure}".strip()
    assert len(row.fault.text()) > 20
    of_the_hub.files["pytorch_model.bin"] = weights
    with qtbot.waitSignal(models.installed):
        row.get.click()
        assert row.fault.isHidden()
