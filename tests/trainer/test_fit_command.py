"""What `python -m trainer fit` promises the window, and what it says of data that are not as they should be."""

from __future__ import annotations

import csv
import errno
import json
import os
import shutil
from pathlib import Path

import numpy as np
import pytest

from persian_mir.audio import open_audio
from persian_mir.commands.main import main as persian_mir
from persian_mir.errors import ProbeError
from persian_mir.places import cache_dir, data_dir
from persian_mir.probes import load_predictor, load_probe
from trainer.__main__ import main
from trainer.checkpoint import Checkpoint
from trainer.commands import fit
from trainer.judged import read_judged
from trainer.mini_nava import make_mini_nava

QUICK = ["--hidden", "8", "--epochs", "3", "--window", "2"]


@pytest.fixture(scope="module")
def nava(tmp_path_factory) -> Path:
    """mini-Nava with all of its faults, and the official lists."""
    folder = tmp_path_factory.mktemp("nava")
    make_mini_nava(folder, recordings=70, seconds=3.0, faults=True)
    return folder


def run(capsys, *arguments: object) -> tuple[int, list[dict]]:
    """In this process, as the window reads it."""
    code = main(["fit", *map(str, arguments), "--json"])
    return code, [json.loads(line) for line in capsys.readouterr().out.splitlines()]


def named(events: list[dict], name: str) -> list[dict]:
    return [event for event in events if event["event"] == name]


@pytest.fixture
def _no_listener(monkeypatch):
    """Standard input belongs to pytest."""
    monkeypatch.setattr("trainer.__main__._listen", lambda stop: None)


pytestmark = pytest.mark.usefixtures("_no_listener")


def test_both_figures_the_card_and_the_judged_segments(nava, tmp_path, capsys):
    out, judged = tmp_path / "x.probe", tmp_path / "x.judged.json"
    arguments = ["--data", nava, "--task", "instrument", "--out", out, "--judged", judged, *QUICK]
    code, events = run(capsys, *arguments)
    assert code == 1  # the planted faults were left out, each told
    left = {Path(event["file"]).name for event in named(events, "skipped")}
    assert len(left) >= 3
    (started,) = named(events, "started")
    assert started["split"]["how"] == "official"
    assert started["recordings"] == sum(load_probe(out).training["recordings"].values())
    epochs = named(events, "epoch")
    assert [event["number"] for event in epochs] == [1, 2, 3]
    assert epochs[0]["seconds_left"] is None
    assert epochs[-1]["seconds_left"] == 0
    (done,) = named(events, "done")
    assert set(done["training"]["scores"]) == {"train", "dev", "test", "grouped"}
    assert (done["judged"], done["stopped"]) == (str(judged), False)
    assert "<html" in Path(done["card"]).read_text(encoding="utf-8")
    read = read_judged(judged)
    assert (read.part, set(read.judgements)) == ("test", {"official", "grouped"})
    assert len(read.segments) == done["training"]["scores"]["test"]["segments"]
    assert all(path.is_absolute() and path.exists() for path in read.files)
    assert not out.with_name("x.probe.fitting").exists()


@pytest.mark.parametrize(("wanted", "how"), [("grouped", "artist"), ("recording", "recording")])
def test_a_split_is_drawn_and_named(nava, tmp_path, capsys, wanted, how):
    out = tmp_path / "x.probe"
    _code, events = run(capsys, "--data", nava, "--task", "instrument", "--out", out, "--split", wanted, *QUICK)
    assert named(events, "started")[0]["split"]["how"] == how
    assert "grouped" in load_probe(out).training["scores"]


