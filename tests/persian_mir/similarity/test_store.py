"""The vectors on disk: kept, added to by two programs, and what is damaged is noticed and thrown away."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path
from threading import Timer

import numpy as np
import pytest

from persian_mir.errors import PersianMirError
from persian_mir.similarity.features import Passages
from persian_mir.similarity.index_file import INDEX, VECTORS
from persian_mir.similarity.store import VectorStore

WIDTH = 16


def passages(count: int, seed: int = 0) -> Passages:
    starts = np.arange(count, dtype=np.int64) * 7
    return Passages(starts, starts + 7, np.random.default_rng(seed).standard_normal((count, WIDTH)).astype(np.float32))


def filled(folder: Path, recordings: int = 4) -> None:
    with VectorStore(folder, WIDTH) as store:
        for k in range(recordings):
            store.add(f"r{k}", folder / f"{k}.wav", 44_100 + k, passages(3, k))


def test_what_was_added_is_there_when_it_is_opened_again(tmp_path: Path) -> None:
    filled(tmp_path)
    with VectorStore(tmp_path, WIDTH) as store:
        stored = store.recording("r2")
        assert stored is not None
        assert (stored.path, stored.rate, stored.first) == (tmp_path / "2.wav", 44_102, 6)
        assert stored.starts.tolist() == [0, 7, 14]
        assert stored.stops.tolist() == [7, 14, 21]
        assert np.array_equal(store.vectors()[6:9], passages(3, 2).vectors.astype(np.float16))
        assert store.spans().hashes == ("r0", "r1", "r2", "r3")
        assert [store.spans().of(row) for row in (0, 2, 3, 11)] == ["r0", "r0", "r1", "r3"]
        assert store.remove_damaged() == []
        assert store.recording("r9") is None


def test_a_recording_is_kept_once_and_known_by_where_it_lies_now(tmp_path: Path) -> None:
    filled(tmp_path)
    with VectorStore(tmp_path, WIDTH) as store:
        store.add("r1", tmp_path / "other.wav", 8000, passages(3, 9))
        assert store.rows == 12
        assert store.relink("r1", tmp_path / "moved \udcff.wav")
        stored = store.recording("r1")
        assert stored is not None
        assert (stored.rate, stored.path) == (44_101, tmp_path / "moved \udcff.wav")
        assert not store.relink("r9", tmp_path / "x.wav")


def test_a_recording_without_passages_is_known_all_the_same(tmp_path: Path) -> None:
    with VectorStore(tmp_path, WIDTH) as store:
        store.add("silent", tmp_path / "s.wav", 8000, passages(0))
        store.add("r0", tmp_path / "0.wav", 8000, passages(3))
        assert store.recording("silent") is not None
        assert store.hashes() == {"silent", "r0"}
        assert store.spans().hashes == ("r0",)
        assert store.remove_damaged() == []


def test_vectors_of_another_width_are_refused(tmp_path: Path) -> None:
    with VectorStore(tmp_path, WIDTH + 1) as store, pytest.raises(ValueError, match="in a store of 17"):
        store.add("r", tmp_path / "r.wav", 8000, passages(3))


def test_what_is_no_number_is_kept_as_a_number(tmp_path: Path) -> None:
    odd = np.full((1, WIDTH), np.nan, np.float32)
    odd[0, :3] = [np.inf, -np.inf, 1e9]
    with VectorStore(tmp_path, WIDTH) as store:
        store.add("odd", tmp_path / "o.wav", 8000, Passages(np.zeros(1, np.int64), np.ones(1, np.int64), odd))
        assert np.isfinite(store.vectors()).all()


def test_a_removed_recording_is_gone_and_can_be_added_again(tmp_path: Path) -> None:
    filled(tmp_path)
    with VectorStore(tmp_path, WIDTH) as store:
        store.remove(["r1", "unknown"])
        assert store.spans().hashes == ("r0", "r2", "r3")
        store.add("r1", tmp_path / "1.wav", 44_101, passages(3, 1))
        stored = store.recording("r1")
        assert stored is not None
        assert stored.first == 12
        assert store.spans().hashes == ("r0", "r2", "r3", "r1")


@pytest.mark.parametrize("place", [0, 1, 2 * WIDTH * 4, 2 * WIDTH * 12 - 1])
def test_a_damaged_byte_costs_the_recording_it_is_in(tmp_path: Path, place: int) -> None:
    filled(tmp_path)
    data = bytearray((tmp_path / VECTORS).read_bytes())
    data[place] ^= 1
    (tmp_path / VECTORS).write_bytes(data)
    with VectorStore(tmp_path, WIDTH) as store:
        lost = f"r{place // (2 * WIDTH * 3)}"
        assert store.remove_damaged() == [lost]
        assert lost not in store.spans().hashes
        assert store.remove_damaged() == []


@pytest.mark.parametrize("left", [0, 2 * WIDTH * 6 + 5])
def test_vectors_that_are_cut_off_cost_those_that_are_lost(tmp_path: Path, left: int) -> None:
    filled(tmp_path)
    data = (tmp_path / VECTORS).read_bytes()
    (tmp_path / VECTORS).write_bytes(data[:left])
    with VectorStore(tmp_path, WIDTH) as store:
        assert len(store.vectors()) == 12
        assert store.hashes() == {f"r{k}" for k in range(left // (2 * WIDTH * 3))}
        assert store.remove_damaged() == []


def test_vectors_that_are_gone_are_no_error(tmp_path: Path) -> None:
    filled(tmp_path)
    (tmp_path / VECTORS).unlink()
    with VectorStore(tmp_path, WIDTH) as store:
        store.vectors()
        assert store.hashes() == set()


def test_of_very_many_some_are_looked_through_each_time(tmp_path: Path) -> None:
    filled(tmp_path)
    data = bytearray((tmp_path / VECTORS).read_bytes())
    for row in (6, 11):
        data[2 * WIDTH * row] ^= 1
    (tmp_path / VECTORS).write_bytes(data)
    found = []
    for _time in range(2):  # of four recordings of three rows, two each time
        with VectorStore(tmp_path, WIDTH) as store:
            found.append(store.remove_damaged(most=6))
    assert found == [[], ["r2", "r3"]]
    with VectorStore(tmp_path / "empty", WIDTH) as store:
        assert store.remove_damaged(most=6) == []


@pytest.mark.parametrize("content", [b"not a database at all, but text" * 100, b"SQLite format 3\0" + b"\xff" * 4080])
def test_a_damaged_index_is_begun_again(tmp_path: Path, content: bytes) -> None:
    filled(tmp_path)
    (tmp_path / INDEX).write_bytes(content)
    for rest in tmp_path.glob(f"{INDEX}-*"):
        rest.unlink()
    filled(tmp_path, 2)
    with VectorStore(tmp_path, WIDTH) as store:
        assert store.spans().hashes == ("r0", "r1")


def test_an_index_of_another_version_is_begun_again(tmp_path: Path) -> None:
    filled(tmp_path)
    with sqlite3.connect(tmp_path / INDEX) as db:
        db.execute("PRAGMA user_version = 99")
    db.close()
    with VectorStore(tmp_path, WIDTH) as store:
        assert store.rows == 0


def test_an_index_into_which_another_writes_is_opened(tmp_path: Path) -> None:
    filled(tmp_path)
    with closing(sqlite3.connect(tmp_path / INDEX, isolation_level=None, check_same_thread=False)) as other:
        other.execute("PRAGMA journal_mode = DELETE")  # as in a new one, before its first opener has set up the log
        other.execute("BEGIN IMMEDIATE")
        end = Timer(0.2, other.execute, ["COMMIT"])
        end.start()
        with VectorStore(tmp_path, WIDTH) as store:
            assert store.rows == 12
        end.join()


def test_a_folder_that_cannot_be_used_is_told_in_words(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("no folder")
    with pytest.raises(PersianMirError, match="index of similar passages"):
        VectorStore(tmp_path / "file", WIDTH)


def test_a_writer_that_is_killed_leaves_what_stood_before(tmp_path: Path) -> None:
    filled(tmp_path)
    code = f"""
