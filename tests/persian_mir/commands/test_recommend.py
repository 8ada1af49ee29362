"""`recommend`: recordings of a catalogue, with their reasons, as a table and as JSON."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
import soundfile

from persian_mir.audio import open_audio
from persian_mir.catalogue.catalogue import Catalogue
from persian_mir.catalogue.model import Credit, Person, Statement
from persian_mir.commands.main import main

RATE = 16_000
SCALES = {"segah": (0, 160, 360, 500, 660), "mahour": (0, 200, 400, 500, 700)}
# name, mode, instrument, artist
RECORDINGS = (
    *(("liked", "segah", "tar", "a"), ("same", "segah", "tar", "b"), ("again", "segah", "ney", "b")),
    *(("other", "mahour", "ney", "c"), ("last", "mahour", "ney", "c")),
)


@pytest.fixture
def archive(tmp_path: Path) -> Path:
    """A catalogue of five recordings of 8 s, on different pitches."""
    path = tmp_path / "c.sqlite"
    with Catalogue.open(path) as catalogue:
        for number, (name, mode, instrument, artist) in enumerate(RECORDINGS):
            steps = np.resize(np.repeat(SCALES[mode], int(0.4 * RATE)), 8 * RATE)
            phase = 2 * np.pi * np.cumsum(200 * (1 + number / 20) * 2 ** (steps / 1200)) / RATE
            soundfile.write(tmp_path / f"{name}.wav", sum(np.sin(k * phase) / k for k in (1, 2, 3)) * 0.2, RATE)
            with open_audio(tmp_path / f"{name}.wav") as source:
                catalogue.put_recording(source.recording)
                content_hash, frames = source.recording.content_hash, source.recording.frames
            said = [Statement(task, 0, frames, label, "accepted", "me") for task, label in (("mode", mode),)]
            catalogue.add_statements(content_hash, said)
            catalogue.add_statements(content_hash, [Statement("instrument", 0, frames, instrument, "accepted", "me")])
            catalogue.set_credits(content_hash, (Credit(Person(name_latin=artist), "instrumentalist", instrument),))
    return path


def asked(archive: Path, capsys: pytest.CaptureFixture[str], *more: str) -> list[dict[str, object]]:
    liked = str(archive.with_name("liked.wav"))
    assert main(["recommend", liked, "--catalogue", str(archive), "--format", "json", *more]) == 0
    told = json.loads(capsys.readouterr().out)
    assert isinstance(told, list)
    return told


def test_the_likest_comes_first_with_its_reasons(archive: Path, capsys: pytest.CaptureFixture[str]) -> None:
    told = asked(archive, capsys, "--same-artist")
    assert [Path(str(one["file"])).stem for one in told][:2] == ["same", "again"]
    assert set(told[0]) == {"file", "title", "score", "reasons"}
    reasons = {one["kind"]: one for one in told[0]["reasons"]}  # type: ignore[attr-defined]
    assert (reasons["mode"]["label"], reasons["instrument"]["label"]) == ("segah", "tar")
    assert reasons["melody"]["label"] is None
    assert reasons["melody"]["likeness"] > 0.9
    assert told[0]["reasons"][0]["kind"] in ("instrument", "melody")  # type: ignore[index]  # shared by none else


def test_no_artist_follows_himself(archive: Path, capsys: pytest.CaptureFixture[str]) -> None:
    names = [Path(str(one["file"])).stem for one in asked(archive, capsys)]
    assert names[0] == "same"
    assert names[1] in ("other", "last")


def test_as_a_table(archive: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["recommend", str(archive.with_name("liked.wav")), "--catalogue", str(archive), "--limit", "1"]) == 0
    line = capsys.readouterr().out
    assert str(archive.with_name("same.wav")) in line
    assert "Segah" in line
    assert "melody" in line


def test_a_recording_that_is_not_in_the_catalogue_is_refused(archive: Path, capsys: pytest.CaptureFixture[str]) -> None:
    soundfile.write(archive.with_name("new.wav"), np.sin(np.arange(8000) / 10), 8000)
    assert main(["recommend", str(archive.with_name("new.wav")), "--catalogue", str(archive)]) == 2
    assert "not in the catalogue" in capsys.readouterr().err


def test_a_set_of_liked_ones_is_kept_and_asked_for_again(archive: Path, capsys: pytest.CaptureFixture[str]) -> None:
    first = asked(archive, capsys, "--keep", "night")
    with Catalogue.open(archive) as catalogue:
        assert catalogue.liked_sets() == (("night", 1),)
        assert catalogue.undo_name() == "like"
    of_set = ["recommend", "--liked", "night", "--catalogue", str(archive), "--format", "json"]
    assert main(of_set) == 0
    assert json.loads(capsys.readouterr().out) == first
    other = str(archive.with_name("other.wav"))
    assert main([*of_set[:-2], other, "--keep", "night"]) == 0
    with Catalogue.open(archive) as catalogue:
        assert catalogue.liked_sets() == (("night", 2),)
    assert main([*of_set[:-2], other, "--drop", "night"]) == 0
    assert main(["recommend", "--liked", "noon", "--catalogue", str(archive)]) == 2
    assert "night" in capsys.readouterr().err
    assert main(["recommend", "--catalogue", str(archive)]) == 2
