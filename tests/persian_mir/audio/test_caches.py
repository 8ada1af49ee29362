"""The hash, its memo, and the bound of a cache folder."""

from __future__ import annotations

import hashlib
import os
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from persian_mir.app_paths import cache_dir
from persian_mir.audio.content_hash import content_hash
from persian_mir.cache_files import header, read_header, trim
from persian_mir.errors import AudioError


class Hashed:
    """Counts how often a file is really read."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        import persian_mir.audio.content_hash as module

        self.count, real = 0, module._digest

        def counted(*args: object) -> str:
            self.count += 1
            return real(*args)  # type: ignore[arg-type]

        monkeypatch.setattr(module, "_digest", counted)


def settled(path: Path, content: bytes, age_s: float = 60.0) -> Path:
    path.write_bytes(content)
    then = path.stat().st_mtime - age_s
    os.utime(path, (then, then))
    return path


def test_is_blake2b_of_the_bytes(tmp_path):
    path = settled(tmp_path / "a", b"setar" * 2_000_000)
    assert content_hash(path) == hashlib.blake2b(b"setar" * 2_000_000, digest_size=16).hexdigest()


def test_is_remembered_until_the_file_changes(tmp_path, monkeypatch):
    hashed = Hashed(monkeypatch)
    path = settled(tmp_path / "a", b"one")
    assert content_hash(path) == content_hash(path)
    assert hashed.count == 1
    first = content_hash(path)
    settled(path, b"two", age_s=50)
    assert content_hash(path) != first
    assert hashed.count == 2


def test_a_file_just_written_is_not_trusted(tmp_path, monkeypatch):
    hashed = Hashed(monkeypatch)
    path = settled(tmp_path / "a", b"one", age_s=0)
    content_hash(path)
    content_hash(path)
    assert hashed.count == 2


def test_a_damaged_memo_is_begun_anew(tmp_path, monkeypatch):
    hashed = Hashed(monkeypatch)
    path = settled(tmp_path / "a", b"one")
    (cache_dir() / "hashes.sqlite").write_bytes(b"no database" * 1000)
    first = content_hash(path)
    assert content_hash(path) == first
    assert content_hash(path) == first
    assert hashed.count == 2


def test_many_threads_share_the_memo(tmp_path):
    paths = [settled(tmp_path / str(k), str(k).encode()) for k in range(40)]
    with ThreadPoolExecutor(8) as pool:
        first, second = list(pool.map(content_hash, paths)), list(pool.map(content_hash, paths))
    assert first == second
    assert len(set(first)) == 40


def test_vanished(tmp_path):
    with pytest.raises(AudioError, match="does not exist"):
        content_hash(tmp_path / "absent")


def test_header_survives_and_damage_shows():
    values = {"tags": {"title": "دشتی"}, "frames": 1 << 40}
    raw = header(values)
    assert read_header(raw + b"more") == values
    assert read_header(raw[:-1]) is None
    assert read_header(raw.replace(b"frames", b"frumes")) is None
    with pytest.raises(ValueError, match="too long"):
        header({"a": "b" * 20_000})


def test_oldest_go_first(tmp_path):
    for age in range(5):
        settled(tmp_path / str(age), b"x" * 100, age_s=100.0 * age)
    settled(tmp_path / ".a.part", b"x" * 100, age_s=300)
    settled(tmp_path / ".b.part", b"x" * 100, age_s=900)
    settled(tmp_path / "c.0123.partial", b"x" * 100, age_s=900)  # of an older version of the program
    (tmp_path / "folder").mkdir()
    trim(tmp_path, 250)
    assert {path.name for path in tmp_path.iterdir()} == {"0", "1", ".a.part", "folder"}
    trim(tmp_path, 0)
    assert {path.name for path in tmp_path.iterdir()} == {"0", ".a.part", "folder"}
    trim(tmp_path / "absent", 0)
