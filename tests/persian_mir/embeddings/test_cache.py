"""Embeddings on disk: found again, shared, never believed when damaged."""

from __future__ import annotations

import dataclasses
import errno
import multiprocessing
import os
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from persian_mir.backbones import BackboneKey
from persian_mir.embeddings import Embedding, EmbeddingCache, EmbeddingKey
from persian_mir.grid import Grid

KEY = EmbeddingKey("abc", "libsndfile 1.2", BackboneKey("m", "r", "h", 16_000, 4, 6, True), Grid(), (0, 1, 3), "fp32")


def embedding(key: EmbeddingKey = KEY, segments: int = 5) -> Embedding:
    every = np.random.default_rng(0).normal(size=(segments, 4, 6)).astype(np.float32)
    starts = np.arange(segments, dtype=np.int64) * 80_000
    return Embedding(every[:, key.layers].copy(), starts, starts + 80_000, key.layers, key)


def equal(a: Embedding | None, b: Embedding) -> bool:
    return (
        a is not None
        and a.key == b.key
        and a.layers == b.layers
        and all(np.array_equal(getattr(a, name), getattr(b, name)) for name in ("values", "starts", "stops"))
    )


def files(cache: EmbeddingCache) -> list[Path]:
    return sorted(cache.folder.iterdir())


@pytest.fixture
def cache(tmp_path: Path) -> EmbeddingCache:
    return EmbeddingCache(tmp_path / "cache")


def test_what_is_put_is_got_and_read_only(cache: EmbeddingCache) -> None:
    assert cache.get(KEY) is None
    cache.put(embedding())
    found = cache.get(KEY)
    assert equal(found, embedding())
    assert found is not None
    with pytest.raises(ValueError, match="read-only"):
        found.values[0] = 0
    assert len(files(cache)) == 1


CHANGES = {
    "sound": {"content_hash": "abd"},
    "decoder": {"decoder": "ffmpeg 7"},
    "grid": {"grid": Grid(3.0, 3.0)},
    "windows of 30 s": {"grid": Grid(30.0, 30.0)},
    "rate": {"backbone": dataclasses.replace(KEY.backbone, rate=KEY.backbone.rate + 8000)},
    "tail": {"grid": Grid(tail="drop")},
    "precision": {"precision": "bf16"},
    "layers": {"layers": (0, 2)},
    "weights": {"backbone": dataclasses.replace(KEY.backbone, weights_hash="i")},
    "revision": {"backbone": dataclasses.replace(KEY.backbone, revision="s")},
    "normalise": {"backbone": dataclasses.replace(KEY.backbone, normalise=False)},
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_nothing_is_taken_for_something_else(cache: EmbeddingCache, change: dict[str, object]) -> None:
    cache.put(embedding())
    other = dataclasses.replace(KEY, **change)  # type: ignore[arg-type]
    assert other.digest() != KEY.digest()
    assert cache.get(other) is None


@pytest.mark.parametrize("layers", [(3,), (1, 0), (3, 1, 0)])
def test_more_layers_serve_fewer_in_any_order(cache: EmbeddingCache, layers: tuple[int, ...]) -> None:
    cache.put(embedding())
    key = dataclasses.replace(KEY, layers=layers)
    assert equal(cache.get(key), embedding(key))


@pytest.mark.logs
@settings(max_examples=60)
@given(at=st.floats(0, 1), what=st.sampled_from(["flip", "cut", "empty"]))
def test_a_damaged_entry_is_removed(cache: EmbeddingCache, at: float, what: str) -> None:
    cache.put(embedding())
    (path,) = files(cache)
    data = bytearray(path.read_bytes())
    place = min(len(data) - 1, int(at * len(data)))
    if what == "flip":
        data[place] ^= 0x55
    else:
        del data[place if what == "cut" else 0 :]
    path.write_bytes(data)
    found = cache.get(KEY)
    # A flipped byte may fall on what decides nothing (a blank in the header); what is served is right in any case.
    assert equal(found, embedding()) or (found is None and not path.exists())


@pytest.mark.logs
def test_a_damaged_entry_gives_way_to_a_sound_one(cache: EmbeddingCache, caplog: pytest.LogCaptureFixture) -> None:
    cache.put(embedding())
    (path,) = files(cache)
    path.write_bytes(b"not at all")
    whole = dataclasses.replace(KEY, layers=(0, 1, 2, 3))
    cache.put(embedding(whole))
    assert equal(cache.get(KEY), embedding())
    assert "damaged" in caplog.text
    assert len(files(cache)) == 1


def test_the_oldest_go_first_and_use_keeps_young(tmp_path: Path) -> None:
    keys = [dataclasses.replace(KEY, content_hash=str(i)) for i in range(4)]
    cache = EmbeddingCache(tmp_path)
    for age, key in enumerate(keys[:3]):
        cache.put(embedding(key))
        newest = max(files(cache), key=lambda path: path.stat().st_mtime)
        os.utime(newest, (1000 + age, 1000 + age))
    assert cache.get(keys[0]) is not None
    one = files(cache)[0].stat().st_size
    cache.max_bytes = 3 * one + one // 2
    cache.put(embedding(keys[3]))
    assert [cache.get(key) is not None for key in keys] == [True, False, True, True]


@pytest.mark.logs
def test_a_folder_that_cannot_be_written_is_no_disaster(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    (tmp_path / "file").write_text("")
    cache = EmbeddingCache(tmp_path / "file")
    cache.put(embedding())
    assert cache.get(KEY) is None
    assert "could not be cached" in caplog.text


def _work(folder: Path, rounds: int, wrong: multiprocessing.queues.Queue[int]) -> None:  # type: ignore[name-defined]
    cache = EmbeddingCache(folder)
    bad = 0
    for _round in range(rounds):
        cache.put(embedding(segments=200))
        bad += not equal(cache.get(KEY), embedding(segments=200))
    wrong.put(bad)


def test_two_programs_share_it(tmp_path: Path) -> None:
    context = multiprocessing.get_context("fork" if os.name == "posix" else "spawn")
    wrong = context.SimpleQueue()
    workers = [context.Process(target=_work, args=(tmp_path, 40, wrong)) for _ in range(2)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join(60)
    assert [worker.exitcode for worker in workers] == [0, 0]
    assert [wrong.get(), wrong.get()] == [0, 0]
    assert [path.suffix for path in tmp_path.iterdir()] == [".safetensors"]


def test_what_a_killed_program_left_half_goes_by_its_age(cache: EmbeddingCache) -> None:
    cache.folder.mkdir()
    old, new = cache.folder / ".a.part", cache.folder / ".b.part"
    old.touch()
    new.touch()
    os.utime(old, (0, 0))
    cache.put(embedding())
    assert new in files(cache)
    assert old not in files(cache)


@pytest.mark.logs
def test_a_disk_that_refuses_is_remembered_and_logged_once(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    (tmp_path / "file").touch()
    cache = EmbeddingCache(tmp_path / "file")
    assert cache.refused == cache.complaint() == ""
    for _time in range(2):
        cache.put(embedding())
    assert cache.refused == os.strerror(errno.EEXIST)
    assert [one.levelname for one in caplog.records].count("WARNING") == 1
    assert not cache.holds(KEY)
    assert "Free some space" in cache.complaint()


def test_an_entry_with_more_layers_is_held(cache: EmbeddingCache) -> None:
    cache.put(embedding())
    assert cache.holds(KEY)
    assert cache.holds(dataclasses.replace(KEY, layers=(3, 0)))
    assert not cache.holds(dataclasses.replace(KEY, layers=(2,)))
