"""Files that are whole or not there: written aside, then renamed into place."""

from __future__ import annotations

import errno
import logging
import os
import shutil
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from persian_mir.i18n import _

PART = ".part"
ABANDONED_S = 600.0  # since the last write to a part file: its writer was killed
LONGEST = 200  # bytes of the name that the part's name repeats; file systems allow 255 in all

log = logging.getLogger(__name__)


@contextmanager
def atomic_write(path: Path, *, durable: bool = True) -> Iterator[BinaryIO]:
    """A new file, open for writing and reading, which becomes `path` when the block ends well. Else `path` stays.

    Its folder is made. A link is followed, and the permissions of the file that stands there are kept. `durable`: the
    bytes reach the disk before the name does, so that a power cut leaves the old file or the new one; what can be
    computed again need not wait for that. What a killed writer left is removed by the next one of the same name.
    Raises OSError when the disk refuses, for a folder, and for a device or a pipe, which the rename would replace.
    """
    path = Path(os.path.realpath(path)) if path.is_symlink() else path
    if path.exists() and not path.is_file():
        reason = os.strerror(errno.EISDIR) if path.is_dir() else _("this is no plain file")
        raise OSError(errno.EISDIR if path.is_dir() else errno.EINVAL, reason, str(path))
    path.parent.mkdir(parents=True, exist_ok=True)
    begin = f".{path.name.encode(errors='surrogateescape')[:LONGEST].decode(errors='ignore')}."
    remove_abandoned(path.parent, begin)
    part = path.with_name(f"{begin}{uuid.uuid4().hex[:16]}{PART}")
    try:
        with part.open("x+b") as file:
            yield file
            file.flush()
            if durable:
                os.fsync(file.fileno())
        if path.exists():
            shutil.copymode(path, part)
        part.replace(path)
    except OSError as error:
        error.filename = error.filename or str(path)  # a full disk names none: it would be taken for the output's
        raise
    finally:
        _remove(part)


def remove_abandoned(folder: Path, begin: str = ".") -> None:
    """Remove the part files of killed writers in `folder` whose names begin so."""
    try:
        parts = [path for path in folder.iterdir() if path.name.startswith(begin) and path.suffix == PART]
    except OSError:  # a folder may be written to and not listed
        return
    for part in parts:
        try:
            abandoned = time.time() - part.stat().st_mtime > ABANDONED_S
        except OSError:  # its writer was quicker
            continue
        if abandoned:
            _remove(part)


def _remove(part: Path) -> None:
    try:
        part.unlink(missing_ok=True)
    except OSError as error:  # Windows keeps what is mapped
        log.info("cannot remove %s: %s", part, error)
