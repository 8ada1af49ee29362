"""What there is to learn from: a manifest CSV, or a folder a class. Both become examples of one shape.

A manifest is UTF-8 with the columns `file` and one or more of the tasks (`dastgah`, `mode`, `instrument`, `artist`),
optionally `split` (train, dev, test), `start_s` and `stop_s`; other columns are kept. Paths are relative to it.
"""

from __future__ import annotations

import csv
import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from persian_mir.audio.formats import audio_files
from persian_mir.errors import PersianMirError
from persian_mir.i18n import _
from persian_mir.labels import LABEL_ID, TASKS, label_ids, vocabulary

SPLITS = {"": "", "train": "train", "dev": "dev", "val": "dev", "valid": "dev", "validation": "dev", "test": "test"}


class DataError(PersianMirError):
    """Training data that cannot be used as they are."""


@dataclass(frozen=True, slots=True)
class Example:
    """A labelled stretch of a recording: seconds `start_s` up to `stop_s` (its end). `split` may be empty."""

    path: Path
    labels: Mapping[str, str]
    artist: str = ""
    split: str = ""
    start_s: float = 0.0
    stop_s: float = math.inf
    other: Mapping[str, str] = field(default_factory=dict)


def read_examples(data: Path, task: str) -> list[Example]:
    """The examples in a manifest or, for a folder, in its sub-folders, one a class of `task`. Raises DataError."""
    return read_folder(data, task) if data.is_dir() else read_manifest(data)


def read_folder(folder: Path, task: str) -> list[Example]:
    """Every sound below `folder`/<label>/."""
    classes = sorted(entry for entry in folder.iterdir() if entry.is_dir() and not entry.name.startswith("."))
    examples = [
        Example(path, {task: label_id(task, entry.name, entry)}) for entry in classes for path in audio_files(entry)
    ]
    if not examples:
        cure = _("Give one folder a class, named after its label, with recordings inside.")
        raise DataError(_("There are no recordings in folders of their own here."), path=folder, cure=cure)
    return examples


def read_manifest(path: Path) -> list[Example]:
    """The rows of a manifest CSV. Raises DataError that names the row."""
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            rows = csv.DictReader(file, strict=True)
            _check_header(rows.fieldnames or (), path)
            examples = list(_examples(rows, path))
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        reason = error.strerror if isinstance(error, OSError) else str(error)
        what = _("The manifest cannot be read: {reason}.").format(reason=reason)
        raise DataError(what, path=path, cure=_("Give a folder a class, or a CSV in UTF-8.")) from error
    if not examples:
        raise DataError(_("The manifest has no rows."), path=path, cure=_("Add a row for each recording."))
    return examples


def label_id(task: str, text: str, path: Path) -> str:
    """The id that `text` means, be it the id itself or a name in either script. Raises DataError."""
    wanted = _folded(text)
    for label in vocabulary(task):
        if wanted in {_folded(label.id), _folded(label.name), _folded(label.persian)}:
            return label.id
    if not label_ids(task) and LABEL_ID.fullmatch(artist_id(text)):
        return artist_id(text)
    known = ", ".join(label_ids(task)) or _("lower-case letters a to z, digits, dots and hyphens")
    what = _("{label} is not a label of the task {task}.").format(label=repr(text), task=task)
    raise DataError(what, path=path, cure=_("Labels are: {known}.").format(known=known))


def artist_id(text: str) -> str:
    """A name as an id: `Ahmad Ebadi` is `ahmad-ebadi`. Names in other scripts stay as they are, and are no ids."""
    return "-".join(text.lower().split())


def _folded(text: str) -> str:
    """Letters only, so that a zero-width non-joiner, a space, a hyphen or none make no difference."""
    return "".join(letter for letter in text.casefold() if letter.isalnum())


def _check_header(names: Sequence[str], path: Path) -> None:
    if "file" not in names or not set(TASKS) & set(names):
        what = _("The manifest lacks the column `file` or a column named after a task.")
        cure = _("Its first line must name them; tasks are: {tasks}.").format(tasks=", ".join(TASKS))
        raise DataError(what, path=path, cure=cure)


def _examples(rows: csv.DictReader[str], path: Path) -> Iterator[Example]:
    for row in rows:
        try:
            yield _example(row, path.parent)
        except (DataError, ValueError) as error:
            reason = error.what if isinstance(error, DataError) else str(error)
            what = _("Row {row} of the manifest cannot be used: {reason}").format(row=rows.line_num, reason=reason)
            cure = error.cure if isinstance(error, DataError) else ""
            raise DataError(what, path=path, cure=cure) from error


def _example(row: dict[str, str], folder: Path) -> Example:
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
    closed = {task: label_id(task, text, folder / name) for task, text in given.items() if task != "artist"}
    labels = closed | ({"artist": artist_id(artist)} if artist else {})  # checked only where artists are learnt
    return Example(folder / name, labels, artist, SPLITS[split], start_s, stop_s, cells)


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
