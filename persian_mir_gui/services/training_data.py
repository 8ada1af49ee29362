"""The data that a probe is fitted on, and what the check said of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any


@dataclass(frozen=True, slots=True)
class Fault:
    """One finding of the check: its kind, a sentence, the recordings it concerns."""

    kind: str
    text: str
    recordings: tuple[str, ...] = ()
    leave_out: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class CheckResult:
    """What `trainer check` found (trainer.check.Report): `hours` by instrument, then Dastgah; `parts` by split."""

    name: str
    synthetic: bool
    recordings: int
    artists: int
    hours: Mapping[str, Mapping[str, float]]
    parts: Mapping[str, int]
    alone: Mapping[str, int]
    faults: tuple[Fault, ...]


@dataclass(frozen=True, slots=True)
class DataChoice:
    """A folder laid out as Nava, a folder a class, or a manifest CSV. `result` is None until it has been checked."""

    path: Path
    result: CheckResult | None = None

    @property
    def name(self) -> str:
        """What it is called."""
        return self.result.name if self.result is not None else self.path.name


def check_result(event: Mapping[str, Any]) -> CheckResult:
    """The event `done` of a check. Raises ValueError where it is not one."""
    try:
        return CheckResult(
            name=str(event["dataset"]),
            synthetic=bool(event["synthetic"]),
            recordings=int(event["recordings"]),
            artists=int(event["artists"]),
            hours={str(row): {str(c): float(h) for c, h in cells.items()} for row, cells in event["hours"].items()},
            parts={str(part): int(count) for part, count in event["parts"].items()},
            alone={str(task): int(count) for task, count in event["alone"].items()},
            faults=tuple(
                Fault(str(one["kind"]), str(one["text"]), tuple(map(str, one["recordings"])), tuple(one["leave_out"]))
                for one in event["findings"]
            ),
        )
    except (KeyError, TypeError, AttributeError) as error:
        raise ValueError("this is not what a check says") from error
