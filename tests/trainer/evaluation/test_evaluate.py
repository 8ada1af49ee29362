from __future__ import annotations

import json

import numpy as np
import pytest

from persian_mir.audio import open_audio
from persian_mir.probes import load_predictor
from trainer.__main__ import main
from trainer.data import read_dataset
from trainer.evaluation.bootstrap import interval
from trainer.evaluation.evaluate import calibration, chance_warning, evaluate, leak_warning

LABELS = ("ney", "setar", "tar")


def rows_of(named: list[int], sure: float = 0.8, classes: int = 3) -> np.ndarray:
    rows = np.full((len(named), classes), (1 - sure) / (classes - 1), np.float32)
    rows[np.arange(len(named)), named] = sure
    return rows


def test_figures_by_hand():
    targets = np.array([0, 0, 0, 1, 1, 2])
    judged = evaluate(rows_of([0, 0, 1, 1, 1, 0]), targets, np.array([0, 0, 0, 1, 1, 2]), LABELS)
    one = judged.segments
    assert (one.count, one.accuracy) == (6, pytest.approx(4 / 6))
    assert one.confusion == ((2, 1, 0), (0, 2, 0), (1, 0, 0))
    assert [c.recall for c in one.classes] == pytest.approx([2 / 3, 1, 0])
    assert [c.precision for c in one.classes] == pytest.approx([2 / 3, 2 / 3, 0])
    assert one.macro_f1 == pytest.approx(np.mean([2 / 3, 0.8, 0]))
    assert (one.chance, one.majority_baseline) == pytest.approx((1 / 3, 0.5))
    assert one.ece == pytest.approx(0.8 - 4 / 6, abs=1e-6)
    assert judged.recordings.count == 3
    assert judged.recordings.accuracy == pytest.approx(2 / 3)


def test_macro_f1_counts_only_labels_that_occur():
    judged = evaluate(rows_of([0, 1]), np.array([0, 1]), np.array([0, 1]), LABELS)
    assert judged.segments.macro_f1 == 1


def test_a_recording_of_two_labels_counts_for_each():
    judged = evaluate(rows_of([0, 0, 1]), np.array([0, 0, 1]), np.array([5, 5, 5]), LABELS)
    assert (judged.recordings.count, judged.recordings.accuracy) == (2, 1)


def test_nothing_to_judge():
    with pytest.raises(ValueError, match="nothing"):
        evaluate(np.zeros((0, 3), np.float32), np.zeros(0, np.int64), np.zeros(0, np.int64), LABELS)


def test_the_interval_is_over_recordings_not_segments():
    right = np.repeat(np.array([True, False] * 5), 100)
    groups = np.repeat(np.arange(10), 100)
    low, high = interval(right, groups)
    assert low < 0.3
    assert high > 0.7
    modal_only = interval(right, np.arange(1000))
    assert modal_only[1] - modal_only[0] < 0.1
    assert interval(right, groups) == (low, high)


@pytest.mark.parametrize(("recordings", "least"), [(1, 0.025), (6, 0.541), (20, 0.832)])
def test_all_right_in_few_recordings_is_not_certain(recordings, least):
    groups = np.repeat(np.arange(recordings), 50)  # the bounds are those of tables of Clopper and Pearson
    assert interval(np.ones(len(groups), np.bool_), groups) == pytest.approx((least, 1), abs=1e-3)
    assert interval(np.zeros(len(groups), np.bool_), groups) == pytest.approx((0, 1 - least), abs=1e-3)


def test_a_sound_probe_has_a_straight_curve():
    rng = np.random.default_rng(0)
    sure = rng.uniform(0.5, 1, 20_000)
    rows = np.stack([sure, 1 - sure], axis=1).astype(np.float32)
    targets = (rng.uniform(size=len(sure)) > sure).astype(np.int64)
    bins = calibration(rows, targets)
    assert sum(one.count for one in bins) == 20_000
    assert all(abs(one.accuracy - one.probability) < 0.03 for one in bins)


