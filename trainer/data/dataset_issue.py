"""A fault of a dataset."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Kind = Literal[
    "missing", "corrupt", "duplicate", "contradiction", "overlap", "train-holds-dev", "unknown", "alias", "absent",
    "outside", "unlisted",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class DatasetIssue:
    """One fault: its kind, the recordings it concerns (as `Dataset.key` calls them) and a sentence.

    `leave_out` are those of them that nothing should be learnt from.
    """

    kind: Kind
    recordings: tuple[str, ...]
    text: str
    leave_out: tuple[str, ...] = ()
