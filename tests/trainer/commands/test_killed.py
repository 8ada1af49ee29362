"""Killed with -9 at random moments, the same command gives in the end what it gives uninterrupted."""

from __future__ import annotations

import logging
import os
import random
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from persian_mir.app_paths import data_dir
from persian_mir.backbones import SIGNAL, load_backbone
from persian_mir.probes import load_probe
from persian_mir.progress import SILENT, Cancelled, Progress
from trainer.data import read_dataset
from trainer.features.segments import Features
from trainer.fitting.artist_grouped import artist_grouped_answers
from trainer.fitting.checkpoint import Checkpoint, CheckpointEntry
from trainer.fitting.fit import fit_probe
from trainer.fitting.fit_options import FitOptions
from trainer.fitting.loop import Epoch, HeadConfig, Labelled, fit_head
from trainer.fitting.training_data import TrainingData


def blobs(seed: int) -> Labelled:
    rng = np.random.default_rng(seed)
    targets = rng.integers(0, 3, 90)
    values = rng.standard_normal((90, 2, 6)).astype(np.float32)
    values[np.arange(90), 1, targets] += 1
    return Labelled(values, targets)


class StopAfter(Progress):
    def __init__(self, count: int) -> None:
        self.left = count

    def step(self, fraction: float, note: str = "") -> None:
        if self.left <= 0:
            raise Cancelled

    def publish(self, value: object) -> None:
        self.left -= isinstance(value, Epoch)


@pytest.mark.parametrize(
    "config",
    [
        HeadConfig((), 12, 1e-2),
        HeadConfig((8, 7), 12, 1e-2, dropout=0.5, optimizer="adamw", weight_decay=0.1, seed=3),
        HeadConfig((8,), 20, 1e-1, schedule="plateau", class_weights="balanced", mix="concat"),
    ],
)
@pytest.mark.parametrize("after", [1, 4, 7])
def test_a_fit_goes_on_to_the_same_bits(tmp_path, config, after):
    path = tmp_path / "a.probe.fitting"
    whole = fit_head(blobs(0), 3, config, blobs(1))
    fit_head(blobs(0), 3, config, blobs(1), StopAfter(after), CheckpointEntry(Checkpoint(path, "same"), "head"))
    seen = StopAfter(99)
    again = fit_head(blobs(0), 3, config, blobs(1), seen, CheckpointEntry(Checkpoint(path, "same"), "head"))
    assert 99 - seen.left == len(whole.epochs) - after
    assert again.epochs == whole.epochs
    assert again.best == whole.best
    arrays = [(one.layer_weights, *one.head.weights, *one.head.biases) for one in (whole, again)]
    for a, b in zip(*arrays, strict=True):
        np.testing.assert_array_equal(a, b)


@pytest.mark.logs
def test_a_state_of_other_data_or_a_damaged_one_is_as_good_as_none(tmp_path, caplog):
    path = tmp_path / "a.fitting"
    Checkpoint(path, "one").put("head", {"best": 1}, {"a": np.ones(3)})
    assert Checkpoint(path, "one").get("head")[0] == {"best": 1}
    np.testing.assert_array_equal(Checkpoint(path, "one").get("head")[1]["a"], np.ones(3))
    assert Checkpoint(path, "two").get("head") is None
    assert Checkpoint(path, "one", restart=True).get("head") is None
    for damaged in (b"", b"PK\x03\x04 nonsense", path.read_bytes()[:-40]):
        path.write_bytes(damaged)
        assert Checkpoint(path, "one").get("head") is None
        assert "damaged; the fit begins anew" in caplog.text
        caplog.clear()


@pytest.mark.logs
@settings(max_examples=300)
@given(st.lists(st.tuples(st.integers(0, 10_000), st.integers(0, 255)), min_size=1, max_size=4), st.integers(0, 10_000))
def test_random_bytes_in_a_state_are_never_a_crash(tmp_path, changes, end):
    path = tmp_path / "a.fitting"
    Checkpoint(path, "one").put("head", {"best": 1}, {"a": np.ones(3), "b": np.zeros((2, 2), np.float32)})
    whole = bytearray(path.read_bytes())
    for place, value in changes:
        whole[place % len(whole)] = value
    path.write_bytes(whole[: max(end, 1)])
    kept = Checkpoint(path, "one").get("head")
    assert kept is None or set(kept[1]) <= {"a", "b"}


def test_a_state_that_one_disk_refuses_goes_among_the_users_data(tmp_path, caplog):
    blocked = tmp_path / "file"
    blocked.touch()
    caplog.set_level(logging.CRITICAL, "trainer.fitting.checkpoint")
    one = Checkpoint(blocked / "a.fitting", "one")
    one.put("head", {"best": 1}, {"a": np.ones(3)})
    assert one.write() == data_dir() / "rescued" / "one.fitting"
    assert Checkpoint(blocked / "a.fitting", "one").get("head")[0] == {"best": 1}
    blocked.unlink()
    assert one.write() == blocked / "a.fitting"  # there is room again
    assert not (data_dir() / "rescued" / "one.fitting").exists()
    one.remove()
    assert Checkpoint(blocked / "a.fitting", "one").get("head") is None


