"""The hash of a file's bytes: by it, caches know a recording whatever it is called."""

from __future__ import annotations

import hashlib
import logging
import os
import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from persian_mir.app_paths import cache_dir
from persian_mir.audio.checks import unreadable
from persian_mir.i18n import _
from persian_mir.progress import SILENT, Progress

log = logging.getLogger(__name__)

BLOCK_BYTES = 4 << 20
SETTLED_NS = 2_000_000_000  # a file changed less than 2 s ago may change again within its time stamp's resolution


def content_hash(path: Path, progress: Progress = SILENT) -> str:
    """BLAKE2b-128 of the file's bytes, in hex.

    Remembered by path, size, time and inode, so that a file of gigabytes is read for it once only. Raises AudioError.
    """
    try:
        before = path.stat()
        known = _recall(path, before)
        if known:
            return known
        digest = _digest(path, before.st_size, progress)
        after = path.stat()
    except OSError as error:
        raise unreadable(path, error) from error
    if _state(before) == _state(after) and time.time_ns() - after.st_mtime_ns > SETTLED_NS:
        _remember(path, after, digest)
    return digest


def _digest(path: Path, size: int, progress: Progress) -> str:
    digest = hashlib.blake2b(digest_size=16)
    note = _("Reading {name}").format(name=path.name)
    with path.open("rb", buffering=0) as file:
        buffer = bytearray(BLOCK_BYTES)
        done = 0
        while count := file.readinto(buffer):
            digest.update(memoryview(buffer)[:count])
            done += count
            progress.step(min(1.0, done / max(1, size)), note)
    return digest.hexdigest()


def _state(info: os.stat_result) -> str:
    return f"{info.st_size} {info.st_mtime_ns} {info.st_ino}"


@contextmanager
def _memo() -> Iterator[sqlite3.Connection]:
    """The memo, closed whatever happens, also where its table cannot be made because another thread is at it."""
    with closing(sqlite3.connect(cache_dir() / "hashes.sqlite", timeout=2.0)) as memo:
        memo.execute("CREATE TABLE IF NOT EXISTS hashes (path BLOB PRIMARY KEY, state TEXT, hash TEXT)")
        yield memo


def _recall(path: Path, info: os.stat_result) -> str | None:
    try:
        with _memo() as memo:
            row = memo.execute("SELECT state, hash FROM hashes WHERE path = ?", (_key(path),)).fetchone()
    except (sqlite3.Error, OSError) as error:
        log.info("the memo of hashes cannot be read: %s", error)
        return None
    return str(row[1]) if row and row[0] == _state(info) else None


def _remember(path: Path, info: os.stat_result, digest: str) -> None:
    try:
        with _memo() as memo, memo:
            memo.execute("INSERT OR REPLACE INTO hashes VALUES (?, ?, ?)", (_key(path), _state(info), digest))
    except sqlite3.DatabaseError as error:
        log.info("the memo of hashes cannot be written: %s", error)
        if not isinstance(error, sqlite3.OperationalError):  # not merely busy or full, but damaged: begin a new one
            (cache_dir() / "hashes.sqlite").unlink(missing_ok=True)
    except OSError as error:
        log.info("the memo of hashes cannot be written: %s", error)


def _key(path: Path) -> bytes:
    return os.fsencode(path.absolute())
