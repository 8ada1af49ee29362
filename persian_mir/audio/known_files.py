"""What was found out about files, remembered by path and state, so that files of gigabytes are read for it once."""

from __future__ import annotations

import json
import logging
import os
import sqlite3
import time
import zlib
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

from persian_mir.app_paths import cache_dir
from persian_mir.audio.file_state import FileState

log = logging.getLogger(__name__)

SETTLED_NS = 2_000_000_000  # a file changed less than 2 s ago may change again within its time stamp's resolution
_NAME = "hashes.sqlite"
_TABLES = """
CREATE TABLE IF NOT EXISTS files (path BLOB PRIMARY KEY, state TEXT, told TEXT);
CREATE TABLE IF NOT EXISTS sounds (file TEXT PRIMARY KEY, sound TEXT);
CREATE INDEX IF NOT EXISTS by_sound ON sounds (sound);
DROP TABLE IF EXISTS hashes;
"""


def recall(path: Path, state: FileState) -> dict[str, Any] | None:
    """What was remembered of the file at `path` in this state; None for nothing, or where it was damaged."""
    try:
        with _memo() as memo:
            row = memo.execute("SELECT state, told FROM files WHERE path = ?", (_key(path),)).fetchone()
        if row is None or row[0] != _text(state):
            return None
        checksum, _space, text = str(row[1]).partition(" ")
        values = json.loads(text) if checksum == _checksum(path, state, text) else None
    except (sqlite3.Error, OSError, ValueError, RecursionError) as error:
        log.info("what is known of files cannot be read: %s", error)
        return None
    return values if isinstance(values, dict) else None


def remember(path: Path, state: FileState, values: dict[str, Any], file_hash: str, sound: str) -> None:
    """Keep `values`, and that the file of `file_hash` holds this `sound`."""
    text = json.dumps(values)
    told = f"{_checksum(path, state, text)} {text}"
    try:
        with _memo() as memo, memo:
            if time.time_ns() - state.mtime_ns > SETTLED_NS:
                memo.execute("INSERT OR REPLACE INTO files VALUES (?, ?, ?)", (_key(path), _text(state), told))
            memo.execute("INSERT OR REPLACE INTO sounds VALUES (?, ?)", (file_hash, sound))
    except sqlite3.DatabaseError as error:
        log.info("what is known of files cannot be written: %s", error)
        if not isinstance(error, sqlite3.OperationalError):  # not merely busy or full, but damaged: begin a new one
            (cache_dir() / _NAME).unlink(missing_ok=True)
    except OSError as error:
        log.info("what is known of files cannot be written: %s", error)


def files_of(sound: str) -> tuple[str, ...]:
    """The hashes of the files in which this sound was met."""
    try:
        with _memo() as memo:
            rows = memo.execute("SELECT file FROM sounds WHERE sound = ?", (sound,)).fetchall()
    except (sqlite3.Error, OSError) as error:
        log.info("what is known of files cannot be read: %s", error)
        return ()
    return tuple(str(row[0]) for row in rows)


def sounds_by_file() -> dict[str, str]:
    """The hash of the sound by that of the file, of all files met so far."""
    try:
        with _memo() as memo:
            rows = memo.execute("SELECT file, sound FROM sounds").fetchall()
    except (sqlite3.Error, OSError) as error:
        log.info("what is known of files cannot be read: %s", error)
        return {}
    return {str(file): str(sound) for file, sound in rows}


@contextmanager
def _memo() -> Iterator[sqlite3.Connection]:
    """The memo, closed whatever happens, also where its table cannot be made because another thread is at it."""
    with closing(sqlite3.connect(cache_dir() / _NAME, timeout=2.0)) as memo:
        memo.executescript(_TABLES)
        yield memo


def _key(path: Path) -> bytes:
    return os.fsencode(path.absolute())


def _text(state: FileState) -> str:
    return f"{state.size} {state.mtime_ns} {state.inode}"


def _checksum(path: Path, state: FileState, text: str) -> str:
    return f"{zlib.crc32(text.encode(), zlib.crc32(_key(path) + _text(state).encode())):08x}"
