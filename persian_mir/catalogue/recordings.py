"""The recordings of a catalogue, known by their sound: a file that was moved or renamed is the same recording."""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields, replace
from pathlib import Path

from persian_mir.catalogue.correction_rows import now
from persian_mir.catalogue.likes import Likes
from persian_mir.catalogue.model import Collection
from persian_mir.recording import Recording


@dataclass(frozen=True, slots=True)
class KnownRecording:
    """A recording as the catalogue knows it. `path` is where it was seen last; `id` is its row."""

    id: int
    path: Path
    content_hash: str
    rate: int
    frames: int
    channels: int
    format: str
    decoder: str
    file_hash: str
    tags: Mapping[str, str]
    title: str
    removed: bool


_KNOWN = tuple(one.name for one in fields(KnownRecording))


class Recordings(Likes):
    """Adds recordings and the files in which they were seen, and finds them by either."""

    def put_recording(self, recording: Recording, collection: str = "") -> int:
        """Add a recording or relink a known one to the file it is in now; return its row."""
        with self.writing():
            values = (
                *(recording.rate, recording.frames, recording.channels, recording.format, recording.decoder),
                *(recording.file_hash, json.dumps(dict(recording.tags), ensure_ascii=False)),
            )
            row = self._one_row(recording.hashes)
            path = os.fsencode(recording.path)
            if row is None:
                row = self.run(
                    "INSERT INTO recordings (content_hash, path, rate, frames, channels, format, decoder, file_hash, "
                    "tags, added) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                    *(recording.content_hash, path, *values, now()),
                )
            else:
                self.run(
                    "UPDATE recordings SET content_hash = ?, path = ?, rate = ?, frames = ?, channels = ?, format = ?, "
                    "decoder = ?, file_hash = ?, tags = ?, removed = 0 WHERE id = ?",
                    *(recording.content_hash, path, *values, row),
                )
            self._put_hashes(row, recording.hashes)
            self._put_file(row, path, recording.file_hash)
            if collection:
                self._join(row, Collection(collection))
            self._refresh(row)
            return row

    def recording(self, content_hash: str) -> KnownRecording | None:
        """Return the recording of that hash, today's or an earlier one; None where the catalogue has none."""
        row = self._row(content_hash)
        return None if row is None else self.known(row)

    def known(self, recording: int) -> KnownRecording:
        """Return the recording of that row."""
        row = self.row(f"SELECT {', '.join(_KNOWN)} FROM recordings WHERE id = ?", recording)
        told = dict(zip(_KNOWN, row, strict=True))
        decoded = {"path": Path(os.fsdecode(row[1])), "tags": json.loads(row[9]), "removed": bool(row[11])}
        return KnownRecording(**told | decoded)

    def recording_at(self, path: Path) -> KnownRecording | None:
        """Return the recording that a file held when it was last seen."""
        row = self.row("SELECT recording FROM files WHERE path = ?", os.fsencode(path))
        return None if row is None else self.known(row[0])

    def files_of(self, content_hash: str) -> tuple[Path, ...]:
        """Return all files in which a recording was seen and that were not missing, the newest first."""
        sql = "SELECT path FROM files WHERE recording = ? AND missing = 0 ORDER BY seen DESC"
        return tuple(Path(os.fsdecode(row[0])) for row in self.rows(sql, self._needed(content_hash)))

    def relink(self, content_hash: str, path: Path) -> None:
        """Take down that a recording lies at `path` now; whoever calls has seen that it is this sound."""
        with self._about(content_hash) as row:
            self._put_file(row, os.fsencode(path), "")
            self.run("UPDATE recordings SET path = ? WHERE id = ?", os.fsencode(path), row)

    def set_missing(self, path: Path, missing: bool = True) -> None:
        """Take down that no file is at `path`; the recording is then shown at another of its files if it has one."""
        key = os.fsencode(path)
        if self.row("SELECT missing FROM files WHERE path = ?", key) in (None, (missing,)):
            return
        with self.writing():
            self.run("UPDATE files SET missing = ? WHERE path = ?", missing, key)
            if missing:
                self._leave(key, 0)

    def hashed_files(self) -> list[tuple[Path, str, str]]:
        """Return all files of recordings on the list: path, content hash, and hash of all bytes where it is known."""
        rows = self.rows(
            "SELECT f.path, r.content_hash, f.file_hash FROM files f JOIN recordings r ON r.id = f.recording "
            "WHERE r.removed = 0 ORDER BY f.path"
        )
        return [(Path(os.fsdecode(path)), sound, file) for path, sound, file in rows]

    def set_file_hash(self, path: Path, file_hash: str) -> None:
        """Take down the hash of all bytes of a file."""
        with self.writing():
            self.run("UPDATE files SET file_hash = ? WHERE path = ?", file_hash, os.fsencode(path))

    def remove(self, content_hashes: Iterable[str], removed: bool = True) -> None:
        """Take recordings off the list, or back onto it. All that is known of them stays; the files are not touched."""
        with self.writing():
            for content_hash in content_hashes:
                with self._about(content_hash) as row:
                    self.run("UPDATE recordings SET removed = ? WHERE id = ?", removed, row)

    def _one_row(self, hashes: tuple[str, ...]) -> int | None:
        """The row of the recording of these hashes; where they were taken for several, they are one from now on."""
        found = dict.fromkeys(row for row in map(self._row, hashes) if row is not None)
        rows = list(found)
        for other in rows[1:]:
            self._merge(rows[0], other)
        return rows[0] if rows else None

    def _merge(self, into: int, other: int) -> None:
        """Give all that is known of one recording to another, and let it go. What can be only one thing stays."""
        self._put_held(other, {})
        self.run("DELETE FROM words WHERE rowid = ?", other)
        for item in self._items(other):
            if not self._overlapping(into, item):
                self._put_item(into, replace(item, id=""))
            self._delete_item(other, item.id)
        for table, column in self.rows(
            'SELECT t.name, f."from" FROM sqlite_master t JOIN pragma_foreign_key_list(t.name) f '
            "WHERE t.type = 'table' AND f.\"table\" = 'recordings'"
        ):
            self.run(f"UPDATE OR IGNORE {table} SET {column} = ? WHERE {column} = ?", into, other)
            self.run(f"DELETE FROM {table} WHERE {column} = ?", other)
        self.run("DELETE FROM recordings WHERE id = ?", other)
