"""What `python -m trainer fit` promises the window."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import numpy as np
import pytest

from persian_mir.audio import open_audio
from persian_mir.errors import ProbeError
from persian_mir.probes import load_predictor, load_probe
from trainer.__main__ import main
from trainer.data.mini_nava import make_mini_nava
from trainer.evaluation.evaluation_file import read_evaluation

QUICK = ["--no-views", "--others=4", "--hidden", "8", "--epochs", "3", "--window", "2"]


@pytest.fixture(scope="module")
def nava(tmp_path_factory) -> Path:
    """mini-Nava with all of its faults, and the official lists."""
    folder = tmp_path_factory.mktemp("nava")
    make_mini_nava(folder, recordings=70, seconds=3.0, faults=True)
    return folder


def named(events: list[dict], name: str) -> list[dict]:
    return [event for event in events if event["event"] == name]


pytestmark = pytest.mark.usefixtures("no_listener")


def test_both_figures_the_card_and_the_judged_segments(nava, tmp_path, run):
    out, judged = tmp_path / "x.probe", tmp_path / "x.judged.json"
    arguments = ["--data", nava, "--task", "instrument", "--out", out, "--judged", judged, *QUICK]
    code, events = run(*arguments)
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
    read = read_evaluation(judged)
    assert (read.part, set(read.evaluations)) == ("test", {"official", "grouped"})
    assert len(read.segments) == done["training"]["scores"]["test"]["segments"]
    assert all(path.is_absolute() and path.exists() for path in read.files)
    assert not out.with_name("x.probe.fitting").exists()


@pytest.mark.parametrize(("wanted", "how"), [("grouped", "artist"), ("recording", "recording")])
def test_a_split_is_drawn_and_named(nava, tmp_path, wanted, how, run):
    out = tmp_path / "x.probe"
    _code, events = run("--data", nava, "--task", "instrument", "--out", out, "--split", wanted, *QUICK)
    assert named(events, "started")[0]["split"]["how"] == how
    assert "grouped" in load_probe(out).training["scores"]


def test_a_split_from_a_file_keeps_its_hash(nava, tmp_path, capsys, run):
    file, out = tmp_path / "split.json", tmp_path / "x.probe"
    assert main(["split", str(nava), "--by", "artist", "--task", "dastgah", "--out", str(file)]) == 0
    capsys.readouterr()
    _code, events = run("--data", nava, "--task", "dastgah", "--out", out, "--split", file, "--quick", *QUICK)
    assert named(events, "started")[0]["split"]["hash"] == json.loads(file.read_text())["hash"]
    assert load_probe(out).training["split_hash"] == json.loads(file.read_text())["hash"]


def test_corrections_join_the_training_part_only(nava, tmp_path, run):
    before, after = tmp_path / "before.json", tmp_path / "after.json"
    plain = ["--data", nava, "--task", "instrument", *QUICK]
    run(*plain, "--out", tmp_path / "a.probe", "--judged", before, "--quick")
    tested = read_evaluation(before).files[0]
    told = next(path for path in sorted(nava.rglob("*.flac")) if path.name not in {p.name for p in _kept_apart(nava)})
    rows = [[told, "tar", 0, 2], [told, "ney", 0, 2], [tested, "ney", 0, 2]]
    corrections = tmp_path / "corrections.csv"
    with corrections.open("w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows([["file", "instrument", "start_s", "stop_s"], *rows])
    _code, events = run(*plain, "--out", tmp_path / "b.probe", "--judged", after, "--add", corrections, "--fresh")
    (text,) = (event["note"] for event in named(events, "remark") if "added" in event["note"])
    assert "1 segment added" in text
    assert "1 of which it had already; 1 left out" in text
    one, other = read_evaluation(before), read_evaluation(after)
    assert one.files == other.files
    assert [(s.file, s.start_s, s.truth) for s in one.segments] == [
        (s.file, s.start_s, s.truth) for s in other.segments
    ]
    segments = [load_probe(tmp_path / name).training["segments"] for name in ("a.probe", "b.probe")]
    assert segments[0] == segments[1]


def _kept_apart(nava: Path) -> list[Path]:
    from trainer.data import read_dataset

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
def test_recipes_end_in_probes_that_label(corpus, tiny_hubert, tmp_path, options, run):
    out = tmp_path / "x.probe"
    arguments = ["--data", corpus, "--task", "instrument", "--backbone", tiny_hubert, "--out", out, "--device", "cpu"]
    code, events = run(*arguments, *QUICK, *options)
    assert code == 0
    predictor = load_predictor(out)
    assert predictor.probe.hash == named(events, "done")[0]["hash"]
    with open_audio(next(corpus.rglob("*.wav"))) as source:
        assert predictor.predict(source)[0].probabilities.sum() == pytest.approx(4, abs=1e-4)


def test_one_layer_means_one(corpus, tiny_hubert, tmp_path, run):
    arguments = ["--data", corpus, "--task", "instrument", "--backbone", tiny_hubert, "--device", "cpu"]
    code, events = run(*arguments, "--out", tmp_path / "x.probe", "--mix", "single")
    assert code == 2
    assert "--layers" in events[-1]["cure"]


def test_features_are_computed_once(corpus, capsys):
    for _time in range(2):
        assert main(["features", "--data", str(corpus), "--window", "2", "--json"]) == 0
        done = json.loads(capsys.readouterr().out.splitlines()[-1])
        assert (done["segments"], done["recordings"]) == (32, 8)
    assert len(list(Path(done["folder"]).glob("*.safetensors"))) == 8


@pytest.mark.parametrize("features", ["modal", "both"])
@pytest.mark.parametrize("more", [["--hidden", "0"], ["--mix", "concat"]])
def test_a_probe_that_reads_the_modes_labels_as_it_learnt(corpus, tmp_path, features, more, run):
    out, judged = tmp_path / "x.probe", tmp_path / "x.json"
    arguments = ["--data", corpus, "--task", "instrument", "--out", out, "--judged", judged, "--features", features]
    code, _events = run(*arguments, *QUICK, *more)
    assert code == 0
    predictor, read = load_predictor(out), read_evaluation(judged)
    assert predictor.probe.modal is not None
    assert predictor.probe.modal.alone == (features == "modal")
    for place, path in enumerate(read.files):
        with open_audio(path) as source:
            prediction = predictor.predict(source)[0]
        told = [segment.probabilities for segment in read.segments if segment.file == place]
        assert prediction.probabilities == pytest.approx(np.array(told), abs=1e-5)
    assert main(["evaluate", "--probe", str(out), "--data", str(corpus)]) == 0


def test_a_probe_of_another_reading_is_refused(corpus, tmp_path, monkeypatch, run):
    out = tmp_path / "x.probe"
    run("--data", corpus, "--task", "instrument", "--out", out, "--features", "both", *QUICK)
    monkeypatch.setattr("persian_mir.modal.features.features_version", lambda: "another")
    with pytest.raises(ProbeError, match="another version of the modal reading"):
        load_predictor(out)
