"""The header of a kept file, and the bound of a cache folder."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from persian_mir.cache_files import header, read_header, trim


def settled(path: Path, content: bytes, age_s: float = 60.0) -> Path:
    path.write_bytes(content)
    then = path.stat().st_mtime - age_s
    os.utime(path, (then, then))
    return path


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
