"""Sonic Visualiser's layer file: one layer of regions, each tier at a height of its own."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from lxml import etree

from persian_mir.catalogue.model import Described
from persian_mir.exchange.marks import tiers
from persian_mir.exchange.safe_xml import add, as_bytes
from persian_mir.whole_file import whole_file

DOCTYPE = "<!DOCTYPE sonic-visualiser>"


def write(path: Path, described: Sequence[Described]) -> None:
    """Write the marks of one recording, in samples of it."""
    (one,) = described
    found = tiers(one)
    root = etree.Element("sv")
    data = add(root, "data")
    model = {
        **{"id": "1", "name": "Persian MIR", "sampleRate": str(one.rate), "start": "0", "end": str(one.frames)},
        **{"type": "sparse", "dimensions": "3", "resolution": "1", "notifyOnAdd": "true", "dataset": "0"},
        **{"subtype": "region", "valueQuantization": "1", "minimum": "0", "maximum": str(max(len(found) - 1, 1))},
    }
    add(data, "model", **model)
    dataset = add(data, "dataset", id="0", dimensions="3")
    marks = [(mark, height) for height, tier in enumerate(found.values()) for mark in tier]
    for mark, height in sorted(marks, key=lambda one: (one[0].start, one[1])):
        place = {"frame": str(mark.start), "value": str(height), "duration": str(mark.stop - mark.start)}
        add(dataset, "point", **place, label=f"{mark.tier}: {mark.text}")
    display = add(root, "display")
    add(display, "layer", id="2", type="regions", name="Persian MIR", model="1", verticalScale="0", plotStyle="1")
    with whole_file(path) as file:
        file.write(as_bytes(root, DOCTYPE))
