"""A folder a class: every sound below `FOLDER/<label>/`."""

from __future__ import annotations

import os
from pathlib import Path

from persian_mir.audio.formats import audio_files
from persian_mir.i18n import _
from trainer.data.dataset import DataError, Dataset, Entry
from trainer.data.spelling import find_label, label_of

GUESSED = ("instrument", "dastgah", "mode")  # in this order: a Dastgah's name is a mode's too


def read_folders(folder: Path, task: str = "") -> Dataset:
    """The folders of `folder` as classes of `task`, told by their names where it is empty. Raises DataError."""
    try:
        classes = sorted(one for one in folder.iterdir() if one.is_dir() and not one.name.startswith("."))
        sounds = {one.name: _sounds(one) for one in classes}
    except OSError as error:
        what = _("The folder cannot be read: {reason}.").format(reason=error.strerror)
        raise DataError(
            what, path=error.filename or folder, cure=_("Check that it is there and may be read.")
        ) from error
    task = task or guessed_task([name for name, paths in sounds.items() if paths])
    entries = [_entry(path, task, name) for name, paths in sounds.items() for path in paths]
    if not entries:
        cure = _("Give one folder a class, named after its label, with recordings inside.")
        raise DataError(_("There are no recordings in folders of their own here."), path=folder, cure=cure)
    return Dataset(folder.name, tuple(entries), False, folder)


def _sounds(folder: Path) -> list[Path]:
    """Every sound below `folder`. Raises OSError for a folder that may not be read: a class must not shrink unseen."""

    def refuse(error: OSError) -> None:
        raise error

    for _here, folders, _files in os.walk(folder, onerror=refuse):
        folders[:] = [name for name in folders if not name.startswith(".")]
    return audio_files(folder)


def guessed_task(names: list[str]) -> str:
    """The task of which most of the names are labels; artists where they are of none."""
    known = {task: sum(bool(find_label(task, name)) for name in names) for task in GUESSED}
    best = max(GUESSED, key=known.__getitem__)
    return best if known[best] else "artist"


def _entry(path: Path, task: str, name: str) -> Entry:
    found = label_of(task, name)
    artist = found if task == "artist" else ""
    return Entry(path, {task: found} if found else {}, artist, written={task: name}, place=str(path.parent))
