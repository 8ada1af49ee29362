"""The report of what was computed: one HTML page that needs nothing else, and the same figures as CSV."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from pathlib import Path
from typing import Any

from persian_mir.errors import PersianMirError
from persian_mir.i18n import _
from trainer.experiments.published import PRINTED, STUDIES
from trainer.experiments.table import EXPERIMENTS
from trainer.figures import bars, scatter

STYLE = """
:root { color-scheme: light dark; --ink: #1c1c1e; --paper: #fff; --line: #c9c9ce; --first: #1f6feb; --second: #b35900; }
@media (prefers-color-scheme: dark) {
  :root { --ink: #ececf0; --paper: #18181b; --line: #47474d; --first: #6cb0ff; --second: #ffb069; }
}
body { font: 15px/1.5 system-ui, sans-serif; color: var(--ink); background: var(--paper); max-width: 70rem;
  margin: 2rem auto; padding: 0 1rem; }
table { border-collapse: collapse; margin: 1rem 0; display: block; overflow-x: auto; }
th, td { border-bottom: 1px solid var(--line); padding: .25rem .7rem; text-align: right; }
th:first-child, td:first-child, th:nth-child(2), td:nth-child(2) { text-align: left; }
.warning { border-left: 4px solid var(--second); padding: .3rem .8rem; }
svg { max-width: 100%; height: auto; }
svg text { fill: var(--ink); font: 11px system-ui, sans-serif; }
"""

COLUMNS = (
    "experiment", "task", "cell", "split", "dataset", "synthetic", "backbone", "segment_accuracy", "segment_low",
    "segment_high", "segment_macro_f1", "recording_accuracy", "chance", "majority", "calibration_error", "printed",
    "difference",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Results:
    """All finished cells of a folder, in the order of the tables."""

    cells: tuple[dict[str, Any], ...]
    maps: tuple[dict[str, Any], ...]


def write_report(out: Path) -> tuple[Path, Path]:
    """Write `report.html` and `results.csv` from the cells in `out`. Raises PersianMirError."""
    results = read_results(out)
    page, table = out / "report.html", out / "results.csv"
    try:
        page.write_text(html(results), encoding="utf-8")
        table.write_text(csv_text(results), encoding="utf-8")
    except OSError as error:
        what = _("The report could not be written: {reason}.").format(reason=error.strerror)
        raise PersianMirError(what, path=out, cure=_("Free some space and run the same command again.")) from error
    return page, table


def read_results(out: Path) -> Results:
    """The cells that were finished. Raises PersianMirError for a folder that is none, or a damaged cell."""
    if not out.is_dir():
        raise PersianMirError(_("There is no such folder."), path=out, cure=_("Run an experiment into it first."))
    found = []
    for path in sorted((out / "cells").glob("*.json")):
        try:
            found.append(json.loads(path.read_text(encoding="utf-8")))
        except (OSError, ValueError) as error:
            cure = _("Delete it and run the experiment again.")
            raise PersianMirError(_("This result cannot be read."), path=path, cure=cure) from error
    order = [one.name for one in EXPERIMENTS]
    cells = [one for one in found if "cell" in one]
    cells.sort(key=lambda one: (order.index(one["experiment"]), one["cell"]["task"], _natural(one["cell"]["key"])))
    return Results(tuple(cells), tuple(one for one in found if "points" in one))


def rows(results: Results) -> list[dict[str, Any]]:
    """One row a cell and split; accuracies in per cent, the paper's printed number and ours minus it."""
    made = []
    for one in results.cells:
        cell = one["cell"]
        printed = PRINTED.get((one["experiment"], cell["task"], cell["key"]))
        for split, judged in one["judgements"].items():
            segments = judged["segments"]
            accuracy = round(100 * segments["accuracy"], 2)
            values = (
                one["experiment"], cell["task"], cell["key"], f"{split} ({one['splits'][split]['how']})",
                one["dataset"], one["synthetic"], one["backbone"], accuracy, round(100 * segments["low"], 2),
                round(100 * segments["high"], 2), round(segments["macro_f1"], 4),
                round(100 * judged["recordings"]["accuracy"], 2), round(100 * segments["chance"], 2),
                round(100 * segments["majority"], 2), round(segments["error"], 4), printed,
                None if printed is None or split != "official" else round(accuracy - printed, 2),
            )  # fmt: skip
            made.append(dict(zip(COLUMNS, values, strict=True)))
    return made


def csv_text(results: Results) -> str:
    """The rows as CSV; empty where the paper printed nothing that is known."""
    text = io.StringIO()
    writer = csv.DictWriter(text, COLUMNS, lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows(results))
    return text.getvalue()


def html(results: Results) -> str:
    """The page: a section an experiment, with its warnings, its figure and its table."""
    parts = [_heading(results)]
    every = rows(results)
    for experiment in EXPERIMENTS:
        mine = [row for row in every if row["experiment"] == experiment.name]
        if mine:
            parts += [f"<h2>{escape(experiment.title)}</h2>", *_warnings(results, experiment.name)]
            for task in dict.fromkeys(row["task"] for row in mine):
                parts.append(bars(task, [row for row in mine if row["task"] == task]))
            parts.append(_table(COLUMNS[1:4] + COLUMNS[7:], [[row[name] for name in COLUMNS] for row in mine]))
    for one in results.maps:
        share = sum(one["shares"])
        title = _("Map of embeddings: {task}, PCA, {share:.0%} of the variance").format(task=one["task"], share=share)
        parts += [f"<h2>{escape(title)}</h2>", scatter(one["points"], one["targets"], one["labels"])]
    parts.append(_studies())
    return f'<!doctype html><html lang="en"><meta charset="utf-8"><title>Experiments</title><style>{STYLE}</style>' + (
        "\n".join(parts) + "</html>\n"
    )


def _heading(results: Results) -> str:
    everything = (*results.cells, *results.maps)
    names = sorted({f"{one['dataset']} · {one['backbone']}" for one in everything})
    text = "<h1>Experiments</h1><p>" + escape("; ".join(names)) + "</p>"
    if any(one["synthetic"] for one in everything):
        text += (
            f'<p class="warning">{escape(_("These recordings are synthetic: the figures say nothing of Nava."))}</p>'
        )
    return text


def _warnings(results: Results, name: str) -> list[str]:
    return [
        f'<p class="warning">{escape(one["cell"]["task"])}, {escape(one["cell"]["key"])}: {escape(one["warning"])}</p>'
        for one in results.cells
        if one["experiment"] == name and one["warning"]
    ]


def _table(heads: Sequence[str], values: Sequence[Sequence[Any]]) -> str:
    wide = len(values[0]) if values else 0
    if wide > len(heads):  # experiment, data and backbone stand above already
        values = [[*row[1:4], *row[7:]] for row in values]
    head = "".join(f"<th>{escape(name.replace('_', ' '))}</th>" for name in heads)
    body = "".join(
        "<tr>" + "".join(f"<td>{'' if cell is None else escape(str(cell))}</td>" for cell in row) + "</tr>"
        for row in values
    )
    return f"<table><tr>{head}</tr>{body}</table>"


def _studies() -> str:
    heads = ("study", "task", "what", "unit", "per cent", "split")
    values = []
    for one in STUDIES:
        figure = f"{one.low:g}" if one.low == one.high else f"{one.low:g} to {one.high:g}"
        values.append((one.study, one.task, one.what, one.unit, figure, one.split))
    return f"<h2>{escape(_('Earlier studies'))}</h2>" + _table(heads, values)


def _natural(text: str) -> tuple[float, str]:
    """`layer 2` before `layer 10`."""
    for part in text.split():
        try:
            return float(part), text
        except ValueError:
            continue
    return 0.0, text
