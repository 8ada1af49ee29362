"""A table of the paper in the report: a drawing, the figures of both splits side by side, confusion and calibration."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from persian_mir import plurals
from persian_mir.i18n import _
from trainer.evaluation.evaluate import Bin, chance_warning
from trainer.experiments.table import TASKS
from trainer.reports.figures import COLOURS, bars, calibration_curve, confusion
from trainer.reports.page import figure, folded, heading, table, warning
from trainer.reports.words import cell_name, interval, label_names, signed, split_name, task_name

Document = Mapping[str, Any]
Row = Mapping[str, Any]


def section(cells: Sequence[Document], rows: Sequence[Row]) -> Iterator[str]:
    """An experiment, backbone by backbone and task by task. `rows`: those of the CSV."""
    several = len({row["backbone"] for row in rows}) > 1
    for backbone in dict.fromkeys(row["backbone"] for row in rows):
        own = [one for one in cells if one["backbone"] == backbone]
        told = dict.fromkeys(text for one in own for text in _warnings(one, several))
        texts = [warning(text) for text in told]
        yield from texts[:1]
        if len(texts) > 1:
            yield folded(_("More warnings of this kind: {count}").format(count=len(texts) - 1), "".join(texts[1:]))
        for task in TASKS:
            mine = [row for row in rows if (row["backbone"], row["task"]) == (backbone, task)]
            if mine:
                yield heading(3, task_name(task) + (f" · {backbone}" if several else ""))
                yield from _task(task, [one for one in own if one["cell"]["task"] == task], mine)


def own_split(text: str) -> str:
    """What the CSV calls `grouped (artist)`, as people do."""
    name, how = text.split(" ", 1)
    return split_name(name, how.strip("()"))


def _warnings(one: Document, several: bool) -> Iterator[str]:
    name = f"{task_name(one['cell']['task'])}, {cell_name(one['cell']['key'])}"
    name += f", {one['backbone']}" if several else ""
    if one["warning"]:
        yield f"{name}: {one['warning']}"
    if one["splits"].get("grouped", {}).get("how") == "artist":
        level = one["judgements"]["grouped"]["segments"]
        text = chance_warning(level["accuracy"], level["chance"])
        if text:
            yield f"{name}: {text}"


def _task(task: str, cells: Sequence[Document], rows: Sequence[Row]) -> Iterator[str]:
    splits = list(dict.fromkeys(row["split"] for row in rows))
    key = list(zip(COLOURS, map(own_split, splits), strict=False))
    named = [{**row, "split": own_split(row["split"]), "cell": cell_name(row["cell"])} for row in rows]
    text = _("Segments named right, with 95-percent intervals; the dashed line is chance.")
    yield figure(bars(task_name(task), named), text, key)
    yield _table(cells, rows, splits)
    yield from _pictures(task, cells)


def _table(cells: Sequence[Document], rows: Sequence[Row], splits: Sequence[str]) -> str:
    """A row a cell, the splits beside each other; what was printed is compared with the given split."""
    printed = any(row["printed"] is not None for row in rows)
    heads, groups = [_("cell")], [("", 1)]
    for split in splits:
        groups.append((own_split(split), 6))
        heads += [
            _("segments"), _("95-percent interval"), _("recordings"), _("macro-F1"), _("calibration error"),
            _("commonest label"),
        ]  # fmt: skip
    groups += [("", 1), (_("paper"), 2)] if printed else [("", 1)]
    heads += [_("chance"), *((_("printed"), _("difference")) if printed else ())]
    values = []
    for cell in dict.fromkeys(row["cell"] for row in rows):
        own = {row["split"]: row for row in rows if row["cell"] == cell}
        line: list[object] = [cell_name(cell)]
        for split in splits:
            line += _figures(own[split]) if split in own else [None] * 6
        first = next(iter(own.values()))
        line.append(f"{first['chance']:.1f}")
        if printed:
            apart = [row["difference"] for row in own.values() if row["difference"] is not None]
            line.append(None if first["printed"] is None else f"{first['printed']:.1f}")
            line.append(signed(apart[0]) if apart else None)
        values.append(line)
    return table(heads, values, caption=_judged_by(cells[0]), groups=groups)


def _figures(row: Row) -> list[str]:
    return [
        f"{row['segment_accuracy']:.1f}", interval(row["segment_low"], row["segment_high"]),
        f"{row['recording_accuracy']:.1f}", f"{row['segment_macro_f1']:.3f}", f"{row['calibration_error']:.3f}",
        f"{row['majority']:.1f}",
    ]  # fmt: skip


def _judged_by(one: Document) -> str:
    text = _("{split}: {segments} of {recordings}")
    said = [
        text.format(
            split=split_name(name, one["splits"][name]["how"]),
            segments=plurals.segments(judged["segments"]["count"]),
            recordings=plurals.recordings(judged["recordings"]["count"]),
        )
        for name, judged in one["judgements"].items()
    ]
    return _("Per cent named right. Judged by: {counts}.").format(counts="; ".join(said))


def _pictures(task: str, cells: Sequence[Document]) -> Iterator[str]:
    """Confusion and calibration of every cell, folded away; shown at once is the one that is best on the strictest
    split there is.
    """

    def worth(one: Document) -> float:
        judged = one["judgements"]
        return float((judged.get("grouped") or judged["official"])["segments"]["accuracy"])

    best = max(cells, key=worth)
    text = _("Confusion and calibration: {task}, the best cell ({cell})")
    yield folded(
        text.format(task=task_name(task), cell=cell_name(best["cell"]["key"])), _drawn(task, best), opened=True
    )
    rest = [one for one in cells if one is not best]
    if rest:
        each = "".join(folded(cell_name(one["cell"]["key"]), _drawn(task, one)) for one in rest)
        yield folded(_("The other cells: {task}").format(task=task_name(task)), each)


def _drawn(task: str, one: Document) -> str:
    parts = []
    for split, judged in one["judgements"].items():
        level = judged["segments"]
        bins = [Bin(bar["count"], bar["probability"], bar["accuracy"]) for bar in level["calibration"]]
        name = split_name(split, one["splits"][split]["how"])
        about = f"{task_name(task)}, {cell_name(one['cell']['key'])}, {name}"
        caption = _("{split}: down what is true, across what was named").format(split=name)
        told = _("confusion matrix: {about}").format(about=about)
        parts.append(figure(confusion(level["confusion"], label_names(task, judged["labels"]), told), caption))
        text = _("{split}: across how sure, up how often right; calibration error {error:.3f}")
        told = _("calibration curve: {about}").format(about=about)
        parts.append(figure(calibration_curve(bins, told), text.format(split=name, error=level["error"])))
    return f'<div class="figures">{"".join(parts)}</div>'
