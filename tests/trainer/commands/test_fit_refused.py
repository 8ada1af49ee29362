"""What `python -m trainer fit` says of data and numbers that are not as they should be."""

from __future__ import annotations

import errno
import re
from pathlib import Path

import pytest

from persian_mir.probes import load_probe
from trainer.__main__ import main

QUICK = ["--no-views", "--others=4", "--hidden", "8", "--epochs", "3", "--window", "2"]

pytestmark = pytest.mark.usefixtures("no_listener")


def named(events: list[dict], name: str) -> list[dict]:
    return [event for event in events if event["event"] == name]


def manifest(path: Path, rows: list[tuple[object, ...]], columns: str = "file,instrument") -> Path:
    lines = [columns, *(",".join(map(str, row)) for row in rows)]
    path.write_text("\n".join(lines), encoding="utf-8")
    return path


def failed(run, out: Path, *arguments: object) -> str:
    code, events = run("--task", "instrument", "--out", out, *arguments)
    assert code == 2
    assert events[-1]["event"] == "error"
    assert not out.exists()
    return events[-1]["what"]


def test_data_that_cannot_be_learnt_from_are_told_apart(corpus, tmp_path, monkeypatch, run):
    out, files = tmp_path / "x.probe", sorted(corpus.rglob("*.wav"))
    neys = manifest(tmp_path / "one.csv", [(path, "ney") for path in files])
    assert "1 label of" in failed(run, out, "--data", neys)
    assert "no official" in failed(run, out, "--data", corpus, "--split", "official")
    assert "artist" in failed(run, out, "--data", corpus, "--split", "grouped")
    assert "not a split" in failed(run, out, "--data", corpus, "--split", tmp_path / "gone.json")
    assert "no recordings in folders" in failed(run, out, "--data", tmp_path)

    def refused(_path: Path) -> None:
        raise PermissionError(errno.EACCES, "Permission denied")

    monkeypatch.setattr("trainer.data.folders.audio_files", refused)
    assert "Permission denied" in failed(run, out, "--data", corpus)


def test_a_task_without_labels_is_refused_before_the_recordings_are_read(corpus, tmp_path, monkeypatch, run):
    def read(*_everything: object) -> None:
        raise AssertionError("the recordings were read")

    monkeypatch.setattr("trainer.data.check.check", read)
    text = failed(run, tmp_path / "x.probe", "--data", corpus, "--task", "mode")
    assert text == "The data hold 0 labels of the task mode; a probe needs two or more."


def test_parts_that_are_missing_are_said(corpus, tmp_path, run):
    files = sorted(corpus.rglob("*.wav"))
    rows = [(path, path.parent.name, ("train", "train", "train", "test")[k % 4]) for k, path in enumerate(files)]
    data = manifest(tmp_path / "m.csv", rows, "file,instrument,split")
    arguments = ["--task", "instrument", *QUICK]
    _code, events = run("--data", data, "--out", tmp_path / "x.probe", "--split", "official", *arguments)
    assert any("no dev part" in event["note"] for event in named(events, "remark"))
    _code, events = run("--data", corpus, "--out", tmp_path / "y.probe", *arguments)
    assert any("no test part" in event["note"] for event in named(events, "remark"))


def test_labels_nobody_knows_are_left_out_and_told(corpus, tmp_path, run):
    rows = [(path, path.parent.name if k else "kazoo") for k, path in enumerate(sorted(corpus.rglob("*.wav")))]
    data = manifest(tmp_path / "m.csv", rows)
    code, events = run("--data", data, "--task", "instrument", "--out", tmp_path / "x.probe", *QUICK)
    assert code == 1
    assert "kazoo" in named(events, "skipped")[0]["reason"]
    assert load_probe(tmp_path / "x.probe").training["skipped"] == 1


@pytest.mark.parametrize(
    "wrong",
    [
        ["fit", "--data", "a", "--task", "artist", "--out", "b", "--seed", "-1"],
        ["fit", "--data", "a", "--task", "artist", "--out", "b", "--seed", "99999999999"],
        ["split", "a", "--by", "artist", "--out", "b", "--seed", "-1"],
        ["mini-nava", "a", "--seed", "x"],
        ["mini-nava", "a", "--recordings", "3.5"],
        ["curve", "--data", "a", "--task", "artist", "--out", "b", "--draws", "x"],
        ["curve", "--data", "a", "--task", "artist", "--out", "b", "--sizes", "a,b"],
    ],
)
def test_numbers_are_explained_in_words(capsys, wrong):
    with pytest.raises(SystemExit) as left:
        main(wrong)
    assert left.value.code == 2
    said = capsys.readouterr().err
    assert "invalid" not in said
    assert "number" in said


