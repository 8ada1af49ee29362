"""The catalogue: what the library shows of it page by page, what a search finds, and how many there are of each."""

from __future__ import annotations

import json
import os
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import chain
from pathlib import Path
from typing import Any, Literal, NamedTuple, Self

from persian_mir.catalogue.database import default_path
from persian_mir.catalogue.filters import RARE, Condition, Filter, Terms, condition, selection, spelt_out
from persian_mir.catalogue.fold import query
from persian_mir.catalogue.model import Status
from persian_mir.catalogue.rebuild import Rebuild
from persian_mir.catalogue.schema import MIGRATIONS
from persian_mir.labels import TASKS
from persian_mir.prediction import MODAL_SURE_MARGIN, outright

Sort = Literal["path", "title", "date", "added", "duration", "mode", "confidence"]
Key = tuple[Any, int]  # the sorted value and the row of the last recording of a page
Held = tuple[str, str, Status, float | None]  # task, label, status, probability

ALL = Filter()
SORTS: dict[Sort, str] = {
    **{"path": "path_key", "title": "title_key", "date": "date", "added": "added"},
    **{"duration": "duration_s", "mode": "mode", "confidence": "confidence"},
}
_SELECTED = (
    "r.id, r.path, r.content_hash, r.title, r.date, r.duration_s, r.mode, r.confidence, r.tags, r.labels, "
    "r.tag_disagrees, r.predictors_disagree, r.added, NOT EXISTS "
    "(SELECT 1 FROM files f WHERE f.path = r.path AND f.recording = r.id AND f.missing = 0)"
)
_RANK = "bm25(10.0, 6.0, 4.0, 2.0, 1.0, 1.0)"  # what a word counts in title, people, labels, notes, verses, joined


class Row(NamedTuple):
    """A recording as a line of the library: cells as they are kept, of which a page has many; read when shown."""

    id: int
    path_bytes: bytes
    content_hash: str
    title: str
    date: str
    duration_s: float
    mode: str
    confidence: float
    tags_json: str
    labels_json: str
    tag_disagrees: int
    predictors_disagree: int
    added: str
    missing: int  # whether its file is gone, or holds another recording now
    score: float = 0.0

    @property
    def path(self) -> Path:
        """Where the recording was seen last."""
        return Path(os.fsdecode(self.path_bytes))

    @property
    def tags(self) -> dict[str, str]:
        """The tags of the file."""
        return dict(json.loads(self.tags_json))

    @property
    def labels(self) -> tuple[Held, ...]:
        """The labels in force, the surest first."""
        return tuple((task, label, status, p) for task, label, status, p, *_doubtful in json.loads(self.labels_json))

    @property
    def doubtful(self) -> frozenset[tuple[str, str]]:
        """Task and label of those that machines say and none of them is sure of."""
        rows = json.loads(self.labels_json)
        return frozenset((task, label) for task, label, _status, p, *told in rows if _doubted(p, told))


def _doubted(probability: float | None, told: Sequence[bool]) -> bool:
    """What was worked out, or, of rows of an earlier time, what the modal reading would say."""
    if told:
        return told[0]
    return probability is not None and probability < outright(MODAL_SURE_MARGIN)


@dataclass(frozen=True, slots=True)
class Page:
    """Some lines, and by which key the next page begins after them; None where they were the last."""

    rows: tuple[Row, ...]
    after: Key | None


