"""Maps of embeddings whose points play, in the report."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.parse import quote

from persian_mir.i18n import _
from persian_mir.labels import task_name
from trainer.reports.page import hue
from trainer.reports.words import label_names

Document = Mapping[str, Any]


def map_shown(one: Document, out: Path) -> dict[str, Any]:
    """Return a map as the page shows it. `out`: the folder of the page, from where recordings are found."""
    text = _("{task}, {backbone}, hidden state {layer}; {points} of {of} segments")
    points, known = len(one["points"]), one.get("of", len(one["points"]))
    counts = {"layer": one["layer"], "points": points, "of": known}
    names = label_names(one["task"], one["labels"])
    return {
        **one,
        "about": text.format(task=task_name(one["task"]), backbone=one["backbone"], **counts),
        "names": names,
        "key": [(hue(len(names), place), name) for place, name in enumerate(names)],
        "links": _links(one, out),
        "tsne": one.get("tsne"),
    }


def _links(one: Document, out: Path) -> list[str]:
    """Of each point, where its recording lies as seen from the page, and which stretch of it; none in older results."""
    if "stretches" not in one:
        return []
    files = [_relative(file, out) for file in one["files"]]
    return [f"{files[place]}#t={start:g},{stop:g}" for place, start, stop in one["stretches"]]


def _relative(file: str, out: Path) -> str:
    try:
        return quote(os.fsencode(os.path.relpath(file, out.absolute()).replace(os.sep, "/")))
    except ValueError:  # on another drive of Windows
        return Path(file).as_uri()
