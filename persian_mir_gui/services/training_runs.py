"""Runs of the trainer, each a folder: run.json, the probe, its card, its judged segments."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

from persian_mir_gui.services.training_plan import Plan

log = logging.getLogger(__name__)

FORMAT, VERSION = "persian-mir-run", 1
STATES = ("running", "done", "stopped", "failed", "interrupted")
State = Literal["running", "done", "stopped", "failed", "interrupted"]
ASIDE = ".deleted"  # a run that was deleted is moved here


@dataclass(frozen=True, slots=True)
class EpochRow:
    """One pass: its number from 1 on, losses, accuracy 0..1, learning rate. None where there is no dev part."""

    number: int
    loss: float
    dev_loss: float | None
    dev_accuracy: float | None
    lr: float


@dataclass(frozen=True, slots=True)
class Run:
    """One fit, as the table of runs knows it. `when` is UTC; `result` what the judging came to, by split."""

    folder: Path
    when: str
    data: Path
    data_name: str
    plan: Plan
    state: State = "running"
    epochs: tuple[EpochRow, ...] = ()
    result: Mapping[str, Any] = field(default_factory=dict)
    message: str = ""
    add: Path | None = None

    @property
    def probe(self) -> Path:
        """The fitted probe."""
        return self.folder / "probe.probe"

    @property
    def card(self) -> Path:
        """The model card."""
        return self.folder / "probe.card.html"

    @property
    def judged(self) -> Path:
        """The judged segments of the test part."""
        return self.folder / "probe.judged.json"

    @property
    def arguments(self) -> list[str]:
        """Those of the command that fits it, and that goes on where it was broken off."""
        return self.plan.arguments(self.data, self.probe, self.judged, self.add)
