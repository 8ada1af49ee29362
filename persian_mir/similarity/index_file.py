"""The database of an index of vectors: opened, led from an earlier version, and what it refuses in words."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from persian_mir.errors import PersianMirError, writing_cure
from persian_mir.i18n import _
from persian_mir.write_ahead import keep_write_ahead_log

VERSION = 3
BUSY_S = 20.0  # to add a recording takes milliseconds
INDEX, VECTORS = "index.sqlite", "vectors.f16"
_SCHEMA = (
    "CREATE TABLE recordings (id INTEGER PRIMARY KEY, hash TEXT UNIQUE NOT NULL, path BLOB NOT NULL, "
    "rate INTEGER NOT NULL, first INTEGER NOT NULL, count INTEGER NOT NULL, starts BLOB NOT NULL, "
    "stops BLOB NOT NULL, sums BLOB NOT NULL)",
    f"CREATE TABLE state (rows INTEGER NOT NULL, checked INTEGER NOT NULL, file TEXT NOT NULL DEFAULT '{VECTORS}')",
    "INSERT INTO state (rows, checked) VALUES (0, 0)",
    f"PRAGMA user_version = {VERSION}",
)


def clear(folder: Path) -> None:
    """Throw away all files of a store."""
    for path in folder.iterdir():
        path.unlink(missing_ok=True)


def connect(path: Path) -> sqlite3.Connection:
    """Return the index, ready to use. Raises DatabaseError for one that is damaged or of another version."""
    connection = sqlite3.connect(path, timeout=BUSY_S, isolation_level=None)
    try:
        keep_write_ahead_log(connection, BUSY_S)
        connection.execute("PRAGMA synchronous = NORMAL")
        connection.execute("BEGIN IMMEDIATE")
        if not connection.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]:
            for statement in _SCHEMA:
                connection.execute(statement)
        if connection.execute("PRAGMA user_version").fetchone()[0] == 2:  # before vectors could be compacted
            connection.execute(f"ALTER TABLE state ADD COLUMN file TEXT NOT NULL DEFAULT '{VECTORS}'")
            connection.execute(f"PRAGMA user_version = {VERSION}")
        connection.execute("COMMIT")
        version = connection.execute("PRAGMA user_version").fetchone()[0]
        verdict = connection.execute("PRAGMA quick_check(1)").fetchone()[0]
        if version != VERSION or verdict != "ok":
            raise sqlite3.DatabaseError(f"version {version}, {verdict}")
    except BaseException:
        connection.close()
        raise
    return connection


@contextmanager
def in_words(folder: Path) -> Iterator[None]:
    """Say what SQLite or the disk refuses in words fit for the user."""
    try:
        yield
    except (sqlite3.Error, OSError) as error:
        what = _("The index of similar passages cannot be used: {reason}.")
        reason = (error.strerror if isinstance(error, OSError) else None) or str(error)
        cure = writing_cure(error) if isinstance(error, OSError) else _("Try again; if that fails, remove the folder.")
        raise PersianMirError(what.format(reason=reason), path=folder, cure=cure) from error
