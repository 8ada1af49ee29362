"""The journal of tags: what takes every file that was written back to how it was. On the disk before the file is."""

from __future__ import annotations

import json
import os
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path

from persian_mir.app_paths import data_dir
from persian_mir.catalogue.correction_rows import now
from persian_mir.errors import PersianMirError
from persian_mir.i18n import _
from persian_mir.tags.plan import Change

VERSION = 1
_WAIT_S = 10.0
_TABLES = """
CREATE TABLE batches (id INTEGER PRIMARY KEY AUTOINCREMENT, started TEXT NOT NULL, profile TEXT NOT NULL);
CREATE TABLE writes (
    id INTEGER PRIMARY KEY AUTOINCREMENT, batch INTEGER NOT NULL REFERENCES batches, path BLOB NOT NULL,
    before TEXT NOT NULL, after TEXT NOT NULL, mtime_ns INTEGER NOT NULL, changes TEXT NOT NULL, delta BLOB NOT NULL,
    undone TEXT NOT NULL DEFAULT ''
);
CREATE INDEX by_batch ON writes (batch);
"""


@dataclass(frozen=True, slots=True)
class Batch:
    """One batch of writes: how many files, and how many of them were taken back."""

    id: int
    started: str
    profile: str
    files: int
    undone: int


@dataclass(frozen=True, slots=True)
class Entry:
    """One file of a batch: the hashes of its bytes `before` and `after`, and the way back."""

    id: int
    batch: int
    path: Path
    before: str
    after: str
    mtime_ns: int
    changes: tuple[Change, ...]
    undone: str


class Journal:
    """The batches in a file. What `add` returned from is on the disk. Raises PersianMirError where that fails."""

    def __init__(self, path: Path | None = None) -> None:
        self.path = path or data_dir() / "tags.sqlite"
        with self._open() as base:
            version = base.execute("PRAGMA user_version").fetchone()[0]
            if version > VERSION:
                what = _("The journal of tags was written by a newer version of the program.")
                raise PersianMirError(what, path=self.path, cure=_("Use that version, or a newer one."))
            if version == 0:
                base.executescript(f"BEGIN IMMEDIATE; {_TABLES} PRAGMA user_version = {VERSION}; COMMIT;")

    def begin(self, profile: str) -> int:
        """Begin a batch and return its number."""
        with self._open() as base, base:
            row = base.execute("INSERT INTO batches (started, profile) VALUES (?, ?)", (now(), profile))
            return int(row.lastrowid or 0)

    def add(self, batch: int, path: Path, hashes: tuple[str, str], mtime_ns: int, changes: Sequence[Change],
            delta: bytes) -> None:  # fmt: skip
        """Note what will be written into one file."""
        told = json.dumps([asdict(change) for change in changes], ensure_ascii=False)
        values = (batch, os.fsencode(path.absolute()), *hashes, mtime_ns, told, delta)
        columns = "batch, path, before, after, mtime_ns, changes, delta"
        with self._open() as base, base:
            base.execute(f"INSERT INTO writes ({columns}) VALUES (?, ?, ?, ?, ?, ?, ?)", values)  # noqa: S608

    def batches(self) -> list[Batch]:
        """Return all batches, the last one first."""
        query = (
            "SELECT batches.id, started, profile, count(writes.id), count(nullif(undone, '')) FROM batches "
            "LEFT JOIN writes ON batch = batches.id GROUP BY batches.id ORDER BY batches.id DESC"
        )
        with self._open() as base:
            return [Batch(*row) for row in base.execute(query)]

    def entries(self, batch: int) -> list[Entry]:
        """Return the files of a batch, the last one first."""
        query = (
            "SELECT id, batch, path, before, after, mtime_ns, changes, undone FROM writes WHERE batch = ? "
            "ORDER BY id DESC"
        )
        with self._open() as base:
            rows = base.execute(query, (batch,)).fetchall()
        return [
            Entry(number, of, Path(os.fsdecode(path)), before, after, mtime_ns, _changes(told), undone)
            for number, of, path, before, after, mtime_ns, told, undone in rows
        ]

    def delta(self, entry: Entry) -> bytes:
        """Return the way back of a file."""
        with self._open() as base:
            return bytes(base.execute("SELECT delta FROM writes WHERE id = ?", (entry.id,)).fetchone()[0])

    def note_undone(self, entry: Entry) -> None:
        """Note that the file is as it was."""
        with self._open() as base, base:
            base.execute("UPDATE writes SET undone = ? WHERE id = ?", (now(), entry.id))

    @contextmanager
    def _open(self) -> Iterator[sqlite3.Connection]:
        try:
            with closing(sqlite3.connect(self.path, timeout=_WAIT_S)) as base:
                base.execute("PRAGMA synchronous = EXTRA")  # the commit, and the name of its file, reach the disk
                yield base
        except sqlite3.OperationalError as error:
            what = _("The journal of tags cannot be used: {reason}.").format(reason=error)
            cure = _("Check the space on that disk, and the rights of the folder.")
            raise PersianMirError(what, path=self.path, cure=cure) from error
        except sqlite3.DatabaseError as error:
            what = _("The journal of tags is damaged.")
            cure = _("Move it away; the program then begins a new one, and cannot undo what the old one tells of.")
            raise PersianMirError(what, path=self.path, cure=cure) from error


def _changes(told: str) -> tuple[Change, ...]:
    return tuple(Change(str(one["field"]), str(one["old"]), str(one["new"])) for one in json.loads(told))
