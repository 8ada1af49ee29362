from __future__ import annotations

import json
from collections import defaultdict

import pytest
import soundfile

from persian_mir.examples.examples import is_synthesised
from trainer.__main__ import main
from trainer.data import DataError, read_dataset
from trainer.data.mini_nava import ARTISTS, LEAKY_ARTISTS, compose, make_mini_nava


@pytest.mark.parametrize("recordings", [35, 70, 400])
def test_every_class_is_in_every_part(recordings):
    takes = compose(recordings, 0, False, False).takes
    assert len({take.stem for take in takes}) == recordings
    for part in ("train", "dev", "test"):
        mine = [take for take in takes if take.part == part]
        assert len({take.instrument for take in mine}) == 5
        assert len({take.dastgah for take in mine}) == 7
    assert recordings < 400 or {take.artist for take in takes} == set(range(1, ARTISTS + 1))


def test_artists_play_one_instrument_or_two_and_with_a_leak_one_dastgah():
    played, sung = defaultdict(set), defaultdict(set)
    for take in compose(400, 0, False, False).takes:
        played[take.artist].add(take.instrument)
    for take in compose(400, 0, False, True).takes:
        sung[take.artist].add(take.dastgah)
    assert {len(labels) for labels in played.values()} == {1, 2}
    assert {len(labels) for labels in sung.values()} == {1}
    assert (len(played), len(sung)) == (ARTISTS, LEAKY_ARTISTS)


def test_faults_as_the_paper_has_them():
    corpus = compose(400, 0, True, False)
    assert len(corpus.planted.swapped) == 5  # 3 % of 160 Tar and Setar
    takes = {take.stem: take for take in corpus.takes}
    for stem in corpus.planted.swapped:
        assert (takes[stem].instrument, stem[0]) in {("tar", "3"), ("setar", "0")}
        assert takes[stem].part == "train"


def test_files_and_truth(tmp_path):
    made = make_mini_nava(tmp_path / "a", 35, 7, 0.5, faults=True)
    again = make_mini_nava(tmp_path / "b", 35, 7, 0.5, faults=True)
    assert made == again
    files = sorted((tmp_path / "a").rglob("*.*"))
    for path in files:
        assert path.read_bytes() == (tmp_path / "b" / path.relative_to(tmp_path / "a")).read_bytes()
    truth = json.loads((tmp_path / "a" / "truth.json").read_text())
    assert truth["planted"]["corrupt"] == list(made.planted.corrupt)
    assert "no musician" in truth["synthesised"]
    for path in files:
        if path.suffix == ".flac" and path.stem not in made.planted.corrupt:
            assert is_synthesised(path)
            assert 0.35 <= soundfile.info(path).duration <= 0.65
    dataset = read_dataset(tmp_path / "a")
    assert dataset.synthetic
    assert "synthesised" in dataset.name


def test_its_name_is_the_same_in_every_language(tmp_path, monkeypatch):
    """Folders of results, runs and probes are named by it."""
    make_mini_nava(tmp_path, 35, seconds=2)
    name = read_dataset(tmp_path).name
    monkeypatch.setenv("LANGUAGE", "fa")
    assert read_dataset(tmp_path).name == name


def test_what_cannot_be_made(tmp_path):
    with pytest.raises(DataError, match="Too few"):
        make_mini_nava(tmp_path, 34)
    (tmp_path / "NavaDataset" / "Data").mkdir(parents=True)
    (tmp_path / "NavaDataset" / "Data" / "a.mp3").touch()
    with pytest.raises(DataError, match="already"):
        make_mini_nava(tmp_path, 35)
    (tmp_path / "file").touch()
    with pytest.raises(DataError, match="cannot be written"):
        make_mini_nava(tmp_path / "file", 35)


def test_from_the_command_line_to_a_split(tmp_path, capsys):
    out, splits = tmp_path / "mini", tmp_path / "splits.json"
    assert main(["mini-nava", str(out), "--recordings", "35", "--seconds", "0.5", "--faults"]) == 0
    assert "36 synthesised recordings" in capsys.readouterr().out
    assert main(["check", str(out), "--json"]) == 1
    done = json.loads(capsys.readouterr().out.splitlines()[-1])
    assert (done["event"], done["synthetic"], done["recordings"]) == ("done", True, 38)
    assert {finding["kind"] for finding in done["findings"]} >= {"corrupt", "duplicate", "overlap", "alias"}
    arguments = ["split", str(out), "--by", "artist", "--folds", "3", "--out", str(splits)]
    assert main(arguments) == 0
    assert main(arguments) == 0
    assert main([*arguments, "--seed", "1"]) == 2
    assert "Another split" in capsys.readouterr().err
    assert main(["split", str(out), "--by", "official", "--out", str(tmp_path / "official.json")]) == 0
    assert main(["check", str(tmp_path / "nothing.csv")]) == 2


def test_a_full_disk_is_told(tmp_path, monkeypatch):
    def full(*_arguments, **_more):
        raise soundfile.LibsndfileError(2, "Error : ")

    monkeypatch.setattr(soundfile.SoundFile, "write", full)
    with pytest.raises(DataError, match="cannot be written"):
        make_mini_nava(tmp_path, recordings=35, seconds=0.25)
