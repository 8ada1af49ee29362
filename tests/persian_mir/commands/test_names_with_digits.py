"""What a terminal says in Persian leaves the names of files their digits."""

from __future__ import annotations

from pathlib import Path

import pytest
import soundfile

from persian_mir.batch.report import report_files
from persian_mir.commands.main import main
from persian_mir.examples.synthesise import synthesise

NAME = "take 5 of 12 (7%).flac"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("sound") / "box 3 left"
    folder.mkdir()
    for seed, name in enumerate((NAME, "take 6 of 12.flac")):
        performance = synthesise("segah", "setar", seed=seed, seconds=12.0, tonic_hz=233.0)
        soundfile.write(folder / name, performance.samples, performance.rate)
    (folder / "broken 9 of 9.wav").write_bytes(b"RIFF\0\0\0\0WAVEnothing")
    return folder


def test_names_in_every_line_and_page(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LANGUAGE", "fa")
    catalogue, own = tmp_path / "c 4 of 5.sqlite", str(folder / NAME)
    whole = ["batch", str(folder), "--catalogue", str(catalogue), "--report", str(tmp_path), "--collection", "set 8"]
    asked = {
        1: (["label", str(folder)], whole),
        0: (
            ["read", own, "--gushehs"],
            ["search", "", "--catalogue", str(catalogue)],
            ["similar", own, "--catalogue", str(catalogue), "--same-recording"],
            ["recommend", own, "--catalogue", str(catalogue), "--keep", "liked 2 of 3"],
            ["check-files", "--catalogue", str(catalogue)],
        ),
    }
    told = ""
    for code, lines in asked.items():
        for line in lines:
            assert main(line) == code, line
            out, err = capsys.readouterr()
            assert "take " in out or line[0] in ("batch", "recommend", "check-files"), line
            told += out + err
    told += report_files(tmp_path)[1].read_text(encoding="utf-8")
    assert NAME in told
    assert "broken 9 of 9.wav" in told
    persian = str.maketrans("0123456789", "۰۱۲۳۴۵۶۷۸۹")
    for name in (NAME, "take 6 of 12", "broken 9 of 9", "box 3 left", "c 4 of 5", "set 8", "liked 2 of 3"):
        assert name.translate(persian) not in told