class Catalogue(Rebuild):
    """Everything that is known of recordings, in one file. One object a thread; several programs may write."""

    @classmethod
    def open(cls, path: Path | None = None, migrations: Sequence[str] = MIGRATIONS) -> Self:
        """Open the catalogue, or begin one; the user's own with what was said in `corrections.csv`.

        Raises PersianMirError for a damaged file, for one of a later version and for what is no catalogue.
        """
        opened = super().open(path, migrations)
        try:
            opened._keep_up()
            if opened.path == default_path():
                opened._take_over_what_is_new()
        except BaseException:
            opened.close()
            raise
        return opened

    def page(
        self,
        wanted: Filter = ALL,
        sort: Sort = "path",
        after: Key | None = None,
        limit: int = 200,
        *,
        descending: bool = False,
    ) -> Page:
        """Return up to `limit` recordings in order, after `after`; the last page comes as fast as the first."""
        where, values = self._condition(wanted)
        column, way, order = f"r.{SORTS[sort]}", "<" if descending else ">", " DESC" if descending else ""
        if after is not None:
            where, values = f"{where} AND ({column}, r.id) {way} (?, ?)", [*values, *after]
        rows = self.rows(
            f"SELECT {_SELECTED}, {column} FROM recordings r WHERE {where} "
            f"ORDER BY {column}{order}, r.id{order} LIMIT ?",
            *(*values, limit),
        )
        last = (rows[-1][-1], rows[-1][0]) if len(rows) == limit else None
        return Page(tuple(Row(*row[:-1]) for row in rows), last)

    def search(
        self, text: str, wanted: Filter = ALL, limit: int = 200, *, begun: bool = False, ranked: bool = True
    ) -> tuple[Row, ...]:
        """Return the recordings in whose title, people, labels, notes or verses all words of `text` are, best first.

        `begun`: the last word may be the beginning of one, as while it is typed. Without words: as `page`. What is off
        the list is found if the filter asks for it.
        """
        match = query(text, begun=begun)
        if not match:
            return self.page(wanted, limit=limit).rows
        rank, order = ("rank", "ORDER BY rank") if ranked else ("0.0 AS rank", "")
        found, values = f"SELECT rowid, {rank} FROM words WHERE words MATCH ?", [match]
        if ranked:
            found, values = f"{found} AND rank MATCH ?", [*values, _RANK]
        if wanted != ALL:
            chosen, more = self._selection(wanted)
            found, values = f"{found} AND +rowid IN ({chosen})", [*values, *more]
        else:  # few are off the list: that is asked much faster than whether one is on it
            found += " AND +rowid NOT IN (SELECT id FROM recordings WHERE removed = 1)"
        rows = self.rows(
            f"SELECT {_SELECTED}, f.rank FROM ({found} {order} LIMIT ?) f "
            f"CROSS JOIN recordings r ON r.id = f.rowid {order.replace('rank', 'f.rank')}",
            *(*values, limit),
        )
        return tuple(Row._make((*row[:-1], -row[-1])) for row in rows)

    def count(self, wanted: Filter = ALL, text: str = "", *, begun: bool = False) -> int:
        """Return how many recordings there are of those, with these words: see `search`."""
        chosen, values = self._with_words(wanted, text, begun)
        return int(self.row(f"SELECT count(*) FROM ({chosen})", *values)[0])

    def _with_words(self, wanted: Filter, text: str, begun: bool) -> tuple[str, list[Any]]:
        """The selection of a filter, narrowed down to those in which all words are."""
        chosen, values = self._selection(wanted)
        match = query(text, begun=begun)
        if not match:
            return chosen, values
        words = f"SELECT rowid AS recording FROM words WHERE words MATCH ? AND +rowid IN ({chosen})"
        return words, [match, *values]

    def facets(
        self,
        wanted: Filter = ALL,
        tasks: Sequence[str] = (*TASKS, "status", "collection", "kind", "person"),
        limit: int = 50,
        *,
        text: str = "",
        begun: bool = False,
    ) -> dict[str, tuple[tuple[str, int], ...]]:
        """Return of each task the labels that recordings hold, with their number, the most frequent first.

        What is asked of a task itself does not narrow its own labels down: they are alternatives. `text` and `begun`
        are those of `search`. Those of all recordings are kept as counters. The label of a collection or person is its
        id: see `facet_name`.
        """
        counts = self._term_counts(wanted, text, begun)
        apart = {
            task: self._term_counts(replace(wanted, terms=tuple(t for t in wanted.terms if t[0] != task)), text, begun)
            for task in {task for task, _label in wanted.terms}
        }
        marks = ", ".join("?" * len(tasks))
        found: dict[str, list[tuple[str, int]]] = {task: [] for task in tasks}
        for term, task, label in self.rows(f"SELECT id, task, label FROM terms WHERE task IN ({marks})", *tasks):
            if number := apart.get(task, counts).get(term, 0):
                found[task].append((label, number))
        return {task: tuple(sorted(some, key=lambda one: (-one[1], one[0]))[:limit]) for task, some in found.items()}

    def _term_counts(self, wanted: Filter, text: str, begun: bool) -> Mapping[int, int]:
        """Of each term, how many of the recordings that are wanted hold it."""
        if wanted == ALL and not query(text, begun=begun):
            return dict(self.rows("SELECT term, recordings FROM counters"))
        # counted here: SQLite's GROUP BY takes twice as long
        chosen, values = self._with_words(wanted, text, begun)
        held = f"SELECT h.term FROM ({chosen}) c CROSS JOIN holds h ON h.recording = c.recording"
        return Counter(chain.from_iterable(self.rows(held, *values)))

    def facet_name(self, task: str, label: str) -> str:
        """Return what a facet of a collection or person is called; the label itself of others."""
        if task == "collection":
            return self._collection(int(label)).name
        if task == "person":
            person = self.person(int(label))
            number = "" if person.unknown is None else str(person.unknown)
            return person.name_fa or person.name_latin or number
        return label

    def _condition(self, wanted: Filter) -> Condition:
        wanted, some = spelt_out(wanted), "SELECT 1 FROM recordings WHERE doubtful = 1 LIMIT ?"
        doubtful = int(self.row(f"SELECT count(*) FROM ({some})", RARE + 1)[0]) if wanted.doubtful else 0
        return condition(wanted, self._terms(wanted), doubtful)

    def _selection(self, wanted: Filter) -> Condition:
        wanted = spelt_out(wanted)
        return selection(wanted, self._terms(wanted))

    def _terms(self, wanted: Filter) -> Terms:
        sql = (
            "SELECT t.id, coalesce(k.recordings, 0) FROM terms t LEFT JOIN counters k ON k.term = t.id "
            "WHERE t.task = ? AND t.label = ?"
        )
        found = ((one, self.row(sql, *one)) for one in wanted.terms)
        return {one: row for one, row in found if row is not None}

    def unnamed(self, recordings: Sequence[int]) -> set[tuple[int, str]]:
        """Return recordings, by their rows, with a task of which a machine last said that none of its labels holds."""
        rows = self.rows(
            "SELECT r.recording, r.task FROM runs r JOIN makers m ON m.id = r.maker WHERE r.live = 1 AND m.machine = 1 "
            f"AND r.summary = '[]' AND r.recording IN ({', '.join(map(str, recordings))})"
        )
        return set(rows)

    def labels_of(self, recordings: Sequence[int]) -> dict[int, tuple[Held, ...]]:
        """Return the labels in force of recordings by their rows, the surest first."""
        numbers = ", ".join(map(str, recordings))
        rows = self.rows(f"SELECT {_SELECTED} FROM recordings r WHERE r.id IN ({numbers})")
        return {row[0]: Row(*row).labels for row in rows}
