"""The report of what was computed: one HTML page that needs nothing else, and the same figures as CSV."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from persian_mir.csv_text import MARK
from persian_mir.csv_text import csv_text as table_text
from persian_mir.errors import PersianMirError
from persian_mir.i18n import _
from persian_mir.output_guard import guard_outputs
from persian_mir.whole_file import write_whole
from trainer.baselines.studies import Words, studies
from trainer.evaluation.curve_points import Point, read_points
from trainer.experiments.published import PRINTED
from trainer.experiments.result_store import read_result
from trainer.experiments.table import EXPERIMENTS, OURS, TASKS
from trainer.reports.report_page import Results, html
from trainer.reports.report_systems import published_of

PUBLISHED = ("published", "published_on", "published_split", "published_leaks", "source")
COLUMNS = (
    "experiment", "task", "cell", "split", "dataset", "synthetic", "backbone", "segment_accuracy", "segment_low",
    "segment_high", "segment_macro_f1", "recording_accuracy", "chance", "majority", "calibration_error", "printed",
    "difference", *PUBLISHED, "epochs_run", "ended_by",
)  # fmt: skip


_SPLITS = {
    "official": "official (lists)",
    "published": "published (segments)",
    "recording": "grouped (recording)",
    "artist": "grouped (artist)",
    "other": "other (collection)",
}  # how the CSV calls a protocol


def write_report(out: Path, *, excel: bool = False) -> tuple[Path, Path]:
    """Write `report.html` and `results.csv` from the cells and the learning curves in `out`. Raises PersianMirError.

    `excel`: the table begins with the mark by which Excel knows UTF-8.
    """
    results, curves = read_results(out), _curves(out)
    page, table = report_files(out)
    guard_outputs((page, table), (out / f"{name}.csv" for name in curves))
    write_whole(page, html(results, _cell_rows(results), curves, out))
    write_whole(table, (MARK if excel else "") + csv_text(results))
    return page, table


def report_files(out: Path) -> tuple[Path, Path]:
    """The page and the table of the report in `out`."""
    return out / "report.html", out / "results.csv"


def has_results(out: Path) -> bool:
    """Whether something was computed into `out`, or its report was written before. Raises as `read_results` does."""
    results = read_results(out)
    return bool(
        results.cells
        or results.maps
        or results.suspects
        or results.systems
        or _curves(out)
        or (out / "report.html").exists()
    )


def read_results(out: Path) -> Results:
    """The cells that were finished. Raises PersianMirError for a folder that is none, or a damaged cell."""
    if not out.is_dir():
        raise PersianMirError(_("There is no such folder."), path=out, cure=_("Run an experiment into it first."))
    found = []
    for path in sorted((out / "cells").glob("*.json")):
        try:
            found.append(read_result(path))
        except (OSError, ValueError) as error:
            cure = _("Run the experiment again, which computes it anew.")
            raise PersianMirError(_("This result cannot be read."), path=path, cure=cure) from error
    order = [one.name for one in EXPERIMENTS]
    cells = [one for one in found if "cell" in one]
    cells.sort(key=lambda one: (order.index(one["experiment"]), *_place(one["cell"]), one["backbone"]))
    maps, suspects = (
        tuple(sorted((one for one in found if name in one), key=_task_and_backbone)) for name in ("points", "suspects")
    )
    systems = sorted((one for one in found if "system" in one), key=_place_of_system)
    return Results(tuple(cells), maps, suspects, tuple(systems))


def _curves(out: Path) -> dict[str, tuple[Point, ...]]:
    """The learning curves whose CSV lies in `out`, by name."""
    found = {
        path.stem: read_points(path.read_text("utf-8-sig", errors="replace")) for path in sorted(out.glob("*.csv"))
    }
    return {name: points for name, points in found.items() if points}


def rows(results: Results, words: Words = _) -> list[dict[str, Any]]:
    """One row a cell and split; accuracies in per cent, the paper's printed number and ours minus it. Then one row a
    system and protocol, with what was published of it, in `words`.
    """
    return [*_cell_rows(results), *_system_rows(results, words)]


def _cell_rows(results: Results) -> list[dict[str, Any]]:
    made = []
    for one in results.cells:
        cell = one["cell"]
        printed = PRINTED.get((one["experiment"], cell["task"], cell["key"]))
        for split, judged in one["judgements"].items():
            row = _row(one, cell["task"], cell["key"], f"{split} ({one['splits'][split]['how']})", judged)
            known = printed is not None and split == "official"
            row["printed"], row["difference"] = printed, round(row["segment_accuracy"] - printed, 2) if known else None
            made.append(row)
    return made


def _system_rows(results: Results, words: Words) -> list[dict[str, Any]]:
    made = []
    for one in results.systems:
        if one["judgement"] is not None:
            row = _row(one, one["task"], one["system"], _SPLITS[one["protocol"]], one["judgement"])
            published = published_of(one["system"], one["task"], words)
            leaks = {True: "yes", False: "no", None: "not known"}[published.leaks]
            said = (published.published, published.data, published.split, leaks, published.source)
            made.append(row | dict(zip(PUBLISHED, said, strict=True)) | _epochs(one.get("passes") or ()))
    return made


def _epochs(passes: Sequence[Mapping[str, Any]]) -> dict[str, str | None]:
    """Of each fit of a net, in order, how many epochs it ran and what ended it."""
    ends = (f"patience {one['patience']}" if one["patience"] else f"epochs {one['most']}" for one in passes)
    return {"epochs_run": " ".join(str(one["run"]) for one in passes) or None, "ended_by": "; ".join(ends) or None}


def _row(one: dict[str, Any], task: str, cell: str, split: str, judged: dict[str, Any]) -> dict[str, Any]:
    segments = judged["segments"]
    values = (
        one["experiment"], task, cell, split, one["dataset"], one["synthetic"], one["backbone"],
        round(100 * segments["accuracy"], 2), round(100 * segments["low"], 2), round(100 * segments["high"], 2),
        round(segments["macro_f1"], 4), round(100 * judged["recordings"]["accuracy"], 2),
        round(100 * segments["chance"], 2), round(100 * segments["majority"], 2), round(segments["error"], 4),
    )  # fmt: skip
    return dict.fromkeys(COLUMNS) | dict(zip(COLUMNS, values, strict=False))


def _place_of_system(one: dict[str, Any]) -> tuple[Any, ...]:
    names = [*(study.id for study in studies()), *OURS]
    known = names.index(one["system"]) if one["system"] in names else len(names)
    plain = (
        one["backbone"],
        one["epochs"] or 0,
        one.get("patience") or 0,
        list(_SPLITS).index(one["protocol"]),
        one["other"],
    )
    return (TASKS.index(one["task"]), known, *plain)


def csv_text(results: Results) -> str:
    """The rows as CSV, in English whatever the language; empty where the paper printed nothing that is known."""
    return table_text(COLUMNS, ([row[name] for name in COLUMNS] for row in rows(results, str)))


def _place(cell: dict[str, Any]) -> tuple[int, tuple[float, str]]:
    return TASKS.index(cell["task"]), _natural(cell["key"])


def _task_and_backbone(one: dict[str, Any]) -> tuple[int, str]:
    return TASKS.index(one["task"]), str(one["backbone"])


def _natural(text: str) -> tuple[float, str]:
    """`layer 2` before `layer 10`."""
    for part in text.split():
        try:
            return float(part), text
        except ValueError:
            continue
    return 0.0, text