def test_a_leak_is_warned_of_and_its_absence_is_not():
    targets, groups = np.arange(30) % 3, np.arange(30)
    good = evaluate(rows_of(targets.tolist()), targets, groups, LABELS)
    chance = evaluate(rows_of([0] * 30), targets, groups, LABELS)
    assert "100.0%" in leak_warning(good, chance)
    assert "33.3%" in leak_warning(good, chance)
    assert leak_warning(good, good) == ""


def test_far_below_chance_is_explained():
    assert "below chance" in chance_warning(0.02, 1 / 7)
    assert chance_warning(0.1, 1 / 7) == ""
    assert chance_warning(0.9, 1 / 7) == ""


def test_a_recording_is_named_by_length_and_as_unsure_as_it_is_strange():
    rows = np.array([[0.9, 0.05, 0.05], [0.05, 0.9, 0.05]], np.float32)
    nothing = np.zeros(2, np.int64)
    long = np.array([1.0, 4.0])
    judged = evaluate(rows, nothing, nothing, LABELS, long)
    assert (judged.recordings.confusion[0], judged.recordings.coverage) == ((0, 1, 0), 1)
    strange = evaluate(rows, nothing, nothing, LABELS, long, np.array([1.0, 1.0], np.float32))
    assert (strange.recordings.confusion, strange.recordings.coverage) == (judged.recordings.confusion, 0)
    assert strange.recordings.selective_accuracy is None


def test_how_many_are_named_surely_and_how_often_that_is_right():
    rows = np.array([[0.9, 0.1], [0.9, 0.1], [0.55, 0.45], [0.1, 0.9]], np.float32)
    one = evaluate(rows, np.array([0, 1, 1, 1]), np.arange(4), LABELS[:2]).segments
    assert (one.coverage, one.selective_accuracy, one.accuracy) == pytest.approx((3 / 4, 2 / 3, 2 / 4))


def test_the_judged_figures_are_those_of_labelling(monkeypatch, corpus, tmp_path, capsys):
    """`evaluate` and the predictor come to the same on the same recordings."""
    monkeypatch.setattr("trainer.__main__._listen", lambda stop: None)  # standard input belongs to pytest
    how = ["--no-views", "--others=4", "--hidden=8", "--epochs=4", "--window=3", "--split=recording", "--quick"]
    out = str(tmp_path / "a.probe")
    assert main(["fit", "--data", str(corpus), "--task", "instrument", "--out", out, *how, "--json"]) == 0
    capsys.readouterr()
    assert main(["evaluate", "--probe", out, "--data", str(corpus), "--json"]) == 0
    whole = json.loads(capsys.readouterr().out.splitlines()[-1])["judgement"]["recordings"]
    predictor, verdicts = load_predictor(tmp_path / "a.probe"), []
    for entry in read_dataset(corpus, "instrument").entries:
        with open_audio(entry.path) as source:
            verdicts.append((predictor.predict(source)[0].verdict(), entry.labels["instrument"]))
    assert whole["count"] == len(verdicts) == 8
    assert whole["accuracy"] == pytest.approx(np.mean([verdict.label == label for verdict, label in verdicts]))
    assert whole["sure"] == pytest.approx(np.mean([verdict.sure for verdict, _label in verdicts]))
    mean = np.mean([verdict.probability for verdict, _label in verdicts])
    shares = [one["count"] * one["probability"] for one in whole["calibration"]]
    assert sum(shares) / whole["count"] == pytest.approx(mean, abs=1e-4)


def test_figures_have_the_names_in_files_that_they_always_had():
    level = evaluate(rows_of([0, 1]), np.array([0, 1]), np.array([0, 1]), LABELS).as_dict()["segments"]
    figures = {"count", "accuracy", "low", "high", "macro_f1", "chance", "majority", "error", "sure", "sure_accuracy"}
    assert set(level) == figures | {"classes", "confusion", "calibration"}
