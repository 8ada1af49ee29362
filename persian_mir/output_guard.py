"""What a command or the window may write to: never over what it reads, never over a recording, never onto a device."""

from __future__ import annotations

import os
import unicodedata
from collections.abc import Iterable, Iterator
from pathlib import Path

from persian_mir.audio.formats import is_audio_name
from persian_mir.errors import PersianMirError
from persian_mir.i18n import _


def guard_outputs(outputs: Iterable[Path], inputs: Iterable[Path] = ()) -> None:
    """Raises PersianMirError where one of `outputs` is one of `inputs` or another of `outputs`, a recording that is
    there, a folder, a device or a pipe.

    A file is known by its inode, so through every link to it; and by its folder and name, where capitals and the forms
    of Unicode (NFC, NFD) make no difference: they make none on many a disk that it may be copied to.
    """
    wanted: dict[object, Path] = {}
    for path in outputs:
        _refuse_other_than_file(path)
        marks = list(_marks(path))
        if any(mark in wanted for mark in marks):
            raise _refused(_("Two things would be written there."), path)
        wanted |= dict.fromkeys(marks, path)
    for path in inputs:
        for mark in _marks(path):
            if mark in wanted:
                what = _("This file is read by the same command, which would write over it.")
                raise _refused(what, wanted[mark])


def guard_new(path: Path, inputs: Iterable[Path] = ()) -> None:
    """The same of one output that a person may have worked on since: what is there already is never replaced."""
    guard_outputs([path], inputs)
    if path.exists():
        raise _refused(_("This file is there already; someone may have corrected it."), path)


def _refuse_other_than_file(path: Path) -> None:
    if path.is_dir():
        raise _refused(_("This is a folder."), path)
    if path.exists() and not path.is_file():
        raise _refused(_("This is no plain file."), path)
    if is_audio_name(path) and path.exists():
        raise _refused(_("This is a recording, which would be written over."), path)


def _refused(what: str, path: Path) -> PersianMirError:
    return PersianMirError(what, path=path, cure=_("Name another file for what is written."))


def _marks(path: Path) -> Iterator[object]:
    """What a file is known by: the file that is there, and its name in its folder."""
    for one, name in ((path, ()), (path.parent, (_folded(path.name),))):
        try:
            status = one.stat()
            yield status.st_dev, status.st_ino, *name
        except (OSError, ValueError):  # ValueError: a name that no system takes
            yield os.path.normpath(one.absolute()), *name


def _folded(name: str) -> str:
    return unicodedata.normalize("NFC", unicodedata.normalize("NFC", name).casefold())
