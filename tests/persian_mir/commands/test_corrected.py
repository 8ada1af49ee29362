"""What people said wins in what `label` writes, and it says who said so."""

from __future__ import annotations

import csv
import io
import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import soundfile

from persian_mir.app_paths import data_dir
from persian_mir.audio import open_audio
from persian_mir.catalogue.corrections import Correction, Corrections
from persian_mir.commands.csv_writer import CsvWriter
from persian_mir.commands.json_writer import as_json
from persian_mir.commands.labelled import LabelledFile
from persian_mir.commands.main import main
from persian_mir.commands.writers import TableWriter
from persian_mir.examples.synthesise import synthesise
from persian_mir.prediction import Prediction
from persian_mir.provenance import Provenance
from persian_mir.recording import Recording

RATE = 16_000
LABELS = ("setar", "ney")


class Speaker:
    id, name = "probe:test", "Test"


def recording() -> Recording:
    return Recording(Path("/a.wav"), "0" * 32, RATE, 3 * RATE, 1, "WAV", "none")


def prediction(task: str = "instrument", labels: tuple[str, ...] = LABELS) -> Prediction:
    rows = np.array([[0.8, 0.2], [0.7, 0.3], [0.6, 0.4]], np.float32)
    starts = np.arange(3, dtype=np.int64) * RATE
    return Prediction(task, labels, starts, starts + RATE, rows, rows.mean(axis=0), Provenance("probe:test"))


def statement(at: int, status: str, label: str, by: str = "Sara", was: str = "setar") -> Correction:
    return Correction(
        Path("/a.wav"),
        "0" * 32,
        RATE,
        at * RATE,
        (at + 1) * RATE,
        "instrument",
        status,
        label,
        was,
        0.8,
        by=by,  # type: ignore[arg-type]
    )


def labelled(*said: Correction, task: str = "instrument", labels: tuple[str, ...] = LABELS) -> LabelledFile:
    answers = [(Speaker(), (prediction(task, labels),))]
    return LabelledFile(Path("/a.wav"), recording(), (), answers, said={one.key: one for one in said})


def rows_of(what: LabelledFile) -> list[dict[str, str]]:
    out = io.StringIO()
    CsvWriter(out).write(what)
    return list(csv.DictReader(io.StringIO(out.getvalue())))


def test_the_table_gives_a_persons_label_and_names_the_person() -> None:
    said = [statement(0, "accepted", "setar"), statement(1, "corrected", "ney"), statement(2, "rejected", "", "=cmd()")]
    whole, *rows = rows_of(labelled(*said))
    assert (whole["label"], whole["status"], whole["verified_by"]) == ("setar", "machine", "")
    columns = ("label", "probability", "runner_up", "status", "verified_by", "machine_label", "machine_probability")
    assert [tuple(row[name] for name in columns) for row in rows] == [
        ("setar", "", "", "accepted", "Sara", "setar", "0.8000"),
        ("ney", "", "", "corrected", "Sara", "setar", "0.7000"),
        ("", "", "", "rejected", "'=cmd()", "setar", "0.6000"),
    ]
    assert [row["verified_at"] for row in rows] == [one.when for one in said]


def test_without_a_person_it_is_the_machines() -> None:
    for row in rows_of(labelled()):
        assert (row["label"], row["status"], row["verified_by"], row["runner_up"]) == ("setar", "machine", "", "ney")
        assert (row["machine_label"], row["machine_probability"]) == (row["label"], row["probability"])


def test_an_artist_is_attributed_until_accepted() -> None:
    rows = rows_of(labelled(task="artist", labels=("ebadi", "saba")))
    assert {row["status"] for row in rows} == {"attributed"}


def test_json_says_the_same() -> None:
    said = [statement(1, "corrected", "tar"), statement(2, "rejected", "")]
    machine, corrected, rejected = as_json(labelled(*said))["segments"]
    assert (machine["label"], machine["status"], machine["verified"]) == ("setar", "machine", None)
    assert (machine["probability"], machine["machine_probability"]) == (0.8, 0.8)
    assert (machine["sure"], corrected["sure"], rejected["sure"]) == (True, None, None)
    assert (corrected["label"], corrected["probability"], corrected["status"]) == ("tar", None, "corrected")
    assert (corrected["machine_label"], corrected["machine_probability"]) == ("setar", 0.7)
    assert corrected["verified"] == {"by": "Sara", "at": said[0].when, "machine_label": "setar"}
    assert (rejected["label"], rejected["status"]) == (None, "rejected")


def test_a_rejection_of_another_label_says_nothing() -> None:
    (_whole, first, *_rest) = rows_of(labelled(statement(0, "rejected", "", was="ney")))
    assert (first["label"], first["status"]) == ("setar", "machine")


