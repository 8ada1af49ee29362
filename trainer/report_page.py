"""The page of the report: the paper's tables with intervals, drawings, warnings and the printed figures beside."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from html import escape
from typing import Any

from persian_mir.i18n import _
from trainer.curve_page import points_shown
from trainer.curve_points import Point
from trainer.experiments.published import STUDIES
from trainer.experiments.table import EXPERIMENTS
from trainer.figures import bars, calibration_curve, confusion, scatter
from trainer.judge import Bin, chance_warning
from trainer.page import figure, page, table, warning

Document = Mapping[str, Any]
Row = Mapping[str, Any]

SHOWN = 15  # suspects of a task; the command `suspects` lists them all


def html(
    cells: Sequence[Document],
    maps: Sequence[Document],
    suspects: Sequence[Document],
    rows: Sequence[Row],
    curves: Mapping[str, Sequence[Point]],
) -> str:
    """A section an experiment, then the maps, the suspect labels, the learning curves and the earlier studies.

    `rows`: those of the CSV; `curves`: points by the name of their file.
    """
    title = _("Experiments")
    body = [f"<h1>{escape(title)}</h1>", *_heading((*cells, *maps, *suspects))]
    for experiment in EXPERIMENTS:
        own = [one for one in cells if one["experiment"] == experiment.name]
        if own:
            body.append(f"<h2>{escape(title_of(experiment.name))}</h2>")
            body += _section(own, [row for row in rows if row["experiment"] == experiment.name])
    if maps:
        body += [f"<h2>{escape(title_of('visualisation'))}</h2>", *_maps(maps)]
    if suspects:
        body += [f"<h2>{escape(_('Suspect labels'))}</h2>", *_suspects(suspects)]
    for name, points in curves.items():
        body += [f"<h2>{escape(_('Learning curve: {task}').format(task=name))}</h2>", *points_shown(points)]
    body += [f"<h2>{escape(title_of('earlier-studies'))}</h2>", *_studies(rows)]
    return page(title, body)


def title_of(name: str) -> str:
    """What an experiment is about, in the user's language."""
    titles = {
        "table2": _("Audio length"),
        "table3": _("Representation layers"),
        "table4": _("Hidden layers"),
        "learning-rate": _("Learning rates"),
        "visualisation": _("Maps of embeddings"),
        "earlier-studies": _("Earlier studies"),
    }
    return titles.get(name, name)


def _heading(documents: Sequence[Document]) -> Iterator[str]:
    names = sorted({f"{one['dataset']} · {one['backbone']}" for one in documents})
    yield f"<p>{escape('; '.join(names))}</p>"
    if any(one["synthetic"] for one in documents):
        yield warning(_("These recordings are synthetic: the figures say nothing of Nava."))


def _section(cells: Sequence[Document], rows: Sequence[Row]) -> Iterator[str]:
    several = len({row["backbone"] for row in rows}) > 1
    for backbone in dict.fromkeys(row["backbone"] for row in rows):
        own = [one for one in cells if one["backbone"] == backbone]
        mine = [row for row in rows if row["backbone"] == backbone]
        if several:
            yield f"<h3>{escape(backbone)}</h3>"
        told = dict.fromkeys(text for one in own for text in _warnings(one))
        yield from _together([warning(text) for text in told], _("{count} more warnings of this kind"))
        drawn = [bars(task, [_short(row) for row in mine if row["task"] == task]) for task in _tasks(mine)]
        yield f'<div class="figures">{"".join(drawn)}</div>'
        yield _figures_table(mine)
        yield f'<p class="soft">{escape(_("Per cent of segments and of recordings that are named right."))}</p>'
        for task in _tasks(mine):
            yield from _pictures(task, [one for one in own if one["cell"]["task"] == task])


def _warnings(one: Document) -> Iterator[str]:
    name = f"{one['cell']['task']}, {one['cell']['key']}"
    if one["warning"]:
        yield f"{name}: {one['warning']}"
    if one["splits"].get("grouped", {}).get("how") == "artist":
        level = one["judgements"]["grouped"]["segments"]
        text = chance_warning(level["accuracy"], level["chance"])
        if text:
            yield f"{name}: {text}"


def _together(parts: Sequence[str], text: str) -> Iterator[str]:
    """The first, and the rest folded away."""
    yield from parts[:1]
    if len(parts) > 1:
        yield f"<details><summary>{escape(text.format(count=len(parts) - 1))}</summary>{''.join(parts[1:])}</details>"


def _tasks(rows: Sequence[Row]) -> list[str]:
    return list(dict.fromkeys(row["task"] for row in rows))


def _short(row: Row) -> Row:
    """A row whose split is called as briefly as can be."""
    name, how = row["split"].split(" ", 1)
    return {**row, "split": split_name(name, how.strip("()"))}


def split_name(name: str, how: str) -> str:
    """How a split is called."""
    if name == "official":
        return _("given")
    return _("by artist") if how == "artist" else _("by recording")


