from __future__ import annotations

from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path

import numpy as np
import pytest

from persian_mir.backbones import BackboneKey
from persian_mir.errors import PersianMirError
from persian_mir.grid import Grid
from persian_mir.probes.probe import Head, Probe
from trainer.evaluation.evaluate import Evaluation, evaluate
from trainer.reports.card import html, write_card

LABELS = ("ney", "setar")


def probe(dataset: str = "Archive", model: str = "m-a-p/MERT-v1-95M") -> Probe:
    key = BackboneKey(model, "c0ffee", "aa", 24_000, 13, 4, True)
    head = Head((np.zeros((2, 4), np.float32),), (np.zeros(2, np.float32),))
    training = {
        "dataset": dataset,
        "split": "official",
        "recordings": {"train": 8, "dev": 2},
        "segments": {"train": 80, "dev": 20},
        "classes": {"ney": 50, "setar": 50},
        "program": "persian-mir 9",
        "date": "2026-01-01",
    }
    shape = np.zeros((1, 4), np.float32)
    return Probe(
        "instrument", LABELS, key, Grid(), (6,), np.ones(1, np.float32), head, shape, shape + 1, training=training
    )


def evaluation(right: int) -> Evaluation:
    """Of 40 recordings, so many named right."""
    truth = np.arange(40) % 2
    named = np.where(np.arange(40) < right, truth, 1 - truth)
    rows = np.full((40, 2), 0.2, np.float32)
    rows[np.arange(40), named] = 0.8
    return evaluate(rows, truth, np.arange(40), LABELS)


class Tags(HTMLParser):
    """The names of all tags, those left open, and addresses that would be fetched."""

    def __init__(self) -> None:
        super().__init__()
        self.seen: list[str] = []
        self.open: list[str] = []
        self.fetched: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.seen.append(tag)
        if tag not in ("meta", "html"):
            self.open.append(tag)
        self.fetched += [value or "" for name, value in attrs if name in ("src", "href")]

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.seen.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag != "html":
            assert self.open.pop() == tag


def read(text: str) -> Tags:
    tags = Tags()
    tags.feed(text)
    assert tags.open == []
    return tags


def test_it_stands_beside_the_probe_and_needs_nothing_else(tmp_path: Path):
    page = write_card(probe(), tmp_path / "ney or setar.probe", {"official": evaluation(38), "grouped": evaluation(20)})
    assert page == tmp_path / "ney or setar.card.html"
    text = page.read_text(encoding="utf-8")
    tags = read(text)
    assert "script" not in tags.seen
    assert tags.seen.count("svg") == 4
    assert not tags.fetched
    for expected in ("95.0 %", "50.0 %", "c0ffee", "CC BY-NC 4.0", "persian-mir 9", "artist", "Archive", "6 of 13"):
        assert expected in text, expected
    assert "Much of the first figure is knowledge of the artists" in text
    assert "label --probe &#39;ney or setar.probe&#39;" in text
    assert "SYNTHETIC" not in text


@pytest.mark.parametrize(
    ("split", "tested", "said"),
    [
        ("official", 5, "given split"),
        ("artist", 0, "dev part, which chose the epoch too"),
        ("recording", 0, "dev part, which chose the epoch too"),
        ("given", 0, "dev part, which chose the epoch too"),
        ("recording", 5, "split by whole recordings"),
    ],
)
def test_a_split_is_called_what_it_is(split, tested, said):
    one = probe()
    one = replace(one, training=dict(one.training) | {"split": split, "recordings": {"dev": 2, "test": tested}})
    page = html(one, "a.probe", {"official": evaluation(30)})
    assert f"<h3>{said}</h3>" in page
    assert page.count(said) == 3  # of segments, of recordings, over the drawings


def test_how_much_is_named_surely_stands_there():
    page = html(probe(), "a.probe", {"official": evaluation(30)})
    surely, rightly = '<td><bdi dir="ltr">100.0 %</bdi></td>', '<td><bdi dir="ltr">75.0 %</bdi></td>'
    assert page.count(f"{surely}{rightly}</tr>") == 2  # segments and recordings


def test_synthetic_data_are_called_so_loudly():
    assert "SYNTHETIC" in html(probe("mini-Nava (synthesised)"), "x.probe", {})


def test_what_is_not_known_is_said():
    text = html(probe(model="local/own"), "x.probe", {})
    assert "not judged" in text
    assert "not known; see where the model is from" in text
    assert "No figure of a split by whole artists" in text
    read(text)


def test_names_from_outside_are_only_text():
    text = html(probe("<script>alert(1)</script>"), "<b>.probe", {"official": evaluation(30)})
    assert "script" not in read(text).seen
    assert "b" not in read(text).seen


def test_a_disk_that_refuses(tmp_path: Path):
    (tmp_path / "x.card.html").mkdir()
    with pytest.raises(PersianMirError, match="could not be written"):
        write_card(probe(), tmp_path / "x.probe", {})


def test_it_says_how_well_the_unknown_is_told():
    point = {"reach": 1.1, "known": 40, "kept": 0.925, "by": "artist", "unknown": 36, "refused": 0.5}
    given = replace(probe(), training={**probe().training, "unknown": point})
    text = html(given, "x.probe", {})
    assert "Of 40 recordings of labels that it knows, by players never heard, 92% are kept." in text
    assert "Of 36 recordings of a label never heard, 50% are none of its labels to it." in text
    assert "was not judged" in html(probe(), "x.probe", {"official": evaluation(38)})


@pytest.mark.parametrize(
    ("sure", "said"),
    [
        (
            {"margin": 0.62, "by": "grouped"},
            "from a lead of 62% on: there nine in ten are right, by artists never heard.",
        ),
        ({"margin": 0.15, "by": "official"}, "from a lead of 15% on: there nine in ten are right, in the part judged."),
        ({"margin": 2.0, "by": "grouped"}, "No label is ever called sure: by artists never heard, at no lead are"),
        (
            {"margin": 2.0, "by": "official"},
            "No label is ever called sure: in the part that it was judged by, at no lead",
        ),
        ({"margin": 2.0, "by": ""}, "No label is ever called sure: nothing was kept apart"),
    ],
)
def test_it_says_from_which_lead_on_a_label_is_sure(sure, said):
    given = replace(probe(), training={**probe().training, "sure": sure})
    assert said in html(given, "x.probe", {"official": evaluation(38)})
    assert "called sure" not in html(probe(), "x.probe", {"official": evaluation(38)})


def test_its_labels_are_listed_as_the_language_lists(monkeypatch):
    monkeypatch.setenv("LANGUAGE", "fa")
    assert "نی</bdi>، <bdi>" in html(probe(), "x.probe", {})


def test_the_name_of_the_data_keeps_its_digits(monkeypatch):
    """A person looks for the folder by it; what is counted beside it has the digits of the language."""
    monkeypatch.setenv("LANGUAGE", "fa")
    page = html(probe("takes of 2024"), "x.probe", {})
    assert "takes of 2024" in page
    assert "train ۸" in page