def test_a_split_from_a_file_keeps_its_hash(nava, tmp_path, capsys):
    file, out = tmp_path / "split.json", tmp_path / "x.probe"
    assert main(["split", str(nava), "--by", "artist", "--task", "dastgah", "--out", str(file)]) == 0
    capsys.readouterr()
    _code, events = run(capsys, "--data", nava, "--task", "dastgah", "--out", out, "--split", file, "--quick", *QUICK)
    assert named(events, "started")[0]["split"]["hash"] == json.loads(file.read_text())["hash"]
    assert load_probe(out).training["split_hash"] == json.loads(file.read_text())["hash"]


def test_corrections_join_the_training_part_only(nava, tmp_path, capsys):
    before, after = tmp_path / "before.json", tmp_path / "after.json"
    plain = ["--data", nava, "--task", "instrument", *QUICK]
    run(capsys, *plain, "--out", tmp_path / "a.probe", "--judged", before, "--quick")
    tested = read_judged(before).files[0]
    told = next(path for path in sorted(nava.rglob("*.flac")) if path.name not in {p.name for p in _kept_apart(nava)})
    rows = [[told, "tar", 0, 2], [told, "ney", 0, 2], [tested, "ney", 0, 2]]
    corrections = tmp_path / "corrections.csv"
    with corrections.open("w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows([["file", "instrument", "start_s", "stop_s"], *rows])
    _code, events = run(
        capsys, *plain, "--out", tmp_path / "b.probe", "--judged", after, "--add", corrections, "--fresh"
    )
    (text,) = (event["note"] for event in named(events, "remark") if "added" in event["note"])
    assert "1 segment added" in text
    assert "1 of which it had already; 1 left out" in text
    one, other = read_judged(before), read_judged(after)
    assert one.files == other.files
    assert [(s.file, s.start_s, s.truth) for s in one.segments] == [
        (s.file, s.start_s, s.truth) for s in other.segments
    ]
    segments = [load_probe(tmp_path / name).training["segments"] for name in ("a.probe", "b.probe")]
    assert segments[0] == segments[1]


def _kept_apart(nava: Path) -> list[Path]:
    from trainer.datasets import read_dataset

    return [entry.path for entry in read_dataset(nava).entries if entry.split != "train" or entry.also]


@pytest.mark.parametrize(
    "options",
    [
        ["--mix", "concat"],
        ["--mix", "single", "--layers", "last"],
        ["--optimizer", "adamw", "--weight-decay", "0.1", "--schedule", "plateau", "--patience", "2"],
        ["--class-weights", "balanced", "--dropout", "0.5", "--hidden", "0"],
    ],
)
def test_recipes_end_in_probes_that_label(corpus, tiny_hubert, tmp_path, capsys, options):
    out = tmp_path / "x.probe"
    arguments = ["--data", corpus, "--task", "instrument", "--backbone", tiny_hubert, "--out", out, "--device", "cpu"]
    code, events = run(capsys, *arguments, *QUICK, *options)
    assert code == 0
    predictor = load_predictor(out, "cpu")
    assert predictor.probe.hash == named(events, "done")[0]["hash"]
    with open_audio(next(corpus.rglob("*.wav"))) as source:
        assert predictor.predict(source)[0].probabilities.sum() == pytest.approx(4, abs=1e-4)


def test_one_layer_means_one(corpus, tiny_hubert, tmp_path, capsys):
    arguments = ["--data", corpus, "--task", "instrument", "--backbone", tiny_hubert, "--device", "cpu"]
    code, events = run(capsys, *arguments, "--out", tmp_path / "x.probe", "--mix", "single")
    assert code == 2
    assert "--layers" in events[-1]["cure"]


def manifest(path: Path, rows: list[tuple[object, ...]], columns: str = "file,instrument") -> Path:
    lines = [columns, *(",".join(map(str, row)) for row in rows)]
    path.write_text("\n".join(lines), encoding="utf-8")
    return path


def failed(capsys, out: Path, *arguments: object) -> str:
    code, events = run(capsys, "--task", "instrument", "--out", out, *arguments)
    assert code == 2
    assert events[-1]["event"] == "error"
    assert not out.exists()
    return events[-1]["what"]


def test_data_that_cannot_be_learnt_from_are_told_apart(corpus, tmp_path, capsys, monkeypatch):
    out, files = tmp_path / "x.probe", sorted(corpus.rglob("*.wav"))
    neys = manifest(tmp_path / "one.csv", [(path, "ney") for path in files])
    assert "1 label of" in failed(capsys, out, "--data", neys)
    assert "no official" in failed(capsys, out, "--data", corpus, "--split", "official")
    assert "artist" in failed(capsys, out, "--data", corpus, "--split", "grouped")
    assert "not a split" in failed(capsys, out, "--data", corpus, "--split", tmp_path / "gone.json")
    assert "no recordings in folders" in failed(capsys, out, "--data", tmp_path)

    def refused(_path: Path) -> None:
        raise PermissionError(errno.EACCES, "Permission denied")

    monkeypatch.setattr("trainer.datasets.folders.audio_files", refused)
    assert "Permission denied" in failed(capsys, out, "--data", corpus)


def test_parts_that_are_missing_are_said(corpus, tmp_path, capsys):
    files = sorted(corpus.rglob("*.wav"))
    rows = [(path, path.parent.name, ("train", "train", "train", "test")[k % 4]) for k, path in enumerate(files)]
    data = manifest(tmp_path / "m.csv", rows, "file,instrument,split")
    arguments = ["--task", "instrument", *QUICK]
    _code, events = run(capsys, "--data", data, "--out", tmp_path / "x.probe", "--split", "official", *arguments)
    assert any("no dev part" in event["note"] for event in named(events, "remark"))
    _code, events = run(capsys, "--data", corpus, "--out", tmp_path / "y.probe", *arguments)
    assert any("no test part" in event["note"] for event in named(events, "remark"))


def test_labels_nobody_knows_are_left_out_and_told(corpus, tmp_path, capsys):
    rows = [(path, path.parent.name if k else "kazoo") for k, path in enumerate(sorted(corpus.rglob("*.wav")))]
    data = manifest(tmp_path / "m.csv", rows)
    code, events = run(capsys, "--data", data, "--task", "instrument", "--out", tmp_path / "x.probe", *QUICK)
    assert code == 1
    assert "kazoo" in named(events, "skipped")[0]["reason"]
    assert load_probe(tmp_path / "x.probe").training["skipped"] == 1


@pytest.mark.logs
def test_a_full_disk_while_caching_costs_the_cache_only(corpus, tmp_path, capsys, monkeypatch, caplog):
    def full(self: Path, data: bytes) -> int:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(Path, "write_bytes", full)
    code, events = run(capsys, "--data", corpus, "--task", "instrument", "--out", tmp_path / "x.probe", *QUICK)
    assert code == 0
    assert "No space left" in caplog.text
    (told,) = [one["note"] for one in named(events, "remark") if "cannot be kept" in one["note"]]
    assert "No space left on device" in told
    assert "Free some space" in told
    assert load_probe(tmp_path / "x.probe").hash == events[-1]["hash"]
    assert main(["features", "--data", str(corpus)]) == 2
    assert "disk is full" in capsys.readouterr().err


def test_features_are_computed_once(corpus, capsys):
    for _time in range(2):
        assert main(["features", "--data", str(corpus), "--window", "2", "--json"]) == 0
        done = json.loads(capsys.readouterr().out.splitlines()[-1])
        assert (done["segments"], done["recordings"]) == (32, 8)
    assert len(list(Path(done["folder"]).glob("*.safetensors"))) == 8


@pytest.mark.parametrize("features", ["modal", "both"])
@pytest.mark.parametrize("more", [["--hidden", "0"], ["--mix", "concat"]])
def test_a_probe_that_reads_the_modes_labels_as_it_learnt(corpus, tmp_path, capsys, features, more):
    out, judged = tmp_path / "x.probe", tmp_path / "x.json"
    arguments = ["--data", corpus, "--task", "instrument", "--out", out, "--judged", judged, "--features", features]
    code, _events = run(capsys, *arguments, *QUICK, *more)
    assert code == 0
    predictor, read = load_predictor(out), read_judged(judged)
    assert predictor.probe.modal is not None
    assert predictor.probe.modal.alone == (features == "modal")
    for place, path in enumerate(read.files):
        with open_audio(path) as source:
            prediction = predictor.predict(source)[0]
        told = [segment.probabilities for segment in read.segments if segment.file == place]
        assert prediction.probabilities == pytest.approx(np.array(told), abs=1e-5)
    assert main(["evaluate", "--probe", str(out), "--data", str(corpus)]) == 0


def test_a_probe_of_another_reading_is_refused(corpus, tmp_path, capsys, monkeypatch):
    out = tmp_path / "x.probe"
    run(capsys, "--data", corpus, "--task", "instrument", "--out", out, "--features", "both", *QUICK)
    monkeypatch.setattr("persian_mir.modal.features.features_version", lambda: "another")
    with pytest.raises(ProbeError, match="another version of the modal reading"):
        load_predictor(out)


def test_an_unwritable_place_is_told_before_anything_is_fitted(corpus, tmp_path, capsys):
    (tmp_path / "file").write_text("in the way")
    out = tmp_path / "file" / "a.probe"
    assert main(["fit", "--data", str(corpus), "--task", "instrument", "--out", str(out)]) == 2
    said = capsys.readouterr().err
    assert str(out) in said
    assert "epoch" not in said


def test_nothing_that_is_read_is_written_over(corpus, tmp_path, capsys):
    recording = tmp_path / "a.wav"
    shutil.copy(next(corpus.rglob("*.wav")), recording)
    data = tmp_path / "data.csv"
    data.write_text(f"file,instrument\n{recording},ney\n", encoding="utf-8")
    before = data.read_bytes(), recording.read_bytes()
    link = tmp_path / "link.csv"
    link.symlink_to(data)
    plain = ["--data", str(data), "--task", "instrument"]
    for out in (data, recording, link):
        for command in ("fit", "suspects", "curve", "map"):
            assert main([command, *plain, "--out", str(out)]) == 2
            assert "write over it" in capsys.readouterr().err
        assert main(["fit", *plain, "--out", str(tmp_path / "x.probe"), "--judged", str(out)]) == 2
        assert "write over it" in capsys.readouterr().err
    assert main(["curve", "--data", str(data), "--task", "instrument", "--out", str(tmp_path / "x.csv")]) == 2
    assert "write over it" not in capsys.readouterr().err
    assert (data.read_bytes(), recording.read_bytes()) == before


@pytest.mark.parametrize("judged", ["x.probe", "x.card.html"])
def test_two_things_are_not_written_into_one_file(corpus, tmp_path, capsys, judged):
    out = tmp_path / "x.probe"
    plain = ["fit", "--data", str(corpus), "--task", "instrument", "--out", str(out)]
    assert main([*plain, "--judged", str(tmp_path / judged)]) == 2
    assert "Two things" in capsys.readouterr().err


@pytest.mark.parametrize(
    "wrong",
    [
        ["fit", "--data", "a", "--task", "artist", "--out", "b", "--seed", "-1"],
        ["fit", "--data", "a", "--task", "artist", "--out", "b", "--seed", "99999999999"],
        ["split", "a", "--by", "artist", "--out", "b", "--seed", "-1"],
        ["mini-nava", "a", "--seed", "x"],
        ["mini-nava", "a", "--seconds", "nan"],
        ["mini-nava", "a", "--recordings", "3.5"],
        ["curve", "--data", "a", "--task", "artist", "--out", "b", "--draws", "x"],
        ["curve", "--data", "a", "--task", "artist", "--out", "b", "--sizes", "a,b"],
        ["map", "--data", "a", "--task", "artist", "--out", "b", "--window", "nan"],
    ],
)
def test_numbers_are_explained_in_words(capsys, wrong):
    with pytest.raises(SystemExit) as left:
        main(wrong)
    assert left.value.code == 2
    said = capsys.readouterr().err
    assert "invalid" not in said
    assert "number" in said


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


@pytest.mark.logs
@pytest.mark.parametrize("left", [False, True])
def test_a_full_disk_at_the_end_loses_no_fit(corpus, tmp_path, capsys, monkeypatch, left):
    """The operating system itself refuses, as it does when a disk is full; `left`: the whole disk of the probe."""
    resource = pytest.importorskip("resource")
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    monkeypatch.setattr("trainer.checkpoint.INTERVAL_S", 1e9)
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
        code, events = run(capsys, *arguments)
    assert code == 2
    assert not out.exists()
    assert events[-1]["path"] == str(out)
    (place,) = (data_dir() / "rescued").iterdir() if left else [tmp_path / "x.probe.fitting"]
    assert str(place) in events[-1]["cure"]
    code, events = run(capsys, *arguments)
    assert code == 0
    assert named(events, "epoch") == []
    assert not place.exists()
    whole = [*arguments[:5], tmp_path / "y.probe", *QUICK]
    assert run(capsys, *whole)[1][-1]["hash"] == load_probe(out).hash


def test_a_full_disk_is_told_before_anything_is_fitted(corpus, tmp_path, capsys):
    resource = pytest.importorskip("resource")
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (1 << 20, limits[1]))
    try:
        code, events = run(capsys, "--data", corpus, "--task", "instrument", "--out", tmp_path / "x.probe")
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
    assert code == 2
    assert [one["event"] for one in events] == ["error"]
    assert "Free some space" in events[0]["cure"]
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("part", ["test", "dev"])
def test_a_split_without_a_training_part_is_said(corpus, tmp_path, capsys, part):
    rows = [f"{path},{path.parent.name},{part}" for path in sorted(corpus.rglob("*.wav"))]
    table = tmp_path / "m.csv"
    table.write_text("\n".join(["file,instrument,split", *rows]), encoding="utf-8")
    code, events = run(capsys, "--data", table, "--task", "instrument", "--out", tmp_path / "x.probe", *QUICK)
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


