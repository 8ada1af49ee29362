"""How far a fit has come, from the events that it tells."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from persian_mir.time_left import TimeLeft
from persian_mir_gui.training.state.runs import EpochRow, Run, with_epoch


class Course:
    """Where one fit stands. `reading`: it still reads the recordings."""

    def __init__(self, reading: bool = False) -> None:
        self.reading = reading
        self.note = ""  # what it does when it neither reads nor learns, in words
        self.fraction = 0.0
        self.seconds_left: float | None = None
        self._time_left = TimeLeft()

    def take(self, event: Mapping[str, Any], run: Run) -> Run:
        """Follow an event; the run with what it says. Raises KeyError, TypeError, ValueError for one without sense."""
        match event["event"]:
            case "progress":
                self.fraction = min(max(float(event["fraction"]), 0.0), 1.0)
                if self.reading or event.get("note"):
                    self.seconds_left = self._time_left.update(self.fraction)
                self.note = "" if self.reading else str(event.get("note", ""))
            case "started":
                self.reading, self.fraction, self._time_left = False, 0.0, TimeLeft()
                notes = {name: event[name] for name in ("labels", "recordings", "segments", "split") if name in event}
                return replace(run, notes={**run.notes, **notes})
            case "remark":
                said = [*run.notes.get("remarks", []), str(event["note"])]
                return replace(run, notes={**run.notes, "remarks": list(dict.fromkeys(said))})
            case "skipped":
                return replace(run, notes={**run.notes, "skipped": int(run.notes.get("skipped", 0)) + 1})
            case "epoch":
                row = _epoch(event)
                self.reading, self.note = False, ""
                self.fraction = row.number / max(1, int(event["of"]))
                left = event.get("seconds_left")
                self.seconds_left = self._time_left.update(self.fraction) if left is None else float(left)
                return replace(run, epochs=with_epoch(run.epochs, row))
        return run


def _epoch(event: Mapping[str, Any]) -> EpochRow:
    dev = [None if event.get(name) is None else _finite(event[name]) for name in ("dev_loss", "dev_accuracy")]
    return EpochRow(int(event["number"]), _finite(event["loss"]), dev[0], dev[1], _finite(event["lr"]))


def _finite(value: object) -> float:
    if not isinstance(value, int | float) or not math.isfinite(value):
        raise ValueError("not a finite number")
    return float(value)
