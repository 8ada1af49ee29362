"""Which recordings are wanted, as a value, and as the conditions of SQL."""

from __future__ import annotations

import json
import os
from dataclasses import asdict, dataclass, replace
from typing import Any

from persian_mir.catalogue.model import Status
from persian_mir.catalogue.statement_rows import STATUSES
from persian_mir.labels import TASKS

SELECTIVE = (
    "r.id IN",
    "r.tag_disagrees",
    "r.predictors_disagree",
    "r.doubtful",
)  # conditions with an index that finds few
DOUBTFUL = "r.doubtful = 1"
ONCE_DOUBTFUL = [0.0, 0.9]  # what *Not sure* asked for when a label was doubtful by its probability alone
RARE = 2000  # recordings that hold a term, up to which they are gathered and sorted


@dataclass(frozen=True, slots=True)
class Filter:
    """What a recording must be. Of `terms` (task, label) those of one task are alternatives; all tasks must hold.

    A task is one of `persian_mir.labels.TASKS`, or `kind`, `gusheh`, `form`, `role`, `status`, `collection` or `person`
    (the label is then the id). `confidence` bounds the probability of each label that is asked for, else the least of
    the recording's. `doubtful`: each label that is asked for, else any of the recording's, is one that machines say and
    none of them is sure of. `dates` are from and to (within), as `1966` or `1966-05-01`; `folder` holds its subfolders
    too.
    """

    terms: tuple[tuple[str, str], ...] = ()
    status: Status | None = None  # of one of the labels asked for, or of any
    confidence: tuple[float, float] | None = None
    dates: tuple[str, str] | None = None
    folder: str = ""
    tag_disagrees: bool = False
    predictors_disagree: bool = False
    removed: bool = False
    doubtful: bool = False


Condition = tuple[str, list[Any]]
Terms = dict[tuple[str, str], tuple[int, int]]  # (task, label): its number, and how many recordings hold it


def spelt_out(wanted: Filter) -> Filter:
    """The same filter, with a status that is no asked label's as a term of its own."""
    if wanted.status is None or _asks_for_labels(wanted):
        return wanted
    return replace(wanted, terms=(*wanted.terms, ("status", wanted.status)), status=None)


def condition(wanted: Filter, terms: Terms, doubtful: int = 0) -> Condition:
    """The conditions on a row `r` of recordings, for a page of them in some order.

    Those who hold a term are gathered by its own index where they are few; of a frequent one each recording is asked as
    the page comes to it. So with the `doubtful` ones, of which there are so many.
    """
    parts, values = _own(wanted)
    if doubtful > RARE:
        parts = ["+" * (part == DOUBTFUL) + part for part in parts]  # else SQLite gathers and sorts them all
    elif wanted.doubtful and DOUBTFUL not in parts:
        parts.append(DOUBTFUL)  # as is each recording of which a label is
    for (held, bound), count in _held(wanted, terms):
        parts.append(f"r.id IN ({held})" if count <= RARE else f"EXISTS ({held} AND h.recording = r.id)")
        values += bound
    if any(part.startswith(SELECTIVE) for part in parts):
        parts[0] = "+r.removed = ?"  # else SQLite walks all recordings in the order of an index that begins with it
    return " AND ".join(parts), values


def selection(wanted: Filter, terms: Terms) -> Condition:
    """A query for the rows of all recordings that are wanted, in no order."""
    queries = [one for one, _count in _held(wanted, terms)]
    parts, values = _own(wanted)
    if len(parts) > 1 or wanted.removed or not queries:  # what is removed holds nothing
        queries = [(f"SELECT r.id AS recording FROM recordings r WHERE {' AND '.join(parts)}", values), *queries]
    return " INTERSECT ".join(text for text, _bound in queries), [value for _text, bound in queries for value in bound]


def _own(wanted: Filter) -> tuple[list[str], list[Any]]:
    """The conditions on what stands in the row itself."""
    parts, values = ["r.removed = ?"], list[Any]([int(wanted.removed)])
    if wanted.confidence is not None and not _asks_for_labels(wanted):
        parts.append("r.confidence BETWEEN ? AND ?")
        values += wanted.confidence
    if wanted.dates is not None:
        parts.append("r.date >= ? AND r.date != '' AND r.date <= ?")
        values += [wanted.dates[0], (wanted.dates[1] or "9") + "~"]
    if wanted.folder:
        begin = os.fsencode(wanted.folder).rstrip(os.fsencode(os.sep)) + os.fsencode(os.sep)
        parts.append("r.path >= ? AND r.path < ?")
        values += [begin, begin[:-1] + bytes([begin[-1] + 1])]
    parts += [DOUBTFUL] if wanted.doubtful and not _asks_for_labels(wanted) else []
    parts += ["r.tag_disagrees = 1"] if wanted.tag_disagrees else []
    parts += ["r.predictors_disagree = 1"] if wanted.predictors_disagree else []
    return parts, values


def _held(wanted: Filter, terms: Terms) -> list[tuple[Condition, int]]:
    """A query for the recordings that hold one of a task's terms, for each task; and how many they are at most."""
    found = []
    for task in dict.fromkeys(task for task, _label in wanted.terms):
        numbers = [terms[one] for one in wanted.terms if one[0] == task and one in terms]
        more, bound = _bounds(wanted, task)
        marks = ", ".join(str(number) for number, _count in numbers)
        once = "DISTINCT " if len(numbers) > 1 else ""
        held = f"SELECT {once}h.recording FROM holds h WHERE h.term IN ({marks}){more}"
        found.append(((held, bound), sum(count for _number, count in numbers)))
    return found


def filter_to_json(wanted: Filter) -> str:
    """The filter as text, for a saved search."""
    return json.dumps(asdict(wanted), ensure_ascii=False)


def filter_from_json(text: str) -> Filter:
    """The filter out of that text. One of an earlier time asked for doubt by a bound of the probability."""
    told = json.loads(text)
    if "doubtful" not in told and told["confidence"] == ONCE_DOUBTFUL:
        told |= {"confidence": None, "doubtful": True}
    pairs = {name: None if told[name] is None else tuple(told[name]) for name in ("confidence", "dates")}
    return Filter(**told | pairs | {"terms": tuple(tuple(one) for one in told["terms"])})


def _asks_for_labels(wanted: Filter) -> bool:
    return any(task in TASKS for task, _label in wanted.terms)


def _bounds(wanted: Filter, task: str) -> tuple[str, list[Any]]:
    """What status, confidence and doubt ask of a label; people and collections have none of them."""
    if task not in TASKS:
        return "", []
    text, values = "", list[Any]()
    if wanted.status is not None:
        text, values = " AND h.status = ?", [STATUSES.index(wanted.status)]
    if wanted.confidence is not None:
        text, values = text + " AND h.probability BETWEEN ? AND ?", [*values, *wanted.confidence]
    return text + " AND h.doubtful = 1" * wanted.doubtful, values
