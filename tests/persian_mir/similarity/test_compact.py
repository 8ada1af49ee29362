"""Compacting: rows that count no more go, what is found stays the same, and whoever is killed leaves what stood."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from persian_mir.progress import Cancelled, Progress
from persian_mir.similarity import code_files
from persian_mir.similarity.compact import compact
from persian_mir.similarity.features import Passages
from persian_mir.similarity.index import SimilarityIndex
from persian_mir.similarity.index_file import INDEX, VECTORS
from persian_mir.similarity.space import Space
from persian_mir.similarity.store import VectorStore

WIDTH = 96
SPACE = Space("plain", WIDTH)


def passages(count: int, seed: int) -> Passages:
    starts = np.arange(count, dtype=np.int64) * 7
    return Passages(starts, starts + 7, np.random.default_rng(seed).standard_normal((count, WIDTH)).astype(np.float32))


def filled(store: VectorStore, recordings: int = 6) -> None:
    """Recordings `r0`, `r1` … of 0, 1, 2, 3, 0, 1 … passages."""
    for k in range(recordings):
        store.add(f"r{k}", store.folder / f"{k}.wav", 8000, passages(k % 4, k))


def content(store: VectorStore) -> dict[str, bytes]:
    """The vectors of each recording."""
    held = store.held()
    return {
        name: held.vectors[first : first + count].tobytes()
        for name, first, count in zip(held.spans.hashes, held.spans.first, held.spans.count, strict=True)
    }


@settings(max_examples=25)
@given(gone=st.sets(st.integers(0, 11)), again=st.sets(st.integers(0, 11)))
def test_what_counts_stays_as_it_was(tmp_path_factory: pytest.TempPathFactory, gone: set[int], again: set[int]) -> None:
    with VectorStore(tmp_path_factory.mktemp("store"), WIDTH) as store:
        filled(store, 12)
        store.remove([f"r{k}" for k in gone])
        for k in gone & again:
            store.add(f"r{k}", store.folder / f"{k}.wav", 8000, passages(k % 4, k))
        before, hashes, rows = content(store), store.hashes(), store.rows
        assert compact(store, most_gone=0.0) == any(k % 4 for k in gone)
        assert content(store) == before
        assert store.hashes() == hashes
        assert store.rows == rows - sum(k % 4 for k in gone)
        assert (store.folder / store.file).stat().st_size == store.rows * 2 * WIDTH or not store.rows
        assert store.remove_damaged() == []
        store.add("new", store.folder / "new.wav", 8000, passages(3, 99))
        assert content(store) == before | {"new": passages(3, 99).vectors.astype(np.float16).tobytes()}
        assert len(list(store.folder.glob("vectors*.f16"))) == 1


def test_little_that_is_gone_is_left(tmp_path: Path) -> None:
    with VectorStore(tmp_path, WIDTH) as store:
        filled(store, 12)
        store.remove(["r1"])
        assert not compact(store)
        assert store.file == VECTORS
        store.remove(["r3", "r7"])
        assert compact(store)
        assert store.rows == 11


def test_one_that_is_stopped_leaves_what_stood(tmp_path: Path) -> None:
    class Stop(Progress):
        def step(self, fraction: float, note: str = "") -> None:
            if fraction > 0.4:
                raise Cancelled

    with VectorStore(tmp_path, WIDTH) as store:
        filled(store)
        store.remove(["r3"])
        before = content(store)
        with pytest.raises(Cancelled):
            compact(store, Stop())
        assert (content(store), store.file) == (before, VECTORS)
        assert compact(store)
        assert content(store) == before
        assert [path.name for path in tmp_path.glob("vectors*.f16")] == [store.file]


@pytest.mark.parametrize("moment", ["copied", "written", "before the commit", "committed"])
def test_one_that_is_killed_leaves_the_old_or_the_new(tmp_path: Path, moment: str) -> None:
    with VectorStore(tmp_path, WIDTH) as store:
        filled(store)
        store.remove(["r3"])
        before = content(store)
    code = f"""
