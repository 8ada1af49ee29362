"""The items of a recording: rows of their own, changed as people edit them (`edits.py` keeps how to go back)."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from persian_mir.catalogue.columns import cells, from_cells
from persian_mir.catalogue.model import Item
from persian_mir.catalogue.people import People

_COLUMNS = ("start", "stop", "kind", "modes", "gushehs", "version", "shahed_hz", "tuning", "metre", "note")


class Items(People):
    """Reads and writes items, by the recording's row. Items never overlap."""

    def _items(self, recording: int) -> tuple[Item, ...]:
        credited, texts = self._credits(recording), self._texts(recording)
        rows = self.rows(f"SELECT id, {', '.join(_COLUMNS)} FROM items WHERE recording = ? ORDER BY start", recording)
        return tuple(
            from_cells(
                *(Item, _COLUMNS, row),
                credits=credited.get(number, ()),
                texts=texts.get(number, ()),
                id=str(number),
            )
            for number, *row in rows
        )

    def all_items(self) -> Iterator[tuple[Path, int, Item]]:
        """Return the items of all recordings on the list, each with the file and its rate; without people and texts."""
        rows = self.rows(
            f"SELECT r.path, r.rate, i.{', i.'.join(_COLUMNS)} FROM items i JOIN recordings r ON r.id = i.recording "
            "WHERE r.removed = 0 ORDER BY i.id"
        )
        for path, rate, *row in rows:
            yield Path(os.fsdecode(path)), rate, from_cells(Item, _COLUMNS, row)

    def _put_item(self, recording: int, item: Item) -> Item:
        """Write an item, over the one of its id if that is this recording's; return it with its id."""
        values = cells(item, _COLUMNS)
        row = int(item.id) if item.id.isdecimal() else 0
        owner = self._db.execute("SELECT recording FROM items WHERE id = ?", (row,)).fetchone() if row else None
        if owner is not None and owner[0] == recording:
            self.run(f"UPDATE items SET {' = ?, '.join(_COLUMNS)} = ? WHERE id = ?", *values, row)
        else:
            free = row if row and owner is None else None  # an undone removal comes back under its id
            marks = ", ".join("?" * (len(_COLUMNS) + 2))
            row = self.run(
                f"INSERT INTO items (id, recording, {', '.join(_COLUMNS)}) VALUES ({marks})", free, recording, *values
            )
        self._put_credits(recording, row, item.credits)
        self._put_texts(recording, row, item.texts)
        return replace(item, id=str(row))

    def _delete_item(self, recording: int, item_id: str) -> None:
        row = int(item_id) if item_id.isdecimal() else 0
        for table, column in (("credits", "item"), ("texts", "item"), ("items", "id")):
            self.run(f"DELETE FROM {table} WHERE recording = ? AND {column} = ?", recording, row)

    def _overlapping(self, recording: int, item: Item) -> bool:
        found = self._db.execute(
            "SELECT 1 FROM items WHERE recording = ? AND start < ? AND stop > ? AND id != ?",
            (recording, item.stop, item.start, int(item.id) if item.id.isdecimal() else 0),
        )
        return found.fetchone() is not None
