"""Which recordings are wanted, as a value, and as the conditions of SQL."""

from __future__ import annotations

import json
import os
from dataclasses import asdict, dataclass
from typing import Any

from persian_mir.catalogue.model import Status
from persian_mir.catalogue.statement_rows import STATUSES
from persian_mir.labels import TASKS

RARE = 2000  # recordings that hold a term, up to which they are gathered and sorted


@dataclass(frozen=True, slots=True)
class Filter:
    """What a recording must be. Of `terms` (task, label) those of one task are alternatives; all tasks must hold.

    A task is one of `persian_mir.labels.TASKS`, or `kind`, `gusheh`, `form`, `role`, `status`, `collection` or `person`
    (the label is then the id). `confidence` bounds the probability of each label that is asked for, else the least of
    the recording's. `dates` are from and to (within), as `1966` or `1966-05-01`; `folder` holds its subfolders too.
    """

    terms: tuple[tuple[str, str], ...] = ()
    status: Status | None = None  # of one of the labels asked for, or of any
    confidence: tuple[float, float] | None = None
    dates: tuple[str, str] | None = None
    folder: str = ""
    tag_disagrees: bool = False
    predictors_disagree: bool = False
    removed: bool = False


Condition = tuple[str, list[Any]]


def condition(wanted: Filter, terms: dict[tuple[str, str], tuple[int, int]], gather: bool) -> Condition:
    """The conditions on a row `r` of recordings. `terms`: each wanted term's number and how many recordings hold it.

    Those who hold a term are gathered by its own index where all are wanted (`gather`) or few; of a frequent one each
    recording is asked as the page comes to it.
    """
    parts, values = ["r.removed = ?"], list[Any]([int(wanted.removed)])
    for task in dict.fromkeys(task for task, _label in wanted.terms):
        numbers = [terms[one] for one in wanted.terms if one[0] == task and one in terms]
        more, bound = _bounds(wanted, task)
        marks = ", ".join(str(number) for number, _count in numbers)
        gathered = gather or sum(count for _number, count in numbers) <= RARE
        held = f"SELECT h.recording FROM holds h WHERE h.term IN ({marks}){more}"
        parts.append(f"r.id IN ({held})" if gathered else f"EXISTS ({held} AND h.recording = r.id)")
        values += bound
    if wanted.status is not None and not wanted.terms:
        parts.append("EXISTS (SELECT 1 FROM holds h WHERE h.recording = r.id AND h.status = ?)")
        values.append(STATUSES.index(wanted.status))
    if wanted.confidence is not None and not wanted.terms:
        parts.append("r.confidence BETWEEN ? AND ?")
        values += wanted.confidence
    if wanted.dates is not None:
        parts.append("r.date >= ? AND r.date != '' AND r.date <= ?")
        values += [wanted.dates[0], (wanted.dates[1] or "9") + "~"]
    if wanted.folder:
        begin = os.fsencode(wanted.folder).rstrip(os.fsencode(os.sep)) + os.fsencode(os.sep)
        parts.append("r.path >= ? AND r.path < ?")
        values += [begin, begin[:-1] + bytes([begin[-1] + 1])]
    parts += ["r.tag_disagrees = 1"] if wanted.tag_disagrees else []
    parts += ["r.predictors_disagree = 1"] if wanted.predictors_disagree else []
    if gather or any(map(_is_selective, parts)):
        parts[0] = "+r.removed = ?"  # else SQLite walks all recordings in the order of an index that begins with it
    return " AND ".join(parts), values


def _is_selective(part: str) -> bool:
    """Whether a condition has an index of its own that finds few."""
    return part.startswith("r.id IN") or part.endswith("disagree = 1") or part.endswith("disagrees = 1")


def filter_to_json(wanted: Filter) -> str:
    """The filter as text, for a saved search."""
    return json.dumps(asdict(wanted), ensure_ascii=False)


def filter_from_json(text: str) -> Filter:
    """The filter out of that text."""
    told = json.loads(text)
    pairs = {name: None if told[name] is None else tuple(told[name]) for name in ("confidence", "dates")}
    return Filter(**told | pairs | {"terms": tuple(tuple(one) for one in told["terms"])})


def _bounds(wanted: Filter, task: str) -> tuple[str, list[Any]]:
    """What status and confidence ask of a label; people and collections have neither."""
    if task not in TASKS:
        return "", []
    text, values = "", list[Any]()
    if wanted.status is not None:
        text, values = " AND h.status = ?", [STATUSES.index(wanted.status)]
    if wanted.confidence is not None:
        text, values = text + " AND h.probability BETWEEN ? AND ?", [*values, *wanted.confidence]
    return text, values
