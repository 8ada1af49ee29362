"""`persian-mir tags`: a table first, then the writing, then the way back; what people said wins."""

from __future__ import annotations

import json
from pathlib import Path

import mutagen
import numpy as np
import pytest
import soundfile

from persian_mir.audio import open_audio
from persian_mir.catalogue.catalogue import Catalogue
from persian_mir.catalogue.corrections import Correction, Corrections
from persian_mir.catalogue.model import Statement
from persian_mir.commands.main import main


@pytest.fixture
def take(tmp_path: Path) -> Path:
    path = tmp_path / "take.flac"
    soundfile.write(path, 0.3 * np.sin(np.arange(88200) / 20), 44100)
    return path


def says(path: Path, task: str, label: str) -> None:
    with open_audio(path) as source:
        one = source.recording
    store = Corrections()
    store.add(
        Correction(path, one.content_hash, one.rate, 0, one.frames, task, "accepted", label, by="Sara")  # type: ignore[arg-type]
    )


def test_preview_write_log_undo(take: Path, capsys: pytest.CaptureFixture[str]) -> None:
    says(take, "dastgah", "nava")
    says(take, "artist", "جلیل شهناز")
    before = take.read_bytes()
    assert main(["tags", "preview", str(take), "--set", "title={dastgah_fa} · {title}"]) == 0
    shown = capsys.readouterr().out
    assert "title" in shown
    assert "– → نوا · take" in shown
    assert take.read_bytes() == before
    assert main(["tags", "write", str(take), "--yes", "--set", "title={dastgah_fa} · {title}"]) == 0
    assert "1 file was written." in capsys.readouterr().out
    tags = mutagen.File(take).tags
    assert tags["DASTGAH"] == ["Nava"]
    assert tags["PERFORMER"] == ["جلیل شهناز"]
    assert "nava (corrected, Sara)" in tags["LABEL_SOURCE"][0]
    assert main(["tags", "log", "--json"]) == 0
    (batch,) = json.loads(capsys.readouterr().out)
    assert (batch["files"], batch["undone"]) == (1, 0)
    assert main(["tags", "undo", str(batch["id"])]) == 0
    assert take.read_bytes() == before
    assert main(["tags", "undo"]) == 0  # nothing is left to be undone
    assert main(["tags", "undo", "99"]) == 2


def test_what_holds_in_the_catalogue_is_written_and_its_file_known_again(
    take: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    catalogue = str(tmp_path / "c.sqlite")
    assert main(["batch", str(take), "--catalogue", catalogue]) == 0
    with Catalogue.open(tmp_path / "c.sqlite") as opened:
        (row,) = opened.page().rows
        said = [
            Statement(task, 0, 88_200, label, "corrected", "Sara")  # type: ignore[arg-type]
            for task, label in (("dastgah", "homayoun"), ("mode", "homayoun"), ("instrument", "oud"))
        ]
        opened.add_statements(row.content_hash, said)
    before = take.read_bytes()
    assert main(["tags", "write", str(take), "--catalogue", catalogue, "--yes"]) == 0
    tags = mutagen.File(take).tags
    assert tags["DASTGAH"] == ["Homayoun"]
    assert tags["INSTRUMENT"] == ["oud"]
    assert "instrument: oud (corrected, Sara)" in tags["LABEL_SOURCE"][0]
    assert main(["check-files", "--catalogue", catalogue]) == 0
    assert main(["tags", "undo", "--catalogue", catalogue]) == 0
    assert main(["check-files", "--catalogue", catalogue]) == 0
    assert take.read_bytes() == before


def test_what_programs_read(take: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    bad = tmp_path / "bad.flac"
    bad.write_bytes(b"fLaC" + b"\xff" * 60)
    chosen = ["--profile", "none", "--set", "album=رادیو"]
    assert main(["tags", "preview", str(bad), str(take), "--json", *chosen]) == 1
    first, second = json.loads(capsys.readouterr().out)
    assert "damaged" in first["refused"]
    assert second == {
        "file": str(take),
        "changes": [{"field": "album", "old": "", "new": "رادیو"}],
        "refused": None,
    }
    assert main(["tags", "write", str(bad), str(take), "--json", *chosen]) == 2  # without --yes
    capsys.readouterr()
    assert main(["tags", "write", str(bad), str(take), "--json", "--yes", *chosen]) == 1
    told = json.loads(capsys.readouterr().out)
    assert [one["changed"] for one in told["files"]] == [False, True]
    assert main(["tags", "undo", "--json"]) == 0
    assert [one["changed"] for one in json.loads(capsys.readouterr().out)["files"]] == [True]


def test_nobody_to_ask_writes_nothing(take: Path, capsys: pytest.CaptureFixture[str]) -> None:
    before = take.read_bytes()
    assert main(["tags", "write", str(take), "--profile", "none", "--set", "album=x"]) == 2
    assert "--yes" in capsys.readouterr().err
    assert take.read_bytes() == before


def test_asked_and_refused(take: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    before = take.read_bytes()
    monkeypatch.setattr("sys.stdin.isatty", lambda: True)
    monkeypatch.setattr("builtins.input", lambda question: "n")
    assert main(["tags", "write", str(take), "--profile", "none", "--set", "album=x"]) == 0
    assert "Nothing was written" in capsys.readouterr().out
    assert take.read_bytes() == before


def test_tags_that_would_steer_a_terminal_are_spelt_out(take: Path, capsys: pytest.CaptureFixture[str]) -> None:
    tags = mutagen.File(take)
    tags["ALBUM"] = "red\x1b[31m" + "x" * 500
    tags.save()
    assert main(["tags", "preview", str(take), "--profile", "none", "--set", "album=y"]) == 0
    out = capsys.readouterr().out
    assert "\x1b" not in out
    assert "…" in out


@pytest.mark.logs
def test_a_journal_that_is_none_ends_the_command(take: Path, capsys: pytest.CaptureFixture[str]) -> None:
    from persian_mir.app_paths import data_dir

    (data_dir() / "tags.sqlite").write_bytes(b"no database at all" * 100)
    before = take.read_bytes()
    assert main(["tags", "write", str(take), "--yes", "--profile", "none", "--set", "album=x"]) == 2
    assert "journal of tags is damaged" in capsys.readouterr().err
    assert take.read_bytes() == before
    assert (data_dir() / "tags.sqlite").read_bytes().startswith(b"no database")


def test_the_log_says_that_it_is_empty(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["tags", "log"]) == 0
    assert capsys.readouterr().out == "No tags were written yet.\n"


def test_templates_are_kept_as_a_profile_and_used_again(take: Path, capsys: pytest.CaptureFixture[str]) -> None:
    told = ["--profile", "none", "--template", "title={name} · {title}", "--template", "album=Radio"]
    assert main(["tags", "preview", str(take), *told, "--save-profile", "radio"]) == 0
    assert "Radio" in capsys.readouterr().out
    assert main(["tags", "profiles", "--json"]) == 0
    (kept,) = (one for one in json.loads(capsys.readouterr().out) if one["own"])
    assert kept == {"name": "radio", "own": True, "templates": {"title": "{name} · {title}", "album": "Radio"}}
    assert main(["tags", "write", str(take), "--profile", "radio", "--yes"]) == 0
    assert mutagen.File(take)["title"] == ["take · take"]
    assert main(["tags", "profiles", "--forget", "radio"]) == 0
    assert main(["tags", "preview", str(take), "--profile", "radio"]) == 2
    assert "no profile" in capsys.readouterr().err
