from __future__ import annotations

import csv
import math
import os
import re
from dataclasses import replace
from urllib.parse import unquote

import numpy as np
import pytest
import soundfile

from persian_mir.backbones import BackboneKey
from persian_mir.errors import PersianMirError
from persian_mir.progress import Cancelled, Progress
from trainer.data import Dataset, Entry
from trainer.evaluation.curve_points import Curve, Point, csv_text
from trainer.experiments import context as context_module
from trainer.experiments.context import ExperimentContext, precision_of, write_json
from trainer.experiments.label_issues import write_suspects_of
from trainer.experiments.projection import principal
from trainer.experiments.runner import run_experiment
from trainer.experiments.table import EXPERIMENTS, NO_FIT, TASKS, Cell, Experiment, cells_of, find
from trainer.experiments.weighted_progress import Work
from trainer.fitting.loop import HeadConfig
from trainer.reports.report import read_results, rows, write_report

RATE = 1000
ARTISTS = 12


class Tones:
    """A backbone that hears which of eight tones sound: artists have tones of their own, labels have none."""

    key = BackboneKey("tones", "", "0", RATE, 2, 32, False)
    precision = "fp32"
    batch = 8

    def embed(self, batch, layers):
        spectrum = np.abs(np.fft.rfft(batch, axis=1))[:, : batch.shape[1] // 2]
        bands = np.stack([part.max(axis=1) for part in np.array_split(spectrum, 32, axis=1)], axis=1)
        return np.stack([np.log(bands + 1e-3)] * len(layers), axis=1).astype(np.float32)


@pytest.fixture(scope="module")
def leaky(tmp_path_factory) -> Dataset:
    """Each artist sounds like nobody else and plays one instrument: a label can be told by artist only."""
    folder = tmp_path_factory.mktemp("leaky")
    rng = np.random.default_rng(0)
    order = rng.permutation(ARTISTS)  # which tone an artist has tells nothing of the instrument
    entries = []
    for artist in range(ARTISTS):
        for take in range(5):
            path = folder / f"{artist}-{take}.wav"
            t = np.arange(10 * RATE) / RATE
            tone = np.sin(2 * np.pi * (20 + 36 * order[artist]) * t)
            soundfile.write(path, 0.4 * tone + 0.01 * rng.standard_normal(len(t)), RATE)
            labels = {"instrument": ("ney", "setar")[artist % 2]}
            split = ("train", "train", "train", "dev", "test")[take]
            entries.append(Entry(path, labels, f"artist{artist}", split))
    return Dataset("leaky", tuple(entries), True, folder)


def one_cell(_states: int, epochs: int) -> tuple[Cell, ...]:
    return tuple(
        Cell("instrument", f"layer {k}", 5.0, k, HeadConfig((16,), epochs, 1e-2, dropout=0.0)) for k in range(2)
    )


SMALL = Experiment("table3", one_cell)


def test_a_planted_leak_is_seen_and_said(leaky, tmp_path):
    assert run_experiment(SMALL, ExperimentContext(leaky, Tones(), None), 30, tmp_path) == 2
    page, table = write_report(tmp_path)
    for row in rows(read_results(tmp_path)):
        if row["split"].startswith("official"):
            assert row["segment_accuracy"] > 95
        else:
            assert row["segment_accuracy"] < 75  # chance is 50
    text = page.read_text(encoding="utf-8")
    assert "Warning: on the given split" in text
    assert "synthetic" in text
    assert len(list(csv.DictReader(table.read_text(encoding="utf-8").splitlines()))) == 4


class Killed(Progress):
    def __init__(self, after: int) -> None:
        self.left = after

    def step(self, fraction: float, note: str = "") -> None:
        self.left -= 1
        if self.left < 0:
            raise Cancelled


def test_it_goes_on_where_it_stopped_with_the_same_report(leaky, tmp_path):
    def two(_states: int, epochs: int) -> tuple[Cell, ...]:
        return tuple(Cell("instrument", f"{n} hidden", 5.0, 0, HeadConfig((4,) * n, epochs)) for n in (1, 2))

    experiment = Experiment("table4", two)
    once, again = tmp_path / "once", tmp_path / "again"
    assert run_experiment(experiment, ExperimentContext(leaky, Tones(), None), 2, once) == 2
    stops = 0
    for after in (5, 80, 140):
        try:
            run_experiment(experiment, ExperimentContext(leaky, Tones(), None, Killed(after)), 2, again)
        except Cancelled:
            stops += 1
    assert stops >= 2
    run_experiment(experiment, ExperimentContext(leaky, Tones(), None), 2, again)
    assert run_experiment(experiment, ExperimentContext(leaky, Tones(), None), 2, again) == 0
    reports = [write_report(folder) for folder in (once, again)]
    assert reports[0][0].read_bytes() == reports[1][0].read_bytes()
    assert reports[0][1].read_bytes() == reports[1][1].read_bytes()


def test_results_keep_their_names():
    """A folder of results of an earlier version is gone on with: computed by its code."""
    (first, *_rest) = find("table2").cells(13, 50)
    assert first.digest("x") == "35d2f32c8c677773"
    assert Cell("artist", "map", 5.0, 12, NO_FIT).digest("x") == "58d339bff54971f2"
    assert set(first.as_dict()) == {"task", "key", "window_s", "layer", "recipe"}


def test_another_config_is_another_cell(leaky, tmp_path):
    assert run_experiment(SMALL, ExperimentContext(leaky, Tones(), None), 1, tmp_path) == 2
    assert run_experiment(SMALL, ExperimentContext(leaky, Tones(), None), 2, tmp_path) == 2


@pytest.mark.parametrize(("here", "there"), [("float32", "bfloat16"), ("bfloat16", "float32")])
def test_a_run_goes_on_in_the_precision_it_began_with(here, there, leaky, tmp_path, monkeypatch):
    monkeypatch.setattr(context_module, "quickest_precision", lambda: here)
    context = ExperimentContext(leaky, Tones(), None, precision=precision_of(tmp_path))
    assert run_experiment(SMALL, context, 1, tmp_path) == 2
    sorted((tmp_path / "cells").glob("*.json"))[0].unlink()
    monkeypatch.setattr(context_module, "quickest_precision", lambda: there)
    assert precision_of(tmp_path / "another") == there
    assert precision_of(tmp_path) == here
    assert run_experiment(SMALL, replace(context, precision=precision_of(tmp_path)), 1, tmp_path) == 1
    assert {cell["precision"] for cell in read_results(tmp_path).cells} == {here}
    # Asked for all the same, it is another result and replaces none.
    assert run_experiment(SMALL, replace(context, precision=there), 1, tmp_path) == 2


def test_printed_numbers_stand_beside_ours_with_the_difference(leaky, tmp_path):
    def cell(_states: int, epochs: int) -> tuple[Cell, ...]:
        return (Cell("instrument", "5 s", 5.0, 0, HeadConfig((16,), epochs, 1e-2)),)

    run_experiment(Experiment("table2", cell), ExperimentContext(leaky, Tones(), None), 20, tmp_path)
    official, grouped = rows(read_results(tmp_path))
    assert official["printed"] == 97.5
    assert official["difference"] == pytest.approx(official["segment_accuracy"] - 97.5)
    assert grouped["difference"] is None


def test_the_map_is_written_and_drawn(leaky, tmp_path):
    assert run_experiment(find("visualisation"), ExperimentContext(leaky, Tones(), None), 1, tmp_path) == 1
    text = write_report(tmp_path)[0].read_text(encoding="utf-8")
    assert text.count("<circle") == 2 * 2 * 5 * ARTISTS  # by PCA and by t-SNE a point a segment
    links = re.findall(r'<a href="([^"#]+)#t=([\d.]+),([\d.]+)" target="player-0"', text)
    assert len(links) == text.count("<circle")
    assert all(not link.startswith("/") and (tmp_path / unquote(link)).is_file() for link, _start, _stop in links)
    assert all(float(start) < float(stop) for _link, start, stop in links)
    assert "t-SNE" in text


def test_the_page_needs_nothing_else_and_names_what_is_not_real(leaky, tmp_path):
    class Nameless(Tones):
        key = replace(Tones.key, id="local/random-weights")

    run_experiment(SMALL, ExperimentContext(leaky, Nameless(), None), 1, tmp_path)
    text = write_report(tmp_path)[0].read_text(encoding="utf-8")
    assert not re.search(r"<script|<link|<img|@import|url\(|https?://", text)
    assert "synthetic" in text
    assert "weights of local/random-weights are random" in text
    assert text.index('id="summary"') < text.index('id="table3"') < text.index('id="method"')
    assert 'href="#table3"' in text


def test_confusion_and_calibration_of_the_best_cell_are_drawn(leaky, tmp_path):
    run_experiment(SMALL, ExperimentContext(leaky, Tones(), None), 30, tmp_path)
    text = write_report(tmp_path)[0].read_text(encoding="utf-8")
    assert text.count("<svg") == 1 + 2 * 2 * 2  # the bars, and of two cells two drawings a split
    assert "Ney, named Setar: " in text
    assert text.count("<details open>") == 1


def test_the_other_cells_are_drawn_folded_away(leaky, tmp_path):
    run_experiment(find("learning-rate"), ExperimentContext(leaky, Tones(), None), 1, tmp_path)
    text = write_report(tmp_path)[0].read_text(encoding="utf-8")
    cells = len(read_results(tmp_path).cells)
    tasks = len({one["cell"]["task"] for one in read_results(tmp_path).cells})
    assert text.count("<details open>") == tasks
    assert text.count("down what is true") == 2 * cells


def test_learning_curves_beside_the_results_stand_in_the_report(leaky, tmp_path):
    run_experiment(SMALL, ExperimentContext(leaky, Tones(), None), 1, tmp_path)
    point = Point(2, 20, 0.5, 0.25, 0.75, 0.625, 0.5, 0.875, *[float("nan")] * 3)
    curve = Curve("instrument", "d", "signal", ("ney", "setar"), 9, (point,), ())
    (tmp_path / "few labels.csv").write_text(csv_text(curve), encoding="utf-8")
    (tmp_path / "damaged.csv").write_text(csv_text(curve).replace("0.25", "much"), encoding="utf-8")
    text = write_report(tmp_path)[0].read_text(encoding="utf-8")
    assert "few labels" in text
    assert "50.0 – 87.5" in text
    assert "damaged" not in text


def test_suspect_labels_stand_in_the_report(leaky, tmp_path):
    wrong = replace(leaky.entries[2], labels={"instrument": "setar"})
    dataset = replace(leaky, entries=(*leaky.entries[:2], wrong, *leaky.entries[3:]))
    context = ExperimentContext(dataset, Tones(), None)
    assert write_suspects_of(context, tmp_path, Work("suspects", 1.0)) == 1
    assert write_suspects_of(context, tmp_path, Work("suspects", 1.0)) == 0
    (found,) = read_results(tmp_path).suspects
    assert found["suspects"][0][0] == "0-2.wav"
    assert found["agreement"] > 0.9
    text = write_report(tmp_path)[0].read_text(encoding="utf-8")
    assert "<bdi>0-2.wav</bdi>" in text
    assert "they agree" not in text


def test_principal_components_are_those_of_scipy_up_to_sign():
    from scipy.linalg import svd

    rng = np.random.default_rng(0)
    values = (rng.standard_normal((60, 5)) @ rng.standard_normal((5, 5))).astype(np.float32)
    points, shares = principal(values)
    z = (values - values.mean(axis=0)) / values.std(axis=0)
    left, sizes, _right = svd(z.astype(np.float64), full_matrices=False)
    np.testing.assert_allclose(np.abs(points), np.abs(left[:, :2] * sizes[:2]), atol=1e-4)
    assert shares == pytest.approx(tuple(sizes[:2] ** 2 / (sizes**2).sum()), rel=1e-4)


def test_the_tables_are_as_large_as_they_should_be():
    sizes = {one.name: len(one.cells(13, 50)) for one in EXPERIMENTS}
    assert (sizes["table2"], sizes["table3"], sizes["table3-linear"], sizes["table4"]) == (6, 39, 39, 15)
    assert all(cell.config.epochs == 50 for one in EXPERIMENTS for cell in one.cells(13, 50))


def test_lengths_are_compared_up_to_what_a_model_learnt_from():
    class Long(Tones):
        windows_s = (5.0, 30.0)

    table2, table3 = find("table2"), find("table3")
    assert cells_of(table2, Tones(), 50) == table2.cells(2, 50)
    longer = cells_of(table2, Long(), 50)
    assert longer[:6] == table2.cells(2, 50)
    assert [(one.task, one.key, one.window_s) for one in longer[6:]] == [(task, "30 s", 30.0) for task in TASKS]
    assert {one.layer for one in longer} == {1}
    assert cells_of(table3, Long(), 50) == table3.cells(2, 50)


def test_an_experiment_that_is_none():
    with pytest.raises(PersianMirError, match="no such experiment"):
        find("table9")


def test_a_full_disk_is_told_and_leaves_nothing(tmp_path, monkeypatch):
    def full(_file: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)  # many a disk says it no sooner
    with pytest.raises(PersianMirError, match="No space left"):
        write_json(tmp_path / "cell.json", {"a": math.pi})
    assert list(tmp_path.iterdir()) == []
