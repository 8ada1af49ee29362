"""What a result must hold for a report: a cell, a map, a system of an earlier study, or suspect labels."""

from __future__ import annotations

from typing import Any

from persian_mir.checked_json import (
    RecordError,
    Rule,
    among,
    listed,
    mapping,
    number,
    optional,
    record,
    row,
    text,
    truth,
    whole,
)
from persian_mir.i18n import _
from persian_mir.labels import TASKS as ALL_TASKS
from trainer.baselines.protocols import OF_ONE
from trainer.experiments.table import EXPERIMENTS, TASKS

share = number(-1e-6, 1 + 1e-6)
MOST = 100_000
SOURCE: dict[str, Rule] = {
    "experiment": among(*(one.name for one in EXPERIMENTS), "suspects"),
    "backbone": text(),
    "dataset": text(),
    "synthetic": truth,
}
LEVEL = record(
    dict.fromkeys(("accuracy", "low", "high", "macro_f1", "chance", "majority", "error"), share),
    count=whole(),
    confusion=listed(listed(whole(), MOST), MOST),
    calibration=listed(record(count=whole(), probability=share, accuracy=share), MOST),
    sure=optional(share),
    sure_accuracy=optional(share),
)
CELL = record(
    SOURCE,
    cell=record(task=among(*TASKS), key=text()),
    precision=optional(text()),
    splits=mapping(record(how=text()), 2),
    judgements=mapping(record(labels=listed(text(), MOST), segments=LEVEL, recordings=LEVEL), 2),
    warning=text(),
)
SYSTEM = record(
    SOURCE,
    system=text(64),
    task=among(*TASKS),
    protocol=among(*OF_ONE, "other"),
    epochs=optional(whole()),
    patience=optional(whole()),
    passes=optional(listed(record(run=whole(), most=whole(), patience=optional(whole()), kept=whole()), MOST)),
    other=text(),
    judgement=optional(record(labels=listed(text(), MOST), segments=LEVEL, recordings=LEVEL)),
)
points = listed(row(number(), number()), MOST)
MAP = record(
    SOURCE,
    task=among(*ALL_TASKS),
    layer=whole(),
    labels=listed(text(), MOST),
    points=points,
    tsne=optional(points),
    targets=listed(whole(), MOST),
    shares=listed(number(), 2),
    of=optional(whole()),
    files=optional(listed(text(1 << 16))),
    stretches=optional(listed(row(whole(), number(0), number(0)), MOST)),
)
SUSPECTS = record(
    SOURCE,
    task=among(*ALL_TASKS),
    contradicted=whole(),
    of=whole(),
    agreement=share,
    doubtful=share,
    suspects=listed(row(text(1 << 16), number(), optional(number()), text(), text(), number()), MOST),
)


def result(value: Any, place: str) -> None:
    """The rule for all of them. Raises RecordError."""
    if not isinstance(value, dict):
        raise RecordError(_("It is of another shape."))
    if "cell" in value:
        CELL(value, place)
        _fits(_whole_cell(value))
    elif "system" in value:
        SYSTEM(value, place)
        _fits(value["judgement"] is None or _square(value["judgement"]))
    elif "points" in value:
        MAP(value, place)
        _fits(_whole_map(value))
    else:
        SUSPECTS(value, place)


def _whole_cell(value: dict[str, Any]) -> bool:
    judged = value["judgements"]
    return (
        bool(judged)
        and set(judged) <= {"official", "grouped"} & set(value["splits"])
        and all(map(_square, judged.values()))
    )


def _square(judged: dict[str, Any]) -> bool:
    """Whether its confusions are as large as its labels are many."""
    count = len(judged["labels"])
    levels = (judged["segments"], judged["recordings"])
    return all([len(line) for line in level["confusion"]] == [count] * count for level in levels)


def _whole_map(value: dict[str, Any]) -> bool:
    count, labels = len(value["points"]), len(value["labels"])
    sizes = {len(value[name]) for name in ("tsne", "stretches") if value.get(name) is not None}
    files = len(value.get("files") or ())
    inside = all(place < files for place, _start, _stop in value.get("stretches") or ())
    return sizes <= {count} and len(value["targets"]) == count and all(k < labels for k in value["targets"]) and inside


def _fits(whole_one: bool) -> None:
    if not whole_one:
        raise RecordError(_("Its parts do not fit together."))
