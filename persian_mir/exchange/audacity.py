"""Audacity's label track: a line a label, start, stop and text between tabs (manual, "Importing and Exporting Labels").

There is room for nothing else: what comes back is each label's stretch, to the microsecond, its tier and its text.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from persian_mir.catalogue.model import Described
from persian_mir.exchange.bounded import read_text
from persian_mir.exchange.foreign_table import number_of
from persian_mir.exchange.marks import marks_of, tier_and_text
from persian_mir.exchange.sheet import Label, Sheet, left_out
from persian_mir.exchange.texts import plain_text
from persian_mir.whole_file import write_whole

SPECTRAL = "\\"  # begins the line with the frequencies of the label before it


def write(path: Path, described: Sequence[Described]) -> None:
    """Write the labels of one recording in the order of time, each after its tier: `mode [modal]: segah`."""
    (one,) = described
    marks = sorted(marks_of(one), key=lambda mark: (mark.start, -mark.stop))
    lines = (
        f"{mark.start / one.rate:.6f}\t{mark.stop / one.rate:.6f}\t{plain_text(mark.tier)}: {plain_text(mark.text)}\n"
        for mark in marks
    )
    write_whole(path, "".join(lines))


def read(path: Path) -> tuple[Sheet, ...]:
    """Return the labels of a track. A point is no stretch, and is left out with a remark."""
    labels, odd = [], 0
    for line in read_text(path).splitlines():
        if not line.strip() or line.startswith(SPECTRAL):
            continue
        label = _label(line)
        labels += [label] if label else []
        odd += label is None
    return (Sheet("", labels=tuple(labels), remarks=left_out(odd)),)


def _label(line: str) -> Label | None:
    try:
        start, stop, text = line.split("\t", 2)
        start_s, stop_s = number_of(start), number_of(stop)
    except ValueError:
        return None
    if start_s is None or stop_s is None or not 0 <= start_s < stop_s:
        return None
    tier, text = tier_and_text(text)
    return Label(start_s, stop_s, text, tier)
