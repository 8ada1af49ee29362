"""Maps of embeddings whose points play, and suspect labels, in the report."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from html import escape
from pathlib import Path
from typing import Any
from urllib.parse import quote

from persian_mir.i18n import _
from trainer.reports.figures import label_colours, scatter
from trainer.reports.page import figure, heading, soft, table, warning
from trainer.reports.words import label_names, task_name

Document = Mapping[str, Any]

SHOWN = 15  # suspects of a task; the command `suspects` lists them all


def maps_shown(maps: Sequence[Document], out: Path) -> Iterator[str]:
    """Each map by PCA and by t-SNE. `out`: the folder of the page, to which the recordings' places are relative."""
    for number, one in enumerate(maps):
        text = _("{task}, {backbone}, hidden state {layer}; {points} of {of} segments")
        points, known = len(one["points"]), one.get("of", len(one["points"]))
        counts = {"layer": one["layer"], "points": points, "of": known}
        about = text.format(task=task_name(one["task"]), backbone=one["backbone"], **counts)
        yield heading(3, about)
        names, links, player = label_names(one["task"], one["labels"]), _links(one, out), f"player-{number}"
        key = list(zip(label_colours(len(names)), names, strict=True))
        text = _("PCA: {share:.0%} of the variance").format(share=sum(one["shares"]))
        drawn = [figure(scatter(f"PCA: {about}", one["points"], one["targets"], names, links, player), text, key)]
        if "tsne" in one:
            text = _("t-SNE: who are neighbours; distances and sizes of clusters say nothing")
            svg = scatter(f"t-SNE: {about}", one["tsne"], one["targets"], names, links, player)
            drawn.append(figure(svg, text, key))
        yield f'<div class="figures">{"".join(drawn)}</div>'
        if links:
            hint = _(
                "A click on a point plays its segment here, as long as page and recordings lie where they lay to each "
                "other when the page was written; elsewhere the map is still a picture."
            )
            yield f'<p class="soft screen">{escape(hint)}</p>'
            said = escape(_("The segment that was clicked"))
            yield f'<iframe name="{player}" title="{said}" allow="autoplay"></iframe>'


def _links(one: Document, out: Path) -> list[str]:
    """Of each point, where its recording lies as seen from the page, and which stretch of it; none in older results."""
    if "stretches" not in one:
        return []
    files = [_relative(file, out) for file in one["files"]]
    return [f"{files[place]}#t={start:g},{stop:g}" for place, start, stop in one["stretches"]]


def _relative(file: str, out: Path) -> str:
    try:
        return quote(os.path.relpath(file, out.absolute()).replace(os.sep, "/"))
    except ValueError:  # on another drive of Windows
        return Path(file).as_uri()


def suspects_shown(found: Sequence[Document]) -> Iterator[str]:
    """The first of each list."""
    text = _(
        "Labels that other recordings contradict, the most suspect first. Score: 0.5 undecided, 1 contradicts. "
        "Listen before changing any."
    )
    yield soft(text)
    for one in found:
        text = _("{task}, {backbone}: {count} of {of} labels; the others agree with {agreement:.0%}")
        counts = {"count": one["contradicted"], "of": one["of"], "agreement": one["agreement"]}
        yield heading(3, text.format(task=task_name(one["task"]), backbone=one["backbone"], **counts))
        if one["agreement"] < one["doubtful"]:
            yield warning(_("They agree with too few labels to be witnesses: the list says little."))
            continue
        if not one["suspects"]:
            yield soft(_("None is contradicted."))
            continue
        heads = (_("recording"), _("labelled"), _("suggested"), _("score"))
        rows = [
            (file, *label_names(one["task"], (given, suggested)), f"{score:.2f}")
            for file, _start, _stop, given, suggested, score in one["suspects"][:SHOWN]
        ]
        yield table(heads, rows, texts=3)
