"""Where `python -m trainer fit` writes: nothing is written over, and a full disk loses no fit."""

from __future__ import annotations

import errno
import os
import shutil
from pathlib import Path
from typing import NoReturn

import pytest

from persian_mir.app_paths import cache_dir, data_dir
from persian_mir.commands.main import main as persian_mir
from persian_mir.probes import load_probe
from trainer.__main__ import main
from trainer.commands import fit
from trainer.fitting.checkpoint import Checkpoint

QUICK = ["--no-views", "--others=4", "--hidden", "8", "--epochs", "3", "--window", "2"]

pytestmark = pytest.mark.usefixtures("no_listener")


def named(events: list[dict], name: str) -> list[dict]:
    return [event for event in events if event["event"] == name]


def test_an_unwritable_place_is_told_before_anything_is_fitted(corpus, tmp_path, capsys):
    (tmp_path / "file").write_text("in the way")
    out = tmp_path / "file" / "a.probe"
    assert main(["fit", "--data", str(corpus), "--task", "instrument", "--out", str(out)]) == 2
    said = capsys.readouterr().err
    assert str(out) in said
    assert "epoch" not in said


@pytest.mark.parametrize("judged", ["x.probe", "x.card.html"])
def test_two_things_are_not_written_into_one_file(corpus, tmp_path, capsys, judged):
    out = tmp_path / "x.probe"
    plain = ["fit", "--data", str(corpus), "--task", "instrument", "--out", str(out)]
    assert main([*plain, "--judged", str(tmp_path / judged)]) == 2
    assert "Two things" in capsys.readouterr().err


@pytest.mark.logs
def test_a_full_disk_while_caching_costs_the_cache_only(corpus, tmp_path, capsys, monkeypatch, caplog, run):
    def full(path: Path, *, durable: bool) -> NoReturn:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr("persian_mir.embeddings.cache.atomic_write", full)
    code, events = run("--data", corpus, "--task", "instrument", "--out", tmp_path / "x.probe", *QUICK)
    assert code == 0
    assert "No space left" in caplog.text
    (told,) = [one["note"] for one in named(events, "remark") if "cannot be kept" in one["note"]]
    assert "No space left on device" in told
    assert "Free some space" in told
    assert load_probe(tmp_path / "x.probe").hash == events[-1]["hash"]
    assert main(["features", "--data", str(corpus)]) == 2
    assert "cannot be kept: No space left on device" in capsys.readouterr().err


@pytest.mark.usefixtures("no_bytecode")
@pytest.mark.logs
@pytest.mark.parametrize("left", [False, True])
def test_a_full_disk_at_the_end_loses_no_fit(corpus, tmp_path, monkeypatch, left, run):
    """The operating system itself refuses, as it does when a disk is full; `left`: the whole disk of the probe."""
    resource = pytest.importorskip("resource")
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    monkeypatch.setattr("trainer.fitting.checkpoint.INTERVAL_S", 1e9)
    write, out, own = fit._write, tmp_path / "x.probe", Checkpoint._write

    def refused(*given: object) -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (1000, limits[1]))
        try:
            write(*given)
        finally:
            resource.setrlimit(resource.RLIMIT_FSIZE, limits)

    def elsewhere(self: Checkpoint, place: Path) -> None:
        if left and place.parent == out.parent:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        own(self, place)

    monkeypatch.setattr(Checkpoint, "_write", elsewhere)
    arguments = ["--data", corpus, "--task", "instrument", "--out", out, *QUICK]
    with monkeypatch.context() as patch:
        patch.setattr(fit, "_write", refused)
        code, events = run(*arguments)
    assert code == 2
    assert not out.exists()
    assert events[-1]["path"] == str(out)
    (place,) = (data_dir() / "rescued").iterdir() if left else [tmp_path / "x.probe.fitting"]
    assert str(place) in events[-1]["cure"]
    code, events = run(*arguments)
    assert code == 0
    assert named(events, "epoch") == []
    assert not place.exists()
    whole = [*arguments[:5], tmp_path / "y.probe", *QUICK]
    assert run(*whole)[1][-1]["hash"] == load_probe(out).hash


@pytest.mark.usefixtures("no_bytecode")
def test_a_full_disk_is_told_before_anything_is_fitted(corpus, tmp_path, run):
    resource = pytest.importorskip("resource")
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (1 << 20, limits[1]))
    try:
        code, events = run("--data", corpus, "--task", "instrument", "--out", tmp_path / "x.probe")
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
    assert code == 2
    assert [one["event"] for one in events] == ["error"]
    assert "Free some space" in events[0]["cure"]
    assert list(tmp_path.iterdir()) == []


@pytest.mark.logs
def test_folders_of_the_program_that_cannot_be_made_are_named(corpus, tmp_path, capsys, monkeypatch):
    (tmp_path / "file").touch()
    monkeypatch.setenv("PERSIAN_MIR_HOME", str(tmp_path / "file"))
    assert main(["features", "--data", str(corpus)]) == 2
    said = capsys.readouterr().err
    assert "Traceback" not in said
    assert f"{tmp_path / 'file' / 'cache' / 'embeddings'}: The features cannot be kept: Not a directory." in said


@pytest.mark.logs
def test_labelling_says_once_that_features_could_not_be_kept(corpus, tmp_path, capsys, run):
    out, folder = tmp_path / "x.probe", cache_dir() / "embeddings"
    run("--data", corpus, "--task", "instrument", "--out", out, *QUICK)
    shutil.rmtree(folder)
    folder.touch()
    assert persian_mir(["label", "--probe", str(out), *map(str, (corpus / "ney").iterdir())]) == 0
    assert capsys.readouterr().err.count(f"The features cannot be kept in {folder}") == 1
