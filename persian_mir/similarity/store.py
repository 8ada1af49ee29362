"""The vectors of many recordings on disk, in two files: `index.sqlite` says what is there, `vectors.f16` holds it.

Vectors are only ever added at the end, in a transaction of SQLite: whoever reads meanwhile sees what stood before, and
a killed writer leaves nothing that counts. Each vector has a checksum. All of it can be computed again: what is damaged
is thrown away, the recordings that it was of are described anew. Where much is gone, the rest is written into another
file (`compact`), which one transaction puts in the place of the first.
"""

from __future__ import annotations

import logging
import os
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO, Self

import numpy as np

from persian_mir.progress import SILENT, Progress
from persian_mir.similarity.features import Passages
from persian_mir.similarity.index_file import INDEX, clear, connect, in_words
from persian_mir.similarity.stored import Spans, StoredRecording, StoredVectors, Vectors, checksums, sound, spans_of

log = logging.getLogger(__name__)

LARGEST = float(np.finfo(np.float16).max)


class VectorStore:
    """Adds recordings with their vectors and tells of them. One object a thread; several programs may add."""

    def __init__(self, folder: Path, width: int) -> None:
        """Open the store in `folder`, begun where there is none and begun again where it is damaged.

        Raises PersianMirError where the disk refuses.
        """
        self.folder, self.width = folder, width
        self._spans: tuple[object, Spans] | None = None
        with in_words(folder):
            folder.mkdir(parents=True, exist_ok=True)
            try:
                self._db = connect(folder / INDEX)
            except sqlite3.OperationalError:  # locked or refused, not damaged
                raise
            except sqlite3.DatabaseError as error:
                log.info("the index in %s is damaged and is built anew: %s", folder, error)
                clear(folder)
                self._db = connect(folder / INDEX)

    def close(self) -> None:
        """Let the files go."""
        self._db.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_error: object) -> None:
        self.close()

    @property
    def rows(self) -> int:
        """How many vectors there are; some may be of recordings that were removed."""
        return self._state()[0]

    @property
    def file(self) -> str:
        """The name of the file that holds the vectors: another one after `compact`."""
        return self._state()[1]

    def held(self) -> StoredVectors:
        """Return the vectors and whose they are, of one moment."""
        while True:
            file = self.file
            held = StoredVectors(file, self.vectors(), self.spans())
            if self.file == file:
                return held

    def vectors(self) -> Vectors:
        """Return all vectors, float16 [rows, width], mapped into memory."""
        rows, name = self._state()
        if not rows:
            return np.zeros((0, self.width), np.float16)
        with in_words(self.folder), (self.folder / name).open("ab") as file:
            whole = file.tell() // self._stride
            if whole < rows:
                file.truncate(rows * self._stride)
        if whole < rows:
            log.info("the vectors in %s are cut off after %d of %d", self.folder, whole, rows)
            with self._writing():
                self._db.execute("DELETE FROM recordings WHERE count > 0 AND first + count > ?", (whole,))
        return self._mapped(rows, name)

    def spans(self) -> Spans:
        """Return which rows are whose."""
        with in_words(self.folder):
            version = self._db.execute("PRAGMA data_version").fetchone()[0], self._db.total_changes
            if self._spans is None or self._spans[0] != version:
                sql = "SELECT first, count, hash FROM recordings WHERE count > 0 ORDER BY first"
                self._spans = version, spans_of(self._db.execute(sql).fetchall())
        return self._spans[1]

    def hashes(self) -> set[str]:
        """Return the content hashes of all recordings, also of those without passages."""
        with in_words(self.folder):
            return {str(row[0]) for row in self._db.execute("SELECT hash FROM recordings")}

    def recording(self, content_hash: str) -> StoredRecording | None:
        """Return a recording, or None where it was not added."""
        sql = "SELECT hash, path, rate, first, starts, stops, sums FROM recordings WHERE hash = ?"
        with in_words(self.folder):
            told = self._db.execute(sql, (content_hash,)).fetchone()
        if told is None:
            return None
        starts, stops = np.frombuffer(told[4], "<i8"), np.frombuffer(told[5], "<i8")
        path = Path(os.fsdecode(told[1]))
        return StoredRecording(told[0], path, told[2], told[3], starts, stops, np.frombuffer(told[6], "<u4"))

    def add(self, content_hash: str, path: Path, rate: int, passages: Passages) -> None:
        """Add a recording, also one without passages; what is there already stays as it is."""
        vectors = np.clip(np.nan_to_num(passages.vectors), -LARGEST, LARGEST).astype("<f2")
        if vectors.shape[1:] != (self.width,):
            raise ValueError(f"vectors of {vectors.shape[1:]} in a store of {self.width}")
        with self._writing():
            if self.recording(content_hash) is not None:  # another program was quicker
                return
            first = self.rows
            self._write(first, vectors.tobytes())
            spans = (passages.starts.astype("<i8").tobytes(), passages.stops.astype("<i8").tobytes())
            self._db.execute(
                "INSERT INTO recordings (hash, path, rate, first, count, starts, stops, sums) "
                "VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
                (content_hash, os.fsencode(path), rate, first, len(vectors), *spans, checksums(vectors).tobytes()),
            )
            self._db.execute("UPDATE state SET rows = ?", (first + len(vectors),))

    def relink(self, content_hash: str, path: Path) -> bool:
        """Take down where a recording lies now; return whether there is one."""
        with self._writing():
            sql = "UPDATE recordings SET path = ? WHERE hash = ?"
            return self._db.execute(sql, (os.fsencode(path), content_hash)).rowcount > 0

    def take_file(self, held: StoredVectors, file: BinaryIO) -> bool:
        """Let `file`, which holds the rows of `held` that count, hold all from now on; what came meanwhile is added.

        False, and all stays as it is, where another program has put another file in the place of `held.file`.
        """
        moved = np.concatenate([[0], np.cumsum(held.spans.count)])
        places = dict(zip(held.spans.first.tolist(), moved.tolist(), strict=False))
        with self._writing():
            rows, name = self._state()
            if name != held.file:
                return False
            vectors, total = self._mapped(rows, name), int(moved[-1])
            sql = "SELECT id, first, count FROM recordings WHERE count > 0 ORDER BY first"
            for row, first, count in self._db.execute(sql).fetchall():
                if first not in places:
                    file.write(vectors[first : first + count].tobytes())
                    places[first], total = total, total + count
                self._db.execute("UPDATE recordings SET first = ? WHERE id = ?", (places[first], row))
            file.flush()
            os.fsync(file.fileno())
            self._db.execute("UPDATE state SET rows = ?, file = ?", (total, Path(file.name).name))
        return True

    def remove(self, content_hashes: Sequence[str]) -> None:
        """Forget recordings; their rows stay where they are and count no more."""
        with self._writing():
            self._db.executemany("DELETE FROM recordings WHERE hash = ?", [(one,) for one in content_hashes])

    def remove_damaged(self, progress: Progress = SILENT, most: int | None = None) -> list[str]:
        """Forget the recordings whose vectors are not what was written; return their content hashes.

        Of very many at most about `most` rows are looked through, and the next ones when it is called again.
        """
        vectors, spans, damaged = self.vectors(), self.spans(), list[str]()
        with in_words(self.folder):
            begin = int(self._db.execute("SELECT checked FROM state").fetchone()[0]) % max(1, len(spans.hashes))
        chosen = spans.hashes[begin:] + spans.hashes[:begin]
        if most is not None:
            rows = np.cumsum(np.roll(spans.count, -begin))
            chosen = chosen[: int(np.searchsorted(rows, most)) + 1]
        for number, content_hash in enumerate(chosen):
            progress.step(number / len(chosen))
            stored = self.recording(content_hash)
            if stored is not None and not sound(stored, vectors):
                damaged.append(content_hash)
        with self._writing():
            self._db.execute("UPDATE state SET checked = ?", (begin + len(chosen),))
        if damaged:
            log.info("%d recordings of the index in %s are damaged", len(damaged), self.folder)
            self.remove(damaged)
        return damaged

    @property
    def _stride(self) -> int:
        return 2 * self.width

    def _mapped(self, rows: int, name: str) -> Vectors:
        return np.memmap(self.folder / name, np.float16, "r", shape=(rows, self.width))

    def _state(self) -> tuple[int, str]:
        with in_words(self.folder):
            rows, file = self._db.execute("SELECT rows, file FROM state").fetchone()
        return int(rows), str(file)

    def _write(self, first: int, data: bytes) -> None:
        path = self.folder / self.file
        path.touch()
        with path.open("r+b") as file:
            file.seek(first * self._stride)
            file.write(data)

    @contextmanager
    def _writing(self) -> Iterator[None]:
        """One transaction: all that is written within, or nothing."""
        with in_words(self.folder):
            self._db.execute("BEGIN IMMEDIATE")
            try:
                yield
                self._db.execute("COMMIT")
            except BaseException:
                if self._db.in_transaction:
                    self._db.execute("ROLLBACK")
                raise
