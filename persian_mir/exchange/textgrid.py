"""Praat's TextGrid, in the long form of UTF-8: an interval tier a layer.

A TextGrid holds nothing but tiers: what comes back is each label's stretch, to the sample, its tier and its text.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from pathlib import Path

from persian_mir.catalogue.model import Described
from persian_mir.exchange.bounded import MOST_MARKS, ExchangeError, read_text
from persian_mir.exchange.marks import Mark, layers, without_number
from persian_mir.exchange.sheet import Label, Sheet, left_out
from persian_mir.exchange.texts import plain_text
from persian_mir.i18n import _
from persian_mir.whole_file import write_whole

# Praat reads strings, free-standing numbers and flags, and nothing else (manual, "TextGrid file formats").
TOKEN = re.compile(r'"((?:[^"]|"")*)"|(?<!\S)([+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)(?!\S)|(<\w+>)')
HEAD = re.compile(r'\s*File type\s*=\s*"ooTextFile[^"]*"\s*(?:Object class\s*=\s*)?"TextGrid"')
HEADING = ('File type = "ooTextFile"', 'Object class = "TextGrid"', "")
INTERVALS, POINTS = "IntervalTier", "TextTier"


def write(path: Path, described: Sequence[Described]) -> None:
    """Write the layers of one recording; where nothing is known, one that is empty, since Praat needs one."""
    (one,) = described
    found = layers(one) or {"mode": ()}
    lines = [*HEADING, *_ends(0, one.frames, one), "tiers? <exists>", f"size = {len(found)}", "item []:"]
    for number, (name, marks) in enumerate(found.items(), 1):
        intervals = list(_filled(marks, one.frames))
        lines += [f"    item [{number}]:", f'        class = "{INTERVALS}"', f"        name = {_quoted(name)}"]
        lines += [f"        {line}" for line in _ends(0, one.frames, one)]
        lines.append(f"        intervals: size = {len(intervals)}")
        for place, (start, stop, text) in enumerate(intervals, 1):
            lines.append(f"        intervals [{place}]:")
            lines += [f"            {line}" for line in (*_ends(start, stop, one), f"text = {_quoted(text)}")]
    write_whole(path, "\n".join(lines) + "\n")


def _filled(marks: Sequence[Mark], frames: int) -> Iterator[tuple[int, int, str]]:
    """The intervals of a tier, which must cover all of it."""
    at = 0
    for mark in marks:
        if at < mark.start:
            yield at, mark.start, ""
        yield mark.start, mark.stop, mark.text
        at = mark.stop
    if at < frames:
        yield at, frames, ""


def _ends(start: int, stop: int, one: Described) -> tuple[str, str]:
    """Nanoseconds, without exponents: not all who read TextGrids know those."""
    return f"xmin = {start / one.rate:.9f}", f"xmax = {stop / one.rate:.9f}"


def _quoted(text: str) -> str:
    return '"' + plain_text(text).replace('"', '""') + '"'


def read(path: Path) -> tuple[Sheet, ...]:
    """Return the intervals of a TextGrid, long or short; points are left out with a remark. Raises ExchangeError."""
    text = read_text(path)
    head = HEAD.match(text)
    if head is None:
        raise ExchangeError(_("It is no TextGrid of text."), path=path)
    try:
        labels, points, length_s = _parsed(iter(_tokens(text, head.end())))
    except (ValueError, TypeError, StopIteration) as error:
        raise ExchangeError(_("This TextGrid ends too soon, or is damaged."), path=path) from error
    return (Sheet("", labels=tuple(labels), remarks=left_out(points), length_s=length_s),)


def _tokens(text: str, at: int) -> Iterator[str | float]:
    for found in TOKEN.finditer(text, at):
        quoted, number, flag = found.groups()
        if quoted is not None:
            yield quoted.replace('""', '"')
        elif number is not None:
            yield float(number)
        elif flag is not None:
            yield flag


def _parsed(tokens: Iterator[str | float]) -> tuple[list[Label], int, float]:
    labels, points = list[Label](), 0
    begin_s, end_s = _number(next(tokens)), _number(next(tokens))
    if next(tokens) != "<exists>":
        return labels, points, end_s - begin_s
    for _tier in range(_size(next(tokens))):
        kind, name = next(tokens), without_number(str(next(tokens)))
        for _bound in range(2):
            _number(next(tokens))
        for _entry in range(_size(next(tokens))):
            if kind == POINTS:
                _number(next(tokens)), next(tokens)
                points += 1
                continue
            start_s, stop_s, text = _number(next(tokens)), _number(next(tokens)), str(next(tokens))
            if text.strip() and 0 <= start_s < stop_s:
                labels.append(Label(start_s, stop_s, text, name))
    return labels, points, end_s - begin_s


def _number(token: str | float) -> float:
    if not isinstance(token, float):
        raise ValueError("no number")
    return token


def _size(token: str | float) -> int:
    size = _number(token)
    if not 0 <= size <= MOST_MARKS:
        raise ValueError("no size")
    return int(size)
