"""What people do to the catalogue, step by step, so that each can be undone and done again, also days later.

Within `step` every change of a recording is put into the journal, in the transaction of the change itself. Statements
are never taken away: an undone one is taken back by another.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from typing import Any, NamedTuple

from persian_mir.catalogue.as_json import from_json, to_json
from persian_mir.catalogue.correction_rows import new_id, now
from persian_mir.catalogue.descriptions import Descriptions
from persian_mir.catalogue.model import Carrier, Collection, Credit, Item, Person, Programme, Statement
from persian_mir.catalogue.step_names import StepName
from persian_mir.errors import PersianMirError
from persian_mir.i18n import _

DONE, UNDONE, GIVEN_UP = 0, 1, 2
_JOURNAL = ("edits", "collection_edits")


class _State(NamedTuple):
    """What a step may change of a recording."""

    programme: Programme
    carrier: Carrier | None
    credits: tuple[Credit, ...]
    notes: tuple[str, ...]
    path: str  # its bytes in hex: not every name is text
    removed: bool
    collections: tuple[int, ...]
    liked: tuple[str, ...]
    items: tuple[Item, ...]
    last: int  # the newest statement


class Edits(Descriptions):
    """Keeps the journal."""

    _step = 0

    @contextmanager
    def step(self, name: StepName) -> Iterator[None]:
        """All that is changed within is one step, undone as one; nothing of it is kept where an error leaves it.

        What was undone before cannot be done again afterwards.
        """
        if self._step:
            yield
            return
        with self.writing():
            self._step = self.run("INSERT INTO steps (name, time) VALUES (?, ?)", name, now())
            try:
                yield
                if any(self.row(f"SELECT 1 FROM {table} WHERE step = ?", self._step) for table in _JOURNAL):
                    self.run("UPDATE steps SET state = ? WHERE state = ?", GIVEN_UP, UNDONE)
                else:  # nothing was changed
                    self.run("DELETE FROM steps WHERE id = ?", self._step)
            finally:
                self._step = 0

    def undo_name(self) -> StepName | None:
        """Return the name of the step that `undo` would take back; None where there is none."""
        return self._next(DONE)[1]

    def redo_name(self) -> StepName | None:
        """Return the name of the step that `redo` would do again."""
        return self._next(UNDONE)[1]

    def undo(self) -> tuple[str, ...]:
        """Take back the last step; return the content hashes of the recordings that it had changed.

        Raises PersianMirError where what it did was changed since by something that is no step; the step is then given
        up, and the one before it is next.
        """
        return self._turn(DONE, UNDONE)

    def redo(self) -> tuple[str, ...]:
        """Do again what was undone last; else as `undo`."""
        return self._turn(UNDONE, DONE)

    def put_collection(self, collection: Collection) -> None:
        """Add a collection, or write over what is told of it."""
        with self.writing():
            before = self.collection(collection.name)
            super().put_collection(collection)
            if self._step and before not in (None, collection):
                told = (json.dumps(_told(one), ensure_ascii=False) for one in (before, collection))
                sql = (
                    "INSERT INTO collection_edits (step, collection, before, after) "
                    "VALUES (?, (SELECT id FROM collections WHERE name = ?), ?, ?)"
                )
                self.run(sql, self._step, collection.name, *told)

    @contextmanager
    def _about(self, content_hash: str) -> Iterator[int]:
        with super()._about(content_hash) as row:
            before = self._state(row) if self._step else None
            yield row
            if before is not None:
                self._write_down(row, before, self._state(row))

    def _state(self, row: int) -> _State:
        last = self._db.execute("SELECT coalesce(max(id), 0) FROM statements").fetchone()[0]
        path, removed = self._db.execute("SELECT path, removed FROM recordings WHERE id = ?", (row,)).fetchone()
        return _State(
            self._programme(row),
            self._carrier(row),
            self._credits(row).get(None, ()),
            self._notes(row),
            path.hex(),
            bool(removed),
            tuple(self._collection_ids(row)),
            self._liked_sets_of(row),
            self._items(row),
            last,
        )

    def _write_down(self, row: int, before: _State, after: _State) -> None:
        """Put what differs into the journal."""
        old, new = dict[str, Any](), dict[str, Any]()
        for name in _State._fields[:-1]:
            one, other = getattr(before, name), getattr(after, name)
            if one != other:
                kept = set(one) & set(other) if name == "items" else set()
                old[name], new[name] = (_told([x for x in v if x not in kept] if kept else v) for v in (one, other))
        said = self._statements(row, "AND m.machine = 0 AND s.id > ?", before.last)
        if said:
            new["statements"] = _told(said)
        if new:
            sql = "INSERT INTO edits (step, recording, before, after) VALUES (?, ?, ?, ?)"
            self.run(sql, self._step, row, *(json.dumps(one, ensure_ascii=False) for one in (old, new)))

    def _next(self, state: int) -> tuple[int, StepName | None]:
        """The step that would be undone or done again next, and its name."""
        order = "DESC" if state == DONE else "ASC"
        row = self.row(f"SELECT id, name FROM steps WHERE state = ? ORDER BY id {order} LIMIT 1", state)
        return (0, None) if row is None else (row[0], row[1])

    def _turn(self, old: int, new: int) -> tuple[str, ...]:
        """Lead the recordings of the next step from the one side of it to the other."""
        step = 0
        try:
            with self.writing():
                step, _name = self._next(old)
                order = "DESC" if old == DONE else "ASC"
                rows = self.rows(
                    f"SELECT id, recording, before, after FROM edits WHERE step = ? ORDER BY id {order}", step
                )
                for edit, recording, *told in rows:
                    before, after = (json.loads(one) for one in told)
                    self._lead(edit, recording, *((after, before) if old == DONE else (before, after)))
                for recording in dict.fromkeys(row[1] for row in rows):
                    self._refresh(recording)
                self._lead_collections(step, order, old == DONE)
                self.run("UPDATE steps SET state = ? WHERE id = ?", new, step)
                return tuple(dict.fromkeys(self.known(row[1]).content_hash for row in rows))
        except _ChangedError as error:
            with self.writing():
                self.run("UPDATE steps SET state = ? WHERE id = ? AND state = ?", GIVEN_UP, step, old)
            what = _("What this step did was changed since; it cannot be undone or done again.")
            raise PersianMirError(what, cure=_("The step before it can be undone.")) from error

    def _lead(self, edit: int, row: int, old: dict[str, Any], new: dict[str, Any]) -> None:
        """Bring a recording from `old` to `new`; `_ChangedError` where it does not stand at `old`."""
        state = self._state(row)
        for name in set(old) - {"items", "statements", "credits"}:
            if json.loads(json.dumps(_told(getattr(state, name)))) != old[name]:
                raise _ChangedError
        if "credits" in old and state.credits != self._now_known(from_json(Credit, one) for one in old["credits"]):
            raise _ChangedError
        self._lead_items(row, state.items, old.get("items", []), new.get("items", []))
        if "programme" in new:
            self._put_fields("programmes", row, from_json(Programme, new["programme"]))
        if "carrier" in new:
            self.run("DELETE FROM carriers WHERE recording = ?", row)
            if new["carrier"] is not None:
                self._put_fields("carriers", row, from_json(Carrier, new["carrier"]))
        if "credits" in new:
            self._put_credits(row, None, tuple(from_json(Credit, one) for one in new["credits"]))
        if "notes" in new:
            self._put_notes(row, new["notes"])
        if "path" in new:
            self.run("UPDATE recordings SET path = ? WHERE id = ?", bytes.fromhex(new["path"]), row)
        if "removed" in new:
            self.run("UPDATE recordings SET removed = ? WHERE id = ?", new["removed"], row)
        if "collections" in new:
            self.run("DELETE FROM members WHERE recording = ?", row)
            self.run_many(
                "INSERT INTO members (collection, recording) VALUES (?, ?)", [(c, row) for c in new["collections"]]
            )
        if "liked" in new:
            self._put_liked_sets(row, new["liked"])
        self._lead_statements(edit, row, old.get("statements", []), new)

    def _lead_collections(self, step: int, order: str, back: bool) -> None:
        sql = f"SELECT before, after FROM collection_edits WHERE step = ? ORDER BY id {order}"
        for row in self.rows(sql, step):
            before, after = (from_json(Collection, json.loads(one)) for one in row)
            old, new = (after, before) if back else (before, after)
            if self.collection(old.name) != old:
                raise _ChangedError
            super().put_collection(new)

    def _lead_items(self, row: int, now_there: Sequence[Item], old: list[Any], new: list[Any]) -> None:
        there = {item.id: item for item in now_there}
        for told in old:
            item = from_json(Item, told)
            texts = tuple(replace(one, poet=one.poet and self._now(one.poet)) for one in item.texts)
            if there.get(item.id) != replace(item, credits=self._now_known(item.credits), texts=texts):
                raise _ChangedError
            self._delete_item(row, item.id)
        for told in new:
            item = from_json(Item, told)
            if self._overlapping(row, item):
                raise _ChangedError
            self._put_item(row, item)

    def _now_known(self, credited: Iterable[Credit]) -> tuple[Credit, ...]:
        """Credits with all that is known of their people by now."""
        return tuple(replace(one, person=self._now(one.person)) for one in credited)

    def _now(self, person: Person) -> Person:
        return self.person(self.person_id(person))

    def _lead_statements(self, edit: int, row: int, taken: list[Any], new: dict[str, Any]) -> None:
        """Take statements back, or say them again, under new names that the journal is told."""
        frames = self.known(row).frames
        back = (from_json(Statement, one) for one in reversed(taken))
        undone = [
            replace(one, label="", status="undone", probability=None, when=now(), supersedes=one.id, id=new_id())
            for one in back
        ]
        self._add_statements(row, frames, undone)
        if "statements" in new:
            said = [from_json(Statement, one) for one in new["statements"]]
            again = [replace(one, id=new_id(), when=now()) for one in said]
            self._add_statements(row, frames, again)
            told = json.dumps(new | {"statements": _told(again)}, ensure_ascii=False)
            self.run("UPDATE edits SET after = ? WHERE id = ?", told, edit)


class _ChangedError(Exception):
    """A recording is no longer as a step left it."""


def _told(value: Any) -> Any:
    """For JSON."""
    if isinstance(value, list | tuple) and not hasattr(value, "_fields"):
        return [_told(one) for one in value]
    return to_json(value) if hasattr(value, "__dataclass_fields__") else value
