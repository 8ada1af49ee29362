from __future__ import annotations

import json
from dataclasses import asdict, replace
from pathlib import Path

import numpy as np
import pytest

from persian_mir.errors import PersianMirError
from trainer.evaluation.evaluate import evaluate
from trainer.evaluation.evaluation_file import (
    EvaluatedSegments,
    EvaluationFileError,
    Segment,
    read_evaluation,
    write_evaluation,
)

LABELS = ("ney", "setar")


def judged() -> EvaluatedSegments:
    rows = np.array([[0.9, 0.1], [0.25, 0.75], [0.5, 0.5]], np.float32)
    one = evaluate(rows, np.array([0, 1, 0]), np.array([0, 1, 1]), LABELS)
    segments = (
        Segment(0, 0.0, 5.0, 0, (0.9, 0.1)),
        Segment(1, 0.0, 5.0, 1, (0.25, 0.75)),
        Segment(1, 5.0, 7.5, 0, (0.5, 0.5)),
    )
    files = (Path("/music/نی.flac"), Path("/music/b.wav"))
    return EvaluatedSegments("instrument", LABELS, "test", files, segments, {"official": one}, 2 / 3, 0.5, "a warning")


def test_what_is_written_is_read(tmp_path: Path):
    path = tmp_path / "new" / "x.judged.json"
    write_evaluation(path, judged())
    assert read_evaluation(path) == judged()
    assert [one.named for one in read_evaluation(path).segments] == [0, 1, 0]


def test_a_disk_that_refuses(tmp_path: Path):
    (tmp_path / "x.judged.json").mkdir()
    with pytest.raises(EvaluationFileError, match="could not be written"):
        write_evaluation(tmp_path / "x.judged.json", judged())
    assert [path.name for path in tmp_path.iterdir()] == ["x.judged.json"]


WRONG = [
    (["format"], "other"),
    (["version"], 3),
    (["version"], True),
    (["segments", 0, 5], "far"),
    (["judgements", "official", "segments", "sure"], 7),
    (["version"], None),
    (["task"], "taste"),
    (["task"], ["instrument"]),
    (["part"], "train"),
    (["labels"], ["ney"]),
    (["labels"], ["ney", "ney"]),
    (["labels"], ["ney", "<b>"]),
    (["labels"], "ney"),
    (["files"], [1, 2]),
    (["files"], ["a\0b", "c"]),
    (["files"], []),
    (["segments", 0], [0, 0, 5, 0]),
    (["segments", 0, 0], 2),
    (["segments", 0, 0], -1),
    (["segments", 0, 0], True),
    (["segments", 0, 0], 0.0),
    (["segments", 0, 1], 6.0),
    (["segments", 0, 2], "5"),
    (["segments", 0, 3], 2),
    (["segments", 0, 4], [0.9]),
    (["segments", 0, 4], [0.9, 0.9]),
    (["segments", 0, 4], [1.5, -0.5]),
    (["segments", 0, 4], None),
    (["judgements"], []),
    (["judgements"], {"third": {}}),
    (["judgements", "official", "labels"], ["setar", "ney"]),
    (["judgements", "official", "segments"], 3),
    (["judgements", "official", "segments", "accuracy"], 7),
    (["judgements", "official", "segments", "confusion"], [[1]]),
    (["judgements", "official", "segments", "confusion", 0], [1, -1]),
    (["judgements", "official", "segments", "classes"], []),
    (["judgements", "official", "segments", "classes"], [1, 2]),
    (["judgements", "official", "segments", "calibration"], [{}]),
    (["judgements", "official", "recordings", "count"], 1.5),
    (["majority"], 10**400),
    (["chance"], float("nan")),
    (["warning"], "x" * 5000),
]


@pytest.mark.parametrize(("where", "value"), WRONG, ids=lambda one: str(one)[:40])
def test_untrusted_files_are_refused(tmp_path: Path, where: list[str | int], value: object):
    path = tmp_path / "x.judged.json"
    write_evaluation(path, judged())
    document = json.loads(path.read_text(encoding="utf-8"))
    spot = document
    for step in where[:-1]:
        spot = spot[step]
    spot[where[-1]] = value
    path.write_text(json.dumps(document), encoding="utf-8")
    with pytest.raises(EvaluationFileError, match="This is no file of judged segments"):
        read_evaluation(path)


@pytest.mark.parametrize("name", sorted((set(asdict(judged())) | {"judgements"}) - {"segments", "evaluations"}))
def test_nothing_may_be_missing(tmp_path: Path, name: str):
    path = tmp_path / "x.judged.json"
    write_evaluation(path, judged())
    document = json.loads(path.read_text(encoding="utf-8"))
    del document[name]
    path.write_text(json.dumps(document), encoding="utf-8")
    with pytest.raises(PersianMirError, match=name):
        read_evaluation(path)


@pytest.mark.parametrize("raw", [b"", b"{", b"\xff\xfe", b"[" * 100_000, b"null", b"7", b"\0" * 100])
def test_no_json_at_all(tmp_path: Path, raw: bytes):
    path = tmp_path / "x.judged.json"
    path.write_bytes(raw)
    with pytest.raises(EvaluationFileError):
        read_evaluation(path)


def test_no_file_and_one_too_large(tmp_path: Path):
    with pytest.raises(EvaluationFileError, match="cannot be read"):
        read_evaluation(tmp_path / "none.json")
    with (tmp_path / "large.json").open("wb") as file:
        file.truncate(300 << 20)
    with pytest.raises(EvaluationFileError, match="larger"):
        read_evaluation(tmp_path / "large.json")


def test_a_file_of_the_first_version_is_read():
    read = read_evaluation(Path(__file__).parent / "golden" / "version-1.judged.json")
    now = judged()
    assert read.segments == now.segments
    assert {one.strange for one in read.segments} == {0.0}
    before, after = read.evaluations["official"].segments, now.evaluations["official"].segments
    assert (before.coverage, before.selective_accuracy) == (None, None)
    assert before == replace(
        after, coverage=None, selective_accuracy=None, low=before.low
    )  # its interval was drawn alone
