"""What is asked of the catalogue, and what it answers, as values."""

from __future__ import annotations

from dataclasses import dataclass

from persian_mir.catalogue.catalogue import ALL, Page, Row, Sort
from persian_mir.catalogue.filters import Filter
from persian_mir.catalogue.step_names import StepName


@dataclass(frozen=True, slots=True)
class Question:
    """What is looked for: words, a filter, an order."""

    text: str = ""
    wanted: Filter = ALL
    sort: Sort = "path"
    descending: bool = False


@dataclass(frozen=True, slots=True)
class Facet:
    """One label of a task, what it is called, and how many recordings hold it."""

    task: str
    label: str
    name: str
    recordings: int


@dataclass(frozen=True, slots=True)
class Answer:
    """The first page, how many there are in all, the facets, and what can be undone and done again.

    `others_wrote` is another number once another program has written since. `off_list`: where nothing is found, how
    many have these words and were removed from the list.
    """

    page: Page
    number: int
    facets: tuple[Facet, ...]
    undo: StepName | None
    redo: StepName | None
    others_wrote: int
    off_list: int = 0


def hashes(rows: tuple[Row, ...]) -> tuple[str, ...]:
    """The recordings of these lines."""
    return tuple(row.content_hash for row in rows)
