"""A table of the paper in the report: a drawing, the figures of both splits side by side, confusion and calibration."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from persian_mir import plurals
from persian_mir.i18n import _
from persian_mir.labels import task_name
from trainer.evaluation.evaluate import artists_leak, chance_warning
from trainer.experiments.table import TASKS
from trainer.reports.words import cell_name, interval, label_names, own_split, signed, split_name

Document = Mapping[str, Any]
Row = Mapping[str, Any]
Shown = dict[str, Any]  # what a template shows


def section_parts(cells: Sequence[Document], rows: Sequence[Row]) -> list[Shown]:
    """Return an experiment backbone by backbone and task by task. `rows`: those of the CSV."""
    backbones = list(dict.fromkeys(row["backbone"] for row in rows))
    parts = []
    for backbone in backbones:
        own = [one for one in cells if one["backbone"] == backbone]
        of = f" · {backbone}" if len(backbones) > 1 else ""
        warnings = list(dict.fromkeys(text for one in own for text in _warnings(one, len(backbones) > 1)))
        tasks = [
            _task(task, [one for one in own if one["cell"]["task"] == task], mine)
            for task in TASKS
            if (mine := [row for row in rows if (row["backbone"], row["task"]) == (backbone, task)])
        ]
        parts.append({"of": of, "warnings": warnings, "tasks": tasks})
    return parts


def _warnings(one: Document, several: bool) -> Iterator[str]:
    told = task_name(one["cell"]["task"]), cell_name(one["cell"]["key"]), one["backbone"]
    name = _(", ").join(told if several else told[:2])
    if text := leak_of(one):
        yield f"{name}: {text}"
    if one["splits"].get("grouped", {}).get("how") == "artist":
        level = one["judgements"]["grouped"]["segments"]
        if text := chance_warning(level["accuracy"], level["chance"]):
            yield f"{name}: {text}"


def leak_of(one: Document) -> str:
    """The warning of a result about a leak, in the language of today, not in that of the day when it was computed."""
    judged = one["judgements"]
    if one.get("splits", {}).get("grouped", {}).get("how") == "recording":
        return ""  # the task Artist is parted by recordings: its artists were all heard before
    if not one["warning"] or not {"official", "grouped"} <= judged.keys():
        return str(one["warning"])
    official, grouped = (judged[split]["segments"] for split in ("official", "grouped"))
    return artists_leak(official["accuracy"], grouped["accuracy"], official["chance"])


def _task(task: str, cells: Sequence[Document], rows: Sequence[Row]) -> Shown:
    """The cell that is best on the strictest split there is is shown at once, the others are folded away."""
    splits = list(dict.fromkeys(row["split"] for row in rows))
    best = max(cells, key=_strictest)
    printed = any(row["printed"] is not None for row in rows)
    keys = dict.fromkeys(row["cell"] for row in rows)
    own = [{row["split"]: row for row in rows if row["cell"] == key} for key in keys]
    return {
        "task": task,
        "splits": splits,
        "bars": [{**row, "split": own_split(row["split"]), "cell": cell_name(row["cell"])} for row in rows],
        "printed": printed,
        "caption": _evaluated_by(cells[0]),
        "table": [_line(one, splits, printed) for one in own],
        "best": _drawn(task, best),
        "rest": [_drawn(task, one) for one in cells if one is not best],
    }


def _strictest(one: Document) -> float:
    evaluations = one["judgements"]
    return float((evaluations.get("grouped") or evaluations["official"])["segments"]["accuracy"])


def _line(own: Mapping[str, Row], splits: Sequence[str], printed: bool) -> list[object]:
    """A row of the table: one cell by each split, chance, and what the paper printed."""
    first = next(iter(own.values()))
    line: list[object] = [cell_name(first["cell"])]
    for split in splits:
        line += _figures(own[split]) if split in own else [None] * 6
    line.append(f"{first['chance']:.1f}")
    if printed:
        apart = [row["difference"] for row in own.values() if row["difference"] is not None]
        line.append(None if first["printed"] is None else f"{first['printed']:.1f}")
        line.append(signed(apart[0]) if apart else None)
    return line


def _figures(row: Row) -> list[str]:
    return [
        f"{row['segment_accuracy']:.1f}", interval(row["segment_low"], row["segment_high"]),
        f"{row['recording_accuracy']:.1f}", f"{row['segment_macro_f1']:.3f}", f"{row['calibration_error']:.3f}",
        f"{row['majority']:.1f}",
    ]  # fmt: skip


def _evaluated_by(one: Document) -> str:
    text = _("{split}: {segments} of {recordings}")
    said = [
        text.format(
            split=split_name(name, one["splits"][name]["how"]),
            segments=plurals.segments(judged["segments"]["count"]),
            recordings=plurals.recordings(judged["recordings"]["count"]),
        )
        for name, judged in one["judgements"].items()
    ]
    return _("Per cent named right. Judged by: {counts}.").format(counts=_("; ").join(said))


def _drawn(task: str, one: Document) -> Shown:
    """A cell's name, and of each split its name, figures and labels."""
    drawn = [
        (split_name(split, one["splits"][split]["how"]), judged["segments"], label_names(task, judged["labels"]))
        for split, judged in one["judgements"].items()
    ]
    return {"name": cell_name(one["cell"]["key"]), "drawn": drawn}
