"""Sets of recordings that somebody likes, by name: from them others are recommended."""

from __future__ import annotations

from collections.abc import Iterable

from persian_mir.catalogue.collected import Collections
from persian_mir.names import natural_key


class Likes(Collections):
    """Keeps the sets. One of which no recording is left is gone."""

    def liked_sets(self) -> tuple[tuple[str, int], ...]:
        """Return the names of the sets, each with the number of its recordings that are on the list."""
        rows = self.rows(
            "SELECT l.name, count(*) FROM liked l JOIN recordings r ON r.id = l.recording WHERE r.removed = 0 "
            "GROUP BY l.name"
        )
        return tuple(sorted(((str(name), int(number)) for name, number in rows), key=lambda one: natural_key(one[0])))

    def liked(self, name: str) -> tuple[str, ...]:
        """Return the content hashes of a set's recordings that are on the list."""
        rows = self.rows(
            "SELECT r.content_hash FROM liked l JOIN recordings r ON r.id = l.recording WHERE l.name = ? AND "
            "r.removed = 0 ORDER BY r.path_key",
            name,
        )
        return tuple(str(row[0]) for row in rows)

    def put_liked(self, name: str, content_hashes: Iterable[str], liked: bool = True) -> None:
        """Put recordings into a set, which is begun if new; or take them out of it."""
        sql = "DELETE FROM liked WHERE name = ? AND recording = ?"
        if liked:
            sql = "INSERT OR IGNORE INTO liked (name, recording) VALUES (?, ?)"
        with self.writing():
            for content_hash in content_hashes:
                with self._about(content_hash) as row:
                    self.run(sql, name, row)

    def _liked_sets_of(self, recording: int) -> tuple[str, ...]:
        rows = self._db.execute("SELECT name FROM liked WHERE recording = ? ORDER BY name", (recording,))
        return tuple(str(row[0]) for row in rows)

    def _put_liked_sets(self, recording: int, names: Iterable[str]) -> None:
        self.run("DELETE FROM liked WHERE recording = ?", recording)
        self.run_many("INSERT INTO liked (name, recording) VALUES (?, ?)", [(name, recording) for name in names])
