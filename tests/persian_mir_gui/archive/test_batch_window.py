"""A folder labelled in the window, with a file that cannot be."""

from __future__ import annotations

import shutil
from pathlib import Path

import numpy as np
import pytest
import soundfile
from PySide6.QtCore import QPoint, Qt
from pytestqt.qtbot import QtBot

from persian_mir.batch.presets import Preset, presets, save_preset
from persian_mir.batch.queue import Queue
from persian_mir.batch.queue_rows import Job, State
from persian_mir.catalogue.catalogue import Catalogue
from persian_mir_gui.archive.batch_desk import BatchDesk
from persian_mir_gui.archive.batch_form import DATA
from persian_mir_gui.archive.batch_window import BatchWindow
from persian_mir_gui.archive.queue_work import QueuePage
from persian_mir_gui.core.messages import Message
from persian_mir_gui.core.settings import Settings
from persian_mir_gui.shell.services import Services
from persian_mir_gui.widgets.theme_source import ThemeSource
from persian_mir_gui.widgets.widget_factories import select_rows


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Three melodies, a copy of one, and a file that is no sound."""
    made = tmp_path / "music"
    made.mkdir()
    time = np.arange(8000 * 4) / 8000
    for place, step in enumerate((1.0, 1.1, 1.2)):
        notes = 220 * step * 2 ** (np.floor(time * 2) % 5 * 2 / 12)
        soundfile.write(made / f"{place}.flac", 0.3 * np.sin(2 * np.pi * np.cumsum(notes) / 8000), 8000)
    shutil.copy(made / "0.flac", made / "copy.flac")
    (made / "broken.flac").write_bytes(b"fLaC" + bytes(50))
    return made


@pytest.fixture
def window(qtbot: QtBot, services: Services, themes: ThemeSource) -> BatchWindow:
    made = BatchWindow(services.batch, services.labelling.predictors, services.settings, themes)
    qtbot.addWidget(made)
    qtbot.waitUntil(lambda: not services.io.jobs)
    return made


DONE = ["done 0.flac", "done 1.flac", "done 2.flac"]


def queue(window: BatchWindow) -> list[str]:
    """The state and the name of each file that the queue shows."""
    table = window.queue.table
    cells = [
        [table.item(row, column).text().strip("\u2068\u2069") for column in (1, 0)] for row in range(table.rowCount())
    ]
    return [" ".join(one) for one in cells]


def finish(qtbot: QtBot, desk: BatchDesk, window: BatchWindow) -> dict[State, int]:
    with qtbot.waitSignal(desk.ended) as ended:
        window.start.click()
    return dict(ended.args[0].status.counts)


def test_a_folder_is_labelled_and_the_bad_file_is_named(
    qtbot: QtBot, services: Services, window: BatchWindow, folder: Path, tmp_path: Path
) -> None:
    assert not window.start.isEnabled()
    window.form.add_places([folder, folder])
    window.form.report.setText(str(tmp_path / "report"))
    assert window.form.places.count() == 1
    counts = finish(qtbot, services.batch, window)
    assert counts == {State.DONE: 3, State.SKIPPED: 1, State.FAILED: 1}
    qtbot.waitUntil(lambda: queue(window) == ["failed broken.flac", "skipped copy.flac", *DONE])
    assert sorted(one.name for one in (tmp_path / "report").iterdir()) == ["batch.csv", "batch.html"]
    with Catalogue.open() as catalogue:
        assert sorted(one.path.suffix for one in catalogue.page().rows) == [".flac"] * 3
    qtbot.waitUntil(lambda: not services.batch.running)
    assert finish(qtbot, services.batch, window) == {State.SKIPPED: 4, State.FAILED: 1}  # nothing is done twice


def test_without_a_predictor_nothing_begins(window: BatchWindow, services: Services, folder: Path) -> None:
    window.form.add_places([folder])
    for row in range(window.form.choices.count()):
        window.form.choices.item(row).setCheckState(Qt.CheckState.Unchecked)
    window.start.click()
    assert not services.batch.running
    assert window.told.text()


def test_who_was_killed_goes_on_with_all_that_was_asked_for(
    qtbot: QtBot, services: Services, window: BatchWindow, themes: ThemeSource, folder: Path, tmp_path: Path
) -> None:
    window.form.add_places([folder])
    window.form.collection.setText(" گل‌ها ")
    window.form.patterns.setText("*.flac !*copy*")
    window.form.report.setText(str(tmp_path / "report"))
    asked = window.form.order()
    assert finish(qtbot, services.batch, window) == {State.DONE: 3, State.FAILED: 1}
    with Catalogue.open() as catalogue:
        assert len(catalogue.members("گل‌ها")) == 3
    again = BatchWindow(services.batch, services.labelling.predictors, Settings(), themes)  # as the next start reads it
    qtbot.addWidget(again)
    assert again.form.order() == asked
    qtbot.waitUntil(lambda: not services.batch.running)
    assert again.start.isEnabled()


def test_a_watched_batch_tells_what_failed_and_reports_when_it_is_stopped(
    qtbot: QtBot, services: Services, window: BatchWindow, folder: Path, tmp_path: Path
) -> None:
    window.form.add_places([folder])
    window.form.watch.setChecked(True)
    window.form.report.setText(str(tmp_path / "report"))
    assert window.form.isEnabled()
    window.start.click()
    assert not window.form.isEnabled()  # nothing that is changed now would act
    qtbot.waitUntil(lambda: "failed broken.flac" in queue(window))
    qtbot.waitUntil(lambda: "new files" in window.told.text())  # and no "1 s left" for ever
    assert services.batch.running
    with qtbot.waitSignal(services.batch.ended) as ended:
        window.stop.click()
    assert State.RUNNING not in ended.args[0].status.counts
    assert "left" not in window.told.text()
    assert (tmp_path / "report" / "batch.html").is_file()
    qtbot.waitUntil(lambda: not services.batch.running)
    assert window.form.isEnabled()


def test_a_pause_that_another_program_made_is_shown_and_ended(
    qtbot: QtBot, services: Services, window: BatchWindow, folder: Path
) -> None:
    with Catalogue.open() as catalogue:
        Queue(catalogue, "").pause(True)
    window.form.add_places([folder])
    window.start.click()
    qtbot.waitUntil(window.pause.isChecked)
    with qtbot.waitSignal(services.batch.ended):
        window.pause.click()


def test_a_long_reason_is_shown_whole(qtbot: QtBot, window: BatchWindow) -> None:
    window.show()
    reason = "This is not sound of a known kind. " * 8
    job = Job(1, Path("/a/notes.mp3"), State.FAILED, 0, 1, reason, 0.0, 0.0, None, "")
    window.queue.show_page(QueuePage((job,), {State.FAILED: 1}))
    table = window.queue.table
    qtbot.waitUntil(lambda: table.rowHeight(0) > 2 * table.fontMetrics().height())


def test_the_queue_is_put_in_another_order_and_what_failed_is_tried_again(
    qtbot: QtBot, services: Services, window: BatchWindow, folder: Path
) -> None:
    with Catalogue.open() as catalogue:
        Queue(catalogue, "").pause(True)
    window.form.add_places([folder])
    window.start.click()
    names = ["0.flac", "1.flac", "2.flac", "broken.flac", "copy.flac"]
    qtbot.waitUntil(lambda: queue(window) == [f"waiting {name}" for name in names])
    view = window.queue
    assert not view.earlier.isEnabled()
    select_rows(view.table, [3, 4])
    view.earlier.click()
    qtbot.waitUntil(lambda: [one.path.name for one in view.jobs] == [*names[:2], *names[3:], names[2]])
    assert [job.path.name for job in view._chosen(State.WAITING)] == names[3:]  # they are chosen still
    select_rows(view.table, [0])
    view.later.click()
    qtbot.waitUntil(lambda: view.jobs[1].path.name == "0.flac")
    select_rows(view.table, [4])
    view.priority.menu().actions()[0].trigger()
    qtbot.waitUntil(lambda: view.jobs[0].path.name == "2.flac" and view.table.item(0, 2).text() == "1")
    with qtbot.waitSignal(services.batch.ended):
        window.pause.click()
    qtbot.waitUntil(lambda: len(queue(window)) == 5 and queue(window)[0] == "failed broken.flac")
    view.only.setCurrentIndex(view.only.findData(State.FAILED))
    view.only.activated.emit(4)
    qtbot.waitUntil(lambda: queue(window) == ["failed broken.flac"])
    shutil.copy(folder / "0.flac", folder / "broken.flac")
    view.retry.click()
    qtbot.waitUntil(lambda: queue(window) == [])
    qtbot.waitUntil(lambda: not services.batch.running)
    assert finish(qtbot, services.batch, window).get(State.FAILED) is None


def test_a_preset_is_kept_chosen_and_forgotten(window: BatchWindow, qtbot: QtBot) -> None:
    form = window.form
    modal = next(row for row in range(form.choices.count()) if form.choices.item(row).data(DATA) == "modal")
    form.choices.item(modal).setCheckState(Qt.CheckState.Checked)
    form.patterns.setText("*.flac !*live*")
    form.presets.keep("شبانه")
    assert form.presets.names.currentData() == "شبانه"
    assert presets()["شبانه"].patterns == ("*.flac", "!*live*")
    form.presets.keep("=1+1")
    assert window.messages.isVisibleTo(window)
    form.patterns.setText("")
    form.choices.item(modal).setCheckState(Qt.CheckState.Unchecked)
    save_preset("slow", Preset(("/gone/a.probe",), True, 60.0, "cpu"))
    form.presets.refresh()
    form.take_preset(presets()["شبانه"])
    assert form.order().patterns == ("*.flac", "!*live*")
    form.take_preset(presets()["slow"])
    (chosen,) = form.order().choices
    assert (chosen.id, chosen.window_s, form.order().computing.device) == ("modal", 60.0, "cpu")
    form.presets.names.setCurrentIndex(form.presets.names.findData("slow"))
    form.presets.forget.click()
    assert presets().keys() == {"شبانه"}


@pytest.mark.parametrize("size", [(900, 600), (1920, 1200)])
@pytest.mark.parametrize("queued", [False, True])
def test_a_message_covers_nothing_and_the_window_stays_as_large(
    window: BatchWindow, services: Services, qtbot: QtBot, tmp_path: Path, size: tuple[int, int], queued: bool
) -> None:
    window.form.add_places([tmp_path])
    if queued:
        job = Job(1, tmp_path / "a.flac", State.DONE, 0, 1, "", 1.0, 1.0, None, "")
        window.queue.show_page(QueuePage((job,), {State.DONE: 1}))
    window.resize(*size)
    with qtbot.waitExposed(window):
        window.show()
    window.messages.post(Message("info", "The report is written.", "", tmp_path, offer="Open"))
    qtbot.waitUntil(window.messages.isVisible)
    qtbot.waitUntil(lambda: window.messages.height() > 20)
    assert window.size().toTuple() == size
    form, queue = window.form, window.queue
    for part in (window.asked, form.places, form.add, window.start, window.pause, window.stop, queue.only, queue.table):
        seen = part.visibleRegion().boundingRect().translated(part.mapTo(window, QPoint()))
        assert not window.messages.geometry().intersects(seen), part


def test_the_folders_have_the_room_that_they_need_and_no_more(
    window: BatchWindow, qtbot: QtBot, tmp_path: Path
) -> None:
    window.resize(1920, 1200)
    with qtbot.waitExposed(window):
        window.show()
    places = window.form.places
    row = places.fontMetrics().height()
    assert places.height() < 4 * row
    window.form.add_places([tmp_path / f"{place}" for place in range(5)])
    qtbot.waitUntil(lambda: 5 * row < places.height() < 7 * row)
    window.form.add_places([tmp_path / f"other {place}" for place in range(50)])
    qtbot.waitUntil(lambda: 10 * row < places.height() < 13 * row)
    assert str(tmp_path) in places.item(0).toolTip().replace("\u200b", "")
