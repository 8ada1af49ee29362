"""A batch on a cluster: a real scheduler and real workers on loopback, killed, blind and of other versions."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import soundfile

pytest.importorskip("distributed")

from persian_mir.batch import roster, run
from persian_mir.batch.presets import Preset
from persian_mir.batch.queue import Queue
from persian_mir.batch.queue_rows import State
from persian_mir.batch.roster import Cluster, SchedulerLostError
from persian_mir.batch.run import Batch, run_batch
from persian_mir.batch.sources import Sources
from persian_mir.catalogue.catalogue import Catalogue
from persian_mir.commands.main import main
from persian_mir.errors import PersianMirError
from persian_mir.predictors import predictors
from persian_mir.progress import Cancelled, Progress
from persian_mir.provenance import Provenance
from tests.persian_mir.batch.conftest import BAD
from tests.persian_mir.batch.loopback import Loopback

ENDS = """
import os, signal
from persian_mir.modal.predictor import ModalPredictor
real = ModalPredictor.predict
def predict(self, source, progress):
    if source.recording.path.name in {names}:
        os.kill(os.getpid(), signal.SIGKILL)
    return real(self, source, progress)
ModalPredictor.predict = predict
"""
OTHER_VERSION = "import persian_mir\npersian_mir.__version__ = '0.0.1'"
COUNTS = """
from persian_mir.batch import cluster_worker
real = cluster_worker.predictors
def predictors(*asked):
    open("made", "a").write("once\\n")
    return real(*asked)