@pytest.mark.parametrize(
    "wrong",
    [
        ["mini-nava", "a", "--seconds", "nan"],
        ["map", "--data", "a", "--task", "artist", "--out", "b", "--window", "nan"],
    ],
)
def test_lengths_are_explained_in_words(capsys, wrong):
    with pytest.raises(SystemExit) as left:
        main(wrong)
    assert left.value.code == 2
    assert "“nan” is no time: write 65.5, 1:05 or 0:01:05.5." in capsys.readouterr().err


def test_what_is_not_known_is_told(corpus, tmp_path, capsys):
    data = tmp_path / "data.csv"
    rows = [f"{path},{path.parent.name if k else ''}" for k, path in enumerate(sorted(corpus.rglob("*.wav")))]
    data.write_text("\n".join(["file,instrument", *rows]), encoding="utf-8")
    assert main(["fit", "--data", str(data), "--task", "instrument", "--out", str(tmp_path / "x.probe"), *QUICK]) == 0
    said = capsys.readouterr()
    assert "no label of the task instrument: 1 recording." in said.err
    assert "No figure of artists never heard" in said.out
    assert (
        main(
            ["fit", "--data", str(data), "--task", "instrument", "--out", str(tmp_path / "x.probe"), *QUICK, "--quick"]
        )
        == 0
    )
    assert "No figure of artists" not in capsys.readouterr().out


def test_labels_nobody_knows_are_told_with_those_that_are_known(corpus, tmp_path, capsys):
    paths = sorted(corpus.rglob("*.wav"))
    rows = [f"{path},{'Electric Guitar' if path.parent.name == 'setar' else 'NEY '}" for path in paths]
    table = tmp_path / "free.csv"
    table.write_text("\n".join(["file,instrument", *rows]), encoding="utf-8")
    assert main(["fit", "--data", str(table), "--task", "instrument", "--out", str(tmp_path / "a.probe")]) == 2
    said = capsys.readouterr().err
    assert "“Electric Guitar” is not a label of the task instrument" in said
    assert "santoor" in said
    assert str(table) in said


def test_one_recording_a_class_says_that_nothing_judges_it(corpus, tmp_path, capsys):
    paths = [next((corpus / name).iterdir()) for name in ("setar", "ney")]
    table = tmp_path / "two.csv"
    table.write_text("\n".join(["file,instrument", *(f"{p},{p.parent.name}" for p in paths)]), encoding="utf-8")
    out = tmp_path / "a.probe"
    assert main(["fit", "--data", str(table), "--task", "instrument", "--out", str(out), "--epochs", "2"]) == 0
    said = capsys.readouterr()
    assert "Nothing is left to judge the probe by" in said.err
    assert "nan" not in said.err
    assert "train: " in said.out


@pytest.mark.parametrize("part", ["test", "dev"])
def test_a_split_without_a_training_part_is_said(corpus, tmp_path, part, run):
    rows = [f"{path},{path.parent.name},{part}" for path in sorted(corpus.rglob("*.wav"))]
    table = tmp_path / "m.csv"
    table.write_text("\n".join(["file,instrument,split", *rows]), encoding="utf-8")
    code, events = run("--data", table, "--task", "instrument", "--out", tmp_path / "x.probe", *QUICK)
    assert code == 2
    assert "nothing to learn from" in events[-1]["what"]
    assert events[-1]["path"] == str(table)


def test_features_of_nothing_are_an_error(tmp_path, capsys):
    for label in ("ney", "setar"):
        (tmp_path / label).mkdir()
        (tmp_path / label / "a.wav").write_bytes(b"no sound")
    assert main(["features", "--data", str(tmp_path)]) == 2
    said = capsys.readouterr().err
    assert "None of the recordings could be used" in said
    assert str(tmp_path / "setar" / "a.wav") in said


@pytest.mark.parametrize("wrong", [["--window", "0.01"], ["--window", "x"], ["--lr", "nan"], ["--hidden", "a"]])
def test_numbers_out_of_reach_are_explained(corpus, tmp_path, capsys, wrong):
    with pytest.raises(SystemExit):
        main(["fit", "--data", str(corpus), "--task", "instrument", "--out", str(tmp_path / "x.probe"), *wrong])
    said = capsys.readouterr().err
    assert re.search(r" (from|each) [\d.e-]+ to \d+", said)
