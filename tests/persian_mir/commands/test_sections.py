"""A recording of several modes, and one of none that a probe knows, in every format that is printed."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import numpy as np
import pytest
import soundfile

from persian_mir.commands.csv_writer import CsvWriter
from persian_mir.commands.json_writer import as_json
from persian_mir.commands.labelled import LabelledFile
from persian_mir.commands.main import main
from persian_mir.commands.writers import TableWriter
from persian_mir.examples.synthesise import Passage, modulate
from persian_mir.prediction import Prediction, Section, Verdict
from persian_mir.provenance import Provenance
from persian_mir.recording import Recording

RATE = 100
LABELS = ("mahour", "segah", "shour")


class Speaker:
    id, name = "modal", "Modal reading"


def labelled(*lengths: int, reason: str = "", unsure: str = "") -> LabelledFile:
    """One section of each label of the given seconds; that of `unsure` is not sure."""
    stops = np.cumsum(lengths) * RATE
    starts = stops - np.array(lengths) * RATE
    rows = np.eye(3, dtype=np.float32)[: len(lengths)] * 0.7 + 0.1
    sections = tuple(
        Section(int(start), int(stop), Verdict("dastgah", label, 0.8, "nava", 0.7 if label == unsure else 0.1), 261.6)
        for start, stop, label in zip(starts, stops, LABELS, strict=False)
    )
    overall = np.average(rows, axis=0, weights=lengths).astype(np.float32)
    said = Prediction(
        "dastgah", LABELS, starts, stops, rows, overall, Provenance("modal"), (), reason, sections if not reason else ()
    )
    recording = Recording(Path("/a.wav"), "0" * 32, RATE, int(stops[-1]), 1, "WAV", "none")
    return LabelledFile(Path("/a.wav"), recording, (), [(Speaker(), (said,))])


def table(one: LabelledFile) -> str:
    out = io.StringIO()
    TableWriter(out).write(one)
    return out.getvalue()


def rows_of(one: LabelledFile) -> list[dict[str, str]]:
    out = io.StringIO()
    CsvWriter(out).write(one)
    return list(csv.DictReader(io.StringIO(out.getvalue())))


def test_the_table_says_several_and_lists_the_sections() -> None:
    text = table(labelled(50, 30, 20))
    assert "several: Mahour 50%, Segah 30%, Shour 20% of the time" in text
    assert "0:50–1:20" in text
    assert "261.6 Hz" in text


def test_the_table_says_mainly() -> None:
    assert "mainly Mahour 75% of the time, with Segah 25%" in table(labelled(75, 25))


def test_a_long_sentence_keeps_a_space_before_the_predictor() -> None:
    assert "Shour 20% of the time Modal reading" in table(labelled(50, 30, 20))


def test_the_csv_gives_the_recording_no_label_and_each_section_a_row() -> None:
    whole, *rest = rows_of(labelled(50, 30, 20))
    assert (whole["part"], whole["label"], whole["probability"]) == ("recording", "", "")
    assert whole["shares"] == "mahour 0.50; segah 0.30; shour 0.20"
    found = [row for row in rest if row["part"] == "section"]
    assert [(row["start_s"], row["stop_s"], row["label"], row["shahed_hz"]) for row in found] == [
        ("0.0", "50.0", "mahour", "261.60"),
        ("50.0", "80.0", "segah", "261.60"),
        ("80.0", "100.0", "shour", "261.60"),
    ]
    assert sum(row["part"] == "segment" for row in rest) == 3


def test_json_says_the_same() -> None:
    found = as_json(labelled(50, 30, 20))
    verdict = found["verdicts"]["dastgah"]
    assert verdict["label"] is None
    assert [verdict[name] for name in ("probability", "machine_probability", "runner_up_probability")] == [None] * 3
    assert verdict["shares"][0] == {"label": "mahour", "share": 0.5}
    assert [section["label"] for section in found["sections"]] == ["mahour", "segah", "shour"]
    assert found["sections"][1]["shahed_hz"] == 261.6
    json.dumps(found, allow_nan=False)


def test_what_is_not_sure_is_said_to_be_so_in_every_format() -> None:
    one = labelled(50, 30, 20, unsure="segah")
    assert "several: Mahour 50%, Shour 20%, not sure 30% of the time" in table(one)
    assert rows_of(one)[0]["shares"] == "mahour 0.50; shour 0.20; not-sure 0.30"
    assert as_json(one)["verdicts"]["dastgah"]["shares"][-1] == {"label": None, "share": 0.3}


def test_the_reason_why_there_is_no_label_is_in_every_format() -> None:
    one = labelled(50, 50, reason="It is noise.")
    assert "no mode heard" in table(one)
    assert "It is noise." in table(one)
    assert rows_of(one)[0]["reason"] == "It is noise."
    assert as_json(one)["verdicts"]["dastgah"]["reason"] == "It is noise."


def test_where_there_is_one_label_only_nothing_is_next_in_any_format() -> None:
    rows, ends = np.ones((1, 1), np.float32), np.array([100])
    said = Prediction("artist", ("Bana",), ends - 100, ends, rows, rows[0], Provenance("p"))
    one = LabelledFile(Path("/a.wav"), labelled(1).recording, (), [(Speaker(), (said,))])
    verdict = as_json(one)["verdicts"]["artist"]
    assert (verdict["label"], verdict["probability"]) == ("Bana", 1)
    assert (verdict["runner_up"], verdict["runner_up_probability"]) == (None, None)
    assert {(row["runner_up"], row["runner_up_probability"]) for row in rows_of(one)} == {("", "")}


def test_one_mode_has_no_sections() -> None:
    found = as_json(labelled(100))
    assert found["verdicts"]["dastgah"]["shares"] == []


def test_two_modes_as_sound_are_labelled_and_read_as_two(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    passages = [Passage("segah", 90.0), Passage("mahour", 90.0, 300.0)]
    path = tmp_path / "two.wav"
    soundfile.write(path, modulate(passages, "setar", 3, 233.0, 16_000).samples, 16_000)
    assert main(["label", "--format", "json", str(path)]) == 0
    (found,) = json.loads(capsys.readouterr().out)
    mine = [one for one in found["sections"] if one["task"] == "dastgah"]
    assert [one["label"] for one in mine] == ["segah", "mahour"]
    assert abs(mine[1]["start_s"] - 90) <= 10
    assert (mine[0]["start_s"], mine[1]["stop_s"]) == (0, 180)
    assert main(["read", str(path)]) == 0
    text = capsys.readouterr().out
    assert "several: " in text
    assert "Segah" in text
    assert "Mahour" in text


def test_times_and_pitches_of_sections_are_in_the_digits_of_the_language(monkeypatch):
    """Beside percentages that are: `0:00–0:42 … ۷۸٪ … 261.8 Hz` was one line. An hour is an hour over them, too."""
    assert "a.wav  1:06:40" in table(labelled(3700, 200, 100))
    monkeypatch.setenv("LANGUAGE", "fa")
    told = table(labelled(3700, 200, 100))
    assert "a.wav  ۱:۰۶:۴۰" in told
    assert "۰:۰۰–۱:۰۱:۴۰" in told
    assert "۲۶۱٫۶ Hz" in told
    assert not set("0123456789") & set(told)
