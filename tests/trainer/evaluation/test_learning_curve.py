from __future__ import annotations

import csv
import json
from collections import Counter
from pathlib import Path

import numpy as np
import pytest

from persian_mir.backbones import load_backbone
from persian_mir.errors import PersianMirError
from persian_mir.grid import Grid
from trainer.__main__ import main
from trainer.data import DataError, read_dataset
from trainer.experiments.learning_curve import drawn, learning_curve
from trainer.features.extraction import FeatureExtractor, all_layers
from trainer.fitting.loop import HeadConfig
from trainer.reports.curve_page import write_curve

QUICK = HeadConfig(hidden=(), epochs=20)


def manifest(corpus: Path, out: Path, artists: int) -> Path:
    """The synthesised setar and ney with so many artists an instrument; 0: not known."""
    with out.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["file", "instrument", "artist"])
        for number, path in enumerate(sorted(corpus.rglob("*.wav"))):
            label = path.parent.name
            writer.writerow([path, label, f"{label}-{number % artists}" if artists else ""])
    return out


def extractor() -> FeatureExtractor:
    return all_layers(load_backbone("signal", "cpu"), Grid(), None)


def test_draws_are_spread_over_the_classes_and_repeatable():
    truth = np.array([0] * 10 + [1] * 3 + [2])
    for seed in range(20):
        chosen = drawn(truth, 8, seed)
        assert len(set(chosen.tolist())) == 8
        counts = Counter(truth[chosen].tolist())
        assert counts[2] == 1
        assert counts[1] == 3
        assert (chosen == drawn(truth, 8, seed)).all()
    assert len({tuple(drawn(truth, 3, seed)) for seed in range(20)}) > 5


def test_the_curve_of_the_synthesised_corpus(corpus: Path, tmp_path: Path):
    dataset = read_dataset(manifest(corpus, tmp_path / "m.csv", 2))
    curve = learning_curve(dataset, "instrument", extractor(), (1, 2, 4, 8), 3, config=QUICK)
    assert [point.size for point in curve.points] == [2, 4]
    assert "1, 8" in curve.notes[0]
    assert curve.points[0].recordings_low <= curve.points[0].recordings <= curve.points[0].recordings_high
    assert curve.points[1].recordings > 0.9
    assert curve.points[0].strangers > 0.5
    page = write_curve(curve, tmp_path / "curve.csv")
    text = page.read_text(encoding="utf-8")
    assert "<svg" in text
    assert "script" not in text
    with (tmp_path / "curve.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [row["size"] for row in rows] == ["2", "4"]
    assert float(rows[1]["recordings"]) == curve.points[1].recordings


def test_what_two_musicians_cannot_show_is_said(corpus: Path, tmp_path: Path):
    modal_only = read_dataset(manifest(corpus, tmp_path / "alone.csv", 1))
    (note,) = learning_curve(modal_only, "instrument", extractor(), (2,), 2, config=QUICK).notes
    assert "cannot tell the label from the musician" in note
    curve = learning_curve(read_dataset(corpus), "instrument", extractor(), (2,), 2, config=QUICK)
    assert "not known" in curve.notes[0]
    assert np.isnan(curve.points[0].strangers)


def test_nothing_to_draw(corpus: Path):
    dataset = read_dataset(corpus)
    with pytest.raises(DataError, match="None of these sizes"):
        learning_curve(dataset, "instrument", extractor(), (8, 16), 2)
    with pytest.raises(DataError, match="0 labels"):
        learning_curve(dataset, "mode", extractor(), (2,), 2)


def test_the_command(corpus: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    out = tmp_path / "curve.csv"
    words = ["curve", "--data", str(corpus), "--task", "instrument", "--sizes", "2", "--draws", "2"]
    assert main([*words, "--out", str(out), "--json"]) == 0
    done = json.loads(capsys.readouterr().out.splitlines()[-1])
    assert done["event"] == "done"
    assert done["points"][0]["size"] == 2
    assert done["points"][0]["strangers"] is None
    assert out.is_file()
    assert Path(done["page"]).is_file()


def test_the_page_does_not_replace_the_table(corpus: Path, tmp_path: Path):
    curve = learning_curve(read_dataset(corpus), "instrument", extractor(), (2,), 2, config=HeadConfig((), 1))
    with pytest.raises(PersianMirError, match="take the CSV's place"):
        write_curve(curve, tmp_path / "curve.html")
