"""From data to probe through real child processes, as small as they can be."""

from __future__ import annotations

import os
import shutil
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest
import shiboken6
from PySide6.QtCore import QDeadlineTimer, QObject
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from persian_mir.app_paths import cache_dir
from persian_mir.progress import SILENT
from persian_mir_gui.core.messages import Message
from persian_mir_gui.shell.services import Services, build_services, close_services
from persian_mir_gui.training.state import dataset_selection
from persian_mir_gui.training.state.dataset_selection import DataChoice, DatasetSelection, known_choice
from persian_mir_gui.training.state.kept_check import keep_check, kept_check
from persian_mir_gui.training.state.runs import Run, load_run, load_runs
from persian_mir_gui.training.state.training import Training
from tests.persian_mir_gui.training.state.test_child import gone
from trainer.fitting.fit_options import FitOptions

QUICK = FitOptions(task="instrument", window_s=3.0, hidden=(), epochs=3, patience=0, views=0, others=4)
ENDLESS = FitOptions(task="instrument", window_s=3.0, hidden=(8,), epochs=100_000, patience=0, views=0, others=4)
pytestmark = pytest.mark.usefixtures("fake")
posix = pytest.mark.skipif(os.name != "posix", reason="signals of POSIX")


@pytest.fixture
def owner(qapp: QApplication) -> Iterator[QObject]:
    """Of services, as the application is in the program: they go together, in Qt's order, not as Python drops them."""
    made = QObject()
    yield made
    shiboken6.delete(made)


@pytest.fixture
def services(owner: QObject) -> Iterator[Services]:
    made = build_services(owner)
    yield made
    assert close_services(made, 5.0)


@pytest.fixture
def training(services: Services, qtbot: QtBot, mini_nava: Path) -> Training:
    """With the data chosen and checked."""
    services.training.desk.choose(mini_nava)
    qtbot.waitUntil(lambda: not services.training.desk.doing)
    return services.training


def run_to_end(training: Training, qtbot: QtBot) -> Run:
    with qtbot.waitSignal(training.ended, timeout=100_000) as ended:
        pass
    return ended.args[0]


def wait_for_epochs(training: Training, qtbot: QtBot, count: int = 3) -> None:
    def enough() -> bool:
        run = training.active
        assert run is not None
        assert training.running, f"it ended: {run.state}, {run.message}"
        return len(run.epochs) >= count

    deadline = QDeadlineTimer(100_000)
    while not enough():
        assert not deadline.hasExpired()
        qtbot.wait(50)


def test_the_check_is_read(training: Training, mini_nava: Path) -> None:
    data = training.data
    assert data is not None
    assert data.result is not None
    assert data.result.synthetic
    assert data.result.recordings == 35
    assert set(data.result.parts) == {"train", "dev", "test"}
    assert len(data.result.hours) == 5
    assert not data.result.faults


def test_faults_come_with_their_files(services: Services, qtbot: QtBot, mini_nava: Path, tmp_path: Path) -> None:
    folder = tmp_path / "faulty"
    shutil.copytree(mini_nava, folder)
    broken = sorted(folder.rglob("*.flac"))[0]
    broken.write_bytes(b"nothing")
    with qtbot.waitSignal(services.training.data_changed):
        services.training.desk.choose(folder)
    qtbot.waitUntil(lambda: not services.training.desk.doing)
    data = services.training.data
    assert data is not None
    assert data.result is not None
    faults = {fault.kind: fault for fault in data.result.faults}
    assert broken.name in faults["corrupt"].recordings[0]


