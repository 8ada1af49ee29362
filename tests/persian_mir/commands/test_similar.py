"""`similar`: among named files and the catalogue, as a table and as JSON, with exit codes as of the other commands."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
import soundfile

from persian_mir.audio import open_audio
from persian_mir.catalogue.catalogue import Catalogue
from persian_mir.commands.main import main

RATE = 16_000
MELODIES = {"up": (0, 200, 340, 500, 700), "again": (0, 200, 340, 500, 700), "other": (0, 90, 390, 500, 590, 900)}


def sing(path: Path, cents: tuple[int, ...], hz: float) -> None:
    """12 s of notes of 0.4 s with three partials."""
    steps = np.resize(np.repeat(cents, int(0.4 * RATE)), 12 * RATE)
    phase = 2 * np.pi * np.cumsum(hz * 2 ** (steps / 1200)) / RATE
    soundfile.write(path, sum(np.sin(k * phase) / k for k in (1, 2, 3)) * 0.2, RATE)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Three melodies, two of them the same on other pitches."""
    songs = tmp_path / "songs"
    songs.mkdir()
    for name, hz in (("up", 220.0), ("again", 247.0), ("other", 230.0)):
        sing(songs / f"{name}.wav", MELODIES[name], hz)
    return songs


def test_the_nearest_among_named_files_as_json(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    asked = ["similar", str(folder / "up.wav"), "--start", "1", "--stop", "11", "--among", str(folder)]
    assert main([*asked, "--format", "json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert [Path(one["file"]) for one in told] == [folder / "again.wav", folder / "other.wav"]
    assert set(told[0]) == {"file", "start_s", "stop_s", "similarity"}
    assert (told[0]["start_s"], told[0]["stop_s"]) == (0.0, 12.0)
    assert 1 >= told[0]["similarity"] > 0.95 > told[1]["similarity"]


def test_the_nearest_in_the_catalogue_as_a_table(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with Catalogue.open(tmp_path / "c.sqlite") as catalogue:
        for path in folder.iterdir():
            with open_audio(path) as source:
                catalogue.put_recording(source.recording)
    asked = ["similar", str(folder / "up.wav"), "--catalogue", str(tmp_path / "c.sqlite")]
    assert main([*asked, "--limit", "1"]) == 0
    line = capsys.readouterr().out
    assert line.split()[-1] == str(folder / "again.wav")
    assert "+200 cents" in line
    (folder / "other.wav").unlink()  # it was heard before, and is known still
    assert main(asked) == 0
    assert len(capsys.readouterr().out.splitlines()) == 2


def test_by_embedding_and_in_the_recording_itself(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    asked = ["similar", str(folder / "up.wav"), "--stop", "5", "--by", "embedding", "--among", str(folder)]
    assert main([*asked, "--same-recording", "--format", "json"]) == 0
    told = json.loads(capsys.readouterr().out)
    own = [one for one in told if Path(one["file"]).name == "up.wav"]
    assert own
    assert all(one["start_s"] >= 5 for one in own)


def test_a_file_that_cannot_be_heard_is_told_and_the_rest_done(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / "bad.wav").write_bytes(b"no sound at all")
    assert main(["similar", str(folder / "up.wav"), "--among", str(folder)]) == 1
    told = capsys.readouterr()
    assert "bad.wav" in told.err
    assert len(told.out.splitlines()) == 2


@pytest.mark.parametrize(
    ("arguments", "why"),
    [
        (["--start", "13"], "before the end"),
        (["--start", "-1"], "before the end"),
        (["--start", "5", "--stop", "5"], "before the end"),
        (["--stop", "2"], "Too little sounds"),
        (["--by", "embedding", "--layer", "1"], "0 to 0"),
        (["--by", "embedding", "--backbone", "nobody/nothing"], "nobody/nothing"),
    ],
)
def test_what_cannot_be_asked_is_said_in_words(
    folder: Path, capsys: pytest.CaptureFixture[str], arguments: list[str], why: str
) -> None:
    assert main(["similar", str(folder / "up.wav"), "--among", str(folder), *arguments]) == 2
    assert why in capsys.readouterr().err


def test_an_empty_catalogue_says_how_to_fill_it(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["similar", str(folder / "up.wav")]) == 2
    assert "persian-mir batch" in capsys.readouterr().err


def test_with_nothing_else_nothing_is_found(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    asked = ["similar", str(folder / "up.wav"), "--among", str(folder / "up.wav")]
    assert main(asked) == 0
    assert capsys.readouterr().out == "Nothing was found.\n"
    assert main([*asked, "--format", "json"]) == 0
    assert json.loads(capsys.readouterr().out) == []
