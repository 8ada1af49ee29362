"""What the page of the report shows: a summary, the tables, maps, suspect labels, earlier studies, the method."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from persian_mir import __version__
from persian_mir.i18n import _, figures
from persian_mir.labels import task_name
from persian_mir.models.table import find_row
from trainer.evaluation.curve_points import Point
from trainer.experiments.published import STUDIES, Published
from trainer.experiments.table import EXPERIMENTS, TASKS
from trainer.reports.page import render
from trainer.reports.report_maps import map_shown
from trainer.reports.report_section import section_parts
from trainer.reports.report_systems import systems_shown
from trainer.reports.words import experiment_title, number_text, signed, split_name

Document = Mapping[str, Any]
Row = Mapping[str, Any]
RANDOM = "random"  # in a backbone's name: its weights were never learnt


@dataclass(frozen=True, slots=True)
class Results:
    """All that was finished in a folder, in the order of the tables."""

    cells: tuple[dict[str, Any], ...]
    maps: tuple[dict[str, Any], ...]
    suspects: tuple[dict[str, Any], ...] = ()
    systems: tuple[dict[str, Any], ...] = ()


def html(finished: Results, rows: Sequence[Row], curves: Mapping[str, Sequence[Point]], out: Path) -> str:
    """Return the page. `rows`: those of the cells; `curves`: points by their file's name; `out`: where it will lie."""
    cells, maps, suspects = finished.cells, finished.maps, finished.suspects
    everything = (*cells, *maps, *suspects, *finished.systems)
    names = ", ".join(sorted({one["dataset"] for one in everything}))
    backbones = [(name, found.name if (found := find_row(name)) else "") for name in _known(everything, "backbone")]
    sections = {
        one.name: section_parts(own, [row for row in rows if row["experiment"] == one.name])
        for one in EXPERIMENTS
        if (own := [cell for cell in cells if cell["experiment"] == one.name])
    }
    shown = {
        "summary": rows,
        "visualisation": maps,
        "suspects": suspects,
        "earlier-studies": STUDIES,
        "method": cells or finished.systems,
    }
    order = ["summary", *sections, "visualisation", "suspects", *(f"curve-{name}" for name in curves)]
    contents = [(anchor, _title(anchor)) for anchor in (*order, "earlier-studies", "method") if shown.get(anchor, True)]
    return render(
        "report.html",
        title=_("Experiments on {data}").format(data=names) if names else _("Experiments"),
        backbones=backbones,
        warnings=list(_warnings(everything)),
        contents=contents,
        summary=_summary(rows),
        sections=sections,
        maps=[map_shown(one, out) for one in maps],
        suspects=suspects,
        curves={f"curve-{name}": points for name, points in curves.items()},
        systems=systems_shown(finished.systems),
        studies=[_study(one, rows) for one in STUDIES],
        method=_method(cells),
    )


def _title(anchor: str) -> str:
    if anchor.startswith("curve-"):
        return _("Learning curve: {task}").format(task=anchor.removeprefix("curve-"))
    names = {"summary": _("Summary"), "suspects": _("Suspect labels"), "method": _("How it was made")}
    return names.get(anchor) or experiment_title(anchor)


def _known(documents: Sequence[Document], name: str) -> list[str]:
    return sorted({one[name] for one in documents if one[name]})


def _warnings(documents: Sequence[Document]) -> Iterator[str]:
    if any(one["synthetic"] for one in documents):
        text = _("These recordings are synthetic: made by a computer, no musician was recorded.")
        yield f"{text} {_('The figures prove the machinery and say nothing of Nava.')}"
    for name in _known(documents, "backbone"):
        if RANDOM in name.lower():
            text = _("The weights of {name} are random, as its name says: nothing was learnt before the probes.")
            yield text.format(name=name)


def _summary(rows: Sequence[Row]) -> list[Row]:
    """Of each task and backbone the best cell by each split; `of` names the backbone where there are several."""
    several = len({row["backbone"] for row in rows}) > 1
    groups: dict[tuple[str, str, str], list[Row]] = {}
    for row in rows:
        groups.setdefault((row["task"], row["backbone"], row["split"]), []).append(row)
    ordered = sorted(groups.items(), key=lambda item: (TASKS.index(item[0][0]), item[0][1]))
    best = (max(own, key=lambda row: float(row["segment_accuracy"])) for _key, own in ordered)
    return [{**row, "of": f" · {row['backbone']}" if several else ""} for row in best]


def _study(one: Published, rows: Sequence[Row]) -> tuple[Published, str, str | None, str | None]:
    """A printed figure and what stands here of the same task and unit: the best on the given split."""
    shown = _figure(one.low) if one.low == one.high else f"{one.low:g} – {_figure(one.high)}"
    column = {"segment": "segment_accuracy", "recording": "recording_accuracy"}.get(one.unit, "")
    own = [row[column] for row in rows if column and row["task"] == one.task and row["split"].startswith("official")]
    if not own:
        return one, shown, None, None
    here = max(own)
    return one, shown, f"{here:.1f}", signed(here - min(max(here, one.low), one.high))


def _figure(value: float) -> str:
    """As it was printed, with a space as wide as the second decimal where there is none."""
    return f"{value:.2f}" if round(value, 1) != value else f"{value:.1f}\N{FIGURE SPACE}"


def _method(cells: Sequence[Document]) -> list[tuple[str, str]]:
    configs = [one["cell"]["recipe"] for one in cells]

    def values(name: str) -> str:
        known = {json_text(config[name]) for config in configs if name in config}
        return figures(_(", ").join(sorted(known, key=lambda text: (len(text), text))))

    splits = dict.fromkeys(
        f"{task_name(one['cell']['task'])}: {split_name(name, given['how'])} {given['hash'][:12]}"
        for one in cells
        for name, given in one["splits"].items()
    )
    return [
        (_("splits"), _("; ").join(splits)),
        (_("hidden layers of the head"), values("hidden")),
        (_("learning rates"), values("lr")),
        (_("passes over the data, at most"), values("epochs")),
        (_("passes without a better dev loss until it stops"), values("patience")),
        (_("batch"), values("batch")),
        (_("dropout"), values("dropout")),
        (_("optimizer"), values("optimizer")),
        (_("seed"), values("seed")),
        (_("precision"), _(", ").join(sorted({one.get("precision", "float32") for one in cells}))),
        (_("program"), f"Persian MIR {__version__}"),
    ]


def json_text(value: object) -> str:
    """Return a setting as people write it: sizes apart by ×."""
    if isinstance(value, list | tuple):
        return " × ".join(map(str, value)) or "0"
    return number_text(str(value)) if isinstance(value, float) else str(value)
