from pathlib import Path

import numpy as np
import pytest
import soundfile

from persian_mir.commands.main import main
from persian_mir.examples.synthesise import synthesise
from persian_mir.transcription.formats import SCORE_FORMATS, read_score

from ..transcription.scores import read_scala


@pytest.fixture(scope="module")
def segah(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("sound") / "segah.flac"
    performance = synthesise("segah", "setar", seed=1, seconds=25.0, tonic_hz=320.2)
    soundfile.write(path, performance.samples, performance.rate)
    return path


@pytest.mark.parametrize("name", [one.id for one in SCORE_FORMATS if not one.of_scale])
def test_writes_each_format_and_says_what(
    name: str, segah: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "score"
    assert main(["transcribe", str(segah), "--as", name, "--out", str(out)]) == 0
    said = capsys.readouterr().out
    assert "free metre, spelled as Segah" in said
    assert out.stat().st_size > 500


def test_the_measured_scale_is_written_for_scala(segah: Path, tmp_path: Path) -> None:
    out, read = tmp_path / "segah.scl", tmp_path / "read.scl"
    assert main(["transcribe", str(segah), "--as", "scl", "--out", str(out)]) == 0
    title, cents = read_scala(out.read_text())
    assert title == "Segah, segah"
    assert cents[-1] == 1200.0
    fourth = min(cents, key=lambda one: abs(one - 500))  # Farhat's Segah: 0 150 360 505 ...
    assert fourth == pytest.approx(500, abs=25)
    assert main(["read", str(segah), "--scl", str(read)]) == 0
    assert read_scala(read.read_text())[1] == cents


def test_its_own_score_is_found_in_the_recording(
    segah: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    score, table = tmp_path / "segah.musicxml", tmp_path / "notes.csv"
    assert main(["transcribe", str(segah), "--as", "musicxml", "--out", str(score)]) == 0
    assert main(["align", str(score), str(segah), "--csv", str(table)]) == 0
    assert "notes found" in capsys.readouterr().out
    rows = table.read_text().splitlines()
    assert rows[0] == "start_s,stop_s,note,name,score_s"
    assert len(rows) - 1 >= 0.9 * len([note for note in read_score(score).notes() if not note.grace])


def test_silence_is_no_score_and_no_recording_of_one(
    segah: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    silence, score = tmp_path / "silence.wav", tmp_path / "s.musicxml"
    soundfile.write(silence, np.zeros(16000 * 5), 16000)
    assert main(["transcribe", str(silence), "--as", "mei", "--out", str(tmp_path / "x.mei")]) == 2
    assert "No note was heard" in capsys.readouterr().err
    assert main(["transcribe", str(segah), "--as", "musicxml", "--out", str(score)]) == 0
    assert main(["align", str(score), str(silence), "--csv", str(tmp_path / "x.csv")]) == 2
    assert "not found in the recording" in capsys.readouterr().err
    assert not (tmp_path / "x.csv").exists()


def test_a_score_that_may_have_been_corrected_is_never_replaced(
    segah: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "corrected.musicxml"
    out.write_text("corrected by hand")
    assert main(["transcribe", str(segah), "--as", "musicxml", "--out", str(out)]) == 2
    assert "already" in capsys.readouterr().err
    assert out.read_text() == "corrected by hand"


def test_wrong_stretches_are_refused(segah: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = str(tmp_path / "x.mei")
    assert main(["transcribe", str(segah), "--as", "mei", "--out", out, "--start", "9", "--stop", "3"]) == 2
    assert "--start" in capsys.readouterr().err
