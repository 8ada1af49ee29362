"""The command line as a newcomer meets it, with right and wrong input; real files, real programs' parts."""

from __future__ import annotations

import csv
import errno
import io
import json
import sqlite3
from contextlib import closing
from pathlib import Path

import numpy as np
import pytest
import soundfile

from persian_mir.commands import doctor
from persian_mir.commands.main import main
from persian_mir.examples.synthesise import synthesise
from persian_mir.labels import label_ids
from persian_mir.logs import log_path

SECONDS = 12.0


@pytest.fixture(scope="module")
def segah(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("sound") / "سه‌گاه.flac"
    performance = synthesise("segah", "setar", seed=1, seconds=SECONDS, tonic_hz=233.0)
    soundfile.write(path, performance.samples, performance.rate)
    return path


@pytest.fixture
def broken(tmp_path: Path) -> Path:
    path = tmp_path / "broken.wav"
    path.write_bytes(b"RIFF\x00\x00\x00\x00WAVEnothing")
    return path


def test_json_is_the_documented_array(segah: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["label", "--format", "json", str(segah)]) == 0
    (entry,) = json.loads(capsys.readouterr().out)
    assert entry["file"] == str(segah)
    assert entry["error"] is None
    assert set(entry["verdicts"]) == {"dastgah", "mode"}
    assert {"label", "probability", "runner_up", "runner_up_probability"} <= set(entry["verdicts"]["mode"])
    for task in ("dastgah", "mode"):
        segments = [s for s in entry["segments"] if s["task"] == task]
        assert segments[0]["start_s"] == 0
        assert segments[-1]["stop_s"] == pytest.approx(SECONDS, abs=0.01)
        assert {s["label"] for s in segments} <= set(label_ids(task))
        assert all(set(s) >= {"start_s", "stop_s", "task", "label", "probability", "predictor"} for s in segments)


def test_the_window_of_the_modal_reading_is_said_in_its_provenance(
    segah: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["label", "--modal", "--modal-window", "10", "--format", "json", str(segah)]) == 0
    assert '"window_s": 10.0' in capsys.readouterr().out
    assert main(["label", "--modal-window", "5", str(segah)]) == 2
    assert "between 10 and 60" in capsys.readouterr().err


def test_one_bad_file_does_not_stop_the_others(segah: Path, broken: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["label", "--format", "json", str(broken), str(segah)]) == 1
    out, err = capsys.readouterr()
    first, second = json.loads(out)
    assert "broken.wav" in first["error"]
    assert first["segments"] == []
    assert second["error"] is None
    assert "broken.wav" in err
    assert "1 of 2" in err


def test_csv_reads_back(segah: Path, broken: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["label", "--format", "csv", str(segah), str(broken)]) == 1
    rows = list(csv.DictReader(io.StringIO(capsys.readouterr().out)))
    assert {row["task"] for row in rows} == {"dastgah", "mode", ""}
    assert rows[-1]["error"]
    assert sum(row["start_s"] == "" and row["task"] == "dastgah" for row in rows) == 1


def test_a_table_for_excel_begins_with_its_mark(segah: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["label", "--excel", str(segah)]) == 0
    out = capsys.readouterr().out
    assert out.startswith("\ufefffile,start_s,")
    assert out.count("\ufeff") == 1


def test_table_says_what_people_want_to_know(segah: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["label", "--modal", str(segah.parent)]) == 0
    out = capsys.readouterr().out
    assert "سه‌گاه.flac  0:12" in out
    assert "Modal reading" in out


def test_silence_is_no_mode_in_every_format(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "silence.wav"
    soundfile.write(path, np.zeros(8 * 22050), 22050)
    assert main(["label", "--modal", str(path)]) == 0
    assert capsys.readouterr().out.count("no mode heard") == 2
    assert main(["label", "--modal", "--format", "json", str(path)]) == 0
    (found,) = json.loads(capsys.readouterr().out)
    assert {verdict["label"] for verdict in found["verdicts"].values()} == {None}
    assert {segment["label"] for segment in found["segments"]} == {None}
    by_predictor = found["predictors"][0]["verdicts"].values()
    for one in (*found["verdicts"].values(), *found["segments"], *by_predictor):
        shares = [one.get(name) for name in ("probability", "machine_probability", "runner_up_probability")]
        assert (shares, one["sure"]) == ([None] * 3, False)
    assert main(["label", "--modal", "--format", "csv", str(path)]) == 0
    rows = list(csv.DictReader(io.StringIO(capsys.readouterr().out)))
    shares = ("probability", "machine_probability", "runner_up_probability")
    assert {(row["label"], row["sure"], *(row[name] for name in shares)) for row in rows} == {("", "false", "", "", "")}
    assert main(["export", str(path), "--as", "json", "--out", str(tmp_path / "out.json")]) == 0
    (told,) = json.loads((tmp_path / "out.json").read_text(encoding="utf-8"))["recordings"]
    assert {one.get("label") for one in told["statements"]} <= {None, ""}
    assert [one for one in told["statements"] if "probability" in one] == []


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (["label", "--format", "csv", "no-such-file.wav"], 1, "no-such-file.wav"),
        (["label", "no-such-file.wav"], 1, "1 of 1"),
        (["embed", "x.wav", "--backbone", "signal", "--out", "no-such-folder/x.npz"], 2, "no-such-folder"),
        (["label", "--probe", "no-such.probe", "x.wav"], 2, "no-such.probe"),
        (["embed", "x.wav", "--backbone", "nobody/nothing", "--out", "x.npz"], 2, "nobody/nothing"),
        (["embed", "x.wav", "--backbone", "signal", "--layers", "9", "--out", "x.npz"], 2, "--layers 9"),
        (["embed", "x.wav", "--backbone", "signal", "--window", "-1", "--out", "x.npz"], 2, "--window"),
        (["models", "fetch", "nobody/nothing"], 2, "nobody/nothing"),
        (["models", "remove", "nobody/nothing"], 2, "nobody/nothing"),
        (["models", "add", "no-such-folder"], 2, "no-such-folder"),
    ],
)
def test_wrong_input_is_answered_in_words(
    arguments: list[str], code: int, words: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(arguments) == code
    err = capsys.readouterr().err
    assert words in err
    assert "Traceback" not in err


@pytest.mark.parametrize("arguments", [[], ["listen"], ["label"], ["label", "--format", "xml", "x.wav"]])
def test_wrong_usage_shows_the_usage(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as end:
        main(arguments)
    assert end.value.code == 2
    assert "usage:" in capsys.readouterr().err


def test_embed_writes_what_it_documents(segah: Path, tmp_path: Path) -> None:
    out = tmp_path / "e.npz"
    assert main(["embed", str(segah), str(segah.parent), "--backbone", "signal", "--out", str(out)]) == 0
    with np.load(out) as arrays:
        segments, layers, width = arrays["embeddings"].shape
        assert (segments, layers) == (3, 1)
        assert width > 50
        assert np.allclose(arrays["starts_s"], [0, 5, 10])
        assert np.allclose(arrays["stops_s"], [5, 10, SECONDS], atol=0.01)
        assert json.loads(str(arrays["key"]))[0]["backbone"]["id"] == "signal"


def test_embed_writes_the_good_ones_and_says_what_is_wrong_with_the_others(
    segah: Path, broken: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "e.npz"
    plain = ["embed", "--backbone", "signal", "--out", str(out)]
    assert main([*plain, str(broken), str(segah)]) == 1
    assert "broken.wav" in capsys.readouterr().err
    with np.load(out) as arrays:
        assert set(arrays["files"]) == {str(segah)}
        assert len(arrays["embeddings"]) == len(arrays["starts_s"]) == 3
    out.unlink()
    assert main([*plain, str(broken)]) == 2
    assert not out.exists()
    assert "None of the recordings" in capsys.readouterr().err


def test_models_list_names_what_cannot_be_had_and_why(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["models", "list"]) == 0
    _table, _head, below = capsys.readouterr().out.partition("Cannot be had:\n")
    lines = below.splitlines()
    assert [line[:28].strip() for line in lines] == ["MusicHuBERT", "PASE", "PEMR", "MERT v2"]
    assert all(len(line) > 50 for line in lines)


def test_models_list_names_the_table(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["models", "list"]) == 0
    out = capsys.readouterr().out
    assert "m-a-p/MERT-v1-95M" in out
    assert "CC BY-NC 4.0" in out


@pytest.mark.optional_import
def test_doctor_finds_the_parts_that_labelling_needs(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["doctor"]) == 0
    out = capsys.readouterr().out
    assert "✓ modal reading" in out
    assert "✓ sound files" in out


@pytest.mark.logs
def test_a_defect_ends_in_a_sentence_and_the_log_has_the_rest(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def broken(_args: object) -> int:
        raise ValueError("seventeen")

    monkeypatch.setattr(doctor, "run", broken)
    assert main(["doctor"]) == 2
    err = capsys.readouterr().err
    assert "for a reason the program does not know" in err
    assert "Traceback" not in err
    assert "ValueError: seventeen" in log_path().read_text(encoding="utf-8")


@pytest.mark.logs
def test_a_catalogue_that_somebody_edited_into_nonsense_ends_in_a_sentence(
    tmp_path: Path, segah: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "c.sqlite"
    assert main(["batch", str(segah), "--catalogue", str(path)]) == 0
    with closing(sqlite3.connect(path)) as opened:
        opened.execute("UPDATE recordings SET labels = '[[1]]'")
        opened.commit()
    capsys.readouterr()
    assert main(["search", "", "--catalogue", str(path)]) == 2
    assert "Traceback" not in capsys.readouterr().err


def test_a_failure_without_a_file_is_not_laid_on_the_output(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def no_room(_args: object) -> int:
        raise FileNotFoundError(errno.ENOENT, "No usable temporary directory found")

    monkeypatch.setattr(doctor, "run", no_room)
    assert main(["doctor"]) == 2
    assert "could not be read or written: No usable temporary directory" in capsys.readouterr().err