def _figures_table(rows: Sequence[Row]) -> str:
    heads = (
        _("task"), _("cell"), _("split"), _("segments"), _("95-percent interval"), _("recordings"),
        _("chance"), _("commonest label"), _("macro-F1"), _("calibration error"), _("printed"), _("difference"),
    )  # fmt: skip
    values = [
        (
            row["task"], row["cell"], _short(row)["split"], f"{row['segment_accuracy']:.1f}",
            f"{row['segment_low']:.1f} – {row['segment_high']:.1f}", f"{row['recording_accuracy']:.1f}",
            f"{row['chance']:.1f}", f"{row['majority']:.1f}", f"{row['segment_macro_f1']:.3f}",
            f"{row['calibration_error']:.3f}", None if row["printed"] is None else f"{row['printed']:.1f}",
            None if row["difference"] is None else f"{row['difference']:+.1f}",
        )
        for row in rows
    ]  # fmt: skip
    return table(heads, values, texts=3)


def _pictures(task: str, cells: Sequence[Document]) -> Iterator[str]:
    """Confusion and calibration of every cell, folded away; shown at once is the one that is best on the strictest
    split there is.
    """

    def worth(one: Document) -> float:
        judged = one["judgements"]
        return float((judged.get("grouped") or judged["official"])["segments"]["accuracy"])

    best = max(cells, key=worth)
    text = _("Confusion and calibration: {task}, the best cell ({cell})").format(task=task, cell=best["cell"]["key"])
    yield f"<details open><summary>{escape(text)}</summary>{_drawn(best)}</details>"
    rest = [one for one in cells if one is not best]
    if rest:
        each = (f"<details><summary>{escape(one['cell']['key'])}</summary>{_drawn(one)}</details>" for one in rest)
        text = _("The other cells: {task}").format(task=task)
        yield f"<details><summary>{escape(text)}</summary>{''.join(each)}</details>"


def _drawn(one: Document) -> str:
    parts = []
    for split, judged in one["judgements"].items():
        level, labels = judged["segments"], judged["labels"]
        name = split_name(split, one["splits"][split]["how"])
        caption = _("{split}: down what is true, across what was named").format(split=name)
        parts.append(figure(confusion(level["confusion"], labels), caption))
        text = _("{split}: across how sure, up how often right; calibration error {error:.3f}")
        bins = [Bin(bar["count"], bar["probability"], bar["accuracy"]) for bar in level["calibration"]]
        parts.append(figure(calibration_curve(bins), text.format(split=name, error=level["error"])))
    return f'<div class="figures">{"".join(parts)}</div>'


def _maps(maps: Sequence[Document]) -> Iterator[str]:
    for one in maps:
        text = _("{task}, {backbone}, hidden state {layer}; {points} of {of} segments")
        points, known = len(one["points"]), one.get("of", len(one["points"]))
        text = text.format(task=one["task"], backbone=one["backbone"], layer=one["layer"], points=points, of=known)
        yield f"<h3>{escape(text)}</h3>"
        caption = _("PCA: {share:.0%} of the variance").format(share=sum(one["shares"]))
        drawn = [figure(scatter(one["points"], one["targets"], one["labels"], legend="tsne" not in one), caption)]
        if "tsne" in one:
            caption = _("t-SNE: who are neighbours; distances and sizes of clusters say nothing")
            drawn.append(figure(scatter(one["tsne"], one["targets"], one["labels"]), caption))
        yield f'<div class="figures">{"".join(drawn)}</div>'


def _suspects(found: Sequence[Document]) -> Iterator[str]:
    text = _(
        "Labels that other recordings contradict, the most suspect first. Score: 0.5 undecided, 1 contradicts. "
        "Listen before changing any."
    )
    yield f"<p>{escape(text)}</p>"
    for one in found:
        text = _("{task}, {backbone}: {count} of {of} labels; the others agree with {agreement:.0%}")
        counts = {"count": one["contradicted"], "of": one["of"], "agreement": one["agreement"]}
        yield f"<h3>{escape(text.format(task=one['task'], backbone=one['backbone'], **counts))}</h3>"
        if one["agreement"] < one["doubtful"]:
            yield warning(_("They agree with too few labels to be witnesses: the list says little."))
            continue
        heads = (_("recording"), _("labelled"), _("suggested"), _("score"))
        yield table(heads, [row[:1] + row[3:] for row in one["suspects"][:SHOWN]], texts=3)


def _studies(rows: Sequence[Row]) -> Iterator[str]:
    """Beside each printed figure what stands here of the same task and unit: the best on the given split."""
    heads = (
        _("study"), _("task"), _("what"), _("unit"), _("split"), _("per cent"), _("here"), _("difference"),
    )  # fmt: skip
    values: list[tuple[object, ...]] = []
    for one in STUDIES:
        shown = f"{one.low:g}" if one.low == one.high else f"{one.low:g} – {one.high:g}"
        column = {"segment": "segment_accuracy", "recording": "recording_accuracy"}.get(one.unit, "")
        own = [
            row[column] for row in rows if column and row["task"] == one.task and row["split"].startswith("official")
        ]
        here = max(own, default=None)
        apart = None if here is None else here - min(max(here, one.low), one.high)
        ours = (None, None) if here is None or apart is None else (f"{here:.1f}", f"{apart:+.1f}")
        values.append((one.study, one.task, one.what, one.unit, one.split, shown, *ours))
    yield table(heads, values, texts=5)
    text = _(
        "Here: the best figure above of the same task and unit on the given split. Other recordings and other splits "
        "cannot be compared; the difference is meant for runs on Nava itself."
    )
    yield f'<p class="soft">{escape(text)}</p>'
