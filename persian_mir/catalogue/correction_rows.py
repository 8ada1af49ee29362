"""What a person said of a machine's label, and the row of a CSV that keeps it."""

from __future__ import annotations

import getpass
import math
import secrets
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal

from persian_mir.csv_text import csv_line, from_text
from persian_mir.errors import PersianMirError
from persian_mir.i18n import _
from persian_mir.labels import TASKS, is_label

Status = Literal["accepted", "corrected", "rejected", "undone"]
Key = tuple[str, str, int, int]  # content hash, task, start, stop

COLUMNS = (
    *("file", "start_s", "stop_s", *TASKS, "split", "status", "by", "when", "was", "confidence", "content_hash"),
    *("undone", "task", "start", "stop", "rate", "predictor", "version", "id"),
)
STATUSES = ("accepted", "corrected", "rejected", "undone")
ID_DIGITS = 16
MOST_SAMPLES, MOST_RATE = 1 << 48, 100_000_000  # of no recording; a database keeps no number beyond its own


def now() -> str:
    """The time, UTC, to the second."""
    return datetime.now(UTC).isoformat(timespec="seconds")


def new_id() -> str:
    """A name for a statement that no other will have."""
    return secrets.token_hex(ID_DIGITS // 2)


def login_name() -> str:
    """Who sits here, as the system knows them; empty where it does not."""
    try:
        return getpass.getuser()
    except (OSError, KeyError, ImportError):
        return ""


@dataclass(frozen=True, slots=True)
class Correction:
    """One statement of `by` about samples `start` up to `stop` of a recording: which label of `task` it carries.

    `was` is what the machine (`predictor`, its `version`) had said, with the probability `confidence`. `label` is empty
    where the machine's is `rejected` and no other is given. `undone` takes back the statement of that `id`.
    """

    path: Path
    content_hash: str
    rate: int
    start: int
    stop: int
    task: str
    status: Status
    label: str
    was: str = ""
    confidence: float | None = None
    predictor: str = ""
    version: str = ""
    by: str = field(default_factory=login_name)
    when: str = field(default_factory=now)
    undone: str = ""
    id: str = field(default_factory=new_id)

    def __post_init__(self) -> None:
        if self.task not in TASKS or self.status not in STATUSES:
            raise ValueError(f"no task or no status: {self.task!r}, {self.status!r}")
        if not (0 <= self.start < self.stop <= MOST_SAMPLES and 0 < self.rate <= MOST_RATE):
            raise ValueError(f"no stretch: {self.start} to {self.stop} at {self.rate} Hz")
        if self.confidence is not None and not math.isfinite(self.confidence):
            raise ValueError(f"no probability: {self.confidence}")
        if bool(self.label) != (self.status in ("accepted", "corrected")) or not self._labelled():
            raise ValueError(f"{self.label!r} is no label for the status {self.status}")
        if bool(self.undone) != (self.status == "undone"):
            raise ValueError("only what is undone names a statement")

    def _labelled(self) -> bool:
        return not self.label or is_label(self.task, self.label)

    @property
    def key(self) -> Key:
        """What it is about: later statements about the same win."""
        return self.content_hash, self.task, self.start, self.stop


def taken_back(one: Correction, by: str | None = None) -> Correction:
    """The row that takes a statement back; `by` someone else, if not by who made it."""
    row = replace(one, status="undone", label="", undone=one.id, when=now(), id=new_id())
    return row if by is None else replace(row, by=by)


def as_line(correction: Correction) -> str:
    """The row, one physical line. Raises PersianMirError for a path that no line can hold."""
    path = str(correction.path)
    try:
        path.encode()
    except UnicodeEncodeError:
        path = ""
    if not correction.path.is_absolute() or path.splitlines() != [path] or path != path.strip():
        what = _("The name of this recording cannot be written into a table.")
        raise PersianMirError(what, path=correction.path, cure=_("Rename the file, then open it again."))
    cells = {name: str(getattr(correction, name)) for name in COLUMNS if hasattr(correction, name)}
    cells |= {"file": path, correction.task: correction.label}
    cells |= {
        "start_s": f"{correction.start / correction.rate:.6f}",
        "stop_s": f"{correction.stop / correction.rate:.6f}",
    }
    cells["confidence"] = "" if correction.confidence is None else f"{correction.confidence:.4f}"
    return csv_line([one_line(cells.get(name, "")) for name in COLUMNS])


def from_rows(rows: Iterable[Sequence[str]]) -> tuple[list[Correction], list[str]]:
    """Return the statements in rows below the header, and of each row that somebody spoilt what is wrong with it."""
    found, spoilt = list[Correction](), list[str]()
    for cells in rows:
        try:
            found.append(_from_cells(dict(zip(COLUMNS, cells, strict=False))))
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            spoilt.append(str(error))
    return found, spoilt


def _from_cells(cells: Mapping[str, str]) -> Correction:
    """The statement in a row. Raises ValueError, KeyError, TypeError, AttributeError for a spoilt one."""
    told = {name: from_text(cells[name]) for name in COLUMNS}
    if len(told["id"]) != ID_DIGITS:
        raise ValueError("the row is not whole")
    return Correction(
        path=Path(told["file"]),
        content_hash=told["content_hash"],
        rate=int(told["rate"]),
        start=int(told["start"]),
        stop=int(told["stop"]),
        task=told["task"],
        status=told["status"],  # type: ignore[arg-type]  # looked at by Correction
        label=told.get(told["task"], ""),
        was=told["was"],
        confidence=float(told["confidence"]) if told["confidence"] else None,
        **{name: told[name] for name in ("predictor", "version", "by", "when", "undone", "id")},
    )


def one_line(text: str) -> str:
    """`text` without line breaks: a row is a line, so that a torn one can be told."""
    return " ".join(text.replace("\0", " ").splitlines())
