"""Whether a file is still the one that was opened."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

from persian_mir.audio.checks import unreadable
from persian_mir.errors import AudioError
from persian_mir.i18n import _


@dataclass(frozen=True, slots=True)
class FileState:
    """What changes when a file is written to, or another one is put in its place."""

    size: int
    mtime_ns: int
    inode: int


def file_state(path: Path) -> FileState:
    """The state of the file at `path`. Raises AudioError."""
    try:
        info = path.stat()
    except (OSError, ValueError) as error:
        raise unreadable(path, error) from error
    return state_of(info)


def state_of(info: os.stat_result) -> FileState:
    """The state that the system tells of."""
    return FileState(info.st_size, info.st_mtime_ns, info.st_ino)


def check_unchanged(path: Path, state: FileState) -> None:
    """Raise AudioError unless the file at `path` is in `state`.

    To be called after the last byte was read and before anything made of it is kept or answered: what was read while
    another program wrote is a mixture that never existed.
    """
    if file_state(path) != state:
        what = _("The file has changed since it was opened.")
        raise AudioError(what, path=path, cure=_("Wait until no program writes to it, then open it again."))
