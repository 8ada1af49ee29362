"""A batch: each file once, whoever is killed; failures with their reasons; nothing done twice."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import threading
import time
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from persian_mir.batch import feeder, run, sources, stages
from persian_mir.batch.queue import Queue
from persian_mir.batch.queue_rows import State
from persian_mir.batch.run import Batch, BatchStatus, run_batch
from persian_mir.batch.sources import Sources
from persian_mir.catalogue.catalogue import Catalogue
from persian_mir.catalogue.model import Collection
from persian_mir.errors import PersianMirError
from persian_mir.modal.predictor import ModalPredictor
from persian_mir.progress import Cancelled, Progress
from tests.kill_after import KILL_AFTER

BAD = {"text.mp3": "not sound", "empty.wav": "empty", "header.flac": "not sound"}
WORKER = (
    KILL_AFTER
    + """
import os, signal, sys
from pathlib import Path
from persian_mir.batch.run import Batch, run_batch, _Run
from persian_mir.batch.queue import Queue
from persian_mir.batch import stages
from persian_mir.batch.sources import Sources
from persian_mir.catalogue.catalogue import Catalogue
from persian_mir.modal.predictor import ModalPredictor

exec(sys.argv[1])
run_batch(Batch(Path(sys.argv[2]), (ModalPredictor(),), Sources((Path(sys.argv[3]),))))
"""
)
MOMENTS = {
    "when a file is taken": "kill_after(Queue, 'take', 3, False)",
    "while it is opened": "kill_after(stages, 'open_audio', 3, True)",
    "while it is read": "kill_after(ModalPredictor, 'predict', 2, True)",
    "before it is written": "kill_after(_Run, '_write', 3, True)",
    "between its labels": "kill_after(Catalogue, 'add_prediction', 3, False)",
    "between its labels and the queue": "kill_after(Queue, 'finish', 4, True)",
    "before the end of its transaction": "kill_after(Queue, 'finish', 4, False)",
    "after it is written": "kill_after(_Run, '_write', 4, False)",
}


@pytest.fixture
def batch(folder: Path, tmp_path: Path) -> Batch:
    return Batch(tmp_path / "c.sqlite", (ModalPredictor(),), Sources((folder,)))


def check(batch: Batch, *, tasks: int = 2) -> None:
    """Every good file was labelled once, every bad one failed with its reason, and nothing else is there."""
    with Catalogue.open(batch.catalogue) as catalogue:
        jobs = Queue(catalogue, batch.work).jobs()
        assert len(jobs) == len({job.path for job in jobs}) == 9
        for job in jobs:
            if job.path.name in BAD:
                assert job.state is State.FAILED
                assert BAD[job.path.name] in job.reason
            else:
                assert job.state in (State.DONE, State.SKIPPED), (job.path.name, job.reason)
        rows = catalogue.rows("SELECT recording, task, count(*), sum(live) FROM runs GROUP BY recording, task")
        assert len(rows) == 6 * tasks
        assert {tuple(row[2:]) for row in rows} == {(1, 1)}
        (statements,) = catalogue.row("SELECT count(*) FROM statements")
        assert statements == 6 * tasks  # the verdict, as which the only cell says the same: nothing is named
        assert len(catalogue.page().rows) == 6


def test_every_file_is_done_or_failed_with_its_reason(batch: Batch) -> None:
    status = run_batch(batch)
    assert status.counts == {State.DONE: 6, State.FAILED: 3}
    assert status.share == 1.0
    check(batch)


def test_what_was_done_is_skipped_and_what_failed_tried_again(batch: Batch, folder: Path) -> None:
    run_batch(batch)
    shutil.copy(folder / "take 3.wav", folder / "text.mp3")
    assert run_batch(batch).counts == {State.SKIPPED: 7, State.FAILED: 2}  # the copy has a sound that is known
    other = Batch(batch.catalogue, (ModalPredictor(20.0),), batch.sources)
    assert run_batch(other).counts == {State.DONE: 6, State.SKIPPED: 1, State.FAILED: 2}
    with Catalogue.open(batch.catalogue) as catalogue:
        assert len(catalogue.files_of(catalogue.page().rows[3].content_hash)) >= 1
        assert catalogue.row("SELECT count(*), sum(live) FROM runs") == (24, 12)


def test_the_priors_of_a_collection_act_and_are_named(batch: Batch) -> None:
    run_batch(batch)
    with Catalogue.open(batch.catalogue) as catalogue:
        catalogue.put_collection(Collection("Radio", mode_priors=(("segah", 0.9),)))
        radio = replace(batch, collection="Radio")
        assert run_batch(radio).counts == {State.DONE: 6, State.FAILED: 3}
        assert run_batch(radio).counts == {State.SKIPPED: 6, State.FAILED: 3}
        assert run_batch(batch).counts == {State.SKIPPED: 6, State.FAILED: 3}
        sound = catalogue.page().rows[0].content_hash
        told = {
            catalogue.provenance_of(one.id).parameters.get("mode_priors_of")
            for one in catalogue.statements_of(sound, live=True)
        }
        assert told == {"Radio"}
        catalogue.put_collection(Collection("Radio", mode_priors=(("segah", 0.5),)))
    assert run_batch(batch).counts == {State.DONE: 6, State.FAILED: 3}


def test_what_another_reading_said_since_is_said_anew(batch: Batch) -> None:
    run_batch(batch)
    run_batch(replace(batch, predictors=(ModalPredictor(20.0),)))
    assert run_batch(batch).counts == {State.DONE: 6, State.FAILED: 3}
    assert run_batch(batch).counts == {State.SKIPPED: 6, State.FAILED: 3}


def test_a_file_that_was_moved_is_not_labelled_again(batch: Batch, folder: Path) -> None:
    run_batch(batch)
    (folder / "take 3.wav").rename(folder / "1343" / "renamed.wav")
    assert run_batch(batch).counts == {State.SKIPPED: 6, State.FAILED: 3}
    with Catalogue.open(batch.catalogue) as catalogue:
        assert catalogue.recording_at(folder / "1343" / "renamed.wav") is not None
        assert len(catalogue.page().rows) == 6


@pytest.mark.skipif(os.name != "posix", reason="signals of POSIX")
@pytest.mark.parametrize("moment", MOMENTS)
def test_killed_at_any_moment_it_goes_on_where_it_stopped(moment: str, batch: Batch, folder: Path) -> None:
    command = [sys.executable, "-c", WORKER, MOMENTS[moment], batch.catalogue, folder]
    assert subprocess.run(command, capture_output=True).returncode == -9
    status = run_batch(batch)
    assert status.counts == {State.DONE: 6, State.FAILED: 3}
    check(batch)


def test_two_programs_share_the_work(batch: Batch, folder: Path) -> None:
    command = [sys.executable, "-c", WORKER, "", batch.catalogue, folder]
    both = [subprocess.Popen(command, stderr=subprocess.PIPE, text=True) for _one in range(2)]
    assert [one.communicate()[1] for one in both] == ["", ""]
    check(batch)


def test_cancelled_it_gives_back_what_it_had(batch: Batch, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(run, "STATUS_S", 0.0)
    monkeypatch.setattr(run, "STATUS_SHARE", 1e9)  # a loaded machine is told of every file, too

    class Third(Progress):
        def publish(self, value: Any) -> None:
            if value.counts.get(State.DONE, 0) + value.counts.get(State.FAILED, 0) >= 2:
                raise Cancelled

    with pytest.raises(Cancelled):
        run_batch(batch, Third())
    with Catalogue.open(batch.catalogue) as catalogue:
        jobs = Queue(catalogue, batch.work).jobs()
        assert State.RUNNING not in {job.state for job in jobs}
        assert {job.attempts for job in jobs if job.state is State.WAITING} == {0}
    run_batch(batch)
    check(batch)


def test_a_pause_lets_nothing_be_taken(batch: Batch, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(feeder, "POLL_S", 0.01)
    monkeypatch.setattr(run, "STATUS_S", 0.0)
    seen: list[BatchStatus] = []
    with Catalogue.open(batch.catalogue) as catalogue:
        Queue(catalogue, batch.work).pause()

        class Resuming(Progress):
            def publish(self, value: Any) -> None:
                seen.append(value)
                if len(seen) == 3:
                    Queue(catalogue, batch.work).pause(False)

        run_batch(batch, Resuming())
    assert all(one.paused and one.counts == {State.WAITING: 9} for one in seen[:3])
    assert not seen[-1].paused
    check(batch)


def test_a_watched_folder_is_looked_into_again(batch: Batch, folder: Path, tmp_path: Path, monkeypatch) -> None:
    monkeypatch.setattr(feeder, "POLL_S", 0.01)
    monkeypatch.setattr(feeder, "WATCH_S", 0.05)
    monkeypatch.setattr(sources, "SETTLED_S", 0.2)
    monkeypatch.setattr(run, "STATUS_S", 0.0)
    late = tmp_path / "late.wav"
    (folder / "take 5.ogg").rename(late)

    class Adding(Progress):
        def publish(self, value: Any) -> None:
            settled = sum(value.counts.get(state, 0) for state in (State.DONE, State.FAILED))
            if settled == 8 and late.exists():
                late.rename(folder / "take 5.ogg")
            if settled == 9:
                raise Cancelled

    with pytest.raises(Cancelled):
        run_batch(Batch(batch.catalogue, batch.predictors, batch.sources, watch=True), Adding())
    check(batch)


@pytest.mark.logs
def test_a_defect_of_a_predictor_stays_with_its_file(batch: Batch, monkeypatch: pytest.MonkeyPatch) -> None:
    real = ModalPredictor.predict

    def failing(self: ModalPredictor, source: Any, progress: Progress) -> Any:
        if source.recording.path.name == "take 1.flac":
            raise ZeroDivisionError
        if source.recording.path.name == "take 2.ogg":
            raise PersianMirError("It cannot be read.", cure="Nothing helps.")
        return real(self, source, progress)

    monkeypatch.setattr(ModalPredictor, "predict", failing)
    assert run_batch(batch).counts == {State.DONE: 4, State.FAILED: 5}
    with Catalogue.open(batch.catalogue) as catalogue:
        reasons = {job.path.name: job.reason for job in Queue(catalogue, batch.work).jobs(state=State.FAILED)}
    assert "does not know" in reasons["take 1.flac"]
    assert reasons["take 2.ogg"] == "It cannot be read. Nothing helps."


def test_a_catalogue_that_cannot_be_written_ends_the_batch(batch: Batch, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_args: object) -> None:
        raise PersianMirError("The disk is full.")

    monkeypatch.setattr(Catalogue, "put_recording", full)
    with pytest.raises(PersianMirError, match="disk is full"):
        run_batch(batch)
    assert not [one for one in threading.enumerate() if one.name.startswith("batch")]


def test_what_is_taken_and_not_written_is_bounded(batch: Batch, monkeypatch: pytest.MonkeyPatch) -> None:
    """While the writer is slow, the others wait."""
    monkeypatch.setattr(stages, "files_at_once", lambda: 1)
    most = 0
    real = run._Run._write

    def slow(self: Any, task: Any) -> None:
        nonlocal most
        time.sleep(0.05)
        most = max(most, self._queue.counts().get(State.RUNNING, 0))
        real(self, task)

    monkeypatch.setattr(run._Run, "_write", slow)
    run_batch(batch)
    assert most <= 5  # one in work, two pipes, one at the writer, one that the feeder holds
