"""The page of the report: a summary, the paper's tables, maps, suspect labels, earlier studies, and how it was made."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from html import escape
from pathlib import Path
from typing import Any

from persian_mir import __version__
from persian_mir.i18n import _
from persian_mir.models.table import find_row
from trainer.evaluation.curve_points import Point
from trainer.experiments.published import STUDIES
from trainer.experiments.table import EXPERIMENTS, TASKS
from trainer.reports.curve_page import points_shown
from trainer.reports.page import heading, page, soft, table, warning
from trainer.reports.report_maps import maps_shown, suspects_shown
from trainer.reports.report_section import own_split, section
from trainer.reports.words import cell_name, experiment_title, interval, signed, split_name, task_name

Document = Mapping[str, Any]
Row = Mapping[str, Any]
RANDOM = "random"  # in a backbone's name: its weights were never learnt


def html(
    cells: Sequence[Document],
    maps: Sequence[Document],
    suspects: Sequence[Document],
    rows: Sequence[Row],
    curves: Mapping[str, Sequence[Point]],
    out: Path,
) -> str:
    """A summary, a section an experiment, then the maps, the suspect labels, the learning curves, the earlier studies
    and how it was made.

    `rows`: those of the CSV; `curves`: points by the name of their file; `out`: where the page will lie.
    """
    everything = (*cells, *maps, *suspects)
    names = ", ".join(sorted({one["dataset"] for one in everything}))
    title = _("Experiments on {data}").format(data=names) if names else _("Experiments")
    parts: list[tuple[str, str, list[str]]] = []
    if rows:
        parts.append(("summary", _("Summary"), [*_summary(rows)]))
    for one in EXPERIMENTS:
        own = [cell for cell in cells if cell["experiment"] == one.name]
        if own:
            mine = [row for row in rows if row["experiment"] == one.name]
            parts.append((one.name, experiment_title(one.name), [*section(own, mine)]))
    if maps:
        parts.append(("visualisation", experiment_title("visualisation"), [*maps_shown(maps, out)]))
    if suspects:
        parts.append(("suspects", _("Suspect labels"), [*suspects_shown(suspects)]))
    for name, points in curves.items():
        parts.append((f"curve-{name}", _("Learning curve: {task}").format(task=name), [*points_shown(points)]))
    parts.append(("earlier-studies", experiment_title("earlier-studies"), [*_studies(rows)]))
    if cells:
        parts.append(("method", _("How it was made"), [*_method(cells)]))
    body = [heading(1, title), *_head(everything), _contents([(anchor, name) for anchor, name, _inside in parts])]
    for anchor, name, inside in parts:
        body += [heading(2, name, anchor), *inside]
    return page(title, body)


def _head(documents: Sequence[Document]) -> Iterator[str]:
    backbones = sorted({one["backbone"] for one in documents})
    for name in backbones:
        row = find_row(name)
        what = row.name if row is not None else _("a model of the user's own; where it is from is not known here")
        yield f"<p>{escape(_('Backbone:'))} <bdi>{escape(name)}</bdi> ({escape(what)})</p>"
    if any(one["synthetic"] for one in documents):
        text = _("These recordings are synthetic: made by a computer, no musician was recorded.")
        yield warning(f"{text} {_('The figures prove the machinery and say nothing of Nava.')}")
    for name in backbones:
        if RANDOM in name.lower():
            text = _("The weights of {name} are random, as its name says: nothing was learnt before the probes.")
            yield warning(text.format(name=name))


def _contents(parts: Sequence[tuple[str, str]]) -> str:
    links = " · ".join(f'<a href="#{escape(anchor)}">{escape(name)}</a>' for anchor, name in parts)
    return f'<nav class="screen"><p>{links}</p></nav>'


def _summary(rows: Sequence[Row]) -> Iterator[str]:
    """Of each task and backbone the best cell by each split."""
    several = len({row["backbone"] for row in rows}) > 1
    groups = list(dict.fromkeys((row["task"], row["backbone"], row["split"]) for row in rows))
    groups.sort(key=lambda one: (TASKS.index(one[0]), one[1]))
    values: list[tuple[object, ...]] = []
    for task, backbone, split in groups:
        own = [row for row in rows if (row["task"], row["backbone"], row["split"]) == (task, backbone, split)]
        best = max(own, key=lambda row: float(row["segment_accuracy"]))
        name = task_name(task) + (f" · {backbone}" if several else "")
        cell = f"{experiment_title(best['experiment'])}: {cell_name(best['cell'])}"
        figures = (best["recording_accuracy"], best["chance"], best["majority"])
        span = interval(best["segment_low"], best["segment_high"])
        shares = (f"{best['segment_accuracy']:.1f}", span, *(f"{one:.1f}" for one in figures))
        values.append((name, own_split(split), cell, *shares))
    heads = (
        _("task"), _("split"), _("best of all cells"), _("segments"), _("95-percent interval"), _("recordings"),
        _("chance"), _("commonest label"),
    )  # fmt: skip
    caption = _("Per cent of segments and of recordings that are named right.")
    yield table(heads, values, texts=3, caption=caption, wrap=True)
    text = _(
        "The best of many cells flatters by itself; the tables below have them all. What to expect of a musician "
        "never heard is the figure of the split by whole artists; the given split may have artists in both its parts."
    )
    yield soft(text)


def _studies(rows: Sequence[Row]) -> Iterator[str]:
    """Beside each printed figure what stands here of the same task and unit: the best on the given split."""
    heads = (
        _("study"), _("task"), _("what"), _("unit"), _("split"), _("per cent"), _("here"), _("difference"),
    )  # fmt: skip
    values: list[tuple[object, ...]] = []
    for one in STUDIES:
        shown = _figure(one.low) if one.low == one.high else f"{one.low:g} – {_figure(one.high)}"
        column = {"segment": "segment_accuracy", "recording": "recording_accuracy"}.get(one.unit, "")
        own = [
            row[column] for row in rows if column and row["task"] == one.task and row["split"].startswith("official")
        ]
        here = max(own, default=None)
        apart = None if here is None else here - min(max(here, one.low), one.high)
        ours = (None, None) if here is None or apart is None else (f"{here:.1f}", signed(apart))
        values.append((one.study, task_name(one.task), one.what, one.unit, one.split, shown, *ours))
    yield table(heads, values, texts=5, wrap=True)
    text = _(
        "Here: the best figure above of the same task and unit on the given split. Other recordings and other splits "
        "cannot be compared; the difference is meant for runs on Nava itself."
    )
    yield soft(text)


def _figure(value: float) -> str:
    """As it was printed, with a space as wide as the second decimal where there is none."""
    return f"{value:.2f}" if round(value, 1) != value else f"{value:.1f}\N{FIGURE SPACE}"


def _method(cells: Sequence[Document]) -> Iterator[str]:
    recipes = [one["cell"]["recipe"] for one in cells]

    def values(name: str) -> str:
        known = {json_text(recipe[name]) for recipe in recipes if name in recipe}
        return ", ".join(sorted(known, key=lambda text: (len(text), text)))

    splits = dict.fromkeys(
        f"{task_name(one['cell']['task'])}: {split_name(name, given['how'])} {given['hash'][:12]}"
        for one in cells
        for name, given in one["splits"].items()
    )
    rows = [
        (_("splits"), "; ".join(splits)),
        (_("hidden layers of the head"), values("hidden")),
        (_("learning rates"), values("lr")),
        (_("passes over the data, at most"), values("epochs")),
        (_("passes without a better dev loss until it stops"), values("patience")),
        (_("batch"), values("batch")),
        (_("dropout"), values("dropout")),
        (_("optimizer"), values("optimizer")),
        (_("seed"), values("seed")),
        (_("precision"), ", ".join(sorted({one.get("precision", "float32") for one in cells}))),
        (_("program"), f"Persian MIR {__version__}"),
    ]
    yield table((_("what"), _("value")), rows, texts=2, wrap=True)
    text = _(
        "A head is learnt on the training part, the pass with the lowest loss on the dev part is kept, its temperature "
        "set there too, and the test part is named once. Whole artists or recordings are set apart in five folds, "
        "fewer where there are fewer of them, whose test parts together are all recordings. A recording is named from "
        "its segments together, as in labelling: by the mean of their log-probabilities. Intervals are drawn over "
        "whole recordings, since segments of one recording are alike. Calibration error: the mean distance of "
        "confidence and accuracy in ten bins."
    )
    yield soft(text)


def json_text(value: object) -> str:
    """A setting as people write it: sizes apart by ×."""
    if isinstance(value, list | tuple):
        return " × ".join(map(str, value)) or "0"
    return f"{value:g}" if isinstance(value, float) else str(value)
