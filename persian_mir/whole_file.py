"""Files that are whole or not there."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from persian_mir.atomic_write import atomic_write
from persian_mir.errors import PersianMirError
from persian_mir.i18n import _


def refuse_device(path: Path) -> None:
    """Raises PersianMirError for a device or a pipe, which would be replaced, not written to."""
    if path.exists() and not (path.is_file() or path.is_dir()):
        cure = _("Name another file for what is written.")
        raise PersianMirError(_("This is no plain file."), path=path, cure=cure)


@contextmanager
def whole_file(path: Path) -> Iterator[BinaryIO]:
    """`atomic_write` in the user's words: raises PersianMirError where the disk refuses, or for no plain file."""
    refuse_device(path)
    try:
        with atomic_write(path) as file:
            yield file
    except OSError as error:
        raise PersianMirError(
            _("It could not be written: {reason}.").format(reason=error.strerror),
            path=path,
            cure=_("Free some space, or choose another folder."),
        ) from error


def write_whole(path: Path, text: str) -> None:
    """Write UTF-8 text under its final name only when it is whole; its folder is made. Raises PersianMirError."""
    with whole_file(path) as file:
        file.write(text.encode(errors="backslashreplace"))  # names may be in any encoding
