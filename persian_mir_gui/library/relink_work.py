"""What workers do to find the files of recordings again."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from persian_mir.catalogue.catalogue import Catalogue, Row
from persian_mir.catalogue.relink import find_again, is_gone, link_again
from persian_mir.errors import PersianMirError
from persian_mir.i18n import _
from persian_mir.progress import Progress


@dataclass(frozen=True, slots=True)
class Found:
    """Which recordings have no file where it was, and where some of them lie, by content hash."""

    sought: tuple[Row, ...]
    files: Mapping[str, Path]


def find_missing(rows: Sequence[Row], folder: Path, progress: Progress) -> Found:
    """Look through a folder for those whose files are gone."""
    sought = tuple(row for row in rows if is_gone(row))
    return Found(sought, find_again(sought, folder, progress) if sought else {})


def find_in_file(row: Row, file: Path, progress: Progress) -> Mapping[str, Path]:
    """Say that a recording lies in this file. Raises PersianMirError where the sound is another."""
    found = find_again([row], file, progress)
    if not found:
        what = _("This file holds another recording, or cannot be read.")
        raise PersianMirError(what, path=file, cure=_("Choose a file of the same sound; its name and tags may differ."))
    return found


def link(catalogue: Catalogue, files: Mapping[str, Path], _progress: Progress) -> None:
    """Take down where recordings lie now."""
    link_again(catalogue, files)


def gone(row: Row, _progress: Progress) -> bool:
    """Whether its file is gone: disks that sleep, or are far, make this slow."""
    return is_gone(row)