import os
from pathlib import Path
from persian_mir.similarity import store as module
from persian_mir.similarity.compact import compact
store = module.VectorStore(Path({str(tmp_path)!r}), {WIDTH})
die = lambda *_all: os._exit(9)
moment = {moment!r}
if moment == "copied":
    store.take_file = die
elif moment == "written":
    module.os.fsync = die
elif moment == "before the commit":
    real = store._db
    class Db:
        def execute(self, sql, *values):
            return die() if sql == "COMMIT" else real.execute(sql, *values)
        def __getattr__(self, name):
            return getattr(real, name)
    store._db = Db()
else:
    take = store.take_file
    store.take_file = lambda *all: die(take(*all))
compact(store)
"""
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 9
    with VectorStore(tmp_path, WIDTH) as store:
        assert content(store) == before
        assert (store.file == VECTORS) == (moment != "committed")
        assert store.remove_damaged() == []
        compact(store)
        assert content(store) == before


def test_what_others_add_and_remove_meanwhile_counts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with VectorStore(tmp_path, WIDTH) as store, VectorStore(tmp_path, WIDTH) as other:
        filled(store)
        store.remove(["r3"])
        take = store.take_file

        def meanwhile(*values: object) -> bool:
            other.add("silent", tmp_path / "s.wav", 8000, passages(0, 7))
            other.add("added", tmp_path / "a.wav", 8000, passages(3, 8))
            other.remove(["r2"])
            return take(*values)  # type: ignore[arg-type]

        monkeypatch.setattr(store, "take_file", meanwhile)
        assert compact(store)
        assert set(content(store)) == {"r1", "r5", "added"}
        assert content(store) == content(other)
        assert content(store)["added"] == passages(3, 8).vectors.astype(np.float16).tobytes()
        assert store.remove_damaged() == []


def test_of_two_at_once_one_wins(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with VectorStore(tmp_path, WIDTH) as store, VectorStore(tmp_path, WIDTH) as other:
        filled(store)
        store.remove(["r3"])
        before, take = content(store), store.take_file
        monkeypatch.setattr(store, "take_file", lambda *values: compact(other) and take(*values))
        assert not compact(store)
        assert content(store) == before
        assert [path.name for path in tmp_path.glob("vectors*.f16")] == [store.file]


@pytest.mark.parametrize("coded", [False, True])
def test_a_search_before_during_and_after_finds_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, coded: bool
) -> None:
    if coded:
        monkeypatch.setattr(code_files, "LEAST_CODED", 40)
    with SimilarityIndex(SPACE, tmp_path) as index, SimilarityIndex(SPACE, tmp_path) as other:
        for k in range(30):
            index.store.add(f"r{k}", tmp_path / f"{k}.wav", 8000, passages(5, k))
        index.store.remove([f"r{k}" for k in range(0, 30, 3)])
        asked = passages(5, 4).vectors[2]
        before = index.search(asked, 10)
        assert before[0].stretch.content_hash == "r4"
        recording, left = index.store.recording, [1]

        def meanwhile(content_hash: str) -> object:
            if left.pop() if left else 0:
                assert compact(other.store)
            return recording(content_hash)

        monkeypatch.setattr(index.store, "recording", meanwhile)
        for some in (index, index, other):
            found = some.search(asked, 10)
            assert [one.stretch for one in found] == [one.stretch for one in before]
        assert index.store.remove_damaged() == []
        assert len(list((tmp_path / SPACE.folder).glob("codes*.i8"))) == coded


def test_an_index_of_the_version_before_is_led_on(tmp_path: Path) -> None:
    with VectorStore(tmp_path, WIDTH) as store:
        filled(store)
        before = content(store)
        store._db.execute("ALTER TABLE state DROP COLUMN file")
        store._db.execute("PRAGMA user_version = 2")
    with VectorStore(tmp_path, WIDTH) as store:
        assert content(store) == before
        assert store.file == VECTORS
    assert (tmp_path / INDEX).is_file()
