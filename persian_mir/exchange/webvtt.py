"""WebVTT (W3C): an index for the players of archives (Avalon, Aviary, Omeka), a cue a label."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from persian_mir.catalogue.model import Described
from persian_mir.exchange.marks import marks_of
from persian_mir.exchange.readable import sentence
from persian_mir.exchange.texts import clock
from persian_mir.whole_file import write_whole

ESCAPED = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;"})  # also that no text holds an arrow


def write(path: Path, described: Sequence[Described]) -> None:
    """Write one recording, in the order of time; a cue lasts a millisecond at least."""
    (one,) = described
    cues = ["WEBVTT\n"]
    for number, mark in enumerate(sorted(marks_of(one), key=lambda mark: (mark.start, -mark.stop)), 1):
        start, stop = (round(1000 * at / one.rate) for at in (mark.start, mark.stop))
        stop = max(stop, start + 1)
        cues.append(f"{number}\n{clock(start / 1000)} --> {clock(stop / 1000)}\n{sentence(mark).translate(ESCAPED)}\n")
    write_whole(path, "\n".join(cues))
