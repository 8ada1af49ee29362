"""A name in one Unicode form finds the file in another."""

from __future__ import annotations

import unicodedata
from pathlib import Path

import pytest
import soundfile

from persian_mir.audio import open_audio
from persian_mir.audio.formats import audio_files
from persian_mir.commands.files import expand
from persian_mir.errors import AudioError
from persian_mir.paths import present
from trainer.data.check import check
from trainer.data.read import read_dataset

NAME = "آواز ۀ café.wav"


def form(kind: str, path: Path | str) -> Path:
    return Path(unicodedata.normalize(kind, str(path)))  # type: ignore[arg-type]


@pytest.fixture(params=[("NFC", "NFD"), ("NFD", "NFC")], ids=["asked in NFD", "asked in NFC"])
def stored_and_asked(request: pytest.FixtureRequest, tmp_path: Path) -> tuple[Path, Path]:
    stored, asked = (form(kind, Path("دستگاه آ", NAME)) for kind in request.param)
    (tmp_path / stored).parent.mkdir()
    soundfile.write(tmp_path / stored, [0.1, 0.2, 0.3] * 4000, 8000)
    return tmp_path / stored, tmp_path / asked


def test_the_file_is_opened_and_the_difference_said(stored_and_asked) -> None:
    stored, asked = stored_and_asked
    assert not asked.exists()
    with open_audio(asked) as source:
        assert source.recording.path == stored
        assert source.problems == ()
        (told,) = source.remarks
        assert told == f"The name was asked for in another spelling of the same letters (Unicode): {stored.name}."
    with open_audio(stored) as source:
        assert source.remarks == ()


def test_folders_are_found(stored_and_asked) -> None:
    stored, asked = stored_and_asked
    assert audio_files(asked.parent) == [stored]
    assert expand([str(asked.parent)]) == [stored]


def test_a_manifest_in_the_other_form_is_read_and_says_so(stored_and_asked, tmp_path: Path) -> None:
    _stored, asked = stored_and_asked
    manifest = tmp_path / "manifest.csv"
    manifest.write_text(f"file,instrument\n{asked.relative_to(tmp_path)},tar\n", encoding="utf-8")
    report = check(read_dataset(manifest))
    assert [finding.kind for finding in report.findings] == ["alias"]
    assert not report.findings[0].leave_out


def test_mixed_forms_and_what_is_not_there(tmp_path: Path) -> None:
    (tmp_path / form("NFD", "آ")).mkdir()
    stored = tmp_path / form("NFD", "آ") / form("NFC", "é")
    stored.touch()
    assert present(tmp_path / form("NFC", "آ") / form("NFD", "é")) == stored
    for absent in (tmp_path / "ب", tmp_path / "ب" / "c", Path("آ" * 300), tmp_path / "آ\0"):
        assert present(absent) == absent
    with pytest.raises(AudioError, match="does not exist"):
        open_audio(tmp_path / "ب.wav")
    assert present(stored) == stored