def test_a_mini_nava_that_was_not_finished_is_made_anew(
    services: Services, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(dataset_selection, "MINI_RECORDINGS", 35)
    monkeypatch.setattr(dataset_selection, "MINI_SECONDS", 1)
    desk = services.training.desk
    left = Path(os.environ["PERSIAN_MIR_HOME"]) / "data" / "mini-nava" / "NavaDataset" / "Data"
    left.mkdir(parents=True)
    (left / "0_0_0_0.flac").write_bytes(b"half")
    desk.make_mini_nava()
    qtbot.waitUntil(lambda: desk.data is not None and desk.data.result is not None)
    assert desk.data is not None
    assert desk.data.result is not None
    assert (desk.data.result.recordings, desk.data.result.faults) == (35, ())
    made = desk.data.path.stat().st_mtime_ns
    desk.make_mini_nava()  # it is there already
    qtbot.waitUntil(lambda: not desk.doing)
    assert desk.data.path.stat().st_mtime_ns == made


def test_data_that_cannot_be_read_are_told(services: Services, qtbot: QtBot, tmp_path: Path) -> None:
    with qtbot.waitSignal(services.training.message_posted) as said:
        services.training.desk.choose(tmp_path / "gone.csv")
    assert said.args[0].level == "error"
    assert not services.training.desk.doing


def recalled(services: Services) -> DataChoice | None:
    """What the next start of the program knows."""
    desk = DatasetSelection(services.settings)
    desk.recall()
    return desk.data


def test_a_check_is_kept_until_the_data_change(
    services: Services, mini_nava: Path, tmp_path: Path, qtbot: QtBot
) -> None:
    folder = tmp_path / "corpus"
    shutil.copytree(mini_nava, folder)
    services.training.desk.choose(folder)
    qtbot.waitUntil(lambda: not services.training.desk.doing)
    made = services.training.desk.data
    again = recalled(services)
    assert made is not None
    assert again is not None
    assert again.path == folder
    assert again.result == made.result
    assert again.result is not None
    assert again.checked is not None
    next(folder.rglob("*.flac")).unlink()
    changed = recalled(services)
    assert changed is not None
    assert changed.result is None


@pytest.mark.parametrize("text", ["", "[]", '{"state": 1}', '{"state": [1], "when": "x", "event": {}}', "[" * 9000])
def test_a_kept_check_that_makes_no_sense_is_made_again(tmp_path: Path, text: str) -> None:
    keep_check(tmp_path, {"event": "done"})
    (kept,) = (cache_dir() / "checks").iterdir()
    assert kept_check(tmp_path) is None  # it was no check
    assert known_choice(tmp_path).result is None
    kept.write_text(text, encoding="utf-8")
    assert kept_check(tmp_path) is None


def test_a_new_choice_ends_the_check_of_the_old(
    services: Services, qtbot: QtBot, mini_nava: Path, tmp_path: Path
) -> None:
    services.training.desk.choose(tmp_path / "gone.csv")
    services.training.desk.choose(mini_nava)
    said: list[Message] = []
    services.training.message_posted.connect(said.append)
    qtbot.waitUntil(lambda: not services.training.desk.doing)
    assert said == []
    assert services.training.data is not None
    assert services.training.data.result is not None


def test_from_data_to_a_probe_in_use(training: Training, services: Services, qtbot: QtBot, mini_nava: Path) -> None:
    chosen: list[Run] = []
    training.run_chosen.connect(chosen.append)
    training.start(QUICK)
    assert training.running
    training.start(QUICK)  # one at a time
    assert len(training.shelf.runs) == 1
    run = run_to_end(training, qtbot)
    assert run.state == "done"
    assert [row.number for row in run.epochs] == [1, 2, 3]
    assert all(row.dev_loss is not None for row in run.epochs)
    assert run.result is not None
    assert 0 < run.result.segments["official"].accuracy <= 1
    assert run.probe.exists()
    assert run.judged.exists()
    assert run.card.exists()
    assert chosen == [run]
    assert load_runs(SILENT) == [run]
    services.session.open_paths([next(mini_nava.rglob("*.flac"))])
    qtbot.waitUntil(lambda: services.session.current is not None and services.session.current.state == "ready")
    training.use(run)

    def in_use() -> None:
        assert [choice.tasks for choice in services.labelling.predictors.all if choice.chosen][1:] == [("instrument",)]
        assert services.session.current is not None
        assert services.session.current.labelling == "done"
        assert {task for _who, task in services.session.current.predictions} >= {"instrument"}

    qtbot.waitUntil(in_use)
    assert training.plan == QUICK


def test_stopped_it_keeps_the_best_and_goes_on(training: Training, qtbot: QtBot) -> None:
    training.start(ENDLESS)
    wait_for_epochs(training, qtbot)
    training.stop()
    assert training.stopping
    run = run_to_end(training, qtbot)
    assert run.state == "stopped"
    assert run.probe.exists()
    training.resume(run)
    wait_for_epochs(training, qtbot, len(run.epochs) + 2)
    training.stop()
    again = run_to_end(training, qtbot)
    numbers = [row.number for row in again.epochs]
    assert again.folder == run.folder
    assert numbers == list(range(1, len(numbers) + 1))
    assert again.epochs[: len(run.epochs)] == run.epochs


def test_a_fit_that_begins_while_the_last_is_judged_is_written_down_as_itself(training: Training, qtbot: QtBot) -> None:
    """The results of the first came late, and all that the second learnt was written into its record."""
    training.start(QUICK)
    first = training.active
    assert first is not None
    while training.running:
        qtbot.wait(5)
    training.start(QUICK)
    second = training.active
    assert second is not None
    assert run_to_end(training, qtbot).folder == first.folder
    assert training.active.folder == second.folder
    assert run_to_end(training, qtbot).folder == second.folder
    both = [load_run(run.folder) for run in (first, second)]
    assert [run.state for run in both] == ["done", "done"]
    assert [len(run.epochs) for run in both] == [3, 3]
    assert all(run.result is not None for run in both)


@posix
@pytest.mark.logs
def test_killed_it_says_so_and_goes_on(training: Training, qtbot: QtBot) -> None:
    said: list[Message] = []
    training.message_posted.connect(said.append)
    training.start(ENDLESS)
    wait_for_epochs(training, qtbot)
    assert training._child is not None
    os.kill(training._child.pid, signal.SIGKILL)
    run = run_to_end(training, qtbot)
    assert run.state == "failed"
    assert "from outside" in said[0].what
    assert "Resume" in said[0].cure
    assert run.can_go_on
    unsaid: list[Message] = []
    training.message_withdrawn.connect(unsaid.append)
    training.resume(run)
    assert unsaid == said
    wait_for_epochs(training, qtbot, len(run.epochs) + 2)
    training.stop()
    assert run_to_end(training, qtbot).state == "stopped"


@posix
def test_closed_while_it_runs_it_is_interrupted(owner: QObject, qtbot: QtBot, mini_nava: Path) -> None:
    services = build_services(owner)
    training = services.training
    training.desk.choose(mini_nava)
    qtbot.waitUntil(lambda: not training.desk.doing)
    training.start(ENDLESS)
    wait_for_epochs(training, qtbot)
    assert training._child is not None
    pid = training._child.pid
    close_services(services, 5.0)
    qtbot.waitUntil(lambda: gone(pid))
    assert training.active is not None
    kept = load_run(training.active.folder)
    assert kept.state == "interrupted"
    assert kept.epochs == training.active.epochs
    again = build_services(owner)
    try:
        assert again.training.data is not None
        assert again.training.data.path == mini_nava
        again.training.shelf.load()
        qtbot.waitUntil(lambda: bool(again.training.shelf.runs))
        assert [run.state for run in again.training.shelf.runs] == ["interrupted"]
    finally:
        close_services(again, 5.0)


def test_a_place_that_is_no_folder_is_told(training: Training, qtbot: QtBot) -> None:
    (Path(os.environ["PERSIAN_MIR_HOME"]) / "data" / "runs").write_text("", encoding="utf-8")
    with qtbot.waitSignal(training.message_posted) as said:
        training.start(QUICK)
    assert said.args[0].cure
    assert not training.running
    assert training.shelf.runs == ()


def test_deleting_and_bringing_back(training: Training, qtbot: QtBot) -> None:
    training.start(QUICK)
    run = run_to_end(training, qtbot)
    training.delete(run)
    assert training.shelf.runs == ()
    assert training.active is None
    assert load_runs(SILENT) == []
    training.shelf.undo_delete()
    assert training.shelf.runs == (run,)
    assert run.probe.exists()
    assert not training.shelf.deleted


@pytest.mark.logs
def test_events_that_make_no_sense_are_left_out(training: Training, qtbot: QtBot) -> None:
    training.start(QUICK)
    for event in (
        {"event": "epoch", "number": "one"},
        {"event": "epoch", "number": 1, "of": 3, "loss": float("inf"), "lr": 1e-3},
        {"event": "progress", "fraction": None},
        {"event": "something else"},
    ):
        training._told(event)
    run = run_to_end(training, qtbot)
    assert [row.number for row in run.epochs] == [1, 2, 3]
