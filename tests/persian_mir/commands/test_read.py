import json
import re
from pathlib import Path

import numpy as np
import pytest
import soundfile

from persian_mir.commands.main import main
from persian_mir.commands.text_table import width
from persian_mir.commands.verdict_text import section_lines
from persian_mir.examples.synthesise import synthesise
from persian_mir.prediction import Section, Verdict


@pytest.fixture(scope="module")
def segah(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("sound") / "segah.flac"
    performance = synthesise("segah", "setar", seed=1, seconds=25.0, tonic_hz=320.2)
    soundfile.write(path, performance.samples, performance.rate)
    return path


def test_prints_the_reading_and_writes_what_is_asked(
    segah: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    pitch, scl, tun = (tmp_path / name for name in ("pitch.csv", "scale.scl", "scale.tun"))
    exports = ["--pitch-csv", str(pitch), "--scl", str(scl), "--tun", str(tun)]
    assert main(["read", str(segah), *exports]) == 0
    out = capsys.readouterr().out
    assert "Segah" in out
    assert "Mi koron" in out
    assert "320." in out or "319." in out or "321." in out
    assert "Farhat" in out
    assert pitch.read_text().startswith("time_s,hz,confidence,cents")
    assert "Segah, segah.flac" in scl.read_text()
    assert "[Exact Tuning]" in tun.read_text()


def test_tonic_and_stretch_are_obeyed(segah: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    pitch = tmp_path / "pitch.csv"
    assert main(["read", str(segah), "--tonic", "240", "--start", "2", "--stop", "23", "--pitch-csv", str(pitch)]) == 0
    assert "240.0 Hz" in capsys.readouterr().out
    times = [float(line.split(",")[0]) for line in pitch.read_text().splitlines()[1:]]
    assert (round(times[0]), round(times[-1])) == (2, 23)
    assert main(["read", str(segah), "--start", "5", "--stop", "10"]) == 0
    assert "5 s are too short to tell a mode" in capsys.readouterr().out


@pytest.mark.parametrize(
    "wrong", [["--tonic", "0"], ["--tonic", "nan"], ["--start", "-1"], ["--start", "9", "--stop", "3"]]
)
def test_wrong_numbers_are_refused(segah: Path, wrong: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["read", str(segah), *wrong]) == 2
    said = capsys.readouterr().err
    assert ("is no pitch" in said) if wrong[0] == "--tonic" else ("--" in said)


def test_silence_has_no_mode_and_no_scale(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "silence.wav"
    soundfile.write(path, np.zeros(16000 * 5), 16000)
    assert main(["read", str(path)]) == 0
    assert "No mode heard" in capsys.readouterr().out
    assert main(["read", str(path), "--scl", str(tmp_path / "x.scl")]) == 2
    assert "no scale" in capsys.readouterr().err
    assert not (tmp_path / "x.scl").exists()


def test_a_damaged_recording_is_told_beside_its_reading(
    segah: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    cut = tmp_path / "cut.flac"
    cut.write_bytes(segah.read_bytes()[: segah.stat().st_size // 10])
    assert main(["read", str(cut)]) == 0
    said = capsys.readouterr().out
    assert "note: The file is damaged" in said
    assert "of 25 s are there" in said
    assert main(["read", str(segah)]) == 0
    assert "note:" not in capsys.readouterr().out


def test_no_head_of_the_scale_touches_the_next_in_persian(
    segah: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LANGUAGE", "fa")
    assert main(["read", str(segah)]) == 0
    lines = capsys.readouterr().out.splitlines()
    at = next(k for k, line in enumerate(lines) if "24-TET" in line)
    assert "ردیف  اختلاف با فرهت" in lines[at]
    assert len({width(line) for line in lines[at : at + 4]}) == 1


def test_no_latin_digit_is_left_in_persian(
    segah: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LANGUAGE", "fa")
    assert main(["read", str(segah)]) == 0
    said = capsys.readouterr().out.replace(segah.name, "").replace("24-TET", "")
    assert not re.search("[0-9]", said)
    assert "۰" in said


def test_sections_stand_in_columns_whatever_their_verdicts_say() -> None:
    family = Verdict("mode", "mahour", 0.5, "shour", 0.4, family="mahour-rast-panjgah", family_probability=0.99)
    alone = Verdict("mode", "shour", 0.9, "nava", 0.05)
    lines = section_lines([Section(0, 42, family, 261.8), Section(42, 90, alone, 391.6)], 1)
    assert len({line.index(" Hz") for line in lines}) == 1
    assert section_lines([], 1) == []


def test_gushehs_are_listed_and_written(segah: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = tmp_path / "gushehs.json"
    assert main(["read", str(segah), "--gushehs", "--gushehs-json", str(out)]) == 0
    printed = capsys.readouterr().out
    assert "a weak guess" in printed
    told = json.loads(out.read_text(encoding="utf-8"))
    assert told[0]["start_s"] == 0
    assert told[-1]["stop_s"] == pytest.approx(25.0, abs=0.1)
    first = told[0]["nearest"][0]
    assert set(first) == {"gusheh", "mode", "probability"}
    assert first["mode"] == "segah"
    assert first["gusheh"] in printed
    assert main(["read", str(segah)]) == 0
    assert "weak guess" not in capsys.readouterr().out


def test_gushehs_are_not_written_over_the_recording(segah: Path, capsys: pytest.CaptureFixture[str]) -> None:
    before = segah.read_bytes()
    assert main(["read", str(segah), "--gushehs-json", str(segah)]) == 2
    assert segah.read_bytes() == before
