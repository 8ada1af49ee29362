"""The trainer's pages over real services; the child processes have tests of their own."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QAbstractButton, QComboBox, QSpinBox, QWidget
from pytestqt.qtbot import QtBot

from persian_mir_gui.core.messages import Message
from persian_mir_gui.shell.services import Services
from persian_mir_gui.training.state.dataset_selection import CheckResult, DataChoice
from persian_mir_gui.training.trainer_window import TrainerWindow

pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints", "does not support raise", extend=True)


def choose(services: Services, result: CheckResult) -> None:
    services.training.desk.data = DataChoice(Path("/data/mini-nava"), result)
    services.training.desk.changed.emit()


# The window


def test_everything_can_be_reached_and_has_a_name(trainer: TrainerWindow) -> None:
    for page in (trainer.data, trainer.settings, trainer.run, trainer.runs):
        for widget in page.findChildren(QWidget):
            if isinstance(widget, QAbstractButton | QComboBox | QSpinBox) and widget.parentWidget() is not None:
                inner = isinstance(widget.parentWidget(), QComboBox) or widget.objectName().startswith("qt_")
                text = widget.text() if isinstance(widget, QAbstractButton) else ""
                assert inner or text or widget.accessibleName(), widget
                assert inner or widget.focusPolicy() & Qt.FocusPolicy.TabFocus or not text, widget


def test_pages_are_turned_with_the_keyboard(trainer: TrainerWindow, qtbot: QtBot) -> None:
    assert trainer.pages.currentWidget() is trainer.data
    qtbot.keyClick(trainer.names, Qt.Key.Key_Down)
    assert trainer.pages.currentWidget() is trainer.settings


def test_messages_are_shown(trainer: TrainerWindow, services: Services) -> None:
    services.training.message_posted.emit(Message("error", "It is broken.", "Mend it."))
    assert "It is broken." in trainer.messages.shown_text()


def test_what_is_no_longer_so_is_taken_away(trainer: TrainerWindow, services: Services) -> None:
    broken, other = Message("error", "It broke off.", details="why"), Message("warning", "Another thing.")
    for message in (broken, other):
        services.training.message_posted.emit(message)
    services.training.message_withdrawn.emit(broken)
    assert trainer.messages.shown_text() == "Another thing."
    services.training.message_withdrawn.emit(broken)
    assert trainer.messages.shown_text() == "Another thing."


def test_it_fits_a_small_screen(trainer: TrainerWindow, services: Services, checked: CheckResult) -> None:
    choose(services, checked)
    services.training.message_posted.emit(Message("error", "It is broken.", "Mend it.", Path("a.wav")))
    assert trainer.minimumSizeHint().width() <= 900
    assert trainer.minimumSizeHint().height() <= 600


def test_a_message_covers_no_part_of_a_page(
    trainer: TrainerWindow, services: Services, checked: CheckResult, qtbot: QtBot
) -> None:
    choose(services, checked)
    trainer.resize(900, 600)
    services.training.message_posted.emit(Message("error", "It is broken.", "Mend it.", Path("a.wav")))
    qtbot.waitUntil(lambda: trainer.messages.height() > 20)
    assert trainer.height() == 600
    assert trainer.messages.geometry().top() >= trainer.pages.geometry().bottom()


# Data


def test_hours_and_faults_are_shown(trainer: TrainerWindow, services: Services, checked: CheckResult) -> None:
    page = trainer.data
    choose(services, checked)
    assert "70 recordings of 12 artists" in page.facts.text()
    assert "training 42" in page.facts.text()
    assert "Synthesised" in page.facts.text()
    assert "Instrument: 7 of 12 artists heard with one label only." in page.alone.text()
    assert "Dastgah" not in page.alone.text()
    shown = [[page.hours.item(row, column).text() for column in range(4)] for row in range(3)]
    assert shown == [["Ney", "0.00", "1.00", "1.00"], ["Tar", "0.50", "0.25", "0.75"], ["Sum", "0.50", "1.25", "1.75"]]
    assert page.faults.item(0, 0).text() == "Cannot be read"
    assert page.whole.toPlainText() == "\u2066tar/1.flac\u2069: It is damaged."
    assert not page.sound.isVisibleTo(page)


def test_the_frames_end_where_the_drop_zone_ends(
    trainer: TrainerWindow, services: Services, checked: CheckResult, qtbot: QtBot
) -> None:
    page = trainer.data
    choose(services, checked)
    trainer.resize(900, 1000)
    qtbot.waitUntil(lambda: page.area.verticalScrollBar().maximum() == 0)
    for part in (page.hours_chart, page.faults_chart):
        assert part.mapTo(page, QPoint()).x() == page.zone.x()
        qtbot.waitUntil(lambda part=part: part.width() == page.zone.width())  # type: ignore[misc]


def test_without_faults_it_says_so(trainer: TrainerWindow, services: Services, checked: CheckResult) -> None:
    choose(services, replace(checked, faults=(), parts={"": 70}))
    assert trainer.data.sound.isVisibleTo(trainer.data)
    assert "No splits are given" in trainer.data.facts.text()


def test_the_drop_zone_fills_the_page_until_there_are_data(
    trainer: TrainerWindow, services: Services, checked: CheckResult, qtbot: QtBot
) -> None:
    zone = trainer.data.zone
    trainer.resize(900, 600)
    qtbot.waitUntil(lambda: zone.height() > 400)
    assert zone.name.text() == "Drop a folder or a manifest here"
    choose(services, checked)
    qtbot.waitUntil(lambda: zone.height() < 160)
    assert zone.name.text() == "mini-Nava (synthesised)"
    assert zone.hint.isVisible()


def test_on_a_wide_window_hours_and_faults_stand_side_by_side(
    trainer: TrainerWindow, services: Services, checked: CheckResult, qtbot: QtBot
) -> None:
    choose(services, checked)
    page = trainer.data
    trainer.resize(900, 700)
    qtbot.waitUntil(lambda: page.hours_chart.y() + page.hours_chart.height() <= page.faults_chart.y())
    trainer.resize(1920, 1200)
    qtbot.waitUntil(lambda: page.hours_chart.x() + page.hours_chart.width() <= page.faults_chart.x())
    assert page.hours_chart.height() > 700


def test_a_dropped_folder_is_chosen(trainer: TrainerWindow, services: Services, tmp_path: Path, monkeypatch) -> None:
    chosen: list[Path] = []
    monkeypatch.setattr(services.training.desk, "choose", chosen.append)
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(tmp_path))])
    both = Qt.DropAction.CopyAction | Qt.DropAction.MoveAction
    drop = QDropEvent(QPointF(5, 5), both, data, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier)
    drop.setDropAction(Qt.DropAction.MoveAction)
    enter = QDragEnterEvent(QPoint(5, 5), both, data, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier)
    trainer.data.zone.dragEnterEvent(enter)
    assert trainer.data.zone.property("over") == "true"
    trainer.data.zone.dropEvent(drop)
    assert trainer.data.zone.property("over") == "false"
    assert drop.dropAction() == Qt.DropAction.CopyAction  # nothing is moved away
    assert chosen == [tmp_path]