def test_the_command_asks_what_people_said(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "synthesised.wav"
    soundfile.write(path, synthesise("segah", "setar", 1, 12.0, 233.0, RATE).samples, RATE)
    assert main(["label", "--format", "json", str(path)]) == 0
    (entry,) = json.loads(capsys.readouterr().out)
    first = next(one for one in entry["segments"] if one["task"] == "dastgah")
    with open_audio(path) as source:
        content, rate = source.recording.content_hash, source.recording.rate
    stretch = round(first["start_s"] * rate), round(first["stop_s"] * rate)
    wrong = next(label for label in ("nava", "mahour") if label != first["label"])
    Corrections().add(
        Correction(path, content, rate, *stretch, "dastgah", "corrected", wrong, first["label"], by="Sara")
    )
    assert main(["label", "--format", "json", str(path)]) == 0
    (entry,) = json.loads(capsys.readouterr().out)
    again = next(one for one in entry["segments"] if one["task"] == "dastgah")
    assert (again["label"], again["verified"]["by"]) == (wrong, "Sara")
    assert main(["label", "--machine-only", "--format", "json", str(path)]) == 0
    (entry,) = json.loads(capsys.readouterr().out)
    assert next(one for one in entry["segments"] if one["task"] == "dastgah") == first


def test_corrections_that_cannot_be_read_end_the_command(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (data_dir() / "corrections.csv").write_text("my,table\n")
    path = tmp_path / "silence.wav"
    soundfile.write(path, np.zeros(RATE, np.float32), RATE)
    assert main(["label", str(path)]) == 2
    assert "corrections.csv" in capsys.readouterr().err


def about(start_s: int, stop_s: int, status: str, label: str, task: str = "instrument", by: str = "Sara") -> Correction:
    span = start_s * RATE, stop_s * RATE
    return Correction(Path("/a.wav"), "0" * 32, RATE, *span, task, status, label, "setar", 0.8, by=by)  # type: ignore[arg-type]


VERDICT = ("label", "probability", "runner_up", "status", "verified_by", "machine_label", "machine_probability")


@pytest.mark.parametrize(
    ("said", "verdict"),
    [
        ([about(0, 3, "corrected", "ney")], ("ney", "", "", "corrected", "Sara", "setar", "0.7000")),
        ([about(0, 3, "accepted", "setar")], ("setar", "", "", "accepted", "Sara", "setar", "0.7000")),
        ([about(0, 3, "rejected", "")], ("", "", "", "rejected", "Sara", "setar", "0.7000")),
        (
            [statement(at, "corrected", "ney", by) for at, by in ((0, "Ali"), (2, "Sara"))],
            ("ney", "", "", "corrected", "Sara", "setar", "0.7000"),
        ),
        ([statement(0, "corrected", "ney")], ("setar", "0.7000", "ney", "machine", "", "setar", "0.7000")),
        ([about(0, 2, "corrected", "ney")], ("ney", "", "", "corrected", "Sara", "setar", "0.7000")),
        (
            [about(0, 3, "accepted", "setar"), statement(0, "corrected", "ney"), statement(1, "corrected", "ney")],
            ("setar", "", "", "accepted", "Sara", "setar", "0.7000"),
        ),
    ],
    ids=["corrected", "accepted", "rejected", "most segments", "a few segments", "a stretch", "the whole counts"],
)
def test_the_verdict_is_a_persons_too(said: list[Correction], verdict: tuple[str, ...]) -> None:
    (row, *_segments) = rows_of(labelled(*said))
    assert (row["start_s"], row["stop_s"]) == ("", "")
    assert tuple(row[name] for name in VERDICT) == verdict
    told = as_json(labelled(*said))["verdicts"]["instrument"]
    assert (told["label"] or "", told["status"]) == (verdict[0], verdict[3])
    assert (told["probability"] is None) == (verdict[1] == "")
    assert told["machine_probability"] == pytest.approx(0.7)


def test_a_whole_label_says_nothing_of_the_segments() -> None:
    (_whole, *rows) = rows_of(labelled(about(0, 3, "corrected", "ney")))
    assert {(row["label"], row["status"]) for row in rows} == {("setar", "machine")}


def test_a_stretch_labels_the_segments_in_it_and_has_a_row_of_its_own() -> None:
    said = about(1, 3, "corrected", "ney")
    rows = rows_of(labelled(said))
    assert [row["label"] for row in rows] == ["ney", "setar", "ney", "ney", "ney"]
    own = rows[-1]
    assert (own["start_s"], own["stop_s"], own["predictor"], own["verified_by"]) == ("1.0", "3.0", "", "Sara")
    assert as_json(labelled(said))["segments"][-1]["label"] == "ney"


def test_what_no_predictor_answers_is_written_as_people_say_it() -> None:
    said = about(0, 3, "corrected", "nava", "dastgah")
    row = rows_of(labelled(said))[-1]
    assert (row["task"], row["label"], row["start_s"], row["predictor"]) == ("dastgah", "nava", "", "")
    assert as_json(labelled(said))["verdicts"]["dastgah"]["label"] == "nava"
    out = io.StringIO()
    TableWriter(out).write(labelled(said, about(0, 3, "rejected", "")))
    assert "Nava, says Sara" in out.getvalue()
    assert "not Setar, says Sara" in out.getvalue()


def test_a_stretch_that_the_recording_does_not_have_is_not_told() -> None:
    told = labelled(about(9, 10, "corrected", "tar"))
    assert not any(row["label"] == "tar" for row in rows_of(told))
    assert not any(segment["label"] == "tar" for segment in as_json(told)["segments"])
    store = Corrections()
    store.add(replace(about(0, 2, "corrected", "tar"), rate=1))
    assert store.of(recording()) == {}