import os, sys
import numpy as np
from pathlib import Path
from persian_mir.similarity.features import Passages
from persian_mir.similarity.store import VectorStore
store = VectorStore(Path({str(tmp_path)!r}), {WIDTH})
write = store._write
def killed(first, data):
    write(first, data)
    os._exit(9)
store._write = killed
spans = np.arange(3, dtype=np.int64)
store.add("new", Path("new.wav"), 8000, Passages(spans, spans + 1, np.ones((3, {WIDTH}), np.float32)))
"""
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 9
    with VectorStore(tmp_path, WIDTH) as store:
        assert store.rows == 12
        store.add("after", tmp_path / "a.wav", 8000, passages(3, 5))
        assert store.remove_damaged() == []
        assert np.array_equal(store.vectors()[12:], passages(3, 5).vectors.astype(np.float16))


def test_two_programs_may_add_at_once(tmp_path: Path) -> None:
    code = """
import sys
import numpy as np
from pathlib import Path
from persian_mir.similarity.features import Passages
from persian_mir.similarity.store import VectorStore
with VectorStore(Path(sys.argv[1]), 16) as store:
    for k in range(60):
        spans = np.arange(k % 4, dtype=np.int64)
        vectors = np.full((k % 4, 16), int(sys.argv[2]) + k, np.float32)
        name = str(k) if k % 5 == 0 else f"{sys.argv[2]}-{k}"
        store.add(name, Path("x"), 8000, Passages(spans, spans + 1, vectors))
"""
    both = [subprocess.Popen([sys.executable, "-c", code, str(tmp_path), str(1000 * k)]) for k in (0, 1)]
    assert [one.wait() for one in both] == [0, 0]
    with VectorStore(tmp_path, WIDTH) as store:
        assert store.remove_damaged() == []
        spans = store.spans()
        assert (spans.first[1:] == (spans.first + spans.count)[:-1]).all()
        assert len(spans.hashes) == 36 + 36 + 9
