"""A manifest: a CSV with the column `file` and one or more of the tasks (`dastgah`, `mode`, `instrument`, `artist`).

It is in UTF-8. Optional are `split` (train, dev, test), `start_s` and `stop_s`; other columns are kept. Paths are
relative to it.
"""

from __future__ import annotations

import csv
import math
from collections.abc import Iterator, Sequence
from pathlib import Path

from persian_mir.i18n import _
from persian_mir.labels import TASKS
from trainer.datasets.dataset import DataError, Dataset, Entry
from trainer.datasets.spelling import artist_id, find_label

SPLITS = {"": "", "train": "train", "dev": "dev", "val": "dev", "valid": "dev", "validation": "dev", "test": "test"}


def read_manifest(path: Path) -> Dataset:
    """The rows of a manifest CSV. Raises DataError that names the row; labels nobody knows stay in `written` alone."""
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            rows = csv.DictReader(file, strict=True)
            _check_header(rows.fieldnames or (), path)
            entries = list(_entries(rows, path))
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        reason = error.strerror if isinstance(error, OSError) else str(error)
        what = _("The manifest cannot be read: {reason}.").format(reason=reason)
        raise DataError(what, path=path, cure=_("Give a folder a class, or a CSV in UTF-8.")) from error
    if not entries:
        raise DataError(_("The manifest has no rows."), path=path, cure=_("Add a row for each recording."))
    return Dataset(path.stem, tuple(entries), False, path.parent)


def _check_header(names: Sequence[str], path: Path) -> None:
    if "file" not in names or not set(TASKS) & set(names):
        what = _("The manifest lacks the column `file` or a column named after a task.")
        cure = _("Its first line must name them; tasks are: {tasks}.").format(tasks=", ".join(TASKS))
        raise DataError(what, path=path, cure=cure)


def _entries(rows: csv.DictReader[str], path: Path) -> Iterator[Entry]:
    for row in rows:
        try:
            yield _entry(row, path.parent, rows.line_num)
        except ValueError as error:
            what = _("Row {row} of the manifest cannot be used: {reason}").format(row=rows.line_num, reason=error)
            raise DataError(what, path=path) from error


def _entry(row: dict[str, str], folder: Path, number: int) -> Entry:
    if None in row or None in row.values():
        raise ValueError(_("It has more or fewer cells than the first line."))
    cells = {name: text.strip() for name, text in row.items()}
    name, split = cells.pop("file"), cells.pop("split", "").lower()
    if not name or "\0" in name:
        raise ValueError(_("It names no file."))
    if split not in SPLITS:
        raise ValueError(_("The split must be train, dev or test, not {split}.").format(split=repr(split)))
    start_s, stop_s = _seconds(cells.pop("start_s", ""), 0.0), _seconds(cells.pop("stop_s", ""), math.inf)
    if not 0 <= start_s < stop_s:
        raise ValueError(_("It must start at 0 s or later and stop after its start."))
    given = {task: text for task in TASKS if (text := cells.pop(task, ""))}
    artist = given.get("artist", "")
    found = {task: artist_id(text) if task == "artist" else find_label(task, text) for task, text in given.items()}
    labels = {task: label for task, label in found.items() if label}
    place = _("Row {row} of the manifest").format(row=number)
    times = (start_s, stop_s)
    return Entry(folder / name, labels, artist, SPLITS[split], *times, cells, given, place=place)


def _seconds(text: str, default: float) -> float:
    if not text:
        return default
    try:
        value = float(text)
    except ValueError:
        value = math.nan
    if not math.isfinite(value):
        raise ValueError(_("{text} is not a time in seconds.").format(text=repr(text)))
    return value
