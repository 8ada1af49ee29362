"""Runs of the trainer, each a folder: run.json, the probe, its card, its judged segments."""

from __future__ import annotations

import json
import logging
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Literal

from persian_mir.app_paths import data_dir
from persian_mir.atomic_write import atomic_write
from persian_mir.checked_json import among, listed, mapping, number, optional, read_json, record, row, text, whole
from persian_mir.progress import Progress
from trainer.fitting.fit_options import FitOptions

log = logging.getLogger(__name__)

FORMAT, VERSION = "persian-mir-run", 1
RECORD = "run.json"
ASIDE = ".deleted"  # a run that was deleted is moved here
MAX_BYTES = 16 << 20
share = number(0, 1)
SCORE = {"accuracy": share, "low": share, "high": share, "count": whole()}
LONG = text(1 << 16)
RUN = record(
    format=among(FORMAT), version=among(VERSION), when=text(64), data=LONG, data_name=text(), add=optional(LONG),
    plan=record(), state=text(64), message=LONG,
    notes=record(
        labels=optional(listed(text())), recordings=optional(whole()), segments=optional(whole()),
        split=optional(record(how=text(), hash=text())), remarks=optional(listed(LONG)), skipped=optional(whole()),
    ),
    epochs=listed(row(whole(1), number(), optional(number()), optional(share), number(0))),
    result=optional(
        record(
            part=text(), segments=mapping(record(SCORE)), recordings=mapping(record(SCORE)), chance=share,
            majority=share, warning=LONG,
        )
    ),
)  # fmt: skip
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
    for count in range(1, 1000):
        folder = runs_dir() / (stem if count == 1 else f"{stem}-{count}")
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
        file.write(json.dumps(document).encode())


def load_run(folder: Path) -> Run:
    """Read run.json. One that was running when the program ended was interrupted. Raises OSError, ValueError."""
    given = read_json(folder / RECORD, RUN, MAX_BYTES)
    state: State = next((state for state in ENDED if state == given["state"]), "interrupted")
    when = datetime.fromisoformat(given["when"])
    if when.tzinfo is None or not 1980 < when.year < 2200:  # so that it can be compared, and shown in any zone
        raise ValueError("its date makes no sense")
    return Run(
        folder=folder,
        when=when,
        data=Path(given["data"]),
        data_name=given["data_name"],
        plan=FitOptions.from_dict(given["plan"]),
        state=state,
        epochs=tuple(EpochRow(*row) for row in given["epochs"]),
        result=None if given["result"] is None else _result(given["result"]),
        message=given["message"],
        add=None if given["add"] is None else Path(given["add"]),
        notes=given["notes"],
    )


def load_runs(progress: Progress) -> list[Run]:
    """All runs, newest first. Runs on the worker. A record that makes no sense is put aside, logged and published."""
    found = []
    for path in runs_dir().glob(f"*/{RECORD}"):
        progress.step(0.0)
        try:
            found.append(load_run(path.parent))
        except ValueError as error:
            log.warning("%s is not a record of a run: %s", path, error)
            with suppress(OSError):
                path.rename(path.with_suffix(".damaged"))
            progress.publish(path)
        except OSError as error:
            log.warning("%s cannot be read: %s", path, error)
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
    """Return what a file of judged segments comes to; None where there is none. Raises EvaluationFileError."""
    from trainer.evaluation.evaluation_file import read_evaluation

    progress.step(0.0)
    if not judged.exists():
        return None
    read = read_evaluation(judged)

    def scores(level: str) -> dict[str, Score]:
        levels = {name: getattr(one, level) for name, one in read.evaluations.items()}
        return {name: Score(one.accuracy, one.low, one.high, one.count) for name, one in levels.items()}

    return Result(read.part, scores("segments"), scores("recordings"), read.chance, read.majority, read.warning)


def _result(given: Mapping[str, Any]) -> Result:
    def scores(level: str) -> dict[str, Score]:
        return {name: Score(*(one[key] for key in SCORE)) for name, one in given[level].items()}

    plain = given["part"], scores("segments"), scores("recordings"), given["chance"], given["majority"]
    return Result(*plain, given["warning"])
