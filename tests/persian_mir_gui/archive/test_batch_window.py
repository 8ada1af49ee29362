"""A folder labelled in the window, with a file that cannot be."""

from __future__ import annotations

import shutil
from pathlib import Path
from threading import Event

import numpy as np
import pytest
import soundfile
from pytestqt.qtbot import QtBot

from persian_mir.batch.queue import Job, Queue, State
from persian_mir.catalogue.catalogue import Catalogue
from persian_mir.progress import Progress
from persian_mir_gui.archive.batch_desk import BatchDesk, Told
from persian_mir_gui.archive.batch_window import BatchWindow
from persian_mir_gui.core.settings import Settings
from persian_mir_gui.shell.services import Services
from persian_mir_gui.widgets.theme_source import ThemeSource


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
    qtbot.waitUntil(lambda: not services.io.jobs, timeout=20_000)
    return made


def finish(qtbot: QtBot, desk: BatchDesk, window: BatchWindow) -> dict[State, int]:
    with qtbot.waitSignal(desk.ended, timeout=60_000) as ended:
        window.start.click()
    return dict(ended.args[0].status.counts)


def test_a_folder_is_labelled_and_the_bad_file_is_named(
    qtbot: QtBot, services: Services, window: BatchWindow, folder: Path, tmp_path: Path
) -> None:
    assert not window.start.isEnabled()
    window.add_places([folder, folder])
    window.report.setText(str(tmp_path / "report"))
    assert window.places.count() == 1
    counts = finish(qtbot, services.batch, window)
    assert counts == {State.DONE: 3, State.SKIPPED: 1, State.FAILED: 1}
    (row,) = [window.failures.item(k, 0).text() for k in range(window.failures.rowCount())]
    assert "broken.flac" in row
    assert sorted(one.name for one in (tmp_path / "report").iterdir()) == ["batch.csv", "batch.html"]
    with Catalogue.open() as catalogue:
        assert sorted(one.path.suffix for one in catalogue.page().rows) == [".flac"] * 3
    qtbot.waitUntil(lambda: not services.batch.running)
    assert finish(qtbot, services.batch, window) == {State.SKIPPED: 4, State.FAILED: 1}  # nothing is done twice


def test_without_a_predictor_nothing_begins(window: BatchWindow, services: Services, folder: Path) -> None:
    from PySide6.QtCore import Qt

    window.add_places([folder])
    for row in range(window.choices.count()):
        window.choices.item(row).setCheckState(Qt.CheckState.Unchecked)
    window.start.click()
    assert not services.batch.running
    assert window.told.text()


def test_who_was_killed_goes_on_with_all_that_was_asked_for(
    qtbot: QtBot, services: Services, window: BatchWindow, themes: ThemeSource, folder: Path, tmp_path: Path
) -> None:
    window.add_places([folder])
    window.collection.setText(" گل‌ها ")
    window.patterns.setText("*.flac !*copy*")
    window.report.setText(str(tmp_path / "report"))
    asked = window.order()
    assert finish(qtbot, services.batch, window) == {State.DONE: 3, State.FAILED: 1}
    with Catalogue.open() as catalogue:
        assert len(catalogue.members("گل‌ها")) == 3
    again = BatchWindow(services.batch, services.labelling.predictors, Settings(), themes)  # as the next start reads it
    qtbot.addWidget(again)
    assert again.order() == asked
    qtbot.waitUntil(lambda: not services.batch.running)
    assert again.start.isEnabled()


def test_a_watched_batch_tells_what_failed_and_reports_when_it_is_stopped(
    qtbot: QtBot, services: Services, window: BatchWindow, folder: Path, tmp_path: Path
) -> None:
    window.add_places([folder])
    window.watch.setChecked(True)
    window.report.setText(str(tmp_path / "report"))
    assert window.form.isEnabled()
    window.start.click()
    assert not window.form.isEnabled()  # nothing that is changed now would act
    qtbot.waitUntil(lambda: window.failures.rowCount() == 1, timeout=60_000)
    qtbot.waitUntil(lambda: "new files" in window.told.text(), timeout=60_000)  # and no "1 s left" for ever
    assert services.batch.running
    with qtbot.waitSignal(services.batch.ended, timeout=20_000) as ended:
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
    window.add_places([folder])
    window.start.click()
    qtbot.waitUntil(window.pause.isChecked, timeout=20_000)
    with qtbot.waitSignal(services.batch.ended, timeout=60_000):
        window.pause.click()


def test_what_an_earlier_run_did_is_no_pace_of_this_one() -> None:
    class Whole(Progress):
        steps: list[float] = []  # noqa: RUF012

        def step(self, fraction: float, note: str = "") -> None:
            self.steps.append(fraction)

    told = Told(whole := Whole(), Queue.__new__(Queue), Event())
    for share in (0.0, 0.8, 0.9, 0.85, 1.0):
        told.step(share)
    assert whole.steps == pytest.approx([0.0, 0.0, 0.5, 0.25, 1.0])


def test_a_long_reason_is_shown_whole(qtbot: QtBot, window: BatchWindow) -> None:
    window.show()
    reason = "This is not sound of a known kind. " * 8
    job = Job(1, Path("/a/notes.mp3"), State.FAILED, 0, 1, reason, 0.0, 0.0, None, "")
    window._show_failures((job,))
    qtbot.waitUntil(lambda: window.failures.rowHeight(0) > 2 * window.failures.fontMetrics().height())