@pytest.mark.logs
def test_a_state_that_cannot_be_kept_is_said_and_costs_nothing(tmp_path, caplog, monkeypatch):
    blocked = tmp_path / "file"
    blocked.touch()
    monkeypatch.setattr("trainer.fitting.checkpoint.data_dir", lambda: blocked)
    entry = CheckpointEntry(Checkpoint(blocked / "a.fitting", "one"), "head")
    fitted = fit_head(blobs(0), 3, HeadConfig((), 3), progress=StopAfter(1), entry=entry)
    assert fitted.best == 1
    assert f"not kept in {blocked / 'a.fitting'}" in caplog.text


def kill_at_random(command: list[object], seconds: float, home: Path, times: int, seed: int) -> None:
    """Run and kill -9 at a moment of the last two thirds of an uninterrupted run, so many times; then to its end."""
    chance = random.Random(seed)
    environment = os.environ | {"PERSIAN_MIR_HOME": str(home)}
    for _time in range(times):
        with subprocess.Popen([*map(str, command)], env=environment, stderr=subprocess.DEVNULL) as child:
            time.sleep(seconds * chance.uniform(0.3, 0.95))
            child.kill()
    subprocess.run([*map(str, command)], env=environment, check=True, capture_output=True)


def timed(command: list[object], home: Path) -> float:
    began = time.monotonic()
    environment = os.environ | {"PERSIAN_MIR_HOME": str(home)}
    subprocess.run([*map(str, command)], env=environment, check=True, capture_output=True)
    return time.monotonic() - began


def test_a_killed_fit_ends_with_the_same_probe(corpus, tmp_path):
    def command(name: str) -> list[object]:
        settings = ["--task", "instrument", "--window", "2", "--no-views", "--others=4"]
        settings += ["--epochs", "400", "--patience", "400", "--hidden", "32"]
        return [sys.executable, "-m", "trainer", "fit", "--data", corpus, "--out", tmp_path / name, *settings]

    seconds = timed(command("whole.probe"), tmp_path / "one")
    kill_at_random(command("killed.probe"), seconds, tmp_path / "two", 2, seed=0)
    whole, killed = (load_probe(tmp_path / name) for name in ("whole.probe", "killed.probe"))
    assert killed.hash == whole.hash
    assert dict(killed.training) | {"date": ""} == dict(whole.training) | {"date": ""}
    assert not (tmp_path / "killed.probe.fitting").exists()


def test_a_killed_experiment_ends_with_the_same_report(mini_nava, tmp_path):
    def command(name: str) -> list[object]:
        settings = ["--data", mini_nava, "--epochs", "2", "--out", tmp_path / name]
        return [sys.executable, "-m", "trainer", "experiment", "learning-rate", *settings]

    seconds = timed(command("whole"), tmp_path / "one")
    kill_at_random(command("killed"), seconds, tmp_path / "two", 2, seed=1)
    whole, killed = ((tmp_path / name / "results.csv").read_text() for name in ("whole", "killed"))
    assert killed == whole


def test_a_stopped_fit_has_its_probe_and_goes_on_to_the_whole_one(corpus, tmp_path):
    options = FitOptions((16,), 12, task="instrument", window_s=2.0, views=1, others=4)
    examples, backbone = read_dataset(corpus, "instrument").entries, load_backbone(SIGNAL)
    keep = tmp_path / "x.probe.fitting"
    whole = fit_probe(TrainingData(examples), options, backbone)
    stopped = fit_probe(TrainingData(examples), options, backbone, keep=keep, progress=StopAfter(5))
    assert stopped.stopped
    assert stopped.probe.training["epochs_run"] == 5
    assert keep.exists()
    other = fit_probe(TrainingData(examples), replace(options, seed=1), backbone, keep=keep)
    assert other.probe.training["epochs_run"] == 12  # the state of another fit is not mistaken for its own
    on = StopAfter(99)
    again = fit_probe(TrainingData(examples), options, backbone, keep=keep, progress=on)
    assert again.probe.hash == whole.probe.hash
    assert not again.stopped
    again.checkpoint.remove()
    assert not keep.exists()


def test_folds_that_are_done_are_not_fitted_again(tmp_path):
    rng = np.random.default_rng(0)
    groups = np.repeat(np.arange(10), 6)
    features = Features(
        values=rng.standard_normal((60, 2, 5)).astype(np.float32),
        targets=groups % 2,
        groups=groups,
        labels=("ney", "setar"),
        artists=tuple(f"a{k}" for k in range(10)),
        given=("",) * 10,
        skipped=(),
        hashes=tuple(map(str, range(10))),
        paths=tuple(Path(f"/{k}.wav") for k in range(10)),
        spans=np.tile(np.array([0.0, 5.0]), (60, 1)),
    )
    path, config = tmp_path / "x.fitting", HeadConfig((), 6)
    copies = [replace(features, values=features.values.copy()) for _ in range(3)]
    whole = artist_grouped_answers(copies[0], "instrument", config, Checkpoint(), SILENT)
    assert whole is not None

    class InTheThirdFold(Progress):
        def step(self, fraction: float, note: str = "") -> None:
            if fraction > 0.5:
                raise Cancelled

    with pytest.raises(Cancelled):
        artist_grouped_answers(copies[1], "instrument", config, Checkpoint(path, "same"), InTheThirdFold())
    assert Checkpoint(path, "same").get("fold 1") is not None
    resumed = artist_grouped_answers(copies[2], "instrument", config, Checkpoint(path, "same"), SILENT)
    assert resumed is not None
    np.testing.assert_array_equal(resumed.rows, whole.rows)
    assert resumed.evaluation() == whole.evaluation()