cluster_worker.predictors = predictors
"""


@pytest.fixture(scope="module")
def steady(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Loopback]:
    """Two good workers."""
    place = Loopback(tmp_path_factory.mktemp("cluster"))
    place.worker(COUNTS)
    place.worker(COUNTS)
    yield place
    place.close()


@pytest.fixture
def cluster(tmp_path: Path) -> Iterator[Loopback]:
    """A scheduler without workers."""
    place = Loopback(tmp_path / "cluster")
    yield place
    place.close()


@pytest.fixture
def probe(tmp_path: Path) -> Path:
    """One of random weights, on the spectral features."""
    from persian_mir.backbones import load_backbone
    from persian_mir.grid import Grid
    from persian_mir.probes.file import save_probe
    from persian_mir.probes.probe import Head, Probe

    key, draw = load_backbone("signal", "cpu").key, np.random.default_rng(1).standard_normal
    head = Head((draw((3, key.width), np.float32) / 100,), (draw(3, np.float32),))
    centre, one = np.zeros((1, key.width), np.float32), np.ones(1, np.float32)
    labels = ("ney", "setar", "tar")
    made = Probe("instrument", labels, key, Grid(5.0, 5.0), (0,), one, head, centre, centre + 1, 1.0, None, {})
    save_probe(made, tmp_path / "own.probe")
    return tmp_path / "own.probe"


def batch_at(place: str, folder: Path, probes: tuple[str, ...] = ()) -> Batch:
    wanted = Preset(probes, precision="exact")
    chosen = tuple(predictors(wanted.modal, wanted.probes, wanted.computing))
    return Batch(folder.parent / "c.sqlite", chosen, Sources((folder,)), cluster=Cluster(place, wanted))


def said(batch: Batch) -> list[tuple[Any, ...]]:
    """All rows of what was said, with what said it."""
    with Catalogue.open(batch.catalogue) as catalogue:
        rows = catalogue.rows(
            "SELECT c.content_hash, r.task, r.live, r.summary, m.who, m.program, m.models, m.parameters, "
            "s.start, s.stop, s.term, s.probability FROM recordings c JOIN runs r ON r.recording = c.id "
            "JOIN makers m ON m.id = r.maker JOIN statements s ON s.run = r.id "
            "ORDER BY 1, 2, 5, s.start, s.stop, s.term"
        )
        return [tuple(row) for row in rows]


def check(batch: Batch) -> None:
    """Every good file was labelled exactly once, every bad one failed with its reason."""
    with Catalogue.open(batch.catalogue) as catalogue:
        jobs = Queue(catalogue, batch.work).jobs()
        assert len({job.path for job in jobs}) == 9
        for job in jobs:
            if job.path.name in BAD:
                assert (job.state, BAD[job.path.name] in job.reason) == (State.FAILED, True)
            else:
                assert job.state is State.DONE, (job.path.name, job.reason)
        assert catalogue.row("SELECT count(*), sum(live), count(DISTINCT recording) FROM runs") == (12, 12, 6)


def reasons(batch: Batch, state: State | None = None) -> dict[str, str]:
    with Catalogue.open(batch.catalogue) as catalogue:
        return {job.path.name: job.reason for job in Queue(catalogue, batch.work).jobs(state=state)}


class When(Progress):
    """Does something once, when so many files are done or have failed."""

    def __init__(self, count: int, do: Callable[[], object]) -> None:
        self._count, self._do = count, do
        self.remarks: tuple[str, ...] = ()

    def publish(self, value: Any) -> None:
        self.remarks = value.remarks
        if self._do and sum(value.counts.get(state, 0) for state in (State.DONE, State.FAILED)) >= self._count:
            do, self._do = self._do, lambda: None
            do()


def test_labels_and_reasons_are_those_of_this_machine(steady: Loopback, folder: Path, probe: Path) -> None:
    sound = np.random.default_rng(6).normal(0, 0.1, 20 * 16_000).clip(-0.9, 0.9)
    soundfile.write(folder / "take 3.wav", np.stack([sound, -sound], axis=1), 16_000)
    here = batch_at(steady.address, folder, (str(probe),))
    local = replace(here, catalogue=folder.parent / "local.sqlite", cluster=None)
    assert run_batch(here).counts == run_batch(local).counts == {State.DONE: 6, State.FAILED: 3}
    assert said(here) == said(local)
    assert len(said(here)) > 0
    assert reasons(here) == reasons(local)
    assert "opposed phase" in reasons(here)["take 3.wav"]


def test_a_process_loads_its_models_once(steady: Loopback, folder: Path, probe: Path) -> None:
    batch = batch_at(steady.address, folder, (str(probe),))
    run_batch(batch)
    made = {place: place.read_text() for place in steady.folder.glob("*/made")}
    assert len(made) == 2
    run_batch(replace(batch, catalogue=folder.parent / "again.sqlite"))
    assert made == {place: place.read_text() for place in steady.folder.glob("*/made")}


def test_what_was_labelled_is_not_sent_again(steady: Loopback, folder: Path) -> None:
    batch = batch_at(steady.address, folder)
    run_batch(batch)
    (folder / "take 3.wav").rename(folder / "1343" / "renamed.wav")
    assert run_batch(batch).counts == {State.SKIPPED: 6, State.FAILED: 3}


def test_the_command_says_what_became_of_it(steady: Loopback, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    place = ["--catalogue", str(folder.parent / "own.sqlite"), "--pattern", "*.flac"]
    assert main(["batch", str(folder), *place, "--cluster", steady.address]) == 1
    told = capsys.readouterr()
    first, *shares = told.out.splitlines()
    assert first == "done 2, failed 1"
    assert all("was at work" in line for line in shares)  # a quick run ends before its workers were looked at
    assert "header.flac" in told.err


def test_cancelled_it_takes_back_what_the_workers_had(
    steady: Loopback, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(run, "STATUS_S", 0.0)
    monkeypatch.setattr(run, "STATUS_SHARE", 1e9)  # it looks after every file
    batch = batch_at(steady.address, folder)

    def cancel() -> None:
        raise Cancelled

    with pytest.raises(Cancelled):
        run_batch(batch, When(2, cancel))
    with Catalogue.open(batch.catalogue) as catalogue:
        jobs = Queue(catalogue, batch.work).jobs()
        assert State.RUNNING not in {job.state for job in jobs}
        assert {job.attempts for job in jobs if job.state is State.WAITING} <= {0}
    run_batch(batch)
    check(batch)


def test_a_worker_killed_in_the_middle_costs_nothing_but_time(cluster: Loopback, folder: Path) -> None:
    dying = cluster.worker(ENDS.format(names=[path.name for path in folder.rglob("take*")]))
    batch = batch_at(cluster.address, folder)
    assert run_batch(batch, When(0, cluster.worker)).counts == {State.DONE: 6, State.FAILED: 3}
    assert dying.wait(10) == -9
    check(batch)


def test_a_file_that_kills_workers_fails_and_the_others_are_done(
    cluster: Loopback, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(roster, "MOST_TRIES", 2)
    deadly = [cluster.worker(ENDS.format(names=["take 1.flac"])) for _one in range(4)]
    batch = batch_at(cluster.address, folder)
    assert run_batch(batch).counts == {State.DONE: 5, State.FAILED: 4}
    assert "ended one after the other" in reasons(batch, State.FAILED)["take 1.flac"]
    assert [one.poll() for one in deadly].count(-9) == 3  # where it was opened, then two by the scheduler's choice


def test_a_lost_scheduler_is_told_and_the_batch_goes_on_later(
    cluster: Loopback, folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(run, "STATUS_S", 0.0)
    monkeypatch.setattr(run, "STATUS_SHARE", 1e9)  # it looks after every file
    cluster.worker()
    batch = batch_at(cluster.address, folder)
    with pytest.raises(SchedulerLostError) as lost:
        run_batch(batch, When(2, cluster.scheduler.kill))
    assert cluster.address in lost.value.what
    assert "goes on where it stopped" in lost.value.cure
    with Catalogue.open(batch.catalogue) as catalogue:
        counts = Queue(catalogue, batch.work).counts()
    assert counts[State.WAITING] > 0
    assert counts.get(State.RUNNING, 0) == 0
    again = Loopback(tmp_path / "again")
    try:
        again.worker()
        later = replace(batch, cluster=replace(batch.cluster, address=again.address))  # type: ignore[type-var]
        assert run_batch(later).counts == {State.DONE: 6, State.FAILED: 3}
    finally:
        again.close()
    check(batch)


def test_a_scheduler_that_is_not_there_is_told(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(roster, "ANSWER_S", 0.5)
    with pytest.raises(PersianMirError, match=r"No scheduler of a cluster answers at tcp://127\.0\.0\.1:9"):
        run_batch(batch_at("tcp://127.0.0.1:9", folder))
    with pytest.raises(PersianMirError, match="No scheduler"):
        run_batch(batch_at("nowhere", folder))


def test_a_scheduler_without_workers_is_told(cluster: Loopback, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(roster, "PATIENCE_S", 0.5)
    with pytest.raises(PersianMirError, match="No worker") as told:
        run_batch(batch_at(cluster.address, folder))
    assert told.value.cure == f"Start some with: dask worker {cluster.address}"


@pytest.mark.skipif(not Path("/proc/self/cwd").exists(), reason="a path that each process sees otherwise")
def test_a_file_that_a_worker_does_not_see_fails_with_that_reason(
    steady: Loopback, folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    other = [place for place in steady.folder.iterdir() if "worker" in place.name]
    for place in other:
        (place / "radio").mkdir()
        (place / "radio" / "take 3.wav").write_bytes(b"another of that name")
    own = batch_at(steady.address, folder)
    batch = replace(own, sources=Sources((Path("/proc/self/cwd") / folder.name,), ("take*",)))
    assert run_batch(batch).counts == {State.FAILED: 6}
    told = reasons(batch, State.FAILED)
    assert set(told) == {f"take {number}.{suffix}" for number, suffix in enumerate(("wav", "flac", "ogg") * 2)}
    assert all("does not see this file" in reason and "Share its folder" in reason for reason in told.values())


def test_a_worker_of_another_version_is_refused_in_words(cluster: Loopback, folder: Path) -> None:
    cluster.worker(OTHER_VERSION)
    batch = batch_at(cluster.address, folder)
    with pytest.raises(PersianMirError, match=r"program is persian-mir 0\.0\.1 there") as told:
        run_batch(batch)
    assert "Install the same versions" in told.value.cure
    cluster.worker()
    listener = When(0, lambda: None)
    assert run_batch(batch, listener).counts == {State.DONE: 6, State.FAILED: 3}
    check(batch)


def test_a_worker_without_the_program_is_refused_in_words(cluster: Loopback, folder: Path) -> None:
    cluster.worker("import sys\nsys.modules['persian_mir.batch.cluster_worker'] = None")
    with pytest.raises(PersianMirError, match="cannot run this version"):
        run_batch(batch_at(cluster.address, folder))


def test_what_differs_is_named() -> None:
    mine = [Provenance("modal", {"radif": "a"}, {"window_s": 30.0})]
    assert roster.difference(mine, mine) == ""
    other = [replace(mine[0], parameters={"window_s": 20.0})]
    assert "window_s is 20.0 there, and 30.0 here" in roster.difference(mine, other)
    assert "radif is b there" in roster.difference(mine, [replace(mine[0], models={"radif": "b"})])


@pytest.mark.skipif(shutil.which("openssl") is None, reason="openssl makes the certificates")
def test_a_cluster_of_tls_takes_only_who_has_its_certificate(folder: Path, tmp_path: Path) -> None:
    key, certificate = tmp_path / "key.pem", tmp_path / "certificate.pem"
    command = ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes"]
    command += ["-subj", "/CN=mir", "-days", "2", "-keyout", str(key), "-out", str(certificate)]
    subprocess.run(command, check=True, capture_output=True)
    files = certificate, certificate, key
    place = Loopback(tmp_path / "cluster", files)
    try:
        place.worker()
        assert place.address.startswith("tls://")
        batch = batch_at(place.address, folder)
        with pytest.raises(PersianMirError, match="No scheduler"):
            run_batch(batch)
        assert run_batch(replace(batch, cluster=replace(batch.cluster, tls=files))).counts[State.DONE] == 6  # type: ignore[type-var]
    finally:
        place.close()
    check(batch)


def test_without_dask_its_package_is_named(folder: Path, capsys: pytest.CaptureFixture[str], monkeypatch) -> None:
    monkeypatch.setitem(sys.modules, "distributed", None)
    assert main(["batch", str(folder), "--cluster", "tcp://127.0.0.1:9"]) == 2
    assert "pip install 'persian-mir[cluster]'" in capsys.readouterr().err


SLOW = """
import time
from persian_mir.modal.predictor import ModalPredictor
real = ModalPredictor.predict
def predict(self, source, progress):
    time.sleep(1.5)
    return real(self, source, progress)
ModalPredictor.predict = predict
"""


def test_how_much_each_worker_works_is_told(
    cluster: Loopback, folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(roster, "LOOK_S", 0.1)
    for _one in range(2):
        cluster.worker(SLOW)
    arguments = [str(folder), "--modal", "--precision", "exact", "--catalogue", str(folder.parent / "c.sqlite")]
    report = folder.parent / "report"
    assert main(["batch", *arguments, "--cluster", cluster.address, "--json", "--report", str(report)]) == 1
    told = json.loads(capsys.readouterr().out)
    assert len(told["workers"]) == 2
    assert all(0.2 < share <= 1 for share in told["workers"].values())
    assert told["utilisation"] == pytest.approx(sum(told["workers"].values()) / 2, abs=1e-3)
    assert all(worker in (report / "batch.html").read_text(encoding="utf-8") for worker in told["workers"])
