"""The experiment `earlier-studies`: a planted leak seen both ways, another collection, a kill, and the page."""

from __future__ import annotations

import csv
import json
import re
import shutil
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import soundfile

from persian_mir.backbones.signal import SignalBackbone
from persian_mir.embeddings import EmbeddingCache
from persian_mir.errors import PersianMirError
from persian_mir.progress import Cancelled, Progress
from tests.trainer.baselines.conftest import RATE, scale, tones
from trainer.__main__ import main
from trainer.baselines.baseline import Effort
from trainer.data import Dataset, Entry
from trainer.experiments.context import ExperimentContext
from trainer.experiments.runner import run_experiment
from trainer.experiments.systems import systems
from trainer.experiments.table import find
from trainer.reports.report import read_results, write_report

EARLIER = find("earlier-studies")
PLAYERS = 4


@pytest.fixture(scope="module")
def leaky(tmp_path_factory: pytest.TempPathFactory) -> Dataset:
    """Every recording has partials of its own; which Dastgah its name says is drawn, and cannot be heard."""
    folder, rng, entries = tmp_path_factory.mktemp("leaky"), np.random.default_rng(0), []
    for take in range(4):
        for player, dastgah in enumerate(rng.permutation(["shour", "mahour"] * (PLAYERS // 2)).tolist()):
            path = folder / f"{player}-{take}.wav"
            melody = [tones(np.resize(scale("mahour", 220 * k, 0), 80), 0) for k in range(1, 17)]
            sound = np.exp(1.5 * rng.normal(size=len(melody))) @ np.array(melody)
            soundfile.write(path, 0.5 * sound / np.abs(sound).max(), RATE)
            part = ("train", "train", "dev", "test")[take]
            entries.append(Entry(path, {"dastgah": dastgah}, f"player {player}", part))
    return Dataset("leaky", tuple(entries), False, folder)


def context_of(dataset: Dataset, *names: str, **more: object) -> ExperimentContext:
    cache = EmbeddingCache(dataset.root / "cache", 1 << 30)
    return ExperimentContext(dataset, SignalBackbone(), cache, systems=names, effort=Effort(epochs=30), **more)  # type: ignore[arg-type]


def test_a_planted_leak_stands_in_the_report_both_ways(leaky, tmp_path):
    assert run_experiment(EARLIER, context_of(leaky, "nava2019", "probe"), 30, tmp_path) == 8
    page, table = write_report(tmp_path)
    rows = list(csv.DictReader(table.read_text(encoding="utf-8").splitlines()))
    found = {(row["cell"], row["split"]): float(row["segment_accuracy"]) for row in rows}
    for system in ("nava2019", "probe"):
        assert found[system, "published (segments)"] > 90
        assert found[system, "grouped (recording)"] < 75
        assert found[system, "grouped (artist)"] < 75
    assert {row["published_leaks"] for row in rows if row["cell"] == "nava2019"} == {"not known"}
    text = page.read_text(encoding="utf-8")
    assert "Warning: parted at random" in text
    assert "jasp.tabrizu.ac.ir" in text
    (last,) = re.findall(r"<tr>(?:(?!</tr>).)*commonest label.*?</tr>", text, re.DOTALL)
    drawn = [one.labels["dastgah"] for one in leaky.entries]
    commonest = f"{100 * max(map(drawn.count, drawn)) / len(drawn):.1f}"
    shares = re.findall(r">([0-9.]+)<", last)
    assert shares[-2:] == [commonest, commonest]  # of all recordings, which are of one length
    assert len(shares) == 8  # of each of four protocols


def test_it_goes_on_where_it_was_killed_with_the_same_report(leaky, tmp_path):
    class Killed(Progress):
        """Stops at the first step after so many results."""

        def __init__(self, after: int) -> None:
            self.after = after

        def step(self, fraction: float, note: str = "") -> None:
            if len(list((again / "cells").glob("*.json"))) >= self.after:
                raise Cancelled

    once, again, names = tmp_path / "once", tmp_path / "again", ("mousavi", "probe")
    assert run_experiment(EARLIER, context_of(leaky, *names), 30, once) == 8
    for after in (1, 4, 6):
        with pytest.raises(Cancelled):
            run_experiment(EARLIER, context_of(leaky, *names, progress=Killed(after)), 30, again)
    assert run_experiment(EARLIER, context_of(leaky, *names), 30, again) == 2
    for one, other in zip(write_report(once), write_report(again), strict=True):
        assert one.read_bytes() == other.read_bytes()


@pytest.fixture
def elsewhere(leaky: Dataset, tmp_path: Path) -> Dataset:
    """Three scales on other shaheds, one recording of `leaky` under another name, and a label that it lacks."""
    entries = []
    for name, mode in (("a", "shour"), ("b", "mahour"), ("c", "segah")):
        path = tmp_path / f"{name}.wav"
        soundfile.write(path, tones(scale(mode, 260, 1)), RATE)
        entries.append(Entry(path, {"dastgah": mode}, "somebody"))
    shutil.copy(leaky.entries[0].path, tmp_path / "copy.wav")
    entries.append(Entry(tmp_path / "copy.wav", dict(leaky.entries[0].labels), "somebody"))
    return Dataset("elsewhere", tuple(entries), False, tmp_path)


def test_another_collection_judges_by_the_labels_that_both_hold(leaky, elsewhere, tmp_path):
    context = context_of(leaky, "mousavi", "modal", other=elsewhere)
    assert run_experiment(EARLIER, context, 30, tmp_path) == 10
    others = {one["system"]: one for one in read_results(tmp_path).systems if one["protocol"] == "other"}
    assert others["mousavi"]["judgement"]["recordings"]["count"] == 2  # neither the copy nor Segah
    assert others["modal"]["judgement"]["labels"] == ["shour", "mahour"]
    copied = leaky.entries[0].labels["dastgah"] == "mahour"  # the reading learns nothing, so the copy counts
    assert others["modal"]["judgement"]["recordings"]["accuracy"] == pytest.approx((2 + copied) / 3)
    assert "another collection: elsewhere" in write_report(tmp_path)[0].read_text(encoding="utf-8")


def test_what_cannot_be_had_has_no_figure_and_is_not_tried_again(leaky, tmp_path):
    nobody = replace(leaky, entries=tuple(replace(one, artist="", split="") for one in leaky.entries))
    assert run_experiment(EARLIER, context_of(nobody, "mousavi"), 30, tmp_path) == 4
    assert run_experiment(EARLIER, context_of(nobody, "mousavi"), 30, tmp_path) == 0
    known = {one["protocol"] for one in read_results(tmp_path).systems if one["judgement"] is not None}
    assert known == {"published", "recording"}
    write_report(tmp_path)


def test_every_study_and_what_this_program_offers_is_compared(leaky):
    names = [one.id for one in systems(context_of(leaky))]
    assert len(names) == 12 + 3
    assert names[-3:] == ["probe", "hybrid", "modal"]
    with pytest.raises(PersianMirError, match="no such system"):
        systems(context_of(leaky, "mert"))


def test_another_effort_is_another_result(leaky, tmp_path):
    context = context_of(leaky, "mousavi", "probe")  # only one of them is fitted in passes over the data
    assert run_experiment(EARLIER, context, 30, tmp_path) == 8
    assert run_experiment(EARLIER, replace(context, effort=Effort(epochs=3)), 30, tmp_path) == 4


def test_the_report_says_how_long_a_net_was_fitted_and_what_ended_it(leaky, tmp_path):
    context = context_of(leaky, "pmg-net", protocols=("official",))
    for effort in (Effort(epochs=2), Effort(epochs=3, patience=1)):
        assert run_experiment(EARLIER, replace(context, effort=effort), 30, tmp_path) == 1
    whole, short = (one["passes"] for one in read_results(tmp_path).systems)
    assert [(one["run"], one["most"], one["patience"]) for one in whole] == [(2, 2, None)] * len(whole)
    assert all(one["run"] == one["kept"] + 1 for one in short if one["patience"] == 1)
    page, table = write_report(tmp_path)
    text = page.read_text(encoding="utf-8")
    assert (
        "\u2068after PMG-Net\u2069, at most 2 epochs, given split: 2 of at most 2 epochs, stopped by nothing." in text
    )
    assert "\u2068after PMG-Net\u2069, at most 3 epochs, patience of 1 epoch, given split: " in text
    rows = list(csv.DictReader(table.read_text(encoding="utf-8").splitlines()))
    assert rows[0]["epochs_run"].split() == ["2"] * len(whole)
    assert rows[0]["ended_by"].split("; ") == ["epochs 2"] * len(whole)


def test_the_command_line_takes_another_collection(corpus, no_listener, tmp_path, capsys):
    def run(*arguments: str) -> dict[str, object]:
        plain = ["experiment", "earlier-studies", "--data", str(corpus), "--out", str(tmp_path / "out"), "--json"]
        assert main([*plain, "--systems", "mousavi", *arguments]) == 0
        return json.loads(capsys.readouterr().out.splitlines()[-1])

    assert run("--other", str(corpus))["computed"] == 5  # four protocols, and the other collection
    assert run()["computed"] == 0


def test_the_table_is_in_english_whatever_the_language_of_the_page(leaky, tmp_path, monkeypatch):
    run_experiment(EARLIER, context_of(leaky, "mousavi", "nava2019", "probe", protocols=("official",)), 30, tmp_path)
    page, table = write_report(tmp_path)
    english, plain = page.read_text(encoding="utf-8"), table.read_bytes()
    monkeypatch.setenv("LANGUAGE", "fa")
    page, table = write_report(tmp_path)
    assert page.read_text(encoding="utf-8") != english
    assert table.read_bytes() == plain


def test_only_the_protocols_that_are_named_are_run(leaky, elsewhere, tmp_path):
    context = context_of(leaky, "mousavi", "modal", other=elsewhere, protocols=("artist", "recording"))
    assert run_experiment(EARLIER, context, 30, tmp_path) == 6
    assert {one["protocol"] for one in read_results(tmp_path).systems} == {"artist", "recording", "other"}
    write_report(tmp_path)
