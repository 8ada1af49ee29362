"""Where the mode is open but its family is not, the family is the answer."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import numpy as np
import pytest

from persian_mir.commands.csv_writer import CsvWriter
from persian_mir.commands.json_writer import as_json
from persian_mir.commands.labelled import LabelledFile
from persian_mir.commands.verdict_text import sentence
from persian_mir.labels import describe, families, label_ids, vocabulary
from persian_mir.prediction import FAMILY_SURE, Prediction, Verdict, verdict_of
from persian_mir.provenance import Provenance
from persian_mir.recording import Recording


def verdict(task: str, **probabilities: float) -> Verdict:
    labels = label_ids(task)
    given = {key.replace("_", "-"): value for key, value in probabilities.items()}
    rest = (1 - sum(given.values())) / (len(labels) - len(given))
    return verdict_of(task, labels, np.array([given.get(label, rest) for label in labels], np.float32))


def test_every_mode_is_in_one_family() -> None:
    for task in ("dastgah", "mode"):
        places = [place for _family, mine in families(task) for place in mine]
        assert sorted(places) == list(range(len(label_ids(task))))
    assert all(label.persian and label.members for label in vocabulary("family"))
    assert not families("instrument")


@pytest.mark.parametrize(
    ("said", "family"),
    [
        (verdict("dastgah", shour=0.48, nava=0.42), "shour-nava"),
        (verdict("dastgah", mahour=0.45, rast_panjgah=0.5), "mahour-rast-panjgah"),
        (verdict("mode", abuata=0.3, nava=0.25, dashti=0.3), "shour-nava"),
        (verdict("mode", homayoun=0.5, bayat_e_esfahan=0.4), "homayoun-esfahan"),
        (verdict("dastgah", shour=0.7, nava=0.2), ""),  # the label is sure
        (verdict("dastgah", shour=0.4, nava=0.3, segah=0.25), ""),  # the family is open, too
        (verdict("dastgah", segah=0.5, chahargah=0.45), ""),
        (verdict("dastgah", shour=0.88, segah=0.1), ""),  # the other that it may be is of another family
        (verdict("instrument", tar=0.5, setar=0.45), ""),
    ],
)
def test_the_family_is_said_where_only_the_mode_is_open(said: Verdict, family: str) -> None:
    assert said.family == family
    assert (said.family_probability >= FAMILY_SURE) is bool(family)
    assert not (said.sure and said.family)


def test_a_family_is_the_sum_of_its_labels() -> None:
    assert verdict("dastgah", shour=0.48, nava=0.42).family_probability == pytest.approx(0.9)
    assert verdict("mode", abuata=0.3, nava=0.25, dashti=0.3).family_probability == pytest.approx(0.85 + 4 * 0.015)


def test_the_sentence_names_the_family_first(monkeypatch: pytest.MonkeyPatch) -> None:
    said = verdict("dastgah", shour=0.48, nava=0.42)
    assert sentence(said) == "family of Shour and Nava 90%: Shour 48% or Nava 42%"
    monkeypatch.setenv("LANGUAGE", "fa")
    assert sentence(said).startswith(f"خانوادهٔ {describe('family', 'shour-nava').persian}")


class Speaker:
    id = "modal"
    name = "Modal reading"


def labelled(*places: str) -> LabelledFile:
    labels = label_ids("dastgah")
    row = np.array([0.45 if label in places else 0.02 for label in labels], np.float32)
    row /= row.sum()
    one = Prediction("dastgah", labels, np.array([0]), np.array([800]), row[None], row, Provenance("modal"))
    recording = Recording(Path("/a.wav"), "0" * 32, 8000, 800, 1, "WAV", "none")
    return LabelledFile(Path("/a.wav"), recording, (), [(Speaker(), (one,))])


def test_csv_and_json_hold_the_family() -> None:
    out = io.StringIO()
    CsvWriter(out).write(labelled("shour", "nava"))
    whole = next(csv.DictReader(io.StringIO(out.getvalue())))
    assert (whole["label"], whole["family"], whole["family_probability"]) == ("shour", "shour-nava", "0.9000")
    assert whole["sure"] == "false"
    said = json.loads(json.dumps(as_json(labelled("shour", "nava"))))["verdicts"]["dastgah"]
    assert (said["family"], said["family_probability"]) == ("shour-nava", pytest.approx(0.9, abs=1e-6))
    assert said["sure"] is False


def test_where_a_label_is_sure_no_family_is_written() -> None:
    out = io.StringIO()
    CsvWriter(out).write(labelled("segah"))
    whole = next(csv.DictReader(io.StringIO(out.getvalue())))
    assert (whole["label"], whole["family"], whole["family_probability"]) == ("segah", "", "")
    assert whole["sure"] == "true"
    said = as_json(labelled("segah"))["verdicts"]["dastgah"]
    assert said["family"] is said["family_probability"] is None
    assert said["sure"] is True
