"""Runs of the trainer, each a folder: run.json, the probe, its card, its judged segments."""

from __future__ import annotations

import json
import logging
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Literal

from persian_mir.app_paths import data_dir
from persian_mir.atomic_write import atomic_write
from persian_mir.progress import Progress
from trainer.fitting.fit_options import FitOptions

log = logging.getLogger(__name__)

FORMAT, VERSION = "persian-mir-run", 1
RECORD = "run.json"
ASIDE = ".deleted"  # a run that was deleted is moved here
MAX_BYTES = 16 << 20
State = Literal["running", "done", "stopped", "failed", "interrupted"]
ENDED: tuple[State, ...] = ("done", "stopped", "failed", "interrupted")
SPLITS = ("official", "grouped")


@dataclass(frozen=True, slots=True)
class EpochRow:
    """One pass: its number from 1 on, losses, accuracy 0..1, learning rate. None where there is no dev part."""

    number: int
    loss: float
    dev_loss: float | None
    dev_accuracy: float | None
    lr: float


@dataclass(frozen=True, slots=True)
class Score:
    """An accuracy, 0..1, with its 95 % interval, and how many items it is of."""

    accuracy: float
    low: float
    high: float
    count: int


@dataclass(frozen=True, slots=True)
class Result:
    """What the judging came to: scores by split (official, grouped), of segments and of recordings; chance, 0..1."""

    part: str
    segments: Mapping[str, Score]
    recordings: Mapping[str, Score]
    chance: float
    majority: float
    warning: str = ""


@dataclass(frozen=True, slots=True)
class Run:
    """One fit, as the table of runs knows it. `when` is UTC; `message` says why it failed; `add` joins its training."""

    folder: Path
    when: datetime
    data: Path
    data_name: str
    plan: FitOptions
    state: State = "running"
    epochs: tuple[EpochRow, ...] = ()
    result: Result | None = None
    message: str = ""
    add: Path | None = None
    notes: Mapping[str, Any] = field(default_factory=dict)

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

    @property
    def can_go_on(self) -> bool:
        """Whether it was broken off."""
        return self.state in ("stopped", "interrupted", "failed")


def runs_dir() -> Path:
    """Where all runs are."""
    return data_dir() / "runs"


def new_run(data: Path, data_name: str, plan: FitOptions, add: Path | None = None) -> Run:
    """A run with a folder of its own, written down. OSError when the disk refuses."""
    now = datetime.now(UTC).replace(microsecond=0)
    stem = f"{now.astimezone():%Y%m%d-%H%M%S}-{plan.task}"
    runs_dir().mkdir(parents=True, exist_ok=True)
    for number in range(1, 1000):
        folder = runs_dir() / (stem if number == 1 else f"{stem}-{number}")
        try:
            folder.mkdir()
            break
        except FileExistsError:
            continue
    run = Run(folder, now, data, data_name, plan, add=add)
    save_run(run)
    return run


def save_run(run: Run) -> None:
    """Write run.json whole or not at all. OSError when the disk refuses."""
    document = {
        "format": FORMAT,
        "version": VERSION,
        "when": run.when.isoformat(),
        "data": str(run.data),
        "data_name": run.data_name,
        "add": None if run.add is None else str(run.add),
        "plan": run.plan.as_dict(),
        "state": run.state,
        "message": run.message,
        "notes": dict(run.notes),
        "epochs": [list(asdict(row).values()) for row in run.epochs],
        "result": None if run.result is None else asdict(run.result),
    }
    with atomic_write(run.folder / RECORD) as file:
        file.write(json.dumps(document, ensure_ascii=False).encode())


def load_run(folder: Path) -> Run:
    """Read run.json. One that was running when the program ended was interrupted. Raises OSError, ValueError."""
    record = folder / RECORD
    if record.stat().st_size > MAX_BYTES:
        raise ValueError("it is too large")
    given = json.loads(record.read_text(encoding="utf-8"))
    if not isinstance(given, dict) or (given.get("format"), given.get("version")) != (FORMAT, VERSION):
        raise ValueError("it is another kind of file")
    try:
        state: State = next((state for state in ENDED if state == given["state"]), "interrupted")
        return Run(
            folder=folder,
            when=datetime.fromisoformat(given["when"]),
            data=Path(given["data"]),
            data_name=str(given["data_name"]),
            plan=FitOptions.from_dict(given["plan"]),
            state=state,
            epochs=tuple(EpochRow(*row) for row in given["epochs"]),
            result=None if given["result"] is None else _result(given["result"]),
            message=str(given["message"]),
            add=None if given["add"] is None else Path(given["add"]),
            notes=dict(given["notes"]),
        )
    except (KeyError, TypeError, AttributeError) as error:
        raise ValueError("it is of another shape") from error


def load_runs(progress: Progress) -> list[Run]:
    """All runs, newest first. Runs on the worker. One that cannot be read is logged and left where it is."""
    found = []
    for record in runs_dir().glob(f"*/{RECORD}"):
        progress.step(0.0)
        try:
            found.append(load_run(record.parent))
        except (OSError, ValueError, RecursionError) as error:
            log.warning("%s is not a record of a run: %s", record, error)
    return sorted(found, key=lambda run: (run.when, run.folder.name), reverse=True)


def put_aside(run: Run) -> Run:
    """Move a run out of the list; `bring_back` undoes it. OSError when the disk refuses."""
    aside = runs_dir() / ASIDE
    aside.mkdir(parents=True, exist_ok=True)
    target = aside / run.folder.name
    run.folder.rename(target)
    return replace(run, folder=target)


def bring_back(run: Run) -> Run:
    """Move a run that was put aside into the list again. OSError when the disk refuses."""
    target = runs_dir() / run.folder.name
    run.folder.rename(target)
    return replace(run, folder=target)


def with_epoch(epochs: Sequence[EpochRow], row: EpochRow) -> tuple[EpochRow, ...]:
    """`epochs` and `row`; a fit that goes on tells some epochs again, which take the place of the old ones."""
    return (*(old for old in epochs if old.number < row.number), row)


def read_result(judged: Path, progress: Progress) -> Result | None:
    """What a file of judged segments comes to; None where there is none. Runs on the worker. Raises JudgedError."""
    from trainer.evaluation.evaluation_file import read_judged

    progress.step(0.0)
    if not judged.exists():
        return None
    read = read_judged(judged)

    def scores(level: str) -> dict[str, Score]:
        levels = {name: getattr(one, level) for name, one in read.judgements.items()}
        return {name: Score(one.accuracy, one.low, one.high, one.count) for name, one in levels.items()}

    return Result(read.part, scores("segments"), scores("recordings"), read.chance, read.majority, read.warning)


def _result(given: Mapping[str, Any]) -> Result:
    def scores(level: str) -> dict[str, Score]:
        return {str(name): Score(**one) for name, one in given[level].items()}

    return Result(
        str(given["part"]),
        scores("segments"),
        scores("recordings"),
        float(given["chance"]),
        float(given["majority"]),
        str(given["warning"]),
    )
