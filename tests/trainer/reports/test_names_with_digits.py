"""In Persian the numbers of a page or a line have Persian digits, and names that hold numbers keep theirs."""

from __future__ import annotations

import re
from dataclasses import asdict
from pathlib import Path

import numpy as np
import pytest

from persian_mir import __version__
from persian_mir.backbones import BackboneKey
from persian_mir.grid import Grid
from persian_mir.probes.probe import Head, Probe
from trainer.baselines.early_stopping import Passes
from trainer.evaluation.curve_points import Curve, Point
from trainer.evaluation.evaluate import Evaluation, evaluate
from trainer.experiments.published import PAPER
from trainer.fitting.fit_options import FitOptions
from trainer.reports import card, curve_page
from trainer.reports.report import _cell_rows
from trainer.reports.report_page import Results, html

ARTISTS = ("Artist 12", "گروه 7 نفره", "Player 3")
MODEL, DATA, OTHER = "/models/random 5 copy", "takes of 2024", "archive 9 north"
FILE = "by 5 players.probe"
NAMES = (*ARTISTS, MODEL, DATA, OTHER, FILE, "take 5 b.wav")
OURS = ("F1", PAPER, "float32", f"Persian MIR {__version__}")
HEX = r"\b[0-9a-f]{8,}\b"


@pytest.fixture(autouse=True)
def _persian(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LANGUAGE", "fa")


def judged() -> Evaluation:
    truth = np.arange(60) % 3
    rows = np.full((60, 3), 0.15, np.float32)
    rows[np.arange(60), np.where(np.arange(60) < 45, truth, (truth + 1) % 3)] = 0.7
    return evaluate(rows, truth, np.arange(60) // 2 * 3 + truth, ARTISTS)


def probe(model: str) -> Probe:
    key = BackboneKey(model, "v 2 of 9", "aa", 24_000, 13, 4, True)
    head = Head((np.zeros((3, 4), np.float32),), (np.zeros(3, np.float32),))
    sure = {"margin": 0.62, "by": "grouped"}
    told = {"dataset": DATA, "split": "recording", "split_hash": "0123456789ab", "skipped": 4, "sure": sure}
    told |= {"recordings": {"train": 8}, "segments": {"train": 80}, "epochs_run": 15, "epoch": 12}
    options = FitOptions(task="artist", backbone=model).as_dict()
    shape = np.zeros((2, 4), np.float32)
    return Probe(
        *("artist", ARTISTS, key, Grid(), (6, 7), np.full(2, 0.5, np.float32), head, shape, shape + 1),
        training=told | {"options": options, "classes": dict.fromkeys(ARTISTS, 30)},
    )


def cell(backbone: str) -> dict[str, object]:
    recipe = {"hidden": [512, 256], "lr": 2e-05, "epochs": 60, "patience": 8, "batch": 64, "dropout": 0.2}
    how = {"official": {"how": "lists", "hash": "ab" * 16}, "grouped": {"how": "recording", "hash": "cd" * 16}}
    return {
        **{"experiment": "table2", "cell": {"task": "artist", "key": "5 s", "recipe": recipe}, "backbone": backbone},
        **{"dataset": DATA, "synthetic": True, "precision": "float32", "splits": how, "warning": ""},
        "judgements": dict.fromkeys(how, judged().as_dict()),
    }


def system(protocol: str) -> dict[str, object]:
    passes = [asdict(Passes(run=14, most=60, patience=5, kept=9))]
    return {
        **{"experiment": "earlier-studies", "system": "probe", "task": "artist", "backbone": MODEL, "epochs": None},
        **{"dataset": DATA, "synthetic": True, "protocol": protocol, "other": OTHER if protocol == "other" else ""},
        **{"judgement": judged().as_dict(), "passes": passes, "patience": None},
    }


def shown_map() -> dict[str, object]:
    return {
        **{"task": "artist", "backbone": MODEL, "dataset": DATA, "synthetic": True, "layer": 3, "of": 90},
        **{"labels": list(ARTISTS), "points": [[0.0, 0.0], [1.0, 2.0], [2.0, 1.0]], "targets": [0, 1, 2]},
        "shares": [0.5, 0.25],
    }


def suspect() -> dict[str, object]:
    told = {"contradicted": 1, "of": 60, "agreement": 0.9, "doubtful": 0.5}
    return shown_map() | told | {"suspects": [["take 5 b.wav", 0.0, 1.0, ARTISTS[0], ARTISTS[1], 0.87]]}


def words(page: str) -> str:
    """What a reader sees, tips and captions included, without what is to be typed."""
    body = re.sub(r"<(style|code)\b.*?</\1>", " ", page, flags=re.DOTALL)
    return re.sub(r"<[^>]*>", "\n", body)


def digits_elsewhere(text: str, *names: str) -> list[str]:
    for name in sorted((*NAMES, *OURS, *names), key=len, reverse=True):
        text = text.replace(name, "")
    return [line.strip() for line in re.sub(HEX, "", text).splitlines() if re.search("[0-9]", line)]


def changed(text: str) -> set[str]:
    """Names that stand there with Persian digits."""
    persian = str.maketrans("0123456789", "۰۱۲۳۴۵۶۷۸۹")
    return {name for name in NAMES if name.translate(persian) in text}


def test_a_card() -> None:
    text = card.html(probe(MODEL), FILE, {"official": judged()})
    assert changed(text) == set()
    seen = words(text)
    assert all(name in seen for name in (*ARTISTS, MODEL, DATA, FILE))
    assert digits_elsewhere(seen, "v 2 of 9") == []


def test_a_card_names_the_licence_of_the_model_as_it_is() -> None:
    text = card.html(probe("m-a-p/MERT-v1-95M"), FILE, {})
    assert text.count("CC BY-NC 4.0") == 2
    assert "https://creativecommons.org/licenses/by-nc/4.0" in text
    names = "m-a-p/MERT-v1-95M", "CC BY-NC 4.0", "https://creativecommons.org/licenses/by-nc/4.0", "v 2 of 9"
    assert digits_elsewhere(words(text), *names) == []


def test_a_report(tmp_path: Path) -> None:
    systems = tuple(map(system, ("published", "recording", "other")))
    results = Results((cell(MODEL), cell("signal")), (shown_map(),), (suspect(),), systems)
    text = html(results, _cell_rows(results), {}, tmp_path)
    assert changed(text) == set()
    seen = words(text)
    assert all(name in seen for name in (*ARTISTS, MODEL, DATA, OTHER, "take 5 b.wav"))
    assert digits_elsewhere(seen) == []


def test_a_curve() -> None:
    points = (Point(5, 20, *[0.5] * 9), Point(10, 20, *[0.75] * 9))
    curve = Curve("artist", DATA, MODEL, ARTISTS, 40, points, ("10 recordings of " + ARTISTS[0],))
    text = curve_page.html(curve)
    assert changed(text) == set()
    assert digits_elsewhere(words(text), "10 recordings of Artist 12") == []
