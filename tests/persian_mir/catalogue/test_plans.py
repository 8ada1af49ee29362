"""What is asked for one recording walks no table of all: a large catalogue takes a new file as fast as a small one."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest

from persian_mir.catalogue import catalogue as catalogue_module
from persian_mir.catalogue import filters
from persian_mir.catalogue.catalogue import Catalogue
from persian_mir.catalogue.model import Programme
from persian_mir.similarity.from_catalogue import titles_of
from tests.persian_mir.catalogue.makers import machine, recording

LARGE = ("recordings", "files", "runs", "statements", "holds", "credits", "items", "hashes")
ACTS: dict[str, Callable[[Catalogue], object]] = {
    "put": lambda one: one.put_recording(recording(1), "collection"),
    "moved": lambda one: one.put_recording(recording(1, "elsewhere.wav")),
    "missing": lambda one: one.set_missing(recording(1).path),
    "relinked": lambda one: one.relink(recording(1).content_hash, Path("/other.wav")),
    "said": lambda one: one.add_statements(recording(1).content_hash, [machine("segah")]),
    "told": lambda one: one.set_programme(recording(1).content_hash, Programme(title_latin="Segah")),
    "described": lambda one: one.describe(recording(1).content_hash),
    "titles": lambda one: titles_of(one, [recording(1).path]),
}


@pytest.mark.parametrize("act", ACTS)
def test_an_act_on_one_recording_walks_no_large_table(act: str, tmp_path: Path) -> None:
    asked: list[str] = []
    with Catalogue.open(tmp_path / "c.sqlite") as catalogue:
        if act != "put":
            catalogue.put_recording(recording(1))
        catalogue._db.set_trace_callback(asked.append)
        ACTS[act](catalogue)
        catalogue._db.set_trace_callback(None)
        walked = {line for text in asked for line in plan(catalogue._db, text) if walks(line)}
    assert walked == set()


def plan(database: sqlite3.Connection, text: str) -> list[str]:
    """How SQLite would go about it; what it runs of itself (triggers are told as comments) has no plan."""
    if not text.lstrip().upper().startswith(("SELECT", "UPDATE", "DELETE", "INSERT")):
        return []
    return [str(row[-1]) for row in database.execute(f"EXPLAIN QUERY PLAN {text}")]


def walks(line: str) -> bool:
    words = line.split()
    return words[0] == "SCAN" and words[1] in LARGE


@pytest.mark.parametrize(("rare", "index"), [(2000, "recordings_doubtful"), (0, "recordings_title")])
def test_doubtful_ones_are_gathered_where_they_are_few_and_else_met_in_order(
    rare: int, index: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(catalogue_module, "RARE", rare)
    monkeypatch.setattr(filters, "RARE", rare)
    with Catalogue.open(tmp_path / "c.sqlite") as catalogue:
        catalogue.put_recording(recording(1))
        catalogue.add_statements(recording(1).content_hash, [machine("segah", probability=0.5)])
        asked: list[str] = []
        catalogue._db.set_trace_callback(asked.append)
        (row,) = catalogue.page(filters.Filter(doubtful=True), "title").rows
        catalogue._db.set_trace_callback(None)
        (page,) = (text for text in asked if "ORDER BY" in text)
        assert any(index in line for line in plan(catalogue._db, page))
    assert row.doubtful == {("mode", "segah")}
