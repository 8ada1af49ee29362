"""A manifest: a CSV with the column `file` and one or more of the tasks (`dastgah`, `mode`, `instrument`, `artist`).

Optional are `split` (train, dev, test), `start_s` and `stop_s`; other columns are kept. Paths are relative to it, with
slashes of either kind. It is in UTF-8, or in UTF-16 with its mark; cells are apart by commas, or by what spreadsheets
write instead where the comma is the decimal point: semicolons or tabs.
"""

from __future__ import annotations

import codecs
import csv
import math
import os
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from functools import lru_cache, partial
from io import TextIOWrapper
from pathlib import Path
from typing import BinaryIO

from persian_mir.i18n import _, quoted
from persian_mir.labels import TASKS
from persian_mir.progress import SILENT, Progress
from persian_mir.times import parse_seconds
from trainer.data.dataset import DataError, Dataset, Entry
from trainer.data.rows import Row, Rows
from trainer.data.spelling import label_of

SPLITS = {"": "", "train": "train", "dev": "dev", "val": "dev", "valid": "dev", "validation": "dev", "test": "test"}
KNOWN = ("file", "split", "start_s", "stop_s", *TASKS)
MAX_ROWS = 1_000_000
KEPT = 1 << 16
TOLD_ROWS = 1 << 12  # between two reports
LONGEST = 1 << 20  # letters of the first line that are looked at
DELIMITERS = ",;\t"
SEPARATOR = re.compile(f'"?sep=([{DELIMITERS}])"?', re.IGNORECASE)  # a line before the first, for spreadsheets alone


def read_manifest(path: Path, progress: Progress = SILENT) -> Dataset:
    """The rows of a manifest CSV. Raises DataError that names the row; labels nobody knows stay in `written` alone.

    Cancelled may come through from `progress`.
    """
    try:
        with path.open("rb") as raw, TextIOWrapper(raw, _encoding(path), newline="") as file:
            first = file.readline(LONGEST)
            told = SEPARATOR.fullmatch(first.rstrip("\r\n"))
            delimiter = told[1] if told else max(DELIMITERS, key=first.count)  # a tie, as in one column, goes to commas
            if not told:
                file.seek(0)
            rows = csv.reader(file, delimiter=delimiter, strict=True)
            names = _names(next(rows, []), path)
            entries = Rows(_told_while(_rows(rows, names, path), raw, path, progress))
    except UnicodeError as error:
        cure = _("Save it again as CSV in UTF-8; spreadsheets offer that where they ask for the character set.")
        raise DataError(_("The manifest is no text in UTF-8."), path=path, cure=cure) from error
    except (OSError, csv.Error) as error:
        reason = error.strerror if isinstance(error, OSError) else str(error)
        what = _("The manifest cannot be read: {reason}.").format(reason=reason)
        raise DataError(what, path=path, cure=_("Give a folder a class, or a CSV in UTF-8.")) from error
    if not entries:
        raise DataError(_("The manifest has no rows."), path=path, cure=_("Add a row for each recording."))
    return Dataset(path.stem, entries, False, path.parent, sources=(path,))


def _encoding(path: Path) -> str:
    with path.open("rb") as file:
        start = file.read(2)
    return "utf-16" if start in (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE) else "utf-8-sig"


def _names(header: Sequence[str], path: Path) -> list[str]:
    """The columns' names; those that mean something here in any case of letters, and with spaces about them."""
    names = [name.strip() for name in header]
    names = [name.lower() if name.lower() in KNOWN else name for name in names]
    if "file" not in names or not set(TASKS) & set(names):
        what = _("The manifest lacks the column `file` or a column named after a task.")
        cure = _("Its first line must name them; tasks are: {tasks}.").format(tasks=", ".join(TASKS))
        raise DataError(what, path=path, cure=cure)
    twice = [name for name, count in Counter(names).items() if count > 1 and name in KNOWN]
    if twice:
        what = _("The manifest has several columns of one name: {names}.").format(names=", ".join(twice))
        raise DataError(what, path=path, cure=_("Leave one of each."))
    return names


def _told_while(rows: Iterator[Row], raw: BinaryIO, path: Path, progress: Progress) -> Iterator[Row]:
    """The rows, telling now and then how many of the file's bytes are read."""
    size, note = max(1, path.stat().st_size), _("Reading {name}").format(name=path.name)
    for number, row in enumerate(rows):
        if number and number % TOLD_ROWS == 0:
            progress.step(min(1.0, raw.tell() / size), note)
        yield row


def _rows(rows: Iterator[list[str]], names: Sequence[str], path: Path) -> Iterator[Row]:
    """What each row says, its times, and its number."""
    at = {name: names.index(name) for name in ("start_s", "stop_s") if name in names}
    told = lru_cache(KEPT)(partial(_told, names, path.parent))  # most rows say again what another one said
    filled = (cells for cells in rows if any(cell.strip() for cell in cells))  # spreadsheets end in rows of nothing
    for count, cells in enumerate(filled, start=1):
        line: int = rows.line_num  # type: ignore[attr-defined]
        if count > MAX_ROWS:
            what = _("The manifest has more than {most} rows.").format(most=MAX_ROWS)
            raise DataError(what, path=path, cure=_("Cut it into several and work with one after the other."))
        try:
            if len(cells) != len(names):
                raise ValueError(_("It has more or fewer cells than the first line."))
            start_s, stop_s = (cells[at[name]].strip() if name in at else "" for name in ("start_s", "stop_s"))
            times = _stretch(start_s, stop_s)
            for place in at.values():
                cells[place] = ""
            yield (told(tuple(cells)), *times, line)
        except ValueError as error:
            what = _("Row {row} of the manifest cannot be used: {reason}").format(row=line, reason=error)
            raise DataError(what, path=path, cure=_("Mend that row, or take it out.")) from error


def _stretch(start: str, stop: str) -> tuple[float, float]:
    start_s, stop_s = _seconds(start, 0.0), _seconds(stop, math.inf)
    if not 0 <= start_s < stop_s:
        raise ValueError(_("It must start at 0 s or later and stop after its start."))
    return start_s, stop_s


def _told(names: Sequence[str], folder: Path, row: Sequence[str]) -> Entry:
    """What a row says, but for its times."""
    cells = {name: text.strip() for name, text in zip(names, row, strict=True) if name not in ("start_s", "stop_s")}
    name, split = cells.pop("file"), cells.pop("split", "").lower()
    if not name or "\0" in name:
        raise ValueError(_("It names no file."))
    if split not in SPLITS:
        raise ValueError(_("The split must be train, dev or test, not {split}.").format(split=quoted(split)))
    given = {task: text for task in TASKS if (text := cells.pop(task, ""))}
    labels = {task: label for task, text in given.items() if (label := label_of(task, text))}
    artist = labels.get("artist", given.get("artist", ""))
    return Entry(_found(folder, name), labels, artist, SPLITS[split], extra=cells, written=given)


def _found(folder: Path, name: str) -> Path:
    """The file of that name, also one written on Windows: elsewhere a backslash may, rarely, belong to a name."""
    path = folder / name
    if "\\" in name and not os.path.exists(path):  # noqa: PTH110 - a name may be too long
        return folder / name.replace("\\", "/")
    return path


def _seconds(text: str, default: float) -> float:
    """A time with a point or, as spreadsheets write where cells are apart by semicolons, a comma; also `1:05`."""
    if not text:
        return default
    try:
        return parse_seconds(text)
    except ValueError as error:
        raise ValueError(_("{text} is not a time in seconds.").format(text=quoted(text))) from error
