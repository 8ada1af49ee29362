"""`search` and `check-files`, on a catalogue of real files."""

from __future__ import annotations

import json
import os
from pathlib import Path

import numpy as np
import pytest
import soundfile

from persian_mir.audio import open_audio
from persian_mir.catalogue.catalogue import Catalogue
from persian_mir.catalogue.model import Programme, Statement
from persian_mir.commands.main import main
from persian_mir.commands.text_table import width


def put(catalogue: Catalogue, path: Path) -> str:
    with open_audio(path) as source:
        catalogue.put_recording(source.recording)
        return source.recording.content_hash


@pytest.fixture
def archive(tmp_path: Path) -> Path:
    """Three recordings in a catalogue: two in Segah, one in Shour."""
    path = tmp_path / "c.sqlite"
    with Catalogue.open(path) as catalogue:
        for number, (title, mode) in enumerate((("برنامهٔ سه‌گاه", "segah"), ("گلها", "segah"), ("گلها", "shour"))):
            file = tmp_path / f"{number}.wav"
            soundfile.write(file, np.sin(np.arange(8000) * (number + 1) / 20), 8000)
            content_hash = put(catalogue, file)
            catalogue.set_programme(content_hash, Programme(title_fa=title))
            said = [Statement("mode", 0, 8000, mode, "machine", "modal", "1", 0.75)]
            catalogue.add_statements(content_hash, said)
    return path


def found(archive: Path, capsys: pytest.CaptureFixture[str], *arguments: str) -> list[dict[str, object]]:
    assert main(["search", *arguments, "--catalogue", str(archive), "--format", "json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert isinstance(told, list)
    return told


def test_search_tells_file_title_verdicts_and_score(archive: Path, capsys: pytest.CaptureFixture[str]) -> None:
    told = found(archive, capsys, "Sehgah")
    assert [Path(str(one["file"])).name for one in told] == ["0.wav", "1.wav"]  # in the title before in the label
    assert set(told[0]) == {"file", "title", "verdicts", "score"}
    assert told[0]["title"] == "برنامهٔ سه‌گاه"
    assert told[0]["verdicts"] == {
        "mode": {"label": "segah", "probability": 0.75, "status": "machine", "labels": ["segah"]}
    }
    assert float(str(told[0]["score"])) > float(str(told[1]["score"])) > 0


def test_words_need_no_quotes_and_the_table_its_columns(archive: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["search", "سه", "گاه", "--catalogue", str(archive)]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert [line.split()[-1][-5:] for line in lines] == ["0.wav", "1.wav"]
    assert not any("–" in line for line in lines)  # no column for what none of them has
    places = [[width(line[: line.index(part)]) for part in ("Segah", str(archive.parent))] for line in lines]
    assert places[0] == places[1]


@pytest.mark.parametrize(
    ("modes", "names"),
    [(["shour"], ["2.wav"]), (["سه گاه"], ["1.wav"]), (["Shur", "segah"], ["1.wav", "2.wav"]), (["nava"], [])],
)
def test_search_in_modes(archive: Path, capsys: pytest.CaptureFixture[str], modes: list[str], names: list[str]) -> None:
    told = found(archive, capsys, "گل ها", *(word for mode in modes for word in ("--mode", mode)))
    assert sorted(Path(str(one["file"])).name for one in told) == names


def test_search_for_all_and_as_a_table(archive: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert len(found(archive, capsys, "")) == 3
    assert len(found(archive, capsys, "", "--limit", "2")) == 2
    assert main(["search", "گلها", "--mode", "shour", "--catalogue", str(archive)]) == 0
    out = capsys.readouterr().out
    assert "گلها  Shour" in out
    assert "2.wav" in out
    assert main(["search", "nothing", "--catalogue", str(archive)]) == 0
    assert "Nothing was found" in capsys.readouterr().out


def test_search_refuses_what_it_does_not_know(
    archive: Path, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    assert main(["search", "x", "--mode", "blues", "--catalogue", str(archive)]) == 2
    assert "blues" in capsys.readouterr().err
    assert main(["search", "x", "--catalogue", str(tmp_path / "none.sqlite")]) == 2
    assert "no such catalogue" in capsys.readouterr().err
    assert not (tmp_path / "none.sqlite").exists()


def test_search_in_a_catalogue_of_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["search", "", "--format", "json"]) == 0
    assert json.loads(capsys.readouterr().out) == []


def states(archive: Path, capsys: pytest.CaptureFixture[str], code: int) -> dict[str, str]:
    assert main(["check-files", "--catalogue", str(archive), "--json"]) == code
    return {Path(one["file"]).name: one["state"] for one in json.loads(capsys.readouterr().out)}


def test_check_files_tells_what_became_of_each(archive: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = archive.parent
    assert states(archive, capsys, 0) == {"0.wav": "same", "1.wav": "same", "2.wav": "same"}
    first = folder / "0.wav"
    before = first.stat()
    data = bytearray(first.read_bytes())
    data[1000] ^= 1  # a bit has turned on the disk: size and time are as they were
    first.write_bytes(data)
    os.utime(first, ns=(before.st_atime_ns, before.st_mtime_ns))
    with (folder / "1.wav").open("r+b") as file:  # a further chunk, as of tags, after the sound
        file.seek(0, os.SEEK_END)
        file.write(b"note\x04\x00\x00\x00abcd")
        size = file.tell()
        file.seek(4)
        file.write((size - 8).to_bytes(4, "little"))
    (folder / "2.wav").unlink()
    assert states(archive, capsys, 1) == {"0.wav": "changed", "1.wav": "tags", "2.wav": "missing"}
    assert main(["check-files", "--catalogue", str(archive)]) == 1
    out = capsys.readouterr().out
    assert "2.wav: missing" in out
    assert "0 of 3 files are unchanged." in out


def test_a_moved_file_is_not_missing(archive: Path, capsys: pytest.CaptureFixture[str]) -> None:
    moved = archive.parent / "moved.wav"
    (archive.parent / "0.wav").rename(moved)
    with Catalogue.open(archive) as catalogue:
        put(catalogue, moved)
        assert catalogue.count() == 3
    told = states(archive, capsys, 0)
    assert told == {"0.wav": "moved", "1.wav": "same", "2.wav": "same", "moved.wav": "same"}
    with Catalogue.open(archive) as catalogue:
        assert {row.path.name for row in catalogue.page().rows} == {"1.wav", "2.wav", "moved.wav"}


def test_what_was_never_hashed_is_hashed_now(archive: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with Catalogue.open(archive) as catalogue, catalogue.writing():
        catalogue.run("UPDATE files SET file_hash = ''")
    assert set(states(archive, capsys, 0).values()) == {"new"}
    assert set(states(archive, capsys, 0).values()) == {"same"}


def test_check_files_indexes_anew_and_doctor_tells_of_the_catalogue(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    from persian_mir.catalogue import rebuild
    from persian_mir.commands.doctor import CHECKS

    check = next(one for one in CHECKS if one.__name__ == "_catalogue")
    assert (check().works, check().detail) == (True, "none yet")
    with Catalogue.open() as catalogue, catalogue.writing():
        catalogue.run("UPDATE meta SET value = '1' WHERE key = 'rules'")
    monkeypatch.setattr(rebuild, "SOON", -1)
    assert "check-files" in check().cure
    assert main(["check-files"]) == 0
    assert "0 of 0" in capsys.readouterr().out
    assert (check().works, check().detail) == (True, "0 recordings")
