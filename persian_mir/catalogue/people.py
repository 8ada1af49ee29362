"""The people of a catalogue: one row each, whatever the spelling; unknowns of other numbers are other people."""

from __future__ import annotations

import json
from typing import Any

from persian_mir.catalogue.database import Database
from persian_mir.catalogue.fold import joined
from persian_mir.catalogue.model import Credit, Person, Text

_COLUMNS = "id, name_fa, name_latin, other_names, dates, unknown"


class People(Database):
    """Finds and adds people, credits and texts."""

    def person_id(self, person: Person) -> int:
        """Return the id of this person, who is added if new; what is newly known of them is filled in.

        Two are one if they share a name and nothing told of them differs.
        """
        keys = joined(person.name_fa), joined(person.name_latin)
        named = (
            "key_fa = :fa AND :fa != '' OR key_latin = :latin AND :latin != ''"
            if any(keys)
            else "key_fa = :fa AND key_latin = :latin"
        )
        sql = f"SELECT {_COLUMNS}, key_fa, key_latin FROM persons WHERE {named}"
        rows = self._db.execute(sql, dict(zip(("fa", "latin"), keys, strict=True))).fetchall()
        for row in rows:
            if _same(person, keys, _person(row), row[6:8]):
                self._enrich(int(row[0]), person, _person(row))
                return int(row[0])
        return self.run(
            "INSERT INTO persons (name_fa, name_latin, other_names, dates, unknown, key_fa, key_latin) "
            "VALUES (?, ?, ?, ?, ?, ?, ?)",
            *_values(person),
        )

    def person(self, person_id: int) -> Person:
        """Return the person of that id. KeyError if there is none."""
        row = self.row(f"SELECT {_COLUMNS} FROM persons WHERE id = ?", person_id)
        if row is None:
            raise KeyError(person_id)
        return _person(row)

    def people(self, begun: str = "", limit: int = 20) -> tuple[tuple[int, Person], ...]:
        """Return people with a name that holds `begun`, in either script, those whose name begins so first."""
        key = joined(begun)
        like = "%" + key + "%"
        rows = self.rows(
            f"SELECT {_COLUMNS} FROM persons WHERE key_fa LIKE ? OR key_latin LIKE ? OR other_names LIKE ? "
            "ORDER BY NOT (key_fa LIKE ? OR key_latin LIKE ?), key_fa, key_latin, unknown LIMIT ?",
            *(like, like, f"%{begun.strip()}%", key + "%", key + "%", limit),
        )
        return tuple((int(row[0]), _person(row)) for row in rows)

    def _enrich(self, person_id: int, new: Person, old: Person) -> None:
        merged = Person(
            old.name_fa or new.name_fa,
            old.name_latin or new.name_latin,
            tuple(dict.fromkeys(old.other_names + new.other_names)),
            old.dates or new.dates,
            old.unknown,
        )
        if merged != old:
            self.run(
                "UPDATE persons SET name_fa = ?, name_latin = ?, other_names = ?, dates = ?, unknown = ?, key_fa = ?, "
                "key_latin = ? WHERE id = ?",
                *(*_values(merged), person_id),
            )

    def _put_credits(self, recording: int, item: int | None, credited: tuple[Credit, ...]) -> None:
        self.run("DELETE FROM credits WHERE recording = ? AND item IS ?", recording, item)
        self.run_many(
            "INSERT INTO credits (recording, item, person, role, instrument, form, certainty) "
            "VALUES (?, ?, ?, ?, ?, ?, ?)",
            [
                (recording, item, self.person_id(one.person), one.role, one.instrument, one.form, one.certainty)
                for one in credited
            ],
        )

    def _put_texts(self, recording: int, item: int, texts: tuple[Text, ...]) -> None:
        self.run("DELETE FROM texts WHERE recording = ? AND item = ?", recording, item)
        self.run_many(
            "INSERT INTO texts (recording, item, poet, form, first_line, verses, link) VALUES (?, ?, ?, ?, ?, ?, ?)",
            [
                (
                    *(recording, item, None if one.poet is None else self.person_id(one.poet)),
                    *(one.form, one.first_line, one.verses, one.link),
                )
                for one in texts
            ],
        )

    def _credits(self, recording: int) -> dict[int | None, tuple[Credit, ...]]:
        """The credits of a recording, by item; those of the whole under None."""
        found: dict[int | None, tuple[Credit, ...]] = {}
        for item, role, instrument, form, certainty, *person in self.rows(
            "SELECT c.item, c.role, c.instrument, c.form, c.certainty, p.id, p.name_fa, p.name_latin, p.other_names, "
            "p.dates, p.unknown FROM credits c JOIN persons p ON p.id = c.person WHERE c.recording = ? ORDER BY c.id",
            recording,
        ):
            found[item] = (*found.get(item, ()), Credit(_person(person), role, instrument, form, certainty))
        return found

    def _texts(self, recording: int) -> dict[int, tuple[Text, ...]]:
        found: dict[int, tuple[Text, ...]] = {}
        for item, form, first_line, verses, link, *person in self.rows(
            "SELECT t.item, t.form, t.first_line, t.verses, t.link, p.id, p.name_fa, p.name_latin, p.other_names, "
            "p.dates, p.unknown FROM texts t LEFT JOIN persons p ON p.id = t.poet WHERE t.recording = ? ORDER BY t.id",
            recording,
        ):
            poet = None if person[0] is None else _person(person)
            found[item] = (*found.get(item, ()), Text(poet, form, first_line, verses, link))
        return found


def _person(row: Any) -> Person:
    return Person(row[1], row[2], tuple(json.loads(row[3])), row[4], row[5])


def _values(person: Person) -> tuple[Any, ...]:
    other = json.dumps(person.other_names, ensure_ascii=False)
    keys = joined(person.name_fa), joined(person.name_latin)
    return (person.name_fa, person.name_latin, other, person.dates, person.unknown, *keys)


def _same(new: Person, new_keys: tuple[str, str], old: Person, old_keys: Any) -> bool:
    if new.unknown != old.unknown or (new.dates and old.dates and new.dates != old.dates):
        return False
    return all(not one or not other or one == other for one, other in zip(new_keys, old_keys, strict=True))
