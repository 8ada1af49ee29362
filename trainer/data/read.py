"""Chooses the reader by what lies there."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from persian_mir.i18n import _
from persian_mir.paths import present
from persian_mir.progress import SILENT, Progress
from trainer.data.dataset import DataError, Dataset
from trainer.data.folders import read_folders
from trainer.data.manifest import read_manifest
from trainer.data.nava import is_nava, read_nava
from trainer.data.spelling import respelt, usual_names


def read_dataset(source: Path, task: str = "", tables: Path | None = None, progress: Progress = SILENT) -> Dataset:
    """A manifest CSV, a folder laid out as Nava (whose `tables` a JSON may override), or a folder a class of `task`.

    An artist written in several ways is written in the commonest. Labels that nobody knows are left for the check to
    tell. Raises DataError when nothing can be read; `progress` is told of a long manifest, and may raise Cancelled.
    """
    source = present(source)
    try:
        here, folder = source.exists(), source.is_dir()
        nava = folder and is_nava(source)
    except OSError as error:
        what = _("The data cannot be read: {reason}.").format(reason=error.strerror)
        raise DataError(what, path=source, cure=_("Check that they are there and may be read.")) from error
    if not here:
        cure = _("Check the name, and that the disk it lies on is here.")
        raise DataError(_("There is no such file or folder."), path=source, cure=cure)
    if not (folder or source.is_file()):  # a device has no end
        cure = _("Give a manifest CSV, or a folder.")
        raise DataError(_("This is neither a file nor a folder."), path=source, cure=cure)
    if folder:
        found = read_nava(source, tables) if nava else read_folders(source, task)
    else:
        found = read_manifest(source, progress)
    return replace(found, entries=respelt(found.entries, usual_names(found.entries)))