def test_folders_of_the_program_that_cannot_be_made_are_named(corpus, tmp_path, capsys, monkeypatch):
    (tmp_path / "file").touch()
    monkeypatch.setenv("PERSIAN_MIR_HOME", str(tmp_path / "file"))
    assert main(["features", "--data", str(corpus)]) == 2
    said = capsys.readouterr().err
    assert "Traceback" not in said
    assert f"{tmp_path / 'file' / 'cache'}: A file could not be read or written" in said


@pytest.mark.parametrize("wrong", [["--window", "0.01"], ["--window", "x"], ["--lr", "nan"], ["--hidden", "a"]])
def test_numbers_out_of_reach_are_explained(corpus, tmp_path, capsys, wrong):
    with pytest.raises(SystemExit):
        main(["fit", "--data", str(corpus), "--task", "instrument", "--out", str(tmp_path / "x.probe"), *wrong])
    said = capsys.readouterr().err
    assert " to 6" in said or " to 100" in said


@pytest.mark.logs
def test_labelling_says_once_that_features_could_not_be_kept(corpus, tmp_path, capsys):
    out, folder = tmp_path / "x.probe", cache_dir() / "embeddings"
    run(capsys, "--data", corpus, "--task", "instrument", "--out", out, *QUICK)
    shutil.rmtree(folder)
    folder.touch()
    assert persian_mir(["label", "--probe", str(out), *map(str, (corpus / "ney").iterdir())]) == 0
    assert capsys.readouterr().err.count(f"The features cannot be kept in {folder}") == 1
