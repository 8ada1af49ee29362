"""Collections of recordings with the priors of their modes, searches that are kept, and rows about one recording."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import fields

from persian_mir.catalogue.columns import cells, from_cells
from persian_mir.catalogue.correction_rows import now
from persian_mir.catalogue.derived import DerivedTables
from persian_mir.catalogue.filters import Filter, filter_from_json, filter_to_json
from persian_mir.catalogue.model import Carrier, Collection, Programme
from persian_mir.errors import PersianMirError
from persian_mir.i18n import _
from persian_mir.names import natural_key

_TOLD = ("holder", "series", "source", "rights", "access", "mode_priors")  # columns of a collection beside its name


class Collections(DerivedTables):
    """Keeps collections and their members, and saved searches."""

    def collections(self) -> tuple[tuple[Collection, int], ...]:
        """Return the collections by name, each with the number of its recordings that are on the list."""
        rows = self.rows(
            "SELECT c.id, coalesce(k.recordings, 0) FROM collections c LEFT JOIN terms t ON t.task = 'collection' AND "
            "t.label = c.id LEFT JOIN counters k ON k.term = t.id"
        )
        found = ((self._collection(row[0]), row[1]) for row in rows)
        return tuple(sorted(found, key=lambda one: natural_key(one[0].name)))

    def collection(self, name: str) -> Collection | None:
        """Return the collection of that name."""
        row = self.row("SELECT id FROM collections WHERE name = ?", name)
        return None if row is None else self._collection(row[0])

    def collection_of(self, content_hash: str) -> Collection | None:
        """Return the first collection of a recording: that whose priors act on its readings."""
        row = self._row(content_hash)
        ids = [] if row is None else self._collection_ids(row)
        return self._collection(ids[0]) if ids else None

    def put_collection(self, collection: Collection) -> None:
        """Add a collection, or write over what is told of it."""
        with self.writing():
            self._collection_id(collection, over=True)

    def put_members(self, name: str, content_hashes: Iterable[str]) -> None:
        """Put recordings into a collection, which is begun if new."""
        with self.writing():
            for content_hash in content_hashes:
                with self._about(content_hash) as row:
                    self._join(row, Collection(name))

    def remove_members(self, name: str, content_hashes: Iterable[str]) -> None:
        """Take recordings out of a collection."""
        sql = "DELETE FROM members WHERE recording = ? AND collection = (SELECT id FROM collections WHERE name = ?)"
        with self.writing():
            for content_hash in content_hashes:
                with self._about(content_hash) as row:
                    self.run(sql, row, name)

    def members(self, name: str) -> tuple[str, ...]:
        """Return the content hashes of a collection's recordings that are on the list."""
        rows = self.rows(
            "SELECT r.content_hash FROM collections c JOIN members m ON m.collection = c.id JOIN recordings r ON "
            "r.id = m.recording WHERE c.name = ? AND r.removed = 0 ORDER BY r.path_key",
            name,
        )
        return tuple(str(row[0]) for row in rows)

    def collections_among(self, content_hashes: Iterable[str]) -> tuple[str, ...]:
        """Return the names of the collections that hold any of these recordings, by name."""
        rows = (self._row(one) for one in content_hashes)
        held = {self._collection(one).name for row in rows if row is not None for one in self._collection_ids(row)}
        return tuple(sorted(held, key=natural_key))

    def is_member(self, row: int, name: str) -> bool:
        """Whether the recording of a row is in the collection of that name."""
        sql = "SELECT 1 FROM members m JOIN collections c ON c.id = m.collection WHERE m.recording = ? AND c.name = ?"
        return self.row(sql, row, name) is not None

    def saved_searches(self) -> tuple[tuple[str, str, Filter], ...]:
        """Return the searches that were kept, by name: name, text and filter."""
        rows = self.rows("SELECT name, text, filter FROM saved_searches")
        found = ((name, text, filter_from_json(told)) for name, text, told in rows)
        return tuple(sorted(found, key=lambda one: natural_key(one[0])))

    def save_search(self, name: str, text: str, wanted: Filter) -> None:
        """Keep a search, over one of the same name."""
        with self.writing():
            told = filter_to_json(wanted)
            self.run("INSERT OR REPLACE INTO saved_searches (name, text, filter) VALUES (?, ?, ?)", name, text, told)

    def remove_search(self, name: str) -> None:
        """Forget a search."""
        with self.writing():
            self.run("DELETE FROM saved_searches WHERE name = ?", name)

    def _collection(self, row: int) -> Collection:
        told = self.row(f"SELECT name, {', '.join(_TOLD)} FROM collections WHERE id = ?", row)
        return from_cells(Collection, ("name", *_TOLD), told)

    def _collection_id(self, collection: Collection, over: bool = False) -> int:
        values = cells(collection, _TOLD)
        row = self._db.execute("SELECT id FROM collections WHERE name = ?", (collection.name,)).fetchone()
        if row is None:
            sql = f"INSERT INTO collections (name, {', '.join(_TOLD)}) VALUES (?, ?, ?, ?, ?, ?, ?)"
            return self.run(sql, collection.name, *values)
        if over or collection != Collection(collection.name):
            self.run(f"UPDATE collections SET {' = ?, '.join(_TOLD)} = ? WHERE id = ?", *values, row[0])
        return int(row[0])

    def _join(self, recording: int, collection: Collection) -> None:
        sql = "INSERT OR IGNORE INTO members (collection, recording) VALUES (?, ?)"
        self.run(sql, self._collection_id(collection), recording)

    def _row(self, *hashes: str) -> int | None:
        marks = ", ".join("?" * len(hashes))
        found = self.row(f"SELECT recording FROM hashes WHERE hash IN ({marks})", *hashes)
        return None if found is None else int(found[0])

    def _needed(self, content_hash: str) -> int:
        row = self._row(content_hash)
        if row is None:
            what = _("The catalogue has no such recording: {hash}.").format(hash=content_hash)
            raise PersianMirError(what, cure=_("Add its file to the catalogue first."))
        return row

    @contextmanager
    def _about(self, content_hash: str) -> Iterator[int]:
        """A transaction about one recording, after which what follows from its rows is worked out."""
        with self.writing():
            row = self._needed(content_hash)
            yield row
            self._refresh(row)

    def _put_fields(self, table: str, recording: int, told: Carrier | Programme) -> None:
        names = [one.name for one in fields(told)]
        marks = ", ".join("?" * (len(names) + 1))
        self.run(
            f"INSERT OR REPLACE INTO {table} (recording, {', '.join(names)}) VALUES ({marks})",
            recording,
            *cells(told, names),
        )

    def _put_hashes(self, recording: int, hashes: Iterable[str]) -> None:
        sql = "INSERT OR IGNORE INTO hashes (hash, recording) VALUES (?, ?)"
        self.run_many(sql, [(one, recording) for one in hashes])

    def _put_file(self, recording: int, path: bytes, file_hash: str) -> None:
        self._leave(path, recording)
        self.run(
            "INSERT OR REPLACE INTO files (path, recording, file_hash, seen) VALUES (?, ?, ?, ?)",
            *(path, recording, file_hash, now()),
        )

    def _notes(self, recording: int) -> tuple[str, ...]:
        rows = self.rows("SELECT text FROM notes WHERE recording = ? ORDER BY id", recording)
        return tuple(str(row[0]) for row in rows)

    def _leave(self, path: bytes, recording: int) -> None:
        """Show every recording that was at `path`, but for one, at another of its files if it has one."""
        others = (  # the index begins with `removed`
            "SELECT r.id, (SELECT f.path FROM files f WHERE f.recording = r.id AND f.missing = 0 AND f.path != r.path "
            "ORDER BY f.seen DESC LIMIT 1) AS other FROM recordings r "
            "WHERE r.removed IN (0, 1) AND r.path = ? AND r.id != ? AND other NOTNULL"
        )
        for row, other in self.rows(others, path, recording):
            self.run("UPDATE recordings SET path = ? WHERE id = ?", other, row)
            self._refresh(row)

    def _put_notes(self, recording: int, notes: Iterable[str]) -> None:
        self.run("DELETE FROM notes WHERE recording = ?", recording)
        self.run_many("INSERT INTO notes (recording, text) VALUES (?, ?)", [(recording, text) for text in notes])

    def _carrier(self, recording: int) -> Carrier | None:
        row = self.row("SELECT * FROM carriers WHERE recording = ?", recording)
        return None if row is None else Carrier(*row[1:])

    def _has_run(self, recording: int, task: str, who: str, version: str, when: str) -> bool:
        sql = (
            "SELECT 1 FROM runs r JOIN makers m ON m.id = r.maker WHERE r.recording = ? AND r.task = ? AND m.who = ? "
            "AND m.version = ? AND r.time = ? AND m.machine = 1"
        )
        return bool(when) and self.row(sql, recording, task, who, version, when) is not None
