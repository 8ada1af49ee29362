"""`persian-mir batch`: what it prints, what it ends with, and that it is one queue whoever asks."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
import soundfile

from persian_mir.batch.queue_order import QueueOrder
from persian_mir.batch.queue_rows import last_work
from persian_mir.catalogue.catalogue import Catalogue
from persian_mir.catalogue.database import default_path
from persian_mir.commands.main import main
from persian_mir.recording import Recording
from persian_mir.similarity.grow import grow
from persian_mir.similarity.index import SimilarityIndex
from persian_mir.similarity.melody import MelodyFeatures


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    place = tmp_path / "radio"
    place.mkdir()
    for number in range(3):
        soundfile.write(place / f"{number}.flac", 0.3 * np.sin(np.arange(32_000) / (10 + number)), 16_000)
    (place / "bad.flac").write_bytes(b"")
    return place


def test_folders_go_into_the_catalogue_of_the_data_folder(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["batch", str(folder), "--report", str(folder / "report")]) == 1
    captured = capsys.readouterr()
    assert captured.out == "done 3, failed 1\n"
    assert "bad.flac: The file is empty." in captured.err
    with Catalogue.open(default_path()) as catalogue:
        assert len(catalogue.page().rows) == 3
    assert {path.name for path in (folder / "report").iterdir()} == {"batch.csv", "batch.html"}
    assert main(["batch", str(folder), "--pattern", "!bad*", "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["counts"] == {"waiting": 0, "running": 0, "done": 0, "failed": 0, "skipped": 3}
    assert told["failed"] == []
    assert told["utilisation"] is None  # the modal reading embeds nothing


def test_what_was_heard_is_in_the_index_of_melodies(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """So that the first question for what is similar need not listen; what was not heard is left until then."""
    assert main(["batch", str(folder), "--pattern", "!bad*"]) == 0
    capsys.readouterr()
    with Catalogue.open(default_path()) as catalogue:
        heard = {row.content_hash for row in catalogue.page().rows}
        catalogue.put_recording(Recording(folder / "later.flac", "0" * 32, 16_000, 32_000, 1, "FLAC", "x"))
    with SimilarityIndex(MelodyFeatures().space) as index:
        assert index.store.hashes() == heard
    assert grow() == 3


def test_what_was_labelled_before_is_added_to_the_collection(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    asked = ["batch", str(folder), "--pattern", "!bad*"]
    assert main(asked) == 0
    capsys.readouterr()
    for _again in range(2):
        assert main([*asked, "--collection", "گل‌ها"]) == 0
        assert capsys.readouterr().out == "skipped 3\n"  # nothing is labelled twice
        with Catalogue.open(default_path()) as catalogue:
            assert len(catalogue.members("گل‌ها")) == 3


def test_a_preset_is_what_was_asked_before(folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    place = str(tmp_path / "own.sqlite")
    asked = ["--modal-window", "20", "--pattern", "*.flac", "--pattern", "!bad*", "--save-preset", "night"]
    assert main(["batch", str(folder), "--catalogue", place, *asked]) == 0
    capsys.readouterr()
    assert main(["batch", str(folder), "--catalogue", place, "--preset", "night"]) == 0
    assert capsys.readouterr().out == "skipped 3\n"
    assert main(["batch", str(folder), "--catalogue", place, "--preset", "day"]) == 2


def test_what_waits_is_worked_on_without_a_folder(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["batch", str(folder)]) == 1
    (folder / "bad.flac").write_bytes((folder / "0.flac").read_bytes())
    assert main(["batch", "--pause"]) == 0
    assert main(["batch", "--resume", "--retry"]) == 0
    assert capsys.readouterr().out.endswith("done 3, skipped 1\n")


def test_an_empty_folder_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "empty").mkdir()
    assert main(["batch", str(tmp_path / "empty")]) == 0
    assert capsys.readouterr().out == "There is nothing to be labelled.\n"


def test_what_cannot_be_ends_the_command(folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["batch", str(tmp_path / "none")]) == 2
    recording = folder / "0.flac"
    before = recording.read_bytes()
    assert main(["batch", str(folder), "--catalogue", str(recording)]) == 2
    assert recording.read_bytes() == before
    assert main(["batch", str(folder), "--probe", str(recording)]) == 2
    assert "persian-mir: " in capsys.readouterr().err


def test_the_queue_is_listed_and_what_is_wanted_comes_first(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["batch", str(folder)]) == 1
    capsys.readouterr()
    assert main(["batch", "--list"]) == 0
    first, *rest = capsys.readouterr().out.splitlines()
    assert first.startswith("failed")
    assert "bad.flac" in first
    assert "empty" in first
    assert len(rest) == 3
    with Catalogue.open(default_path()) as catalogue:
        queue = QueueOrder(catalogue, last_work(catalogue))
        queue.retry([job.id for job in queue.jobs()])
    assert main(["batch", "--first", "2.*", "--first", "bad*", "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert [one["priority"] for one in told] == [1, 1, 0, 0]
    assert {Path(one["file"]).name for one in told[:2]} == {"2.flac", "bad.flac"}
    assert {one["state"] for one in told} == {"waiting"}


def test_a_preset_is_forgotten(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["batch", str(folder), "--pattern", "!bad*", "--save-preset", "night"]) == 0
    assert main(["batch", "--forget-preset", "night"]) == 0
    assert main(["batch", "--preset", "night"]) == 2
    assert main(["batch", "--forget-preset", "night"]) == 2
