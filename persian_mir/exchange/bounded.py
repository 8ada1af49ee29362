"""Files from elsewhere, read up to a size, and their texts as one visible line."""

from __future__ import annotations

from pathlib import Path, PurePosixPath, PureWindowsPath

from persian_mir.errors import PersianMirError
from persian_mir.i18n import _

MOST_BYTES = 64 << 20
MOST_MARKS = 2_000_000  # labels in one file


class ExchangeError(PersianMirError):
    """A file of another program that cannot be read, or that the format cannot hold."""


def read_bounded(path: Path, most_bytes: int = MOST_BYTES) -> bytes:
    """Return the bytes of a plain file. Raises ExchangeError for one too large, or that cannot be read."""
    try:
        if path.exists() and not path.is_file():
            raise ExchangeError(_("This is no plain file."), path=path)
        with path.open("rb") as file:
            data = file.read(most_bytes + 1)
    except OSError as error:
        raise ExchangeError(_("It cannot be read: {reason}.").format(reason=error.strerror), path=path) from error
    if len(data) > most_bytes:
        raise ExchangeError(_("It is larger than {limit} MB.").format(limit=most_bytes >> 20), path=path)
    return data


def read_text(path: Path, most_bytes: int = MOST_BYTES) -> str:
    """Return the text of a file in UTF-8, or in UTF-16 with its mark. Raises ExchangeError."""
    data = read_bounded(path, most_bytes)
    try:
        return data.decode("utf-16" if data[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig")
    except UnicodeDecodeError as error:
        cure = _("Save it as UTF-8 in the program it comes from.")
        raise ExchangeError(_("It is no text in UTF-8 or UTF-16."), path=path, cure=cure) from error


def base_name(path: str) -> str:
    """Return the name of a file without its folders, however they are written: no path from a file is followed."""
    return PureWindowsPath(PurePosixPath(path.removeprefix("file://")).name).name


def folder_of(path: str) -> str:
    """Return the folders of a path as they are written, for comparing only; empty for a name alone."""
    whole = path.removeprefix("file://").replace("\\", "/")
    return whole.rpartition("/")[0]
