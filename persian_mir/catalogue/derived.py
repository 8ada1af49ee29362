"""What is worked out from the rows of one recording: which terms hold of it, what is found by text, what sorts it."""

from __future__ import annotations

import json
from collections.abc import Iterable
from collections.abc import Set as AbstractSet
from dataclasses import fields
from typing import Any

from persian_mir.catalogue.columns import from_cells
from persian_mir.catalogue.dates import sort_date
from persian_mir.catalogue.fold import index_text
from persian_mir.catalogue.held import (
    Held,
    Machines,
    Told,
    confidence,
    doubted,
    further_terms,
    labels_in_force,
    predictors_disagree,
    shown,
    tag_disagrees,
)
from persian_mir.catalogue.items import Items
from persian_mir.catalogue.model import Item, Programme, Statement
from persian_mir.catalogue.statement_rows import STATUSES, StatementRows, in_force
from persian_mir.labels import describe
from persian_mir.names import natural_key
from persian_mir.paths import path_key
from persian_mir.prediction import MODAL_SURE_MARGIN, outright

PROGRAMME = tuple(one.name for one in fields(Programme))


class DerivedTables(Items, StatementRows):
    """Keeps the tables `holds` and `words`, and the columns that sort, in line with what was written."""

    def _refresh(self, recording: int) -> None:
        """Work out anew all that follows from what is known of a recording. Part of every act that writes of it."""
        row = self._db.execute(
            "SELECT path, rate, frames, tags, removed FROM recordings WHERE id = ?", (recording,)
        ).fetchone()
        said, machines = self._said(recording), self._machines(recording)
        programme, items, credited = self._programme(recording), self._items(recording), self._credits(recording)
        tags = json.loads(row[3])
        labels = labels_in_force(said, row[2], items, programme, machines)
        held = labels | further_terms(labels, items, credited)
        for kind, ids in (("person", self._person_ids(recording)), ("collection", self._collection_ids(recording))):
            held |= {(kind, str(one)): ("accepted", None) for one in ids}
        doubtful = doubted(labels, machines)
        self._put_held(recording, {} if row[4] else held, doubtful)
        title = self._title(programme, tags, row[0])
        mode = max(((p or 1.0, label) for (task, label), (_s, p) in labels.items() if task == "mode"), default=None)
        self.run(
            "UPDATE recordings SET path_key = ?, title = ?, title_key = ?, date = ?, duration_s = ?, mode = ?, "
            "confidence = ?, tag_disagrees = ?, predictors_disagree = ?, labels = ?, doubtful = ? WHERE id = ?",
            *(path_key(row[0].decode(errors="replace")), title, natural_key(title), sort_date(programme, tags)),
            row[2] / row[1] if row[1] else 0.0,
            *(
                mode[1] if mode else "",
                confidence(labels),
                tag_disagrees(tags, labels),
                predictors_disagree(machines),
            ),
            *(shown(labels, doubtful), bool(doubtful), recording),
        )
        self._put_words(recording, title, programme, tags, labels, items)

    def _said(self, recording: int) -> tuple[Statement, ...]:
        return in_force(self._statements(recording, "AND m.machine = 0"))

    def _machines(self, recording: int) -> Machines:
        rows = self._db.execute(
            "SELECT r.task, m.who, r.summary, json_extract(m.parameters, '$.sure_margin') FROM runs r "
            "JOIN makers m ON m.id = r.maker WHERE r.recording = ? AND r.live = 1 AND m.machine = 1",
            (recording,),
        )
        return {(task, who): _told(json.loads(summary), margin) for task, who, summary, margin in rows}

    def _programme(self, recording: int) -> Programme:
        row = self._db.execute("SELECT * FROM programmes WHERE recording = ?", (recording,)).fetchone()
        return Programme() if row is None else from_cells(Programme, PROGRAMME, row[1:])

    def _person_ids(self, recording: int) -> list[int]:
        sql = (
            "SELECT person FROM credits WHERE recording = :recording "
            "UNION SELECT poet FROM texts WHERE recording = :recording AND poet"
        )
        return [int(row[0]) for row in self._db.execute(sql, {"recording": recording})]

    def _collection_ids(self, recording: int) -> list[int]:
        rows = self._db.execute("SELECT collection FROM members WHERE recording = ? ORDER BY id", (recording,))
        return [int(row[0]) for row in rows]

    def _put_held(self, recording: int, held: Held, doubtful: AbstractSet[tuple[str, str]] = frozenset()) -> None:
        """Write what changed, so that the counters' triggers run for that alone."""
        new = {self.term_id(*key): (STATUSES.index(s), p, key in doubtful) for key, (s, p) in held.items()}
        sql = "SELECT term, status, probability, doubtful FROM holds WHERE recording = ?"
        old = {term: tuple(rest) for term, *rest in self._db.execute(sql, (recording,))}
        gone = [(term, recording) for term, value in old.items() if new.get(term) != value]
        self.run_many("DELETE FROM holds WHERE term = ? AND recording = ?", gone)
        come = [(term, recording, *value) for term, value in new.items() if old.get(term) != value]
        self.run_many("INSERT INTO holds (term, recording, status, probability, doubtful) VALUES (?, ?, ?, ?, ?)", come)

    def _title(self, programme: Programme, tags: dict[str, str], path: bytes) -> str:
        tagged = next((value for name, value in tags.items() if name.casefold() == "title" and value.strip()), "")
        name = path.decode(errors="replace").replace("\\", "/").rpartition("/")[2]
        return programme.title_fa or programme.title_latin or tagged.strip() or name

    def _put_words(
        self,
        recording: int,
        title: str,
        programme: Programme,
        tags: dict[str, str],
        labels: Held,
        items: Iterable[Item],
    ) -> None:
        people = self._db.execute(
            "SELECT name_fa, name_latin, other_names, unknown FROM persons WHERE id IN "
            "(SELECT person FROM credits WHERE recording = :recording "
            "UNION SELECT poet FROM texts WHERE recording = :recording)",
            {"recording": recording},
        ).fetchall()
        notes = [str(row[0]) for row in self._db.execute("SELECT text FROM notes WHERE recording = ?", (recording,))]
        names = [_label_names(task, label) for task, label in labels]
        parts = [one for item in items for one in (item.kind, *item.gushehs, item.version)]
        verses = [f"{text.first_line} {text.verses}" for item in items for text in item.texts]
        told = (
            _lines(title, programme.title_fa, programme.title_latin, programme.number, programme.place, *tags.values()),
            _lines(*(_spoken(row) for row in people), programme.orchestra, programme.leader),
            _lines(*names, *parts),
            _lines(*notes, *(item.note for item in items)),
            _lines(*verses),
        )
        indexed = [index_text(text) for text in told]
        new = (*(words for words, _more in indexed), _lines(*(more for _words, more in indexed)))
        old = self._db.execute("SELECT * FROM words WHERE rowid = ?", (recording,)).fetchone()
        if old != new:
            self.run("DELETE FROM words WHERE rowid = ?", recording)
            self.run(
                "INSERT INTO words (rowid, title, people, labels, notes, verses, joined) VALUES (?, ?, ?, ?, ?, ?, ?)",
                *(recording, *new),
            )


def _label_names(task: str, label: str) -> str:
    known = describe(task, label)
    return f"{known.name} {known.persian}"


def _spoken(row: Any) -> str:
    number = "" if row[3] is None else f"ناشناخته {row[3]} unknown {row[3]}"
    return _lines(row[0], row[1], *json.loads(row[2]), number)


def _lines(*texts: str) -> str:
    return "\n".join(dict.fromkeys(filter(None, texts)))


def _told(summary: Iterable[tuple[str, float | None]], margin: object) -> list[Told]:
    """What a machine's summary says, and of what it is sure: the second label is not kept, so a lead has to be one
    whatever that is. `margin`: its own, where its parameters tell one.
    """
    least = outright(margin if isinstance(margin, float) else MODAL_SURE_MARGIN)
    return [(label, probability, probability is None or probability >= least) for label, probability in summary]
